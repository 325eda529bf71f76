"""What happens in each timing diagram: commands, data and waits of a memory device, in true clocks.

Notable:
- Delays are drawn in ns and turned into clocks by the rounding rule of the timing tables; events then follow from
  them, and the spans below a diagram are distances between these events.
- One function a protocol, each from a `Speed` to a TimingChart.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from fabeye.synthesis.figures.timing_chart import Row, Segment, Span, TimingChart, merged
from fabeye.synthesis.formulas import clocks
from fabeye.synthesis.wording import Phrase

PERIODS_PS = (1250, 1071, 937, 833, 750, 682, 625, 555, 500, 416)  # clock periods that are drawn
CLOCK_NAMES = ("CK_t, CK_c", "CK_t/CK_c", "CK, CK#")
STROBE_NAMES = ("DQS_t, DQS_c", "DQS_t/DQS_c", "DQS, DQS#")
COMMAND, ADDRESS = Phrase("Command", "命令"), Phrase("Address", "地址")
BANK = Phrase("Bank", "存储体")
BANKED_SHARE = 0.3  # of diagrams that show the bank in a row of its own
VALID = "VALID"
PREAMBLE, POSTAMBLE = 1.0, 0.5  # clocks
SETTLED = 0.25  # clocks by which written data lead their strobe

Events = Mapping[int, tuple[str, str]]  # clock -> command and address


@dataclass(frozen=True, slots=True)
class Speed:
    """One device at one clock; `period` in ps, everything else in clocks."""

    period: int
    trcd: int
    trp: int
    tras: int
    trtp: int
    twr: int
    read: int
    write: int
    burst: int

    @property
    def data(self) -> int:
        """Clocks that a burst's data take."""
        return self.burst // 2


def draw_speed(rng: Random) -> Speed:
    """Draw a device and its clock."""
    period = rng.choice(PERIODS_PS)
    core = clocks(rng.choice((13750, 14160, 15000)), period)
    read = core + rng.choice((0, 1, 2))
    return Speed(
        period=period,
        trcd=core,
        trp=core,
        tras=clocks(rng.choice((32000, 33000, 35000)), period),
        trtp=clocks(7500, period),
        twr=clocks(15000, period),
        read=read,
        write=read - rng.choice((1, 2, 3, 4)),
        burst=rng.choice((4, 8, 8, 16)),
    )


class Script:
    """The rows that every diagram has, in the words of one document."""

    def __init__(self, rng: Random, language: str, windows: Sequence[tuple[int, int]]):
        self.rng, self.language = rng, language
        self.windows = merged(windows)
        self.last = self.windows[-1][1]
        self.valued = rng.random() < 0.5  # whether a span says its clocks

    def clock(self) -> Row:
        """The differential clock."""
        return Row(self.rng.choice(CLOCK_NAMES), (Segment(-0.5, self.last + 0.5, "toggle"),))

    def bus(self, events: Events) -> list[Row]:
        """Commands, and addresses that matter only beside a command; some diagrams show the bank by itself."""
        commands = [Segment(c - 0.5, c + 0.5, "valid", events.get(c, ("DES", ""))[0], True) for c in self._edges()]
        words = {clock: address for clock, (_, address) in events.items()}
        rows = [Row(COMMAND.said(self.language), tuple(commands)), self.words(ADDRESS.said(self.language), words)]
        if self.rng.random() < BANKED_SHARE:
            banks = {clock: "BG,BA" if word not in {"", "All", "MRA", VALID} else word for clock, word in words.items()}
            rows.insert(1, self.words(BANK.said(self.language), banks))
        return rows

    def strobe(self, start: float, data: int, name: str = "") -> Row:
        """A strobe that toggles for `data` clocks from `start`."""
        end = start + data
        segments = (
            Segment(-0.5, start - PREAMBLE, "hi_z"),
            Segment(start - PREAMBLE, start, "preamble"),
            Segment(start, end, "toggle"),
            Segment(end, end + POSTAMBLE, "postamble"),
            Segment(end + POSTAMBLE, self.last + 0.5, "hi_z"),
        )
        return Row(name or self.rng.choice(STROBE_NAMES), segments)

    def data(self, start: float, bits: int, name: str = "DQ") -> Row:
        """Bits of half a clock each from `start`."""
        whole = [Segment(start + bit / 2, start + (bit + 1) / 2, "data", f"D{bit}") for bit in range(bits)]
        before, after = Segment(-0.5, start, "hi_z"), Segment(start + bits / 2, self.last + 0.5, "hi_z")
        return Row(name, (before, *whole, after))

    def level(self, name: str, first: str, *changes: tuple[float, str]) -> Row:
        """A line that is "high" or "low", and from each moment on what the change says."""
        moments = [-0.5, *(moment for moment, _ in changes), self.last + 0.5]
        states = [first, *(state for _, state in changes)]
        return Row(name, tuple(Segment(*pair, state) for pair, state in zip(_pairs(moments), states, strict=True)))

    def states(self, name: str, *words: tuple[float, str]) -> Row:
        """A state in words, and from each moment on another."""
        moments = [*(moment for moment, _ in words), self.last + 0.5]
        parts = zip(_pairs(moments), words, strict=True)
        return Row(name, tuple(Segment(*pair, "valid", word) for pair, (_, word) in parts))

    def span(self, symbol: str, start: float, end: float) -> Span:
        """A parameter between two moments, its clocks written or not."""
        plain = symbol.replace("_{", "").replace("}", "")
        return Span(plain, start, end, f"{symbol} = {end - start:g} nCK" if self.valued else symbol)

    def chart(
        self, kind: str, rows: Sequence[Row], spans: Sequence[Span], derived: dict[str, int], note: str = ""
    ) -> TimingChart:
        """The finished chart; its numbers are in its note."""
        facts = ", ".join(f"{name} = {value}" for name, value in derived.items())
        text = Phrase(f"NOTE  {facts}. {note}", f"注  {facts}。{note}").said(self.language).strip()
        return TimingChart(kind, tuple(rows), tuple(spans), self.windows, derived, (text,))

    def words(self, name: str, words: Mapping[int, str]) -> Row:
        """A bus that matters only at the clocks that have a word."""
        segments = []
        for clock in self._edges():
            word = words.get(clock, "")
            segments.append(Segment(clock - 0.5, clock + 0.5, "valid" if word else "dont_care", word, bool(word)))
        return Row(name, tuple(_joined(segments)))

    def _edges(self) -> Iterator[int]:
        return (clock for first, last in self.windows for clock in range(first, last + 1))


def read_chart(rng: Random, language: str, speed: Speed) -> TimingChart:
    """ACT, READ, data after the read latency, PRE."""
    read = speed.trcd
    data = read + speed.read
    close = max(speed.tras, read + speed.trtp, data + speed.data)
    script = Script(rng, language, _access(read, data - 1, data + speed.data + 1, close))
    events = {0: ("ACT", "Row"), read: ("RD", "Col n"), close: ("PRE", "Bank")}
    rows = [script.clock(), *script.bus(events), script.strobe(data, speed.data), script.data(data, speed.burst)]
    spans = [script.span("t_{RCD}", 0, read), script.span("RL", read, data)]
    spans.append(script.span("BL/2", data, data + speed.data))
    if close == speed.tras:
        spans.append(script.span("t_{RAS}", 0, close))
    derived = {"BL": speed.burst, "RL": speed.read, "nRCD": speed.trcd}
    return script.chart("READ", rows, spans, derived)


def write_chart(rng: Random, language: str, speed: Speed) -> TimingChart:
    """ACT, WRITE, data after the write latency, write recovery, PRE."""
    write = speed.trcd
    data = write + speed.write
    done = data + speed.data
    close = done + speed.twr
    script = Script(rng, language, _access(write, data - 1, done + 1, close))
    events = {0: ("ACT", "Row"), write: ("WR", "Col n"), close: ("PRE", "Bank")}
    bits = script.data(data - SETTLED, speed.burst)
    mask = Row("DM_n", (Segment(-0.5, data - SETTLED, "dont_care"), *bits.segments[1:-1], _care(done, script.last)))
    rows = [script.clock(), *script.bus(events), script.strobe(data, speed.data), bits]
    rows += [_unnamed(mask)] if rng.random() < 0.4 else []
    spans = [script.span("t_{RCD}", 0, write), script.span("WL", write, data), script.span("t_{WR}", done, close)]
    derived = {"BL": speed.burst, "WL": speed.write, "nRCD": speed.trcd, "nWR": speed.twr}
    return script.chart("WRITE", rows, spans, derived)


def refresh_chart(rng: Random, language: str, speed: Speed) -> TimingChart:
    """PREA, REF, the wait until the next command, and the next refresh."""
    refresh = speed.trp
    ready = refresh + clocks(rng.choice((195, 260, 295, 350, 410)) * 1000, speed.period)
    again = refresh + clocks(rng.choice((3900, 7800)) * 1000, speed.period)
    near = [(0, 2), (refresh - 1, refresh + 2), (ready - 1, ready + 2), (again - 1, again + 1)]
    script = Script(rng, language, near)
    events = {0: ("PREab", "All"), refresh: ("REFab", ""), ready: ("ACT", "Row"), again: ("REFab", "")}
    high = script.level("CKE", "high")
    rows = [script.clock(), *script.bus(events), *([high] if rng.random() < 0.5 else [])]
    spans = [script.span("t_{RP}", 0, refresh), script.span("t_{RFC}", refresh, ready)]
    spans.append(script.span("t_{REFI}", refresh, again))
    derived = {"nRP": speed.trp, "nRFC": ready - refresh, "nREFI": again - refresh}
    return script.chart("REF", [*rows, script.level("RESET_n", "high")], spans, derived)


def mode_chart(rng: Random, language: str, speed: Speed) -> TimingChart:
    """Two mode register writes and the first command after them."""
    second = max(8, clocks(rng.choice((12000, 14000)), speed.period))
    ready = second + max(24, clocks(15000, speed.period))
    script = Script(rng, language, [(0, 2), (second - 2, second + 2), (ready - 2, ready + 2)])
    events = {0: ("MRW", "MRA"), second: ("MRW", "MRA"), ready: (VALID, VALID)}
    settings = script.states("MR", (-0.5, "Old"), (second + 0.5, "Updating"), (ready - 0.5, "New"))
    rows = [script.clock(), *script.bus(events), script.level("CKE", "high"), settings]
    spans = [script.span("t_{MRD}", 0, second), script.span("t_{MOD}", second, ready)]
    return script.chart("MRW", rows, spans, {"nMRD": second, "nMOD": ready - second})


def power_down_chart(rng: Random, language: str, speed: Speed) -> TimingChart:
    """CKE falls, the device sleeps, CKE rises, the next command."""
    down, asleep = rng.choice((4, 5)), max(6, clocks(5000, speed.period))
    leave = down + asleep
    ready = leave + max(4, clocks(6000, speed.period))
    script = Script(rng, language, [(0, down + 3), (leave - 1, leave + 2), (ready - 1, ready + 1)])
    events = {0: (VALID, VALID), down: ("PDE", ""), leave: ("PDX", ""), ready: (VALID, VALID)}
    cke = script.level("CKE", "high", (down, "low"), (leave, "high"))
    mode = script.states("Mode", (-0.5, "Active"), (down + 1.5, "Power-Down"), (leave + 0.5, "Exit"), (ready, "Active"))
    spans = [script.span("t_{PD}", down, leave), script.span("t_{XP}", leave, ready)]
    spans.insert(0, script.span("t_{ACTPDEN}", 0, down))
    derived = {"nPD": asleep, "nXP": ready - leave}
    return script.chart("PDE", [script.clock(), *script.bus(events), cke, mode], spans, derived)


def self_refresh_chart(rng: Random, language: str, speed: Speed) -> TimingChart:
    """Self-refresh from entry to the first command after its exit."""
    enter = speed.trp
    leave = enter + clocks(rng.choice((25000, 40000)), speed.period)
    ready = leave + clocks(rng.choice((205, 270, 305, 360)) * 1000, speed.period)
    script = Script(rng, language, [(0, 1), (enter - 1, enter + 2), (leave - 2, leave + 2), (ready - 1, ready + 1)])
    events = {0: ("PREab", "All"), enter: ("SRE", ""), leave: ("SRX", ""), ready: (VALID, VALID)}
    cke = script.level("CKE", "high", (enter, "low"), (leave, "high"))
    odt = script.states("R_{TT}", (-0.5, "PARK"), (enter + 1.5, "OFF"), (leave + 0.5, "PARK"))
    spans = [script.span("t_{RP}", 0, enter), script.span("t_{CKESR}", enter, leave)]
    spans.append(script.span("t_{XS}", leave, ready))
    derived = {"nRP": enter, "nCKESR": leave - enter, "nXS": ready - leave}
    return script.chart("SRE", [script.clock(), *script.bus(events), cke, odt], spans, derived)


def termination_chart(rng: Random, language: str, speed: Speed) -> TimingChart:
    """A write that turns the dynamic termination on and off around its data."""
    data = speed.write
    start, end = data - 2, data + speed.data + 1
    script = Script(rng, language, [(0, 2), (start - 1, end + 2)])
    write, park = rng.sample(("34 Ω", "40 Ω", "48 Ω", "60 Ω", "80 Ω"), 2)
    on, off = ((start - 0.5, ""), (start + 0.5, f"WR {write}")), ((end - 0.5, ""), (end + 0.5, "PARK"))
    rtt = script.states("R_{TT}", (-0.5, f"PARK {park}"), *on, *off)
    rows = [script.clock(), *script.bus({0: ("WR", "Col n")}), script.strobe(data, speed.data)]
    rows += [script.data(data - SETTLED, speed.burst), rtt]
    spans = [script.span("WL", 0, data), script.span("ODTLon", 0, start), script.span("ODTLoff", 0, end)]
    derived = {"BL": speed.burst, "WL": data, "ODTLon": start, "ODTLoff": end}
    return script.chart("ODT", rows, spans, derived)


def levelling_chart(rng: Random, language: str, speed: Speed) -> TimingChart:
    """Write levelling: strobe pulses sample the clock, and DQ says what they met."""
    ready, between = rng.choice((20, 25, 32)), rng.choice((6, 8))
    first, second = 40, 40 + between
    answer = max(3, clocks(7500, speed.period) // 2)
    script = Script(rng, language, [(0, 2), (ready - 1, ready + 1), (first - 1, second + answer + 1)])
    strobe = script.level("DQS_t", "low", (first, "high"), (first + 1, "low"), (second, "high"), (second + 1, "low"))
    quiet = [Segment(-0.5, ready, "hi_z"), *strobe.segments]
    quiet[1] = Segment(ready, first, "low")
    said = script.level("DQ", "low", (first + answer, "low"), (second + answer, "high"))
    rows = [script.clock(), *script.bus({0: ("MRW", "MRA")}), Row("DQS_t", tuple(quiet)), said]
    spans = [script.span("t_{WLDQSEN}", 0, ready), script.span("t_{WLMRD}", 0, first)]
    spans.append(script.span("t_{WLO}", second, second + answer))
    return script.chart("WL", rows, spans, {"nWLDQSEN": ready, "nWLMRD": first, "nWLO": answer})


def command_training_chart(rng: Random, language: str, speed: Speed) -> TimingChart:
    """Command bus training: a pattern on CA comes back on DQ."""
    enter, answer = clocks(rng.choice((12000, 20000)), speed.period), rng.choice((5, 6, 7))
    sample, leave = enter + 2, enter + 2 + answer + rng.choice((8, 12))
    ready = leave + clocks(rng.choice((12000, 14000)), speed.period)
    near = [(0, 1), (enter - 1, sample + answer + 1), (leave - 1, leave + 1), (ready - 1, ready + 1)]
    script = Script(rng, language, near)
    select = script.level("CS_n", "high", (sample - 0.5, "low"), (sample + 0.5, "high"))
    pattern = script.words("CA[13:0]", {0: "MPC", sample: "Pattern", leave: "MPC", ready: VALID})
    shown = sample + answer
    result = Row("DQ", (Segment(-0.5, shown, "hi_z"), Segment(shown, leave, "valid", "XOR"), _off(leave, script.last)))
    spans = [script.span("t_{CATM_Entry}", 0, enter), script.span("t_{CATM_Valid}", sample, shown)]
    spans.append(script.span("t_{CATM_Exit}", leave, ready))
    derived = {"nEntry": enter, "nValid": answer, "nExit": ready - leave}
    return script.chart("CATM", [script.clock(), select, pattern, result], spans, derived)


SCRIPTS: dict[str, Callable[[Random, str, Speed], TimingChart]] = {
    "READ": read_chart,
    "WRITE": write_chart,
    "REF": refresh_chart,
    "MRW": mode_chart,
    "PDE": power_down_chart,
    "SRE": self_refresh_chart,
    "ODT": termination_chart,
    "WL": levelling_chart,
    "CATM": command_training_chart,
}


def _access(column: int, data: int, end: int, close: int) -> list[tuple[int, int]]:
    """Windows around activation, column command, data and precharge."""
    return [(0, 1), (column - 1, column + 1), (data, end), (close - 1, close)]


def _joined(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Neighbours that are "don't care" made one."""
    open_: Segment | None = None
    for segment in segments:
        if segment.state == "dont_care" and open_ is not None:
            open_ = Segment(open_.start, segment.end, "dont_care")
            continue
        if open_ is not None:
            yield open_
        open_ = segment if segment.state == "dont_care" else None
        if open_ is None:
            yield segment
    if open_ is not None:
        yield open_


def _unnamed(row: Row) -> Row:
    """The row without the labels of its bits."""
    parts = (Segment(one.start, one.end, "valid" if one.state == "data" else one.state) for one in row.segments)
    return Row(row.name, tuple(parts))


def _care(done: float, last: int) -> Segment:
    return Segment(done - SETTLED, last + 0.5, "dont_care")


def _off(start: float, last: int) -> Segment:
    return Segment(start, last + 0.5, "hi_z")


def _pairs(moments: Sequence[float]) -> list[tuple[float, float]]:
    return list(pairwise(moments))
