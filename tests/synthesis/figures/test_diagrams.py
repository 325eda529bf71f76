"""Diagrams of boxes, balls, blocks and waves must be possible, and tell what they show."""

from random import Random

import pytest

from fabeye.synthesis.figures.ballout import COLUMNS, ROWS, place_balls
from fabeye.synthesis.figures.eye import draw_eye_mask
from fabeye.synthesis.figures.film import draw_film_stack, draw_films
from fabeye.synthesis.figures.floor import draw_floor_plan, draw_plan
from fabeye.synthesis.figures.flow import draw_fa_flow, draw_ocap
from fabeye.synthesis.figures.nodes import Node
from fabeye.synthesis.figures.power_up import draw_power_up
from fabeye.synthesis.figures.simulation import Traffic, draw_traffic
from fabeye.synthesis.figures.state import draw_fsm, draw_machine, draw_state

SEEDS = range(10)


@pytest.mark.parametrize("shape", ["box", "diamond", "ellipse", "round"])
def test_an_arrow_starts_on_the_border(shape: str) -> None:
    node = Node("x", 50, 40, 20, 10, shape)
    assert node.border((50, 100)) == (50, 45)
    assert node.border((0, 40)) == (40, 40)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("draw", [draw_ocap, draw_fa_flow])
def test_a_flow_leads_from_every_question_two_ways_and_ends(draw, seed: int) -> None:
    told = draw(Random(seed), "en")[1].detail["image_gt"]
    leaving = [edge["from"] for edge in told["edges"]]
    for node in told["nodes"]:
        labels = sorted(edge["label"] for edge in told["edges"] if edge["from"] == node["name"])
        assert labels == (["No", "Yes"] if node["shape"] == "diamond" else [""] * leaving.count(node["name"]))
    reached = {edge["to"] for edge in told["edges"]}
    assert {node["name"] for node in told["nodes"]} - reached == {told["nodes"][0]["name"]}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_state_can_be_reached_and_left(seed: int) -> None:
    machine = draw_machine(Random(seed))
    told = draw_fsm(Random(seed), "en", machine)[1].detail["image_gt"]
    assert [(edge["from"], edge["to"], edge["label"]) for edge in told["edges"]] == list(machine.ways)
    assert {node["name"] for node in told["nodes"]} == set(machine.states)
    for name in machine.states:
        assert any(start == name for start, _, _ in machine.ways)
        assert any(end == name for _, end, _ in machine.ways)
    device = draw_state(Random(seed), "zh")[1].detail["image_gt"]
    names = {node["name"] for node in device["nodes"]}
    assert all({edge["from"], edge["to"]} <= names for edge in device["edges"])


@pytest.mark.parametrize("seed", SEEDS)
def test_balls_follow_the_physics_of_a_package(seed: int) -> None:
    balls = place_balls(Random(seed))
    assert set(balls) == {(row, column) for row in ROWS for column in COLUMNS}
    where = {name: place for place, name in balls.items()}
    for pair in (("DQS_t", "DQS_c"), ("CK_t", "CK_c")):
        (row, column), (other, beside) = where[pair[0]], where[pair[1]]
        assert row == other
        assert abs(column - beside) == 1
    assert all(
        ROWS.index(where[f"DQ{n}"][0]) < 5 <= ROWS.index(where[f"CA{m}"][0]) for n in range(8) for m in range(14)
    )
    assert list(balls.values()).count("VSS") >= 5


@pytest.mark.parametrize("seed", SEEDS)
def test_areas_fill_the_core(seed: int) -> None:
    plan = draw_plan(Random(seed), tuple("ABCDEFG"))
    assert sum(tile.area for tile in plan.tiles) == pytest.approx(plan.width * plan.height, abs=0.01)
    for number, one in enumerate(plan.tiles):
        for other in plan.tiles[:number]:
            across, down = min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0)
            assert across <= 0 or down <= 0
    told = draw_floor_plan(Random(0), "en", plan)[1].detail["image_gt"]["blocks"]
    assert [block["area_mm2"] for block in told] == [tile.area for tile in plan.tiles]


def test_a_stack_is_told_from_the_top() -> None:
    films = draw_films(Random(3))
    told = draw_film_stack(Random(0), "en", films)[1].detail["image_gt"]["layers"]
    assert [layer["material"] for layer in told] == [film.material for film in reversed(films)]
    assert films[0].material == "SiO2"


def test_words_pass_only_when_both_sides_agree() -> None:
    traffic = Traffic(2, (True, True, False, True), (False, True, True, True), (7, 7, None, 9))
    assert traffic.passed() == [7, 9]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_source_keeps_its_word_until_it_is_taken(seed: int) -> None:
    traffic = draw_traffic(Random(seed))
    for cycle in range(1, len(traffic.data)):
        if traffic.valid[cycle - 1] and not traffic.ready[cycle - 1]:
            assert traffic.data[cycle] == traffic.data[cycle - 1]


def test_a_mask_lies_in_the_middle_of_its_eye() -> None:
    told = draw_eye_mask(Random(1), "en")[1].detail["image_gt"]
    x0, y0, x1, y1 = told["mask"]
    assert 0 < x0 < x1 < 1
    assert 0 < y0 < y1 < 1
    assert x1 - x0 == pytest.approx(told["width_ui"] * 190 / 332, abs=1e-4)


def test_waits_of_the_power_up_follow_each_other() -> None:
    told = draw_power_up(Random(1), "en")[1].detail["image_gt"]
    spans = [(one["from"], one["to"]) for one in told["annotations"]]
    assert spans == list(zip(told["ticks"], told["ticks"][1:], strict=False))[: len(spans)]
