"""Drawings must be well-formed and say what their numbers say."""

import math
from random import Random
from xml.etree import ElementTree

import pytest

from fabeye.synthesis.figures.chart import READ_V, STEP_V, draw_sweep, sweep_chart, written
from fabeye.synthesis.figures.timing import draw_burst, edge_name, timing_diagram

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("seed", range(20))
def test_a_burst_fits_before_its_precharge(seed: int) -> None:
    burst = draw_burst(Random(seed))
    assert burst.tras > burst.trcd + burst.latency + burst.length / 2
    names = [edge_name(burst, clock) for clock in range(burst.clocks)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_diagram_writes_each_bit_and_command_once(language: str) -> None:
    burst = draw_burst(Random(1))
    drawing, _ = timing_diagram(burst, language, hatched=True)
    written_ = [element.text for element in ElementTree.fromstring(drawing).iter(f"{SVG}text")]
    assert [text for text in written_ if text in {f"D{bit}" for bit in range(9)}] == [
        f"D{n}" for n in range(burst.length)
    ]
    for command in ("ACT", "PRE", {"READ": "RD", "WRITE": "WR"}[burst.kind]):
        assert written_.count(command) == 1
    assert written_.count("DES") == burst.clocks - 3


@pytest.mark.parametrize("kind", ["leak", "open"])
def test_a_sweep_is_drawn_inside_its_axes(kind: str) -> None:
    for seed in range(30):
        sweep = draw_sweep(Random(seed), kind)
        assert all(1e-13 < current < 1e-5 for current in (*sweep.reference, *sweep.failing))
        assert sweep.at_read()[1] == sweep.failing[round(READ_V / STEP_V) - 1]
        ElementTree.fromstring(sweep_chart(sweep, ("a < b", "c & d"), "V"))


@pytest.mark.parametrize(
    ("amperes", "text"), [(1.04e-6, "1 µA"), (9.996e-7, "1 µA"), (3.2e-8, "32 nA"), (4e-12, "4 pA"), (3e-13, "300 fA")]
)
def test_currents_are_written_with_the_fitting_unit(amperes: float, text: str) -> None:
    assert written(amperes) == text


def test_written_currents_are_close_to_what_they_say() -> None:
    units = {"µA": 1e-6, "nA": 1e-9, "pA": 1e-12, "fA": 1e-15}
    for step in range(60):
        current = 10 ** (-12 + step / 10)
        number, unit = written(current).split()
        assert math.isclose(float(number) * units[unit], current, rel_tol=0.06)
