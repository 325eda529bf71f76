"""A process manual must repeat the same numbers in text, table and chart, and stand in its boxes."""

import re
from random import Random

import pytest

from fabeye.schema import Category, Sensitive
from fabeye.synthesis.blocks import walk
from fabeye.synthesis.families.drafting import Draft
from fabeye.synthesis.families.process import compose, prose
from fabeye.synthesis.families.process.modules import MODULES
from fabeye.synthesis.families.process.sections import Plan, control, draw_plan, flow, procedure, upkeep
from fabeye.synthesis.figures.control import CONSTANTS
from fabeye.synthesis.manuscript import Manuscript
from fabeye.synthesis.markup import to_plain, values
from fabeye.synthesis.style import Paper, draw_style

SEEDS = range(6)
PAPER = Paper(595.28, 841.89, 54, 70, 58)


def drafted(seed: int, language: str) -> tuple[Draft, Plan]:
    rng = Random(seed)
    plan = draw_plan(rng, language)
    draft = Draft(rng, language, draw_style(rng, language, PAPER, ("#444444",)))
    draft.facts = plan.facts(draft)
    return draft, plan


def texts(manuscript: Manuscript) -> list[str]:
    """All wording, cells by themselves: a table's own text has lost the names of its values."""
    return [
        text for block in walk(manuscript.nodes) for text in (block.text, *(c.text for row in block.rows for c in row))
    ]


@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
@pytest.mark.parametrize("seed", SEEDS)
def test_limits_in_the_table_are_those_of_the_chart_and_cpk_follows(seed: int, language: str) -> None:
    draft, plan = drafted(seed, language)
    blocks = list(walk(control(draft, plan)))
    table = next(block for block in blocks if block.category is Category.TABLE)
    chart = next(block for block in blocks if block.category is Category.FIGURE).detail["chart_data"]
    row = [cell.text.replace("−", "-") for cell in table.rows[1]]
    lower, _, upper, lcl, centre, ucl, cpk = map(float, row[2:])
    assert chart["limits"]["LCL"] == lcl
    assert chart["limits"]["UCL"] == ucl
    assert lower < lcl < centre < ucl
    spread = sum(chart["series"][1]["values"]) / len(chart["series"][1]["values"])
    sigma = spread / CONSTANTS[len(plan.controls[0].readings[0])][3]
    assert cpk == pytest.approx(min(upper - centre, centre - lower) / (3 * sigma), abs=0.02)
    said = " ".join(to_plain(block.text) for block in blocks)
    assert f"{cpk:.2f}" in said
    outside = [
        n
        for n, (average, width) in enumerate(zip(*(one["values"] for one in chart["series"]), strict=True), start=1)
        if not lcl <= average <= ucl or width > chart["limits"]["UCL_R"]
    ]
    assert outside == plan.controls[0].outside()
    assert not outside or ", ".join(map(str, outside)) in said


def test_every_chemical_has_its_hazard_and_every_slot_is_filled() -> None:
    for module in MODULES:
        assert set(module.chemicals) <= set(prose.HAZARDS)
    for seed in range(24):
        for text in texts(compose(Random(seed), ("en", "zh", "mixed")[seed % 3])):
            assert not re.search(r"<[a-z_]+>", text.replace("<page>", "")), text


@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
def test_a_manual_names_its_secrets(language: str) -> None:
    kinds = set()
    for seed in SEEDS:
        manuscript = compose(Random(seed), language)
        found = [value for text in texts(manuscript) for value in values(text)]
        kinds |= {value.kind for value in found}
        fields = {value.field for value in found}
        assert {"doc_no", "owner", "tool", "recipe", "author", "reviewer", "approver", "revision"} <= fields
    wanted = {Sensitive.PERSON, Sensitive.TOOL, Sensitive.RECIPE, Sensitive.CASE, Sensitive.EMAIL, Sensitive.EMPLOYEE}
    assert {kind.value for kind in wanted} <= kinds


@pytest.mark.parametrize("seed", SEEDS)
def test_tools_recipes_and_alarms_fit_their_step(seed: int) -> None:
    draft, plan = drafted(seed, "en")
    assert plan.tool.startswith(plan.module.tool)
    assert {step for step, _ in plan.flow} <= {step for step, _ in plan.module.steps}
    for row in next(block for block in walk(flow(draft, plan)) if block.rows).rows[1:]:
        assert to_plain(row[5].text).startswith(row[2].text.split()[0].replace("/", ""))
    for row in next(block for block in walk(procedure(draft, plan)) if block.rows).rows[1:]:
        point, low, high = (float(cell.text) for cell in row[1:4])
        assert low < point < high
    for row in next(block for block in walk(upkeep(draft, plan)) if block.rows).rows[1:]:
        assert [cell.text for cell in row[4:6]].count("☑") <= 1


def test_revisions_come_in_order_of_their_dates() -> None:
    for seed in SEEDS:
        rows = next(
            block.rows
            for block in walk(compose(Random(seed), "en").nodes)
            if block.rows and block.rows[0][0].text == "Rev."
        )
        dates = [row[1].text for row in rows[1:]]
        assert dates == sorted(dates)
        assert [row[0].text for row in rows[1:]] == [f"{n}.0" for n in range(1, len(rows))]
