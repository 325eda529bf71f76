"""Every defect must be drawn where it is said to be, at the scale of its layer, with a bar that can be read back."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fabeye.schema import Sensitive
from fabeye.synthesis.imagery.defects import DEFECTS
from fabeye.synthesis.imagery.sem import BARS, Exposure, magnification, make_sem
from fabeye.synthesis.imagery.specimen import STRUCTURES, WIDTH
from fabeye.synthesis.shown import Shown

PAIRS = sorted((structure, defect) for structure, defects in DEFECTS.items() for defect in defects)


def exposure(style: str = "two-lines") -> Exposure:
    return Exposure("SEM04B", "zhiqiang.wang", "TH8402B-17_GC_012.tif", "2024-05-17 14:32", 2.0, 3.4, "SE2", style)


def drawn(structure: str, defect: str, seed: int = 3, style: str = "two-lines") -> tuple[bytes, Shown, dict[str, Any]]:
    content, shown = make_sem(np.random.default_rng(seed), structure, defect, 60.0, exposure(style))
    return content, shown, shown.detail["image_gt"]


def test_there_are_classes_enough() -> None:
    assert len({defect for _, defect in PAIRS}) >= 10
    assert set(DEFECTS) == set(STRUCTURES)


@pytest.mark.parametrize(("structure", "defect"), PAIRS)
def test_a_defect_is_framed_measured_and_repeatable(structure: str, defect: str) -> None:
    content, shown, truth = drawn(structure, defect)
    assert (content, shown) == drawn(structure, defect)[:2]
    x0, y0, x1, y1 = truth["box"]
    assert 0 <= x0 < x1 <= 1
    assert 0 <= y0 < y1 < 1
    width, height = Image.open(io.BytesIO(content)).size
    assert (width, height) == (truth["width"], truth["height"])
    longer = max((x1 - x0) * width, (y1 - y0) * height) * truth["nm_per_px"]
    assert truth["size_nm"] == pytest.approx(longer, abs=0.6)
    assert all(x0 - 1e-4 <= x <= x1 and y0 - 1e-4 <= y <= y1 for x, y in truth["outline"])


@pytest.mark.parametrize(("structure", "defect"), PAIRS)
def test_a_defect_changes_the_picture_in_its_box(structure: str, defect: str) -> None:
    """The same specimen without the defect differs there by more than noise."""
    rng_free = np.random.default_rng(3)
    good = STRUCTURES[structure](rng_free)
    rng = np.random.default_rng(3)
    bad = STRUCTURES[structure](rng)
    mask_HW = DEFECTS[structure][defect](rng, bad)
    changed_HW = (abs(bad.tone_HW - good.tone_HW) > 0.04) | (abs(bad.relief_HW - good.relief_HW) > 0.04)
    assert changed_HW[mask_HW].mean() > 0.1


@pytest.mark.parametrize("structure", sorted(STRUCTURES))
def test_no_defect_has_no_box_and_a_nuisance_is_named(structure: str) -> None:
    assert "box" not in drawn(structure, "none")[2]
    nuisance = drawn(structure, "nuisance")[2]
    assert nuisance["defect"] == "nuisance"
    assert "box" in nuisance


@pytest.mark.parametrize("style", sorted(BARS))
def test_a_bar_tells_date_scale_and_who_took_the_picture(style: str) -> None:
    _, shown, truth = drawn("lines", "bridge", style=style)
    texts = {text.text: text for text in shown.texts}
    assert "2024-05-17 14:32" in texts
    assert texts["SEM04B"].kind == Sensitive.TOOL if style != "above" else True
    scale = next(text for text in texts if text.endswith(("nm", "µm")) and text != f"{truth['size_nm']} nm")
    assert scale
    if style != "columns":
        assert texts["zhiqiang.wang"].kind == Sensitive.PERSON
        assert texts["TH8402B-17_GC_012.tif"].kind == Sensitive.LOT


@pytest.mark.parametrize("style", sorted(BARS))
def test_the_bar_s_words_do_not_overlap(style: str) -> None:
    boxes = [text.box for text in drawn("lines", "bridge", style=style)[1].texts]
    for number, (x0, y0, x1, y1) in enumerate(boxes):
        for a0, b0, a1, b1 in boxes[number + 1 :]:
            assert min(x1, a1) - max(x0, a0) < 0.006 or min(y1, b1) - max(y0, b0) < 0.006


def test_scale_and_magnification_follow_the_layer_s_pitch() -> None:
    _, _, narrow = drawn("lines", "bridge")
    content, shown = make_sem(np.random.default_rng(3), "lines", "bridge", 120.0, exposure())
    wide = shown.detail["image_gt"]
    assert wide["nm_per_px"] == pytest.approx(2 * narrow["nm_per_px"], rel=1e-3)
    assert magnification(1.0) == round(127e6 / WIDTH / 1000) * 1000
    assert content


def test_what_cannot_be_drawn_is_named() -> None:
    with pytest.raises(ValueError, match="'missing' in 'lines'"):
        drawn("lines", "missing")
