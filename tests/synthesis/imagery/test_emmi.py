"""A spot must shine where the truth says, as strongly as it says, in the block that stands there."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fabeye.schema import Sensitive
from fabeye.synthesis.imagery.acoustic import make_acoustic
from fabeye.synthesis.imagery.bias_series import make_bias_series
from fabeye.synthesis.imagery.die import BANKS, CELL_ARRAY, COLUMN_DECODER, PERIPHERAL, ROW_DECODER, make_die
from fabeye.synthesis.imagery.die_view import HEIGHT, LENSES, WIDTH, View, reflected, view_of
from fabeye.synthesis.imagery.emission import STRATA, abnormal_spot, exposed
from fabeye.synthesis.imagery.emmi import make_emmi
from fabeye.synthesis.imagery.overlay import COLOUR_MAPS, Setup
from fabeye.synthesis.imagery.stage import dusty, stitched
from fabeye.synthesis.imagery.thermal import make_obirch, make_thermal

SETUP = Setup("EMS02A", "zhiqiang.wang", "TH8402B-17", "2024-05-17 14:32", "InGaAs", 30, 4, "VDD=1.1V IDD=12.4mA")


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_a_die_has_every_block_inside_it_and_apart(seed: int) -> None:
    die = make_die(seed)
    assert die == make_die(seed)
    for bank in range(BANKS):
        for kind in (CELL_ARRAY, ROW_DECODER, COLUMN_DECODER):
            assert bank in die.serving(kind, bank).banks
    for block in die.blocks:
        x0, y0, x1, y1 = block.rect
        assert 0 <= x0 < x1 <= die.width
        assert 0 <= y0 < y1 <= die.height
        assert die.block_at(*block.at(0.5, 0.5)) is block


def test_another_seed_is_another_layout() -> None:
    assert make_die(1).blocks != make_die(2).blocks


@settings(max_examples=40)
@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(sorted(LENSES)), st.booleans())
def test_a_view_has_its_point_in_it(across: float, down: float, lens: str, backside: bool) -> None:
    die = make_die(3)
    x, y = across * (die.width - 1), down * (die.height - 1)
    assert view_of(np.random.default_rng(1), die, LENSES[lens], x, y, backside).sees(x, y)


def test_the_back_side_is_the_mirror_image() -> None:
    die = make_die(5)
    front, back = (View(0, 0, 10.0, backside) for backside in (False, True))
    assert np.array_equal(reflected(die, front)[:, ::-1], reflected(die, back))
    assert back.pixel(1000, 500) == (WIDTH - 100, 50)


@pytest.mark.parametrize("stratum", STRATA)
def test_a_spot_has_its_signal_to_noise(stratum: str) -> None:
    die = make_die(7)
    x, y = die.serving(CELL_ARRAY, 3).at(0.5, 0.5)
    rng = np.random.default_rng(0)
    spot = replace(abnormal_spot(rng, die, x, y, shape="point", stratum=stratum), size=1.0)
    low, high = STRATA[stratum]
    assert low <= spot.snr <= high
    view = view_of(rng, die, LENSES["20x"], x, y, False)
    column, row = (round(edge) for edge in view.pixel(x, y))
    peaks = [exposed(np.random.default_rng(n), view, LENSES["20x"], [spot], 4)[row, column] for n in range(5)]
    assert np.mean(peaks) == pytest.approx(spot.snr, abs=1.5, rel=0.2)
    dark_HW = exposed(rng, view, LENSES["20x"], [], 4)
    assert float(dark_HW[::5, ::5].std()) == pytest.approx(1.0, rel=0.08)


@pytest.mark.parametrize("lens", sorted(LENSES))
@pytest.mark.parametrize("backside", [False, True])
def test_a_pair_differs_at_the_abnormal_spot(lens: str, backside: bool) -> None:
    die, rng = make_die(11), np.random.default_rng(4)
    x, y = die.of_kind(PERIPHERAL)[0].at(0.4, 0.5)
    spot = replace(abnormal_spot(rng, die, x, y, shape="point", stratum="high"), snr=90.0)
    pair = make_emmi(rng, die, [spot], SETUP, lens=lens, stratum="high", colours="red", backside=backside)
    bad, good = pair.bad[1].detail["image_gt"], pair.good[1].detail["image_gt"]
    assert (bad["verdict"], good["verdict"]) == ("NG", "OK")
    found = [one for one in bad["hotspots"] if one["abnormal"]]
    assert not any(one["abnormal"] for one in good["hotspots"])
    assert len(found) == 1
    assert found[0]["block"] == die.block_at(x, y).name
    reds = []
    for content, _ in (pair.bad, pair.good):
        pixels_HWC = np.asarray(Image.open(io.BytesIO(content))).astype(int)
        row, column = round(found[0]["y"] * pixels_HWC.shape[0]), round(found[0]["x"] * pixels_HWC.shape[1])
        near_HWC = pixels_HWC[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3]
        reds.append((near_HWC[..., 0] - near_HWC[..., 1]).max())
    assert reds[0] > 100 > 40 > reds[1]


def test_a_pair_s_truth_names_blocks_people_and_pose() -> None:
    die, rng = make_die(12), np.random.default_rng(4)
    pair = make_emmi(rng, die, [], SETUP, lens="5x", stratum="low")
    truth = pair.good[1].detail["image_gt"]
    assert pair.bad[1].detail["image_gt"]["verdict"] == "OK"
    assert truth["blocks"]
    assert abs(truth["pose"]["dx_px"]) <= 4
    assert truth["colours"] in COLOUR_MAPS
    kinds = {text.text: text.kind for text in pair.bad[1].texts}
    assert kinds["EMS02A"] == Sensitive.TOOL
    assert kinds["zhiqiang.wang"] == Sensitive.PERSON
    assert kinds["TH8402B-17"] == Sensitive.LOT


@pytest.mark.parametrize("make", [make_obirch, make_thermal])
def test_other_methods_see_the_fault_where_it_is(make: type) -> None:
    die, rng = make_die(13), np.random.default_rng(5)
    x, y = die.serving(CELL_ARRAY, 2).at(0.5, 0.5)
    spot = replace(abnormal_spot(rng, die, x, y, shape="point", stratum="high"), snr=60.0)
    content, shown = make(rng, die, spot, SETUP, "20x")
    truth = shown.detail["image_gt"]
    assert truth["hotspots"][0]["banks"] == [2]
    pixels_HWC = np.asarray(Image.open(io.BytesIO(content))).astype(int)[:HEIGHT]
    row, column = (round(truth["hotspots"][0][axis] * truth[side]) for axis, side in (("y", "height"), ("x", "width")))
    here = pixels_HWC[row - 3 : row + 4, column - 3 : column + 4]
    assert here.max() > 200  # the pattern alone is dimmed to less


def test_an_unknown_lens_is_refused() -> None:
    with pytest.raises(KeyError, match="7x"):
        make_emmi(np.random.default_rng(0), make_die(1), [], SETUP, lens="7x", stratum="high")


def test_dust_and_seams_change_the_pattern_and_are_told() -> None:
    die = make_die(5)
    pattern_HW = reflected(die, View(0, 0, 5.0, backside=False))
    under_HW, specks = dusty(np.random.default_rng(2), pattern_HW, HEIGHT)
    assert (under_HW <= pattern_HW + 1e-3).all()
    for speck in specks:
        x0, y0, x1, y1 = (round(edge * side) for edge, side in zip(speck["box"], (WIDTH, HEIGHT) * 2, strict=True))
        if x1 > x0 and y1 > y0:
            assert under_HW[y0:y1, x0:x1].mean() < pattern_HW[y0:y1, x0:x1].mean()
    sewn_HW, fields = stitched(np.random.default_rng(2), pattern_HW)
    assert fields["columns"] * fields["rows"] > 1
    assert sewn_HW.shape == pattern_HW.shape
    assert not np.array_equal(sewn_HW, pattern_HW)


def test_a_spot_grows_with_the_bias() -> None:
    die = make_die(4)
    x, y = die.block("VPP_PUMP").at(0.5, 0.5)
    rng = np.random.default_rng(3)
    spot = replace(abnormal_spot(rng, die, x, y, shape="point", stratum="high"), snr=60.0)
    content, shown = make_bias_series(rng, die, spot, "5x", [("VDD=0.9V", 0.1), ("VDD=1.1V", 1.0)])
    pixels_HWC = np.array(Image.open(io.BytesIO(content))).astype(int)
    red_HW = pixels_HWC[..., 0] - pixels_HWC[..., 2] > 80
    half = red_HW.shape[1] // 2
    truth = shown.detail["image_gt"]
    assert red_HW[:, half:].sum() > red_HW[:, :half].sum()
    assert [step["snr"] for step in truth["steps"]] == [6.0, 60.0]
    assert (truth["hotspots"][0]["x_um"], truth["hotspots"][0]["block"]) == (round(x, 1), "VPP_PUMP")


def test_a_delaminated_place_is_the_brightest_and_is_told() -> None:
    content, shown = make_acoustic(np.random.default_rng(4), "SN12345678", "2024-05-03", places=1)
    grey_HW = np.array(Image.open(io.BytesIO(content)).convert("L")).astype(int)
    (place,) = shown.detail["image_gt"]["delaminated"]
    height, width = grey_HW.shape
    x0, y0, x1, y1 = (round(edge * side) for edge, side in zip(place["box"], (width, height) * 2, strict=True))
    bright_HW = grey_HW > 200
    assert bright_HW[y0:y1, x0:x1].mean() > 0.3
    bright_HW[y0:y1, x0:x1] = False
    assert bright_HW[: height - 60].mean() < 0.001
    assert make_acoustic(np.random.default_rng(4), "SN1", "")[1].detail["image_gt"]["delaminated"] == []
