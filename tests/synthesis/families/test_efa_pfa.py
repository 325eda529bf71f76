"""A report must be of one piece: what a sentence says, a table and a picture say too."""

from random import Random

import pytest

from fabeye.schema import Category
from fabeye.synthesis.blocks import Block, walk
from fabeye.synthesis.families.efa_pfa import Report, report_nodes, slide_nodes
from fabeye.synthesis.figures.chart import written

CASES = [(language, seed) for language in ("en", "zh") for seed in range(4)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def told(request: pytest.FixtureRequest) -> tuple[Report, list[Block]]:
    language, seed = request.param
    report = Report(Random(seed), language)
    return report, list(walk(slide_nodes(report) if report.slides else report_nodes(report)))


def texts(blocks: list[Block], *categories: Category) -> str:
    return "\n".join(block.text for block in blocks if block.category in categories)


def test_lot_tool_and_layer_are_the_same_everywhere(told: tuple[Report, list[Block]]) -> None:
    report, blocks = told
    case, scenario = report.case, report.case.scenario
    prose, tables = texts(blocks, Category.TEXT), texts(blocks, Category.TABLE)
    captions = texts(blocks, Category.FIGURE_CAPTION)
    assert case.lot in prose
    assert case.lot in tables
    assert case.lot in captions
    assert prose.count(case.tool) == 2
    assert case.tool in tables
    assert case.tool.startswith(scenario.tool)
    assert scenario.layer in prose
    assert scenario.layer in captions
    assert scenario.step in prose
    assert report.say(scenario.mode) in tables
    assert report.say(scenario.mode) in blocks[0].text


def test_numbers_in_the_text_are_those_of_table_and_picture(told: tuple[Report, list[Block]]) -> None:
    report, blocks = told
    evidence = report.evidence
    prose, tables = texts(blocks, Category.TEXT), texts(blocks, Category.TABLE)
    for current in evidence.sweep.at_read():
        assert written(current) in prose
        assert written(current) in tables
    assert f"{evidence.wafer.yield_percent:.1f} %" in prose
    assert f"{evidence.micrograph.size_nm} nm" in prose
    assert f"{evidence.micrograph.size_nm} nm" in texts(blocks, Category.FIGURE_CAPTION)
    assert f"{evidence.bitmap.fail_bits} " in prose
    assert f"bank {report.case.bank}" in prose


def test_a_leak_carries_more_and_an_open_less(told: tuple[Report, list[Block]]) -> None:
    report, _ = told
    reference, failing = report.evidence.sweep.at_read()
    assert (failing > reference) == (report.case.scenario.electrical == "leak")


def test_figures_and_tables_are_numbered_in_reading_order(told: tuple[Report, list[Block]]) -> None:
    _, blocks = told
    for category, labels in ((Category.FIGURE_CAPTION, ("Figure", "图")), (Category.TABLE_CAPTION, ("Table", "表"))):
        captions = [block.text for block in blocks if block.category is category]
        for number, caption in enumerate(captions, start=1):
            assert caption.startswith(tuple(f"{label} {number}" for label in labels))
