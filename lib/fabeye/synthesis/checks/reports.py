"""A failure-analysis report must be of one piece: what a sentence says, a table, a picture and its truth say too.

Notable:
- Lots, tools, banks, days, currents and sizes are looked for by their form in everything that can be read, pictures
  included, not by their marks in the truth.
- What a step's tools are called, which structures a layer shows and which failures shine is written down here again.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from fabeye.schema import Category
from fabeye.synthesis.checks.made import Made

LOT = re.compile(r"(?<![A-Z0-9])([PQRTZ][A-H]\d{4}[ABKX])(\.\d\d)?")
TOOL = re.compile(r"(?<![A-Z])(ETC|CMP|CVD|DIF|IMP|PHO|WET|PVD|SEM|EMS)\d\d[A-D]")
BANK = re.compile(r"(?:BK|BANK|YDEC)(\d+)")
CURRENT = re.compile(r"(?<![\d.])[\d.]+ (?:fA|pA|nA|µA)")
SUPPLY = re.compile(r"([\d.]+) ?mA")
SIZE = re.compile(r"(?<![\d.])\d+ nm")
DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d|\d{4}年\d\d月\d\d日|\d\d-[A-Z][a-z]{2}-\d\d(?!\d)")
DAY_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%d-%b-%y")
LABORATORY = ("SEM", "EMS")  # tools that look, where others make
PREFIXES = {  # last word of a step -> prefix of the tools that run it
    **{"ETCH": "ETC", "CMP": "CMP", "DEP": "CVD", "FILL": "CVD", "OX": "DIF", "IMP": "IMP", "PHOTO": "PHO"},
    **{"PRECLEAN": "WET", "STRIP": "WET", "RINSE": "WET", "SEED": "PVD", "BARRIER": "PVD"},
}
STRUCTURES = {  # layer -> what a microscope can show of it
    **{"AA": "lines gates", "GC": "lines gates", "BLC": "holes", "BL": "lines", "SNC": "holes capacitors"},
    **{"CAP": "holes capacitors", "CT": "holes gates", "GOX": "gates", "M0": "lines vias", "M1": "lines vias"},
    **{"V1": "vias", "M2": "lines vias", "ILD": "lines", "IO": "lines"},
}
SHINING = {4, 8, 9, 10, 11, 12}  # scenarios, counted from 0, whose fault sends out light
TOLD = (Category.TEXT, Category.FIGURE_CAPTION)  # where a size is the defect's; tables say what is changed, too
SEVERAL = {"", "owner", "due", "status", "action", "downloader"}  # fields that may have several values
LATEST = timedelta(days=31)  # after closing, by which an action may be due
ROUNDED = 0.06  # of a current as written, with two digits


def report_faults(made: Made) -> Iterator[str]:
    """What disagrees in a report, a sentence each."""
    yield from _identity_faults(made)
    yield from _day_faults(made)
    yield from _number_faults(made)
    yield from _picture_faults(made)


def _identity_faults(made: Made) -> Iterator[str]:
    """One lot, one bank, one tool of the process; one value of each field."""
    compared = {name for one in made.figures("chart_data") if one["type"] == "box" for name in one["x"]["values"]}
    text = "\n".join(one for one in made.texts if one not in compared)  # sister tools stand beside in a box plot
    lots = LOT.findall(text)
    parents, children = {lot for lot, _ in lots}, {child for _, child in lots if child}
    tools = {found[0] for found in TOOL.finditer(text)}
    making = {tool for tool in tools if not tool.startswith(LABORATORY)}
    if compared and making and not making <= compared:
        yield f"the box plot compares {sorted(compared)}, not {sorted(making)}"
    mask = made.value("mask")
    if mask and made.value("defect_layer") not in ("", mask.split("-")[1]):
        yield f"mask {mask} is not one of {made.value('defect_layer')}"
    for what, found in (("lot", parents), ("child lot", children), ("bank", set(BANK.findall(text)))):
        if len(found) > 1:
            yield f"there is more than one {what}: {sorted(found)}"
    for what, some in (("tool", making), *((name, {t for t in tools if t.startswith(name)}) for name in LABORATORY)):
        if len(some) > 1:
            yield f"there is more than one {what}: {sorted(some)}"
    step = made.value("step")
    if step and any(not tool.startswith(PREFIXES[step.split()[-1]]) for tool in making):
        yield f"{sorted(making)} do not run {step}"
    for field, texts in made.values.items():
        if len(texts) > 1 and field not in SEVERAL:
            yield f"{field} is {texts}"


def _day_faults(made: Made) -> Iterator[str]:
    """Every day lies between request and closing, or is the due day of an action soon after."""
    first, last = (_day(made.value(field)) for field in ("request_date", "close_date"))
    days = {_day(found) for text in made.texts for found in DAY.findall(text)}
    known = {one for one in days if one}
    first, last = first or min(known), last or max(known) - LATEST
    late = {_day(text) for text in made.values.get("due", [])}
    for one in sorted(known):
        if one < first or one > last + LATEST or (made.value("close_date") and one > last and one not in late):
            yield f"{one} is not between {first} and {last}"
    for sem in made.pictures("sem"):
        if _day(sem["date"].split()[0]) not in known:
            yield f"the micrograph is of {sem['date']}, a day that no text names"


def _number_faults(made: Made) -> Iterator[str]:
    """Currents and sizes that can be read are those of the case; curves pass through them."""
    text = "\n".join(made.texts)
    currents = {value for field in ("i_leak", "i_ref") for value in made.values.get(field, [])}
    supplies = {value for field in ("idd", "idd_ref") for value in made.values.get(field, [])}
    if currents and (other := set(CURRENT.findall(text)) - currents):
        yield f"{sorted(other)} are currents of no value, which are {sorted(currents)}"
    if supplies and (other := {f"{found} mA" for found in SUPPLY.findall(text)} - supplies):
        yield f"{sorted(other)} are currents of no value, which are {sorted(supplies)}"
    size = made.value("defect_size")
    told = {found for one in made.of(*TOLD) for found in SIZE.findall(one.text)}
    if size and (other := told - {size}):
        yield f"{sorted(other)} are sizes of no value, which is {size}"


def _picture_faults(made: Made) -> Iterator[str]:
    """What pictures show is what the values say."""
    agreed = (
        ("bitmap", "fbc", lambda shown: str(shown["fail_bits"])),
        ("bitmap", "bank", lambda shown: f"BK{shown['bank']}"),
        ("wafer", "good_dies", lambda shown: str(shown["good"])),
        ("wafer", "dies", lambda shown: str(shown["dies"])),
        ("wafer", "die_xy", lambda shown: f"({shown['die'][0]}, {shown['die'][1]})".replace("-", "−")),
        ("wafer", "wafer_yield", lambda shown: f"{shown['yield_percent']:.1f} %"),
    )
    for kind, field, written in agreed:
        for shown in made.pictures(kind):
            if made.value(field) not in ("", written(shown)):
                yield f"{field} is {made.value(field)}, the {kind} shows {written(shown)}"
    yield from _address_faults(made)
    yield from _spot_faults(made)
    for sem in made.pictures("sem"):
        layer = made.value("defect_layer")
        if layer and sem["structure"] not in STRUCTURES[layer].split():
            yield f"a micrograph of {layer} shows {sem['structure']}"
        drawn = {mark["text"] for mark in sem.get("annotations", []) if mark["kind"] == "dimension"}
        if not drawn <= {made.value("defect_size"), ""}:
            yield f"the micrograph is marked {sorted(drawn)}"
        if sem["defect"] != "none" and made.value("defect_size") not in ("", f"{sem['size_nm']} nm"):
            yield f"the defect measures {made.value('defect_size')}, the micrograph says {sem['size_nm']} nm"
    for chart in made.figures("chart_data"):
        yield from _curve_faults(made, chart)


def _address_faults(made: Made) -> Iterator[str]:
    place = made.value("phys_addr")
    for shown in made.pictures("bitmap"):
        said = f"BK{shown['bank']}, X=0x{shown['row']:04X}, Y=0x{shown['column']:03X}"
        if place and not place.startswith(said):
            yield f"the address is {place}, the bitmap shows {said}"


def _spot_faults(made: Made) -> Iterator[str]:
    """Light comes only where a failure sends it out, and from where the text says."""
    for kind in ("emmi", "emmi_series", "obirch", "thermal"):
        for shown in made.pictures(kind):
            if kind.startswith("emmi") and made.scenario not in SHINING:
                yield f"scenario {made.scenario} does not shine, and there is an emission picture"
            for spot in (one for one in shown["hotspots"] if one["abnormal"]):
                said = f"({spot['x_um']:.1f}, {spot['y_um']:.1f}) µm"
                if made.value("emmi_coord") not in ("", said) or made.value("emmi_block") not in ("", spot["block"]):
                    yield f"the spot is at {said} in {spot['block']}, the text says {made.value('emmi_coord')}"


def _curve_faults(made: Made, chart: dict) -> Iterator[str]:
    """A current-voltage curve reads what the text says at its voltage, 1.1 V."""
    if chart["x"]["unit"] != "V" or chart["y"]["unit"] != "A" or 1.1 not in chart["x"]["values"]:
        return
    at = chart["x"]["values"].index(1.1)
    drawn = [series["values"][at] for series in chart["series"]]
    for value in (made.value(field) for field in ("i_leak", "i_ref")):
        if value and all(abs(_ampere(value) / one - 1) > ROUNDED for one in drawn):
            yield f"the curve passes through {drawn}, the text says {value}"


def _ampere(text: str) -> float:
    value, unit = text.split()
    return float(value) * {"fA": 1e-15, "pA": 1e-12, "nA": 1e-9, "µA": 1e-6}[unit]


def _day(text: str) -> date | None:
    for form in DAY_FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
