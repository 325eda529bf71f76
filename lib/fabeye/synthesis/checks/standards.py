"""Numbers of a memory standard that follow from each other, wherever in the document they stand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from fabeye.schema import Category
from fabeye.synthesis.checks.made import Made, number, rows_of

ROUND_NS = 0.0051  # of a time printed with two decimals
EXAMPLE = re.compile(r"(\d\.\d{3}) ns[^\d]+([\d.]+) ns[^\d]+([\d.]+)[^\d]+(\d+) nCK")
SPAN = re.compile(r"(t[A-Z]\w*)[^\d(（]{1,20}(\d+) (?:clocks|个时钟|个周期)")
MASK = re.compile(r"([\d.]+) UI[^\d]+(\d+) mV")
BITS = re.compile(r"^R0–R(\d+)$")
CURRENTS = ("I_{DD2P}", "I_{DD2N}", "I_{DD3N}", "I_{DD4R}")  # each larger than the one before
SIZES = re.compile(r"\b(A1|[ADEbe]) = ([\d.]+)")
RAIL = re.compile(r"(V_\{DDQ\}|V_\{REF\})[^\d]{1,4}(\d+) mV")


def standard_faults(made: Made) -> Iterator[str]:
    """What does not follow in a standard, a sentence each."""
    for cells in made.grids:
        rows = rows_of(cells)
        named = {row[1]: row for row in rows if len(row) > 4}
        yield from _time_faults(named)
        yield from _current_faults(rows)
        yield from _address_faults(rows)
    yield from _text_faults(made)
    yield from _rail_faults(made)


def _time_faults(named: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """tRC = tRAS + tRP in each bin; the longest clock of a bin is the shortest of the slower one."""
    times = [_without_notes(named, symbol) for symbol in ("t_{RC}", "t_{RAS}", "t_{RP}")]
    if all(times):
        for column, cell in enumerate(times[0]):
            cycle, active, precharge = (number(row[column]) if column > 1 else None for row in times)
            if cycle is None or active is None or precharge is None:
                continue
            if abs(cycle - active - precharge) > ROUND_NS:
                yield f"t_RC is {cell}, t_RAS and t_RP make {active + precharge:.2f}"
    clock = _without_notes(named, "t_{CK(avg)}")
    for slower, column in zip(range(2, len(clock)), range(5, len(clock)), strict=False):
        if clock[column].startswith("<") and number(clock[column]) != number(clock[slower]):
            yield f"the longest clock is {clock[column]}, the slower bin's shortest {clock[slower]}"


def _without_notes(named: Mapping[str, Sequence[str]], symbol: str) -> Sequence[str]:
    """The row of a symbol, which may carry the mark of a note."""
    return next((row for name, row in named.items() if name == symbol or name.startswith(symbol + "^")), [])


def _current_faults(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    found = {row[0].split("^")[0]: row for row in rows if row and row[0].startswith("I_{DD")}
    ordered = [found[name] for name in CURRENTS if name in found]
    for one, two in pairwise(ordered):
        for column in range(2, len(one)):
            small, large = number(one[column]), number(two[column])
            if small is not None and large is not None and large > 9 and small >= large:
                yield f"{one[0]} is {small:g}, not less than {two[0]} with {large:g}"


def _address_faults(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The address bits are those that the count of rows needs; densities as 24 Gb leave codes unused."""
    for row, below in pairwise(rows):
        for count, bits in zip(row, below, strict=False):
            found = BITS.match(bits)
            if found and not 2 ** int(found[1]) < (number(count) or 0) <= 2 ** (int(found[1]) + 1):
                yield f"{count} rows are addressed by {bits}"


def _text_faults(made: Made) -> Iterator[str]:
    """Worked examples, spans of timing diagrams, the eye's mask, the package's sizes."""
    text = "\n".join(one.text for one in made.of(Category.TEXT))
    for clock, delay, quotient, _ in EXAMPLE.findall(text):
        if abs(float(delay) / float(clock) - float(quotient)) > ROUND_NS:
            yield f"{delay} ns at {clock} ns are not {quotient} clocks"
    spans = {(note["parameter"], note["clocks"]) for one in made.figures("timing") for note in one["annotations"]}
    for parameter, clocks in SPAN.findall(text):
        if (parameter, int(clocks)) not in spans:
            yield f"{parameter} spans {clocks} clocks in the text, the diagrams show {sorted(spans, key=str)}"
    for mask in made.pictures("eye_mask"):
        said, drawn = MASK.findall(text), (str(mask["width_ui"]), str(mask["height_mv"]))
        if said and drawn not in said:
            yield f"the mask measures {' UI by '.join(drawn)} mV, the text says {said}"


def _rail_faults(made: Made) -> Iterator[str]:
    """A rail has one voltage in the table of levels and in the waveforms."""
    typical = {}
    for cells in made.grids:
        for row in rows_of(cells):
            if row and row[0].split("^")[0] in ("V_{DDQ}", "V_{REF}") and len(row) > 4:
                typical[row[0].split("^")[0]] = number(row[3])
    text = "\n".join(one.text for one in made.of(Category.TEXT))
    for rail, millivolts in RAIL.findall(text):
        volts = typical.get(rail)
        if volts and abs(1000 * volts - int(millivolts)) > 1:
            yield f"{rail} is {volts:g} V in the table and {millivolts} mV in the text"
    if typical.get("V_{REF}") and typical.get("V_{DDQ}") and (typical["V_{REF}"] or 0) >= (typical["V_{DDQ}"] or 0):
        yield f"V_REF is {typical['V_{REF}']:g} V, V_DDQ only {typical['V_{DDQ}']:g} V"
