"""Charts must tell the numbers that they draw, and their numbers must follow from each other."""

import math
from random import Random
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.synthesis.figures.boxplot import draw_box, draw_groups, summary
from fabeye.synthesis.figures.chart import READ_V, STEP_V, draw_iv, draw_sweep, written
from fabeye.synthesis.figures.control import CONSTANTS, Control, draw_control, draw_spc
from fabeye.synthesis.figures.plot import linear_axis, log_axis
from fabeye.synthesis.figures.shmoo import draw_grid, draw_shmoo
from fabeye.synthesis.figures.spectrum import draw_edx
from fabeye.synthesis.figures.trend import draw_bar, draw_derating, draw_idd

HUNDREDTHS = st.integers(-(10**7), 10**7).map(lambda number: number / 100)  # what a gauge or a count can say


@given(st.lists(HUNDREDTHS, min_size=1, max_size=8), st.integers(3, 9))
def test_an_axis_holds_its_values_between_round_ticks(values: list[float], steps: int) -> None:
    axis = linear_axis("x", "", values, steps)
    assert all(-1e-6 <= axis.share(value) <= 1 + 1e-6 for value in values)
    assert axis.ticks[0] == axis.low < axis.high == axis.ticks[-1]
    assert len(set(axis.written())) == len(axis.ticks)
    if min(values) >= 0:
        assert axis.low >= 0


def test_a_logarithmic_axis_names_powers_of_ten() -> None:
    axis = log_axis("I", "A", -13, -5)
    assert axis.written()[0] == "1E-13"
    assert axis.share(1e-9) == pytest.approx(0.5)


@pytest.mark.parametrize("kind", ["leak", "open"])
def test_a_sweep_tells_its_currents_and_stays_inside_its_axes(kind: str) -> None:
    for seed in range(30):
        sweep = draw_sweep(Random(seed), kind)
        assert all(1e-13 < current < 1e-5 for current in (*sweep.reference, *sweep.failing))
        assert sweep.at_read()[1] == sweep.failing[round(READ_V / STEP_V) - 1]
        assert (sweep.at_read()[1] > sweep.at_read()[0]) == (kind == "leak")
    told = draw_iv(Random(0), "en", sweep)[1].detail["chart_data"]
    assert [one["values"] for one in told["series"]] == [list(sweep.reference), list(sweep.failing)]


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


@pytest.mark.parametrize("seed", range(15))
def test_control_limits_follow_from_the_readings(seed: int) -> None:
    control = draw_control(Random(seed), "en")
    size = len(control.readings[0])
    averages = [sum(sample) / size for sample in control.readings]
    spread = mean(max(sample) - min(sample) for sample in control.readings)
    limits, step = control.limits(), 10.0 ** -(control.digits + 1)
    assert limits["CL"] == pytest.approx(mean(averages), abs=2 * step)
    assert limits["UCL"] - limits["CL"] == pytest.approx(CONSTANTS[size][0] * spread, abs=2 * step)
    assert limits["UCL_R"] == pytest.approx(CONSTANTS[size][2] * spread, abs=4 * step)
    sigma = spread / CONSTANTS[size][3]
    nearer = min(control.upper - mean(averages), mean(averages) - control.lower)
    assert control.cpk() == pytest.approx(nearer / (3 * sigma), abs=0.03)
    told = draw_spc(Random(seed), "zh", control)[1].detail["chart_data"]
    assert told["limits"] == limits
    assert [one["values"] for one in told["series"]] == [control.means, control.ranges]


def test_constants_of_the_chart_agree_with_each_other() -> None:
    for size, (factor, least, most, d2) in CONSTANTS.items():
        assert factor == pytest.approx(3 / (d2 * size**0.5), abs=1e-3)
        assert least + most == pytest.approx(2, abs=1e-2) or least == 0


def test_a_sample_off_its_place_is_outside() -> None:
    calm = tuple((10.0, 10.1, 9.9) for _ in range(20))
    assert Control("x", "nm", 1, 9, 10, 11, calm).outside() == []
    assert Control("x", "nm", 1, 9, 10, 11, (*calm, (10.6, 10.7, 10.5))).outside() == [21]
    assert Control("x", "nm", 1, 9, 10, 11, (*calm, (9.4, 10.6, 10.0))).outside() == [21]


def test_boxes_are_quartiles() -> None:
    readings = tuple(float(value) for value in (1, 2, 3, 4, 5, 6, 7, 8, 40))
    assert summary(readings) == {"low": 1, "q1": 3, "median": 5, "q3": 7, "high": 8}
    groups = draw_groups(Random(2))
    series = {one["name"]: one["values"] for one in draw_box(Random(0), "en", groups)[1].detail["chart_data"]["series"]}
    assert series["median"] == [round(median(one), 3) for one in groups.readings.values()]


def test_tools_in_a_box_plot_must_not_leave_the_house() -> None:
    groups = draw_groups(Random(4))
    kinds = {word.text: word.kind for word in draw_box(Random(0), "en", groups)[1].texts}
    assert all(kinds[tool] == "TOOL" for tool in groups.readings)


@pytest.mark.parametrize("seed", range(10))
def test_a_shmoo_passes_with_more_voltage_or_more_time(seed: int) -> None:
    shmoo = draw_grid(Random(seed))
    for row in shmoo.passes:
        assert list(row) == sorted(row)
    told = draw_shmoo(Random(seed), "en", shmoo)[1].detail["chart_data"]
    assert told["type"] == "shmoo"
    assert [sum(one["values"]) for one in told["series"]] == [sum(row) for row in shmoo.passes]
    least = shmoo.least_delay(shmoo.volts[-1])
    assert least is None or shmoo.passes[-1][shmoo.delays.index(least)]


def test_currents_grow_with_temperature_and_derating_falls_with_slew_rate() -> None:
    for seed in range(8):
        for one in draw_idd(Random(seed), "en")[1].detail["chart_data"]["series"]:
            assert one["values"] == sorted(one["values"])
        for one in draw_derating(Random(seed), "en")[1].detail["chart_data"]["series"]:
            assert one["values"] == sorted(one["values"], reverse=True)
            assert 0 in one["values"]


def test_bars_stand_in_order_and_are_labelled_with_their_counts() -> None:
    counts = {"a": 3, "b": 17, "c": 8}
    _, shown = draw_bar(Random(0), "en", "Rain", counts)
    assert shown.detail["chart_data"]["x"]["values"] == ["b", "c", "a"]
    assert {"3", "17", "8"} <= {word.text for word in shown.texts}


def test_a_spectrum_peaks_at_the_lines_of_its_elements() -> None:
    _, shown = draw_edx(Random(3), "en", ("Ti", "Cu"))
    chart = shown.detail["chart_data"]
    counts = dict(zip(chart["x"]["values"], chart["series"][0]["values"], strict=True))
    ground = sorted(counts.values())[len(counts) // 2]
    assert [peak["element"] for peak in chart["peaks"]] == ["Ti", "Cu", "Si"]
    for peak in chart["peaks"]:
        assert max(count for energy, count in counts.items() if abs(energy - peak["kev"]) < 0.1) > 3 * ground
    assert {"Ti", "Cu", "Si"} <= {word.text for word in shown.texts}
