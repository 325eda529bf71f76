"""Numbers of process manuals, design documents and invoices that follow from each other."""

import re
from collections.abc import Iterator

from fabeye.schema import Category
from fabeye.synthesis.checks.made import Made, number, rows_of

TOTALS = ("Total", "合计", "总计")
CENT = 0.006
MILLIWATT, SQUARE_MM = 0.011, 0.02  # by which rounded numbers may miss their sum
OUTSIDE = re.compile(r"(?:[Ss]amples? |第 )([\d, 、]+?) (?:lies?|组超)")
DEMAND = re.compile(r"Cpk[^\d]{1,12}([\d.]+)")
LINE = re.compile(r"(UCL|LCL) ?=? ?([\d.]+)")
REGISTER = re.compile(r"^0x[0-9A-F]{3}$")
STATES = re.compile(r"\b(S_[A-Z]+): ")


def manual_faults(made: Made) -> Iterator[str]:
    """What does not follow in a process manual, a sentence each."""
    for table in map(rows_of, made.grids):
        if table[0][-1] == "Cpk" or "Cpk" in table[0]:
            yield from _chart_faults(made, table)


def _chart_faults(made: Made, table: list[list[str]]) -> Iterator[str]:
    """The control chart's limits and the capability in the text are the table's."""
    said = made.value("cpk")
    if said and said not in {row[table[0].index("Cpk")] for row in table[1:]}:
        yield f"Cpk is {said} in the text and not in the table"
    lines = {text for one in made.texts for _, text in LINE.findall(one)}
    limits = {row[table[0].index(name)] for row in table[1:] for name in ("UCL", "LCL") if name in table[0]}
    charts = [one for one in made.figures("chart_data") if [s["name"] for s in one["series"]][:1] == ["X-bar"]]
    for chart in charts:
        drawn = {line for line in lines if line in limits}
        if lines and not drawn:
            yield f"the chart's limits {sorted(lines)} are none of the table's {sorted(limits)}"
        yield from _outside_faults(made, chart["series"][0]["values"], sorted(map(float, drawn)))


def _outside_faults(made: Made, means: list[float], limits: list[float]) -> Iterator[str]:
    """The samples that the text calls outside lie outside the limits."""
    if len(limits) < 2:
        return
    outside = {at for at, mean in enumerate(means, start=1) if not limits[0] <= mean <= limits[-1]}
    for found in (OUTSIDE.search(one.text) for one in made.of(Category.TEXT)):
        if found and not outside <= set(map(int, re.findall(r"\d+", found[1]))):
            yield f"samples {sorted(outside)} lie outside the limits, the text says {found[1]}"


def design_faults(made: Made) -> Iterator[str]:
    """What does not follow in a design document, a sentence each."""
    for table in map(rows_of, made.grids):
        if table[0][-1].startswith(TOTALS):
            for row in table[1:]:
                total = sum(value for cell in row[1:-1] if (value := number(cell)) is not None)
                if abs(total - (number(row[-1]) or 0)) > MILLIWATT * len(row):
                    yield f"the power of {row[0]} adds up to {total:.2f}, not to {row[-1]}"
    yield from _register_faults(made)
    yield from _area_faults(made)
    code = "\n".join(one.text for one in made.of(Category.CODE))
    listed = {name.removeprefix("S_") for name in STATES.findall(code)}
    for machine in made.pictures("fsm"):
        drawn = {node["name"] for node in machine["nodes"]}
        if listed and listed != drawn:
            yield f"the listing has the states {sorted(listed)}, the figure {sorted(drawn)}"


def _register_faults(made: Made) -> Iterator[str]:
    """A register's reset is what the resets of its fields make."""
    resets: dict[str, int] = {}
    fields: dict[str, int] = {}
    for table in map(rows_of, made.grids):
        for row in table:
            if not REGISTER.match(row[0]):
                continue
            if ":" in row[2] or row[2].isdigit():
                shift = int(row[2].split(":")[-1])
                fields[row[1]] = fields.get(row[1], 0) | int(row[5], 16) << shift
            else:
                resets[row[1]] = int(row[2], 16)
    for name in resets.keys() & fields.keys():
        if resets[name] != fields[name]:
            yield f"{name} resets to {resets[name]:#x}, its fields to {fields[name]:#x}"


def _area_faults(made: Made) -> Iterator[str]:
    for plan in made.pictures("floor_plan"):
        areas = {block["name"]: block["area_mm2"] for block in plan["blocks"]}
        if abs(sum(areas.values()) - plan["width_mm"] * plan["height_mm"]) > SQUARE_MM * len(areas):
            yield f"blocks of {sum(areas.values()):.3f} mm² fill {plan['width_mm']} mm by {plan['height_mm']} mm"
        for table in map(rows_of, made.grids):
            for row in table:
                if row[0] in areas and len(row) == 3 and number(row[1]) != areas[row[0]]:
                    yield f"{row[0]} has {row[1]} mm² in the table and {areas[row[0]]} in the figure"


def invoice_faults(made: Made) -> Iterator[str]:
    """Quantities times prices make amounts, amounts the sum, sum and tax the total that the text asks for."""
    for table in map(rows_of, made.grids):
        goods = [row for row in table if row[0].isdigit() and len(row) == 5]
        amounts = []
        for row in goods:
            count, price, amount = map(number, row[2:])
            amounts.append(amount or 0.0)
            if abs((count or 0) * (price or 0) - (amount or 0)) > CENT:
                yield f"{row[2]} times {row[3]} are not {row[4]}"
        tail = [number(re.sub(r"^[^\d]+", "", row[-1])) or 0.0 for row in table[1 + len(goods) :]] if goods else []
        for name, wanted, given in zip(("sum", "total"), (sum(amounts), sum(tail[:2])), tail[::2], strict=False):
            if abs(wanted - given) > CENT:
                yield f"the {name} is {given}, not {wanted:.2f}"
