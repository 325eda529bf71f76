"""The AC timing table of a memory standard, by speed bin.

Notable:
- Values are plausible, not any standard's. They obey arithmetic: tRC = tRAS + tRP, jitter scales with the clock, a
  bin's longest clock is the next slower bin's shortest, delays in clocks follow the rounding rule of formulas.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from fabeye.synthesis.families.notes import NoteBook
from fabeye.synthesis.formulas import clocks
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

NONE = "–"

# Shortest average clock period of each speed bin in ps, slowest bin first, per generation of device.
GENERATIONS = {
    "A": {1600: 1250, 1866: 1071, 2133: 937, 2400: 833, 2666: 750, 2933: 682, 3200: 625},
    "B": {3200: 625, 3600: 555, 4000: 500, 4400: 454, 4800: 416, 5200: 384, 5600: 357, 6000: 333, 6400: 312},
}


@dataclass(frozen=True, slots=True)
class Device:
    """The device a standard is about; times in ps, bins by data rate in Mb/s."""

    generation: str
    bins: tuple[int, ...]
    trcd: int
    trp: int
    tras: int
    rfc_ns: int

    def period(self, rate: int) -> int:
        """Shortest average clock period of a bin."""
        return GENERATIONS[self.generation][rate]

    def slower(self, rate: int) -> int:
        """Shortest clock period of the next slower bin."""
        rates = list(GENERATIONS[self.generation])
        return self.period(rates[rates.index(rate) - 1])


def draw_device(rng: Random) -> Device:
    """Draw a device with two or three neighbouring speed bins."""
    generation = rng.choice(list(GENERATIONS))
    rates = list(GENERATIONS[generation])
    count = rng.choice((2, 2, 3))
    first = rng.randint(1, len(rates) - count)
    trcd = rng.choice((13750, 14000, 14160, 15000))
    return Device(
        generation,
        tuple(rates[first : first + count]),
        trcd=trcd,
        trp=trcd,
        tras=rng.choice((32000, 33000, 34000, 35000)),
        rfc_ns=rng.choice((195, 260, 295, 350, 410)),
    )


Limits = Callable[[Device, int], tuple[str, str] | str]  # (device, bin) -> minimum and maximum, or one expression


@dataclass(frozen=True, slots=True)
class Parameter:
    """A row of the timing table. needed: always printed, since other rows are computed from it."""

    name: Phrase
    symbol: str
    limits: Limits
    unit: str
    notes: tuple[str, ...] = ()
    needed: bool = False


def _ns(ps: int) -> str:
    return f"{ps / 1000:.2f}"


def _fixed(least: str, most: str) -> Limits:
    """The same limits for every device and bin."""
    return lambda _device, _rate: (least, most)


def _expression(text: str) -> Limits:
    """One expression in place of two limits."""
    return lambda _device, _rate: text


def _scaled(share: float) -> Limits:
    """Symmetric limits that are a share of the clock period, in ps."""
    return lambda device, rate: (f"–{share * device.period(rate):.0f}", f"{share * device.period(rate):.0f}")


CLOCK = (
    Parameter(
        Phrase("Average clock period", "平均时钟周期"),
        "t_{CK(avg)}",
        lambda device, rate: (f"{device.period(rate) / 1000:.3f}", f"<{device.slower(rate) / 1000:.3f}"),
        "ns",
        ("ssc", "bin"),
        needed=True,
    ),
    Parameter(Phrase("Clock high pulse width", "时钟高电平脉宽"), "t_{CH(avg)}", _fixed("0.48", "0.52"), "t_{CK(avg)}"),
    Parameter(Phrase("Clock low pulse width", "时钟低电平脉宽"), "t_{CL(avg)}", _fixed("0.48", "0.52"), "t_{CK(avg)}"),
    Parameter(Phrase("Clock period jitter", "时钟周期抖动"), "t_{JIT(per)}", _scaled(0.05), "ps"),
    Parameter(Phrase("Clock period jitter", "时钟周期抖动"), "t_{JIT(per,dj)}", _scaled(0.025), "ps", ("det",)),
    Parameter(
        Phrase("Cycle-to-cycle jitter", "相邻周期抖动"),
        "t_{JIT(cc)}",
        lambda device, rate: (NONE, f"{0.1 * device.period(rate):.0f}"),
        "ps",
    ),
)
CORE = (
    Parameter(
        Phrase("ACT to READ or WRITE delay", "激活到读写命令延迟"),
        "t_{RCD}",
        lambda device, _: (_ns(device.trcd), NONE),
        "ns",
        needed=True,
    ),
    Parameter(
        Phrase("ACT to READ or WRITE delay", "激活到读写命令延迟"),
        "n_{RCD}",
        lambda device, rate: (str(clocks(device.trcd, device.period(rate))), NONE),
        "nCK",
        ("round",),
    ),
    Parameter(
        Phrase("Row precharge time", "行预充电时间"),
        "t_{RP}",
        lambda device, _: (_ns(device.trp), NONE),
        "ns",
        needed=True,
    ),
    Parameter(
        Phrase("ACT to PRE command period", "激活到预充电周期"),
        "t_{RAS}",
        lambda device, _: (_ns(device.tras), "9 × t_{REFI}"),
        "ns",
        needed=True,
    ),
    Parameter(
        Phrase("ACT to ACT or REF period", "激活到激活或刷新周期"),
        "t_{RC}",
        lambda device, _: (_ns(device.tras + device.trp), NONE),
        "ns",
        ("sum",),
        needed=True,
    ),
    Parameter(
        Phrase("ACT to ACT, same bank group", "同组激活间隔"),
        "t_{RRD_L}",
        _expression("max(8 nCK, 5 ns)"),
        "–",
        ("larger",),
    ),
    Parameter(
        Phrase("READ to PRE delay", "读到预充电延迟"), "t_{RTP}", _expression("max(12 nCK, 7.5 ns)"), "–", ("larger",)
    ),
    Parameter(Phrase("Write recovery time", "写恢复时间"), "t_{WR}", _fixed("30.00", NONE), "ns"),
)
DATA = (
    Parameter(Phrase("DQS to DQ skew", "DQS 至 DQ 偏斜"), "t_{DQSQ}", _fixed(NONE, "0.18"), "UI", ("ui",)),
    Parameter(Phrase("DQ hold time from DQS", "DQ 相对 DQS 保持时间"), "t_{QH}", _fixed("0.74", NONE), "UI", ("ui",)),
    Parameter(Phrase("DQS edge to CK edge", "DQS 沿至 CK 沿"), "t_{DQSCK}", _scaled(0.4), "ps"),
    Parameter(
        Phrase("All-bank refresh time", "全体刷新时间"), "t_{RFC1}", lambda device, _: (str(device.rfc_ns), NONE), "ns"
    ),
    Parameter(Phrase("Average refresh interval", "平均刷新间隔"), "t_{REFI}", _fixed(NONE, "3.9"), "µs", ("hot",)),
)
GROUPS = (
    (Phrase("Clock timing", "时钟时序"), CLOCK),
    (Phrase("Command and row timing", "命令与行时序"), CORE),
    (Phrase("Data and refresh timing", "数据与刷新时序"), DATA),
)

KEEP = 0.6  # share of the rows that may be left out and are printed
MERGE = 0.5  # share of expressions that hold for all bins and are printed in one cell


def timing_rows(rng: Random, language: str, device: Device, notes: NoteBook) -> tuple[list[list[Cell]], str]:
    """Rows of the table and its Typst column widths."""
    rows = _heading(language, device)
    for name, parameters in GROUPS:
        kept = [parameter for parameter in parameters if parameter.needed or rng.random() < KEEP]
        if not kept:
            continue
        rows.append([Cell(name.said(language), colspan=4 + 2 * len(device.bins), align="left")])
        for _, alike in groupby(kept, key=lambda parameter: parameter.name):
            rows += _parameter_rows(rng, language, device, list(alike), notes)
    name_width = "1fr" if len(device.bins) > 2 else "auto"
    return rows, ", ".join([name_width] + ["auto"] * (3 + 2 * len(device.bins)))


def _heading(language: str, device: Device) -> list[list[Cell]]:
    words = {"en": ("Parameter", "Symbol", "Unit", "Note"), "zh": ("参数", "符号", "单位", "注")}[language]
    limits = {"en": ("Min", "Max"), "zh": ("最小", "最大")}[language]
    tall = [Cell(word, rowspan=2, heading=True) for word in words]
    bins = [Cell(f"DDRx-{rate}", colspan=2, heading=True) for rate in device.bins]
    return [[*tall[:2], *bins, *tall[2:]], [Cell(word, heading=True) for _ in device.bins for word in limits]]


def _parameter_rows(
    rng: Random, language: str, device: Device, alike: Sequence[Parameter], notes: NoteBook
) -> list[list[Cell]]:
    """Rows of parameters with the same name, which is printed once."""
    rows = []
    for number, parameter in enumerate(alike):
        name = [Cell(parameter.name.said(language), rowspan=len(alike), align="left")] if number == 0 else []
        limits = _limit_cells(rng, device, parameter)
        rows.append([*name, Cell(parameter.symbol), *limits, Cell(parameter.unit), Cell(notes.mark(*parameter.notes))])
    return rows


def _limit_cells(rng: Random, device: Device, parameter: Parameter) -> list[Cell]:
    found = [parameter.limits(device, rate) for rate in device.bins]
    if isinstance(found[0], str):
        if len(set(found)) == 1 and rng.random() < MERGE:
            return [Cell(found[0], colspan=2 * len(found))]
        return [Cell(str(expression), colspan=2) for expression in found]
    return [Cell(limit) for pair in found for limit in pair]
