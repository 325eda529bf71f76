"""A report must be of one piece: what a sentence says, a table, a picture and its truth say too.

The walk reads everything that a reader can read (text, tables, captions, words in pictures) and looks for lots, tools,
banks, days, currents, sizes and people by their form, not by their marks: whatever is found must be the case's own.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

import pytest

from fabeye.schema import Category
from fabeye.synthesis.blocks import Block, walk
from fabeye.synthesis.families.efa_pfa import FORMS, PAPERS, REPORT_PAPER, Report, arranged, compose, composed
from fabeye.synthesis.families.efa_pfa.exhibits import Evidence, gather
from fabeye.synthesis.figures.chart import READ_V, written
from fabeye.synthesis.manuscript import Furniture, Manuscript, set_manuscript
from fabeye.synthesis.markup import to_plain, values
from fabeye.synthesis.scenario.case import Case, draw_case
from fabeye.synthesis.scenario.facts import DATE_FORMS
from fabeye.synthesis.scenario.kinds import EMMI
from fabeye.synthesis.scenario.layers import LAYERS, STEPS
from fabeye.synthesis.scenario.table import SCENARIOS
from fabeye.synthesis.style import draw_style
from tests.synthesis.box_checks import check_document

LANGUAGES = ("en", "zh", "mixed")
LOT = re.compile(r"(?<![A-Z])[PQRTZ][A-H]\d{4}[ABKX](?:\.\d\d)?")
TOOL = re.compile(r"(?<![A-Z])(?:ETC|CMP|CVD|DIF|IMP|PHO|WET|PVD|SEM|EMS)\d\d[A-D]")
BANK = re.compile(r"(?:BK|BANK|YDEC)(\d+)")
CURRENT = re.compile(r"[\d.]+ (?:fA|pA|nA|µA)")
SUPPLY = re.compile(r"([\d.]+) ?mA")
SIZE = re.compile(r"(?<![\d.])\d+ nm")
DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d|\d{4}年\d\d月\d\d日|\d\d-[A-Z][a-z]{2}-\d\d(?!\d)")
# two languages of each scenario, in turn
CASES = [(number, LANGUAGES[(number + turn) % 3]) for number in range(len(SCENARIOS)) for turn in (0, 1)]
UNITS = {"fA": 1e-15, "pA": 1e-12, "nA": 1e-9, "µA": 1e-6}


@lru_cache(maxsize=len(SCENARIOS) * len(LANGUAGES))
def evidence_of(number: int, language: str) -> tuple[Case, Evidence]:
    rng = Random(f"walk/{number}/{language}")
    case = draw_case(rng, language, SCENARIOS[number])
    return case, gather(rng, case)


def told(number: int, language: str, form: str) -> tuple[Report, list[Block]]:
    case, evidence = evidence_of(number, language)
    rng = Random(f"{form}/{number}/{language}")
    report = Report(rng, draw_style(rng, language, PAPERS.get(form, REPORT_PAPER), ("#1f4e79",)), case, evidence)
    return report, list(walk(arranged(report, form)[0]))


def readable(blocks: list[Block]) -> list[str]:
    """Everything that can be read, piece by piece."""
    return [to_plain(block.text) for block in blocks] + [text.text for block in blocks for text in block.texts]


def compared(blocks: list[Block]) -> set[str]:
    """Sister tools beside the case's own in a box plot."""
    charts = [block.detail["chart_data"] for block in blocks if "chart_data" in block.detail]
    return {name for chart in charts if chart["type"] == "box" for name in chart["x"]["values"]}


def day(text: str) -> str:
    for form in (*DATE_FORMS["en"], *DATE_FORMS["zh"]):
        try:
            return f"{datetime.strptime(text, form):%Y-%m-%d}"
        except ValueError:
            continue
    raise AssertionError(f"{text} is no date in any form")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("number", "language"), CASES)
def test_every_reference_is_the_case_s_own(number: int, language: str, form: str) -> None:
    report, blocks = told(number, language, form)
    case, facts = report.case, report.facts.texts
    text = "\n".join(readable(blocks))
    assert set(LOT.findall(text)) <= {case.lot, case.parent_lot}
    assert set(TOOL.findall(text)) <= {case.tool, case.microscope, case.camera, *compared(blocks)}
    assert {int(bank) for bank in BANK.findall(text)} <= {case.address.bank}
    assert set(CURRENT.findall(text)) <= {facts.get("i_leak"), facts.get("i_ref")}
    assert {f"{ma} mA" for ma in SUPPLY.findall(text)} <= {facts.get("idd"), facts.get("idd_ref")}
    days = case.schedule
    known = {days.requested, days.tested, days.located, days.observed, days.closed}
    known |= {days.closed + timedelta(days=late) for late in (-1, 10, 30)}
    assert {day(found) for found in DAY.findall(text)} <= {f"{one:%Y-%m-%d}" for one in known}
    sizes = {size for block in blocks for size in SIZE.findall(to_plain(block.text))}
    assert sizes <= {facts.get("defect_size"), *re.findall(r"\d+ nm", facts.get("remedy", ""))}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("number", "language"), CASES)
def test_a_field_has_one_value_and_a_person_is_one_of_the_case(number: int, language: str, form: str) -> None:
    report, blocks = told(number, language, form)
    found: dict[str, set[str]] = {}
    people: set[str] = set()
    for block in blocks:
        marked = [(value.field, value.kind, value.text) for value in values(block.text)]
        marked += [(text.field, text.kind, text.text) for text in block.texts]
        for cell in (cell for row in block.rows for cell in row):
            marked += [(value.field, value.kind, value.text) for value in values(cell.text)]
        for field, kind, text in marked:
            found.setdefault(field, set()).add(text)
            people |= {text} if kind == "PERSON" else set()
    several = {"", "owner", "due", "status", "action"}
    assert {field: texts for field, texts in found.items() if len(texts) > 1 and field not in several} == {}
    team = report.case.people.values()
    assert people <= {person.name for person in team} | {person.login for person in team}
    assert {"case_no", "lot_id"} <= set(found) if form != "eight" else "lot_id" in found


@pytest.mark.parametrize(("number", "language"), CASES)
def test_pictures_show_what_the_case_says(number: int, language: str) -> None:
    case, evidence = evidence_of(number, language)
    measured, shown = evidence.measured, {name: one.truth for name, one in evidence.exhibits.items()}
    assert ("emmi" in shown) == (EMMI in case.scenario.methods)
    assert ("sem" in shown) == (case.find is not None)
    assert ("wafer" in shown) == case.source.startswith("CP")
    if case.find:
        sem = shown["sem"]
        assert (sem["structure"], sem["defect"]) == (case.find.structure, case.find.defect)
        assert sem["structure"] in LAYERS[case.find.layer].structures
        assert sem["date"].startswith(f"{case.schedule.observed:%Y-%m-%d}")
        assert measured["defect_size"] == f"{sem['size_nm']} nm"
        assert (shown["sem_good"]["defect"], shown["sem_good"]["kv"]) == ("none", sem["kv"])
        assert case.tool.startswith(STEPS[case.find.step].tool)
        assert sem["annotations"]
    if "bitmap" in shown:
        truth, address = shown["bitmap"], case.address
        assert (truth["bank"], truth["row"], truth["column"]) == (address.bank, address.row, address.column)
        assert measured["fbc"] == str(truth["fail_bits"])
    if "wafer" in shown:
        truth = shown["wafer"]
        assert measured["die_xy"] == f"({truth['die'][0]}, {truth['die'][1]})".replace("-", "−")
        assert (measured["wafer_yield"], measured["good_dies"]) == (f"{truth['yield_percent']} %", str(truth["good"]))
        assert str(case.soft_bin) in truth["bins"]
        assert case.pattern in truth["patterns"]


@pytest.mark.parametrize(("number", "language"), CASES)
def test_what_shines_is_where_the_text_says_and_carries_current(number: int, language: str) -> None:
    case, evidence = evidence_of(number, language)
    measured = evidence.measured
    for name in ("emmi", "obirch", "thermal"):
        if name not in evidence.exhibits:
            continue
        spot = next(one for one in evidence.exhibits[name].truth["hotspots"] if one["abnormal"])
        assert measured["emmi_coord"] == f"({spot['x_um']:.1f}, {spot['y_um']:.1f}) µm"
        assert measured["emmi_block"] == spot["block"]
        assert spot["banks"] in ([], [case.address.bank])
        value, unit = measured["i_leak"].split()
        assert float(value) * UNITS[unit] >= 1e-9
    if "iv" in evidence.exhibits:
        chart = evidence.exhibits["iv"].shown.detail["chart_data"]
        at = chart["x"]["values"].index(READ_V)
        reference, failing = (series["values"][at] for series in chart["series"])
        assert (written(failing), written(reference)) == (measured["i_leak"], measured["i_ref"])
        assert (failing > reference) == (case.scenario.current == "leak")


@pytest.mark.parametrize("form", FORMS)
def test_figures_and_tables_are_numbered_in_reading_order(form: str) -> None:
    for number in (1, 9, 11):
        _, blocks = told(number, "mixed", form)
        for category, label in ((Category.FIGURE_CAPTION, "图"), (Category.TABLE_CAPTION, "表")):
            captions = [to_plain(block.text) for block in blocks if block.category is category]
            for count, caption in enumerate(captions, start=1):
                assert caption.startswith(f"{label} {count}")


@pytest.mark.parametrize(("form", "language", "number"), [
    ("wide", "mixed", 3),
    ("classic", "en", 9),
    ("paper", "zh", 11),
    ("request", "en", 0),
    ("eight", "mixed", 13),
])  # fmt: skip
def test_a_set_report_has_its_entities_on_the_page_and_legible(form: str, language: str, number: int) -> None:
    """Words in pictures lie in their figures, and no word in a picture is lower than 8 pixels at 150 dpi."""
    pdf, pages = set_manuscript(composed(Random(number), language, form, number))
    check_document(pdf, pages)
    entities = [entity for page in pages for entity in page.entities]
    assert {"LOT", "PERSON", "TOOL"} <= {entity.kind for entity in entities}
    assert any(entity.in_picture for entity in entities)
    for page in pages:
        figures = [truth.box for truth in page.truths if truth.category is Category.FIGURE and truth.level == "block"]
        for entity in page.entities:
            x0, y0, x1, y1 = entity.box
            assert 0 <= x0 < x1 <= page.width
            assert 0 <= y0 < y1 <= page.height
            if entity.in_picture:
                assert (y1 - y0) * 150 / 72 >= 8
                assert any(a <= x0 and b <= y0 and x1 <= c and y1 <= d for a, b, c, d in figures)


@pytest.mark.parametrize("form", ["request", "eight"])
@pytest.mark.parametrize("number", [3, 4, 10, 12])
def test_a_form_has_one_page(form: str, number: int) -> None:
    report, _ = told(number, "en", form)
    nodes, files = arranged(report, form)
    empty = Furniture((), ())
    _, pages = set_manuscript(Manuscript(report.style, tuple(nodes), empty, empty, {**report.pictures, **files}))
    assert len(pages) == 1


def test_a_report_is_a_pure_function_of_its_seed() -> None:
    first, again = (compose(Random(4), "zh") for _ in range(2))
    assert first.pictures == again.pictures
    assert [block.text for block in walk(first.nodes)] == [block.text for block in walk(again.nodes)]
    assert replace(first, nodes=(), pictures={}) == replace(again, nodes=(), pictures={})
