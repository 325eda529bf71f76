"""Near-duplicates within and across splits: found where they are, and nowhere else."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from fabeye.intake.duplicates import CompareError, LeakError, Signed, alike, find_duplicates
from fabeye.intake.signatures import PERMUTATIONS, PICTURE_BITS
from fabeye.settings import EngineSettings, load_settings
from tests.intake.drawn_pages import HEIGHT, WIDTH, Drawn, said, sheet, write_corpus

SETTINGS = load_settings().curate.duplicates
ENGINE = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)


def text(seed: int) -> str:
    return said(Random(seed), 120)


def page(seed: int) -> tuple[Image.Image, str]:
    return sheet(seed), text(seed)


def coarser(seed: int) -> tuple[Image.Image, str]:
    """The same sheet at other dots per inch, a line of its text misread."""
    return sheet(seed).resize((WIDTH * 3 // 4, HEIGHT * 3 // 4)), text(seed)[15:]


def slide(seed: int) -> Image.Image:
    """A slide of one template: the same large picture, other words below it."""
    page, rng = Image.new("RGB", (WIDTH, HEIGHT), "white"), Random(seed)
    shades = np.random.default_rng(0).integers(0, 160, (9, 7), np.uint8)
    page.paste(Image.fromarray(shades).resize((WIDTH - 100, HEIGHT - 360), Image.Resampling.NEAREST), (50, 50))
    draw = ImageDraw.Draw(page)
    for line in range(6):
        words = said(rng, 12)[:60]
        draw.text((60, HEIGHT - 280 + 32 * line), words, fill=(60, 60, 60), font=ImageFont.load_default(18))
    return page


def signed(pictures: np.ndarray, words: np.ndarray, documents: list[int] | None = None) -> Signed:
    number = len(pictures)
    return Signed(
        pages=[f"{index:016x}-0000" for index in range(number)],
        documents=np.array(range(number) if documents is None else documents),
        splits=["train"] * number,
        pictures=pictures,
        words=words,
        has_picture=np.ones(number, bool),
        has_words=words.any(axis=1),
    )


def test_a_gold_page_with_a_twin_in_training_is_named_with_it(tmp_path: Path) -> None:
    first, _, third = write_corpus(
        tmp_path, [Drawn("train", [page(1), page(2)]), Drawn("train", [page(3)]), Drawn("gold", [page(4), coarser(2)])]
    )
    with pytest.raises(LeakError) as raised:
        find_duplicates(tmp_path, SETTINGS, ENGINE)
    assert f"data/{third}.pdf page 2 and data/{first}.pdf page 2 (" in str(raised.value)
    assert "of the picture differs" in str(raised.value)
    assert "of the words in common" in str(raised.value)


def test_training_gives_way_to_validation_and_later_to_earlier(tmp_path: Path) -> None:
    names = write_corpus(
        tmp_path,
        [
            Drawn("train", [page(1), page(2)]),
            Drawn("train", [coarser(1)]),
            Drawn("validation", [coarser(2)]),
            Drawn("gold", [page(5)]),
            Drawn("gold", [coarser(5)]),
        ],
    )
    found = find_duplicates(tmp_path, SETTINGS, ENGINE)
    assert [(one.page_id, one.twin_id, one.dropped) for one in found] == [
        (f"{names[1]}-0000", f"{names[0]}-0000", True),
        (f"{names[0]}-0001", f"{names[2]}-0000", True),
        (f"{names[4]}-0000", f"{names[3]}-0000", False),
    ]
    assert all(one.picture <= SETTINGS.picture and one.words >= SETTINGS.words for one in found)


def test_forms_of_one_template_and_pages_of_the_same_words_are_no_twins(tmp_path: Path) -> None:
    write_corpus(
        tmp_path,
        [
            Drawn("gold", [page(1)]),
            Drawn("train", [(sheet(1), text(2))]),  # looks the same, says something else
            Drawn("train", [(sheet(3), text(1))]),  # says the same, looks different
        ],
    )
    assert find_duplicates(tmp_path, SETTINGS, ENGINE) == []


def test_a_cut_margin_is_forgiven_where_the_words_are_the_same(tmp_path: Path) -> None:
    cut = sheet(1).crop((0, HEIGHT // 8, WIDTH, HEIGHT))
    write_corpus(
        tmp_path, [Drawn("train", [page(1)]), Drawn("train", [(cut, text(1))]), Drawn("train", [(cut, text(2))])]
    )
    (found,) = find_duplicates(tmp_path, SETTINGS, ENGINE)
    assert found.words == 1
    assert SETTINGS.picture < found.picture <= SETTINGS.same_words_picture


def test_blank_pages_and_pages_of_one_document_are_not_compared(tmp_path: Path) -> None:
    blank = Image.new("RGB", (WIDTH, HEIGHT), "white")
    left_blank = (blank, "this page intentionally left blank")
    write_corpus(tmp_path, [Drawn("gold", [left_blank]), Drawn("train", [left_blank, page(1), page(1)])])
    assert find_duplicates(tmp_path, SETTINGS, ENGINE) == []


def test_without_words_only_the_picture_counts_and_more_strictly(tmp_path: Path) -> None:
    write_corpus(
        tmp_path, [Drawn("train", [(sheet(1), "")]), Drawn("train", [page(1)]), Drawn("train", [(sheet(2), "")])]
    )
    found = find_duplicates(tmp_path, SETTINGS.model_copy(update={"read": False}), ENGINE)
    assert [(one.picture, one.words, one.dropped) for one in found] == [(0, -1, True)]


def test_scans_are_read_so_that_forms_of_one_template_are_no_twins(tmp_path: Path) -> None:
    sheets = [slide(1), slide(1).resize((WIDTH * 4 // 5, HEIGHT * 4 // 5)), slide(2)]
    write_corpus(tmp_path, [Drawn("train", [(sheet, "")]) for sheet in sheets])
    found = find_duplicates(tmp_path, SETTINGS, ENGINE)
    assert [(one.page_id[:16], one.twin_id[:16]) for one in found] == [(f"{2:016x}", f"{1:016x}")]
    assert found[0].words >= SETTINGS.words
    unread = find_duplicates(tmp_path, SETTINGS.model_copy(update={"read": False}), ENGINE)
    assert len(unread) == 3, "without their words all three are taken for the same"


@pytest.mark.usefixtures("watchful")
def test_a_page_that_cannot_be_looked_at_is_named(tmp_path: Path) -> None:
    names = write_corpus(tmp_path, [Drawn("train", [page(1)])])
    hasty = ENGINE.model_copy(update={"seconds": 0.0001})
    with pytest.raises(CompareError, match=rf"page {names[0]}-0000 could not be compared .*engine.seconds"):
        find_duplicates(tmp_path, SETTINGS, hasty)


def test_the_hashing_finds_what_comparing_all_would_find() -> None:
    rng = np.random.default_rng(3)
    pictures = rng.integers(0, 256, (300, PICTURE_BITS // 8), np.uint8)
    words = rng.integers(1, 2**32, (300, PERMUTATIONS), np.uint32)
    twins = rng.choice(300, (40, 2), replace=False)
    for one, other in twins[:20]:  # about 4 of 256 bits, 55 of 64 values
        pictures[other] = pictures[one] ^ (1 << rng.integers(0, 8)) * (rng.random(PICTURE_BITS // 8) < 0.12)
        words[other] = np.where(rng.random(PERMUTATIONS) < 0.85, words[one], words[other])
    for one, other in twins[20:]:
        pictures[other] = pictures[one]
        words[[one, other]] = 0
    settings = SETTINGS.model_copy(update={"words": 0.5, "min_ink": 0.0, "min_letters": 0})
    found = alike(signed(pictures, words), settings)
    assert {tuple(pair) for pair in found.tolist()} == {tuple(sorted(pair)) for pair in twins.tolist()}


def test_a_crowd_of_twins_costs_a_line_not_a_square() -> None:
    pictures = np.zeros((2000, PICTURE_BITS // 8), np.uint8)
    words = np.ones((2000, PERMUTATIONS), np.uint32)
    found = alike(signed(pictures, words), SETTINGS)
    assert 2000 - 1 <= len(found) <= 2000 * 16
    assert {page for pair in found.tolist() for page in pair} == set(range(2000))


def test_nothing_is_like_nothing() -> None:
    empty = signed(np.zeros((0, PICTURE_BITS // 8), np.uint8), np.zeros((0, PERMUTATIONS), np.uint32))
    assert alike(empty, SETTINGS).shape == (0, 2)
