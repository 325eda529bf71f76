"""Pictures must show what their numbers say, and the same seed the same bytes."""

import io

import numpy as np
import pytest
from PIL import Image

from fabeye.synthesis.imagery import bitmap, sem, wafer


@pytest.mark.parametrize("mode", bitmap.MODES)
def test_a_bitmap_counts_the_bits_it_shows(mode: str) -> None:
    drawn = bitmap.draw_bitmap(np.random.default_rng(5), mode, 100, 200)
    fails_HW = bitmap.fail_map(np.random.default_rng(5), mode, 100, 200)
    shown_HW = np.array(Image.open(io.BytesIO(drawn.picture.content)).convert("RGB")).min(axis=2) < 100
    assert drawn.fail_bits == fails_HW.sum() > 0
    assert shown_HW[fails_HW].all()
    assert shown_HW.sum() <= 9 * drawn.fail_bits


def test_a_bitmap_has_the_shape_of_its_mode() -> None:
    rng = np.random.default_rng(1)
    assert bitmap.fail_map(rng, "single", 50, 60).sum() == 1
    assert np.argwhere(bitmap.fail_map(rng, "twin", 50, 60)).tolist() == [[50, 60], [51, 60]]
    assert set(np.nonzero(bitmap.fail_map(rng, "row", 50, 60))[0]) == {50}
    assert set(np.nonzero(bitmap.fail_map(rng, "column", 50, 60))[1]) == {60}
    assert bitmap.fail_map(rng, "partial-row", 50, 70).sum() == bitmap.MAT


@pytest.mark.parametrize("pattern", wafer.PATTERNS)
def test_a_wafer_s_yield_counts_its_dies(pattern: str) -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        die = wafer.draw_die(rng, pattern)
        drawn = wafer.draw_wafer(rng, pattern, die)
        assert np.hypot(*die) <= wafer.RADIUS
        pixels_HWC = np.array(Image.open(io.BytesIO(drawn.picture.content)))
        centres = range(wafer.DIE_PX // 2, pixels_HWC.shape[0], wafer.DIE_PX)
        good = sum(tuple(pixels_HWC[y, x]) == wafer.GOOD for y in centres for x in centres)
        assert abs(good - drawn.good) <= 2  # the notch may hide a die
        row, column = wafer.RADIUS - die[1], wafer.RADIUS + die[0]
        assert tuple(pixels_HWC[centres[row], centres[column]]) in wafer.FAILS or row == 2 * wafer.RADIUS


@pytest.mark.parametrize(("structure", "defect"), sorted(sem.MAKERS))
def test_a_micrograph_frames_its_defect(structure: str, defect: str) -> None:
    first, again = (sem.draw_sem(np.random.default_rng(2), structure, defect, "2024-05-03") for _ in range(2))
    assert first == again
    x0, y0, x1, y1 = first.picture.find or (0, 0, 0, 0)
    assert 0 < x0 < x1 < sem.SIDE
    assert 0 < y0 < y1 < sem.SIDE
    assert 0.7 * max(x1 - x0, y1 - y0) - 1 <= first.size_nm <= 1.8 * max(x1 - x0, y1 - y0) + 1
    assert Image.open(io.BytesIO(first.picture.content)).size == (first.picture.width, first.picture.height)


def test_what_cannot_be_drawn_is_named() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="a void in lines"):
        sem.draw_sem(rng, "lines", "void", "2024-05-03")
    with pytest.raises(ValueError, match="no failure mode 'star'"):
        bitmap.fail_map(rng, "star", 50, 50)
    with pytest.raises(ValueError, match="no wafer pattern 'star'"):
        wafer.draw_wafer(rng, "star", (0, 0))
