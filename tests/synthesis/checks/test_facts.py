"""Each check must let a document of one piece pass and name what was changed in it."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from fabeye.schema import Category, Element, Entity, Source
from fabeye.synthesis.checks.boxes import Shown
from fabeye.synthesis.checks.made import Made, grid, number, rows_of
from fabeye.synthesis.checks.run import fact_faults

Piece = tuple[Category, str, str, dict[str, Any]]  # category, text, HTML, detail


def text(said: str, category: Category = Category.TEXT) -> Piece:
    return category, said, "", {}


def table(*rows: Sequence[str]) -> Piece:
    html = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return Category.TABLE, "\n".join(map(" ".join, rows)), f"<table>{html}</table>", {}


def figure(**detail: Any) -> Piece:
    return Category.FIGURE, "", "", detail


def picture(kind: str, **shown: Any) -> Piece:
    return figure(image_gt={"kind": kind, **shown})


def made(family: str, *pieces: Piece, scenario: int = -1, **values: str) -> Made:
    """A document of one page."""
    place = {"page_id": "", "x0": 0.0, "y0": 0.0, "x1": 1.0, "y1": 1.0}
    elements = tuple(
        Element(
            **place, order=order, category=category, level="block", text=said, html=html, latex="", score=1.0,
            source=Source.TRUTH.value, detail=json.dumps(detail) if detail else "",
        )
        for order, (category, said, html, detail) in enumerate(pieces)
    )  # fmt: skip
    entities = tuple(
        Entity(**place, field=field, kind="", text=said, in_picture=False) for field, said in values.items()
    )
    return Made("one.pdf", family, "en", scenario, (Shown(elements, entities, 1.0),))


CASE = {
    "request_date": "2024-05-03", "close_date": "2024-05-17", "phys_addr": "BK5, X=0x1A3F, Y=0x02C, DQ3", "fbc": "76",
    "defect_layer": "GC", "defect_size": "38 nm", "step": "GC ETCH", "i_leak": "92 nA", "i_ref": "17 pA",
    "emmi_coord": "(3421.5, 1187.0) µm", "emmi_block": "VPP_PUMP",
}  # fmt: skip
BITMAP = {"bank": 5, "row": 0x1A3F, "column": 0x2C, "fail_bits": 76}
SEM = {"structure": "lines", "defect": "bridge", "size_nm": 38, "date": "2024-05-10 09:12", "annotations": []}
SPOT = {"abnormal": True, "x_um": 3421.5, "y_um": 1187.0, "block": "VPP_PUMP"}
CURVE = {
    "type": "line",
    "x": {"unit": "V", "values": [1.0, 1.1]},
    "y": {"unit": "A"},
    "series": [{"values": [1e-12, 1.7e-11]}, {"values": [1e-9, 9.2e-8]}],
}
SAID = "Lot PA1234B.03 fails in BK5; ETC07B ran GC ETCH. SEM02A saw 38 nm on 2024-05-10, 92 nA against 17 pA."


def report(said: str = SAID, scenario: int = 4, **changes: Any) -> Made:
    """A report of one piece, but for what is changed."""
    parts = {"bitmap": BITMAP, "sem": SEM, "emmi": {"hotspots": [SPOT]}}
    drawn = [picture(name, **{**part, **changes.get(name, {})}) for name, part in parts.items()]
    return made(
        "efa_pfa", text(said), *drawn, figure(chart_data=CURVE), scenario=scenario, **CASE | changes.get("case", {})
    )


BOXES = figure(chart_data={"type": "box", "x": {"values": ["ETC07B", "ETC11A"], "unit": ""}, "y": {"unit": "nm"}})
SISTERS = (text("ETC11A", Category.FIGURE), text("ETC07B ran it from 2024-05-03."))
REPORTS = [
    (made("efa_pfa", BOXES, *SISTERS, step="GC ETCH"), ""),
    (made("efa_pfa", BOXES, text("ETC09B ran it from 2024-05-03."), step="GC ETCH"), "the box plot compares"),
    (report(), ""),
    (report(SAID + " Lot PA9999B too."), "more than one lot"),
    (report(SAID + " See BANK7."), "more than one bank"),
    (report(SAID.replace("ETC", "CMP")), "do not run GC ETCH"),
    (report(SAID + " CVD11A"), "more than one tool"),
    (report(SAID + " SEM09B"), "more than one SEM"),
    (report(SAID + " On 2024-05-02 it came."), "2024-05-02 is not between"),
    (report(SAID + " 12 nA"), "currents of no value"),
    (report(SAID + " 40 nm"), "sizes of no value"),
    (report(bitmap={"fail_bits": 77}), "fbc is 76"),
    (report(bitmap={"column": 1}), "the address is"),
    (report(sem={"structure": "vias"}), "a micrograph of GC shows vias"),
    (report(sem={"size_nm": 39}), "the defect measures"),
    (report(sem={"date": "2024-05-11 09:12"}), "a day that no text names"),
    (report(sem={"annotations": [{"kind": "dimension", "text": "39 nm"}]}), "is marked"),
    (report(emmi={"hotspots": [{**SPOT, "block": "DLL"}]}), "the spot is at"),
    (report(scenario=0), "does not shine"),
    (report(case={"i_leak": "99 nA"}), "the curve passes through"),
]
TIMES = [
    ["Parameter", "Symbol", "A", "A", "B", "B", "Unit"], ["", "", "Min", "Max", "Min", "Max", ""],
    ["Clock", "t<sub>CK(avg)</sub>", "0.625", "&lt;0.682", "0.555", "&lt;0.625", "ns"],
    ["ACT to PRE", "t<sub>RAS</sub>", "32.00", "9 × tREFI", "32.00", "9 × tREFI", "ns"],
    ["PRE to ACT", "t<sub>RP</sub>", "14.25", "–", "14.25", "–", "ns"],
    ["ACT to ACT", "t<sub>RC</sub><sup>1</sup>", "46.25", "–", "46.25", "–", "ns"],
]  # fmt: skip


def cells(rows: list[list[str]], *changes: tuple[int, int, str]) -> Piece:
    """The table with some cells said otherwise."""
    said = {(row, column): text for row, column, text in changes}
    return table(*([said.get((y, x), cell) for x, cell in enumerate(row)] for y, row in enumerate(rows)))


SPEC = [["Quantity", "LSL", "LCL", "CL", "UCL", "USL", "Cpk"], ["Depth", "90", "97.0", "100.0", "103.0", "110", "1.50"]]
CHART = {"type": "line", "series": [{"name": "X-bar", "values": [100.0, 104.0]}]}
BILL = [["No.", "Item", "Quantity", "Price", "Amount"],
        ["1", "Lamp", "2", "4.50", "9.00"], ["2", "Cup", "3", "1.00", "3.00"],
        ["Sum", "", "", "", "€ 12.00"], ["Tax", "", "", "", "€ 1.20"], ["Total", "", "", "", "€ 13.20"]]  # fmt: skip
POWER = [["Mode", "VDD", "AVDD", "Total (mW)"], ["Idle", "1.50", "0.50", "2.00"]]
RESETS = [["Offset", "Name", "Reset", "Fields"], ["0x000", "CTRL", "0x00000005", "2"]]
FIELDS = [["Offset", "Name", "Bits", "Field", "Access", "Reset"], ["0x000", "CTRL", "3:2", "M", "RW", "0x1"],
          ["0x000", "CTRL", "0", "EN", "RW", "0x1"]]  # fmt: skip
PLAN = {"width_mm": 2.0, "height_mm": 1.0, "blocks": [{"name": "A", "area_mm2": 1.5}, {"name": "B", "area_mm2": 0.5}]}
WAVE = "In the figure V_{REF} is 600 mV and V_{DDQ} is 1200 mV."
RAILS = [
    ["Symbol", "Parameter", "Min", "Typ", "Max", "Unit"],
    ["V<sub>DDQ</sub>", "Output", "1.140", "1.200", "1.260", "V"],
]
OTHERS = [
    (made("jedec", cells(TIMES)), ""),
    (made("jedec", cells(TIMES, (5, 4, "46.30"))), "t_RC is 46.30"),
    (made("jedec", cells(TIMES, (2, 5, "&lt;0.640"))), "the longest clock is"),
    (made("jedec", cells(TIMES, (2, 3, "&lt;0.600"))), "('Min', 'Typ', 'Max') are [0.625, 0.6]"),
    (made("jedec", text("At 0.416 ns, 14.50 ns make 34.86 clocks: 35 nCK.")), ""),
    (made("jedec", text("At 0.416 ns, 14.50 ns make 33.86 clocks: 35 nCK.")), "are not"),
    (
        made(
            "jedec",
            text("tMRD spans 13 clocks, from T0."),
            figure(timing={"annotations": [{"parameter": "tMRD", "clocks": 13}]}),
        ),
        "",
    ),
    (
        made(
            "jedec",
            text("tMRD spans 12 clocks, from T0."),
            figure(timing={"annotations": [{"parameter": "tMRD", "clocks": 13}]}),
        ),
        "spans 12",
    ),
    (
        made(
            "jedec", text("The mask is 0.24 UI wide and 130 mV high."), picture("eye_mask", width_ui=0.2, height_mv=130)
        ),
        "the mask",
    ),
    (made("jedec", text(WAVE), cells(RAILS)), ""),
    (made("jedec", text(WAVE), cells(RAILS, (1, 2, "1.040"), (1, 3, "1.100"))), "V_{DDQ} is 1.1 V in the table"),
    (made("jedec", table(["Rows", "65536"], ["Row address", "R0–R16"])), "rows are addressed by"),
    (
        made("jedec", text("Table 1. A", Category.TABLE_CAPTION), text("Table 3. B", Category.TABLE_CAPTION)),
        "the numbers of tables",
    ),
    (made("jedec", text("As in Figure 2."), text("Figure 1: A", Category.FIGURE_CAPTION)), "is named and not there"),
    (
        made("jedec", text("4 Timing", Category.TITLE), text("4 Timing 7"), text("Page 8", Category.PAGE_NUMBER)),
        "the contents place",
    ),
    (
        made("jedec", text("A level."), text("^{1} At the ball.", Category.PAGE_FOOTNOTE)),
        "nothing on its page or the one before calls",
    ),
    (
        made(
            "process",
            cells(SPEC),
            figure(chart_data=CHART),
            text("UCL 103.0"),
            text("LCL 97.0"),
            text("Sample 2 lies outside the limits."),
            cpk="1.50",
        ),
        "",
    ),
    (made("process", cells(SPEC), cpk="1.40"), "Cpk is 1.40"),
    (made("process", cells(SPEC, (1, 3, "96.0"))), "('LSL', 'LCL', 'CL', 'UCL', 'USL')"),
    (
        made(
            "process",
            cells(SPEC),
            figure(chart_data=CHART),
            text("UCL 103.0"),
            text("LCL 97.0"),
            text("Sample 1 lies outside the limits."),
        ),
        "samples [2] lie",
    ),
    (
        made(
            "design",
            cells(POWER),
            cells(RESETS),
            cells(FIELDS),
            picture("floor_plan", **PLAN),
            table(["A", "1.5", "75 %"]),
        ),
        "",
    ),
    (made("design", cells(POWER, (1, 3, "2.50"))), "the power of Idle"),
    (made("design", cells(RESETS, (1, 2, "0x00000007")), cells(FIELDS)), "CTRL resets to"),
    (made("design", picture("floor_plan", **PLAN), table(["A", "1.6", "75 %"])), "A has 1.6"),
    (made("design", picture("floor_plan", **{**PLAN, "width_mm": 3.0})), "fill 3.0 mm"),
    (
        made("design", picture("fsm", nodes=[{"name": "IDLE"}]), text("S_IDLE: x\nS_RUN: y", Category.CODE)),
        "the listing has",
    ),
    (made("general", cells(BILL)), ""),
    (made("general", cells(BILL, (1, 4, "9.10"))), "2 times 4.50 are not 9.10"),
    (made("general", cells(BILL, (3, 4, "€ 12.10"))), "the sum is 12.1"),
    (made("general", cells(BILL, (5, 4, "€ 13.30"))), "the total is 13.3"),
    (made("general", table(["", "A"], ["x", "1"], ["y", "2"], ["Sum", "4"])), "adds up to 3"),
]


@pytest.mark.parametrize(("document", "fault"), REPORTS + OTHERS)
def test_what_disagrees_is_named_and_nothing_else(document: Made, fault: str) -> None:
    found = fact_faults(document)
    assert any(fault in one for one in found) if fault else found == []


def test_a_cell_that_its_table_does_not_show_is_named() -> None:
    document = made("design", table(["a", "b"]), (Category.TABLE, "c", "", {"row": 0, "column": 1}))
    page = document.pages[0]
    line = Element(**{name: getattr(page.elements[1], name) for name in Element.__slots__} | {"level": "line"})
    pages = (Shown((page.elements[0], line), (), 1.0),)
    assert "the HTML says 'b'" in fact_faults(Made("one.pdf", "design", "en", -1, pages))[0]


def test_a_grid_holds_what_spans_in_every_place() -> None:
    cells = grid(
        '<table><tr><td rowspan="2">a</td><td colspan="2">V<sub>DD</sub></td></tr><tr><td>c</td><td>d</td></tr></table>'
    )
    assert rows_of(cells) == [["a", "V_{DD}", "V_{DD}"], ["a", "c", "d"]]


@pytest.mark.parametrize(
    ("said", "value"), [("<0.535", 0.535), ("−187 ps", -187), ("1,909.32", 1909.32), ("–", None), ("9 × t", None)]
)
def test_numbers_are_read_without_relation_and_unit(said: str, value: float | None) -> None:
    assert number(said) == value
