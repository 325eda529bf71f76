"""Bitmaps and wafer maps must count what they show, and have the shape that their names promise."""

import io

import numpy as np
import pytest
from PIL import Image

from fabeye.schema import Sensitive
from fabeye.synthesis.imagery import bitmap, wafer

WINDOW = bitmap.Window(5, 0x1980, 0x80, "TH8402B.03")
TEXT = wafer.WaferText("TH8402B.03", "#17", "CP1", (7, 12, 21))


@pytest.mark.parametrize("mode", bitmap.MODES)
def test_a_bitmap_counts_the_bits_it_shows(mode: str) -> None:
    content, shown = bitmap.make_bitmap(np.random.default_rng(5), mode, 100, 200, WINDOW)
    truth = shown.detail["image_gt"]
    fails_HW = bitmap.fail_map(np.random.default_rng(5), mode, 100, 200)
    assert truth["fail_bits"] == fails_HW.sum() > 0
    assert f"FBC = {truth['fail_bits']}" in {text.text for text in shown.texts}
    assert (truth["row"], truth["column"]) == (0x1980 + 100, 0x80 + 200)
    pixels_HWC = np.array(Image.open(io.BytesIO(content)))[bitmap.HEAD :, bitmap.LEFT :][: bitmap.CELLS, : bitmap.CELLS]
    inks = [np.array(theme[2]) for theme in bitmap.THEMES]
    hits_HW = np.any([(pixels_HWC == ink).all(axis=2) for ink in inks], axis=0)
    hidden = bitmap.INSET_CELLS * bitmap.INSET_PX + 8 if mode in bitmap.SMALL else 0  # the inset covers part of a line
    assert (~hits_HW[fails_HW]).sum() <= 3 * hidden


def test_a_bitmap_has_the_shape_of_its_mode() -> None:
    rng = np.random.default_rng(1)
    assert bitmap.fail_map(rng, "single", 50, 60).sum() == 1
    assert np.argwhere(bitmap.fail_map(rng, "twin", 50, 60)).tolist() == [[50, 60], [51, 60]]
    assert set(np.nonzero(bitmap.fail_map(rng, "row", 50, 60))[0]) == {50}
    assert set(np.nonzero(bitmap.fail_map(rng, "column_pair", 50, 60))[1]) == {60, 61}
    assert bitmap.fail_map(rng, "partial_row", 50, 70).sum() == bitmap.MAT
    rows, columns = np.nonzero(bitmap.fail_map(rng, "block", 50, 70))
    assert (rows // bitmap.MAT == 0).all()
    assert (columns // bitmap.MAT == 1).all()


@pytest.mark.parametrize("pattern", wafer.PATTERNS)
def test_a_wafer_s_yield_counts_its_dies(pattern: str) -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        die = wafer.draw_die(rng, pattern)
        content, shown = wafer.make_wafer(rng, (pattern,), die, TEXT)
        truth = shown.detail["image_gt"]
        pixels_HWC = np.array(Image.open(io.BytesIO(content)))
        centres = [wafer.DIE_PX * n + wafer.DIE_PX // 2 for n in range(2 * wafer.RADIUS + 1)]
        good = sum(tuple(pixels_HWC[wafer.HEAD + y, 4 + x]) == wafer.GOOD for y in centres for x in centres)
        assert abs(good - truth["good"]) <= 2  # the notch may hide a die
        assert truth["good"] + sum(truth["bins"].values()) == truth["dies"]
        assert f"Yield {truth['yield_percent']} %" in {text.text for text in shown.texts}
        row, column = wafer.RADIUS - die[1], wafer.RADIUS + die[0]
        here = tuple(pixels_HWC[wafer.HEAD + centres[row], 4 + centres[column]])
        assert here == wafer.INKS[0] or row == 2 * wafer.RADIUS


def test_patterns_lie_where_their_names_say() -> None:
    y_HW, x_HW = np.mgrid[wafer.RADIUS : -wafer.RADIUS - 1 : -1, -wafer.RADIUS : wafer.RADIUS + 1]
    radius_HW = np.hypot(x_HW, y_HW) / wafer.RADIUS
    mean = {
        pattern: float(radius_HW[wafer.draw_fails(np.random.default_rng(4), (pattern,), (0, 0))].mean())
        for pattern in ("center", "donut", "edge_ring")
    }
    assert mean["center"] < mean["donut"] < mean["edge_ring"]
    full = wafer.draw_fails(np.random.default_rng(4), ("near_full",), (0, 0)).sum()
    assert full > 0.75 * wafer.inside().sum()


def test_a_lot_s_map_counts_wafers() -> None:
    _, shown = wafer.make_lot(np.random.default_rng(2), ("edge_ring",), (14, 0), TEXT)
    counts_HW = np.array(shown.detail["image_gt"]["counts"])
    assert counts_HW[wafer.RADIUS, wafer.RADIUS + 14] == wafer.LOT_SIZE
    assert counts_HW.max() <= wafer.LOT_SIZE
    assert {text.kind for text in shown.texts} == {"", Sensitive.LOT.value}


def test_what_cannot_be_drawn_is_named() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="no failure mode 'star'"):
        bitmap.fail_map(rng, "star", 50, 50)
    with pytest.raises(ValueError, match="no wafer pattern 'star'"):
        wafer.make_wafer(rng, ("star",), (0, 0), TEXT)
