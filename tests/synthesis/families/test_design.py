"""A design document must add up: registers, clocks, budgets, power, areas; figure and code must hold the same."""

import re
from random import Random

import pytest

from fabeye.schema import Category, Sensitive
from fabeye.synthesis.blocks import walk
from fabeye.synthesis.families.design import compose, sections
from fabeye.synthesis.families.design.listings import assertion_code, machine_code
from fabeye.synthesis.families.design.plan import WORD, Plan, draw_design
from fabeye.synthesis.families.drafting import Draft
from fabeye.synthesis.figures.state import draw_fsm
from fabeye.synthesis.markup import to_plain, values
from fabeye.synthesis.style import Paper, draw_style

SEEDS = range(8)
LINE = 90  # letters that fit a page's width
PAPER = Paper(595.28, 841.89, 56, 68, 58)


def drafted(seed: int, language: str = "en") -> tuple[Draft, Plan]:
    rng = Random(seed)
    plan = draw_design(rng, language)
    return Draft(rng, language, draw_style(rng, language, PAPER, ("#444444",)), {"block": plan.block}), plan


@pytest.mark.parametrize("seed", SEEDS)
def test_fields_fill_their_words_without_overlap_and_make_the_reset_value(seed: int) -> None:
    _, plan = drafted(seed)
    offsets = [register.offset for register in plan.registers]
    assert offsets == sorted(set(offsets))
    assert all(offset % 4 == 0 for offset in offsets)
    for register in plan.registers:
        bits = [bit for field in register.fields for bit in range(field.low, field.high + 1)]
        assert len(bits) == len(set(bits))
        assert max(bits) < WORD
        for field in register.fields:
            assert register.reset >> field.low & (1 << field.high - field.low + 1) - 1 == field.reset


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_of_the_tables_are_sums(seed: int) -> None:
    draft, plan = drafted(seed)
    power, floor = (
        [block for block in walk(section(draft, plan)) if block.rows][-1]
        for section in (sections.power, sections.floor)
    )
    for row in power.rows[1:]:
        *parts, total = (float(cell.text) for cell in row[1:])
        assert sum(parts) == pytest.approx(total, abs=0.02)
    areas = [float(row[1].text) for row in floor.rows[1:]]
    assert sum(areas[:-1]) == pytest.approx(areas[-1], abs=0.001 * len(areas))
    assert areas[-1] == pytest.approx(plan.floor.width * plan.floor.height, abs=0.01)
    assert plan.slack == plan.period - sum(ps for _, ps in plan.budget)


@pytest.mark.parametrize("seed", SEEDS)
def test_clocks_come_from_their_source(seed: int) -> None:
    clocks = {clock.name: clock for clock in drafted(seed)[1].clocks}
    for clock in clocks.values():
        if clock.source in clocks:
            assert clock.mhz == pytest.approx(clocks[clock.source].mhz * clock.multiply / clock.divide, abs=2e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_fast_corners_are_faster_and_hot_ones_leak(seed: int) -> None:
    found = {(name, degrees): (mhz, leak) for name, _, degrees, mhz, leak in drafted(seed)[1].corners()}
    assert found["FF", 125][0] > found["TT", 25][0] > found["SS", 125][0]
    assert found["FF", 125][1] > found["FF", -40][1]
    assert found["FF", 125][1] > found["SS", 125][1]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_listing_holds_the_transitions_of_the_figure(seed: int) -> None:
    _, plan = drafted(seed)
    code = machine_code(plan.machine, "en")
    told = draw_fsm(Random(0), "en", plan.machine)[1].detail["image_gt"]
    found = [
        (line.split(":")[0].strip().removeprefix("S_"), end, condition)
        for line in code.splitlines()
        if re.match(r"\s+S_\w+: if", line)
        for condition, end in re.findall(r"if \((\w+)\) state_d = S_(\w+);", line)
    ]
    assert sorted(found) == sorted((edge["from"], edge["to"], edge["label"]) for edge in told["edges"])
    listings = [code, assertion_code(Random(seed), plan.machine, "zh")]
    assert all(len(line) <= LINE for listing in listings for line in listing.splitlines())


@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
def test_a_document_has_its_parts_and_names_its_secrets(language: str) -> None:
    kinds = set()
    for seed in SEEDS:
        manuscript = compose(Random(seed), language)
        blocks = list(walk(manuscript.nodes))
        assert {Category.CODE, Category.TABLE, Category.FIGURE, Category.TITLE} <= {block.category for block in blocks}
        assert not any(re.search(r"<[a-z_]+>", block.text) for block in blocks)
        cells = [cell.text for block in blocks for row in block.rows for cell in row]
        found = [value for text in (*cells, *(block.text for block in blocks)) for value in values(text)]
        kinds |= {value.kind for value in found}
        assert {"doc_no", "product", "author", "reviewer", "email"} <= {value.field for value in found}
        chinese = sum("\u4e00" <= letter <= "\u9fff" for block in blocks for letter in to_plain(block.text))
        assert (chinese == 0) if language == "en" else (chinese > 100)
    assert {Sensitive.PERSON, Sensitive.PRODUCT, Sensitive.CASE, Sensitive.HOST, Sensitive.EMAIL} <= kinds
