"""Words, marks and signatures must stand where the truth says that they stand."""

import io

import numpy as np
import pytest
from PIL import Image

from fabeye.schema import Sensitive
from fabeye.synthesis.imagery.annotation import Mark, annotated
from fabeye.synthesis.imagery.picture import Sheet, box_of, shares
from fabeye.synthesis.imagery.signature import make_seal, make_signature
from fabeye.synthesis.shown import Shown


def ink(content: bytes) -> np.ndarray:
    """Where a picture on white paper has ink."""
    return np.asarray(Image.open(io.BytesIO(content)).convert("L")) < 160


def inside(content: bytes, shown: Shown, number: int = 0) -> float:
    """Share of the ink that lies in the box of a text."""
    mask_HW = ink(content)
    x0, y0, x1, y1 = shown.texts[number].box
    height, width = mask_HW.shape
    part_HW = mask_HW[int(y0 * height) : int(y1 * height) + 1, int(x0 * width) : int(x1 * width) + 1]
    return float(part_HW.sum() / mask_HW.sum())


@pytest.mark.parametrize("text", ["TH8402B.03", "王志强", "该 lot fail", "µm × ≥"])
def test_a_word_s_box_holds_all_of_its_ink(text: str) -> None:
    sheet = Sheet.blank(300, 60)
    sheet.write(20, 20, text, 18, kind=Sensitive.LOT.value)
    content, shown = sheet.finished("test", {})
    assert inside(content, shown) == 1.0
    assert shown.texts[0].kind == Sensitive.LOT


@pytest.mark.parametrize("kind", ["frame", "circle", "arrow", "dimension", "letter"])
@pytest.mark.parametrize("corner", [(0.05, 0.05), (0.45, 0.5), (0.85, 0.88)])
def test_a_mark_is_drawn_and_listed_within_the_picture(kind: str, corner: tuple[float, float]) -> None:
    sheet = Sheet.blank(640, 480)
    plain, shown = sheet.finished("sem", {"defect": "void"})
    box = (*corner, corner[0] + 0.08, corner[1] + 0.08)
    content, marked = annotated(plain, shown, [Mark(kind, box, "void")])  # type: ignore[arg-type]
    listed = marked.detail["image_gt"]["annotations"]
    assert [(one["kind"], one["text"]) for one in listed] == [(kind, "void")]
    assert content != plain
    assert marked.texts[-1].text == "void"
    x0, y0, x1, y1 = marked.texts[-1].box
    assert 0 < x0 < x1 < 1
    assert 0 < y0 < y1 < 1
    assert "annotations" not in shown.detail["image_gt"]


@pytest.mark.parametrize("kind", ["frame", "circle", "arrow", "dimension"])
@pytest.mark.parametrize("box", [(0.4, 0.02, 0.42, 0.93), (0.4, 0.82, 0.48, 0.9), (0.02, 0.5, 0.1, 0.9)])
def test_a_mark_s_words_cover_no_words_of_the_picture(kind: str, box: tuple[float, float, float, float]) -> None:
    sheet = Sheet.blank(640, 480)
    sheet.write(10, 455, "EMS05A  2025-04-02 11:49  ines.moreau  TH8402B-17  50 nm  InGaAs  60 s", 16)
    _, marked = annotated(*sheet.finished("emmi", {}), [Mark(kind, box, "hot spot")])  # type: ignore[arg-type]
    (_, top, _, _), (_, _, _, bottom) = marked.texts[0].box, marked.texts[-1].box
    assert bottom <= top


@pytest.mark.parametrize("name", ["王志强", "诸葛雨桐", "Kevin Lindqvist", "D. Patel"])
def test_signature_and_seal_hold_the_name_in_pixels_only(name: str) -> None:
    for seed in range(6):
        content, shown = make_signature(np.random.default_rng(seed), name, "analyst")
        assert [(text.text, text.field, text.kind) for text in shown.texts] == [(name, "analyst", "PERSON")]
        assert inside(content, shown) > 0.7  # the rest is the stroke below
        assert not ink(content)[:, -1].any()
    content, shown = make_seal(name)
    x0, _, x1, _ = shown.texts[0].box
    assert 0.05 < x0 < x1 < 0.95


def test_boxes_are_cut_at_the_picture_s_edges() -> None:
    assert shares((-5, 10, 120, 40), 100, 50) == (0.0, 0.2, 1.0, 0.8)
    mask_HW = np.zeros((10, 12), bool)
    mask_HW[2:5, 3:9] = True
    assert box_of(mask_HW) == (3, 2, 9, 5)
