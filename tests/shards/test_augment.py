"""Damage that a document may suffer: the same for the same sample, and never at the cost of its text."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from fabeye.settings import AugmentSettings
from fabeye.shards.augment import augment, sample_generator
from tests.shards.drawn_corpus import UNDAMAGED

EVERYTHING = AugmentSettings.model_validate(
    UNDAMAGED | {"resolution": 1, "blur": 1, "noise": 1, "jpeg": 1, "skew": 1, "occlusion": 1}
)


def line(width: int = 420, height: int = 28) -> Image.Image:
    """Letters from edge to edge, heavier on the left, so that mirroring and cutting would show."""
    picture = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(picture).text((1, 1), "tRCD = 13.75 ns, gate oxide leakage", "black", ImageFont.load_default(22))
    ImageDraw.Draw(picture).rectangle((0, 0, 12, height), fill="black")
    ImageDraw.Draw(picture).rectangle((width - 4, 0, width, height), fill="black")
    return picture


def damaged(
    settings: AugmentSettings, index: int, epoch: int = 0, kind: str = "line", category: str = "text_block"
) -> np.ndarray:
    return np.asarray(augment(line(), kind, category, settings, sample_generator(3, "domain-a", index, epoch)))


def test_a_sample_is_damaged_alike_by_whoever_does_it_and_otherwise_in_every_epoch() -> None:
    assert np.array_equal(damaged(EVERYTHING, 5), damaged(EVERYTHING, 5))
    assert not np.array_equal(damaged(EVERYTHING, 5), damaged(EVERYTHING, 6))
    assert not np.array_equal(damaged(EVERYTHING, 5), damaged(EVERYTHING, 5, epoch=1))


def test_nothing_happens_where_nothing_is_asked_for() -> None:
    assert np.array_equal(damaged(AugmentSettings.model_validate(UNDAMAGED), 5), np.asarray(line()))


@pytest.mark.parametrize("index", range(12))
def test_a_skewed_line_is_whole_and_not_mirrored(index: int) -> None:
    skewed = damaged(AugmentSettings.model_validate(UNDAMAGED | {"skew": 1}), index)
    clean = np.asarray(line())
    assert skewed.shape == clean.shape
    ink, before = 255 - skewed.mean(axis=2), 255 - clean.mean(axis=2)
    left, right = (before[:, :210].sum() / before.sum(), ink[:, :210].sum() / ink.sum())
    assert left == pytest.approx(right, abs=0.08)
    columns = np.flatnonzero(ink.max(axis=0) > 100)
    bars = ink[:, columns[0] : columns[0] + 4], ink[:, columns[-1] - 3 : columns[-1] + 1]
    assert all(bar.max() > 100 for bar in bars), "both ends of the line are still there"


def test_only_figures_are_hidden_in_part() -> None:
    settings = AugmentSettings.model_validate(UNDAMAGED | {"occlusion": 1})
    assert all(np.array_equal(damaged(settings, index), np.asarray(line())) for index in range(5))
    assert np.array_equal(damaged(settings, 1, kind="line", category="figure"), np.asarray(line()))
    hidden = damaged(settings, 1, kind="region", category="figure")
    changed = (hidden != np.asarray(line())).any(axis=2).mean()
    assert 0 < changed <= settings.hidden
    assert not np.array_equal(damaged(settings, 1, kind="caption", category=""), np.asarray(line()))


def test_the_tiniest_picture_passes() -> None:
    tiny = Image.new("RGB", (3, 5), "white")
    assert augment(tiny, "line", "text_block", EVERYTHING, sample_generator(1, "a", 0, 0)).size == (3, 5)
