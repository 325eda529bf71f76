"""What stays of a page once it is signed: alike for the same sheet, unlike for others."""

import io
from random import Random

import cv2
import numpy as np
import pytest
from PIL import Image

from fabeye.intake.signatures import picture_distance, sign, usable_letters, word_likeness
from tests.intake.drawn_pages import png, sheet


def distance(one: Image.Image, other: Image.Image) -> float:
    return picture_distance(sign(png(one), "").picture, sign(png(other), "").picture)


def again(page: Image.Image, how: str) -> Image.Image:
    width, height = page.size
    match how:
        case "coarser":
            return page.resize((width * 2 // 3, height * 2 // 3), Image.Resampling.LANCZOS)
        case "cropped":
            return page.crop((width // 25, height // 25, width - width // 25, height - height // 25))
        case "jpeg":
            buffer = io.BytesIO()
            page.save(buffer, "JPEG", quality=35)
            return Image.open(buffer).convert("RGB")
        case _:
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), 1.0, 1.0)
            turned = cv2.warpAffine(np.array(page), turn, page.size, borderValue=(255, 255, 255))
            return Image.fromarray((turned * 0.9).astype(np.uint8))


@pytest.mark.parametrize("how", ["coarser", "cropped", "jpeg", "askew and grey"])
def test_the_same_sheet_looks_the_same(how: str) -> None:
    for seed in range(3):
        assert distance(sheet(seed), again(sheet(seed), how)) < 0.15


def test_other_sheets_look_different() -> None:
    pages = [sheet(seed) for seed in range(4)]
    assert all(distance(pages[i], pages[j]) > 0.2 for i in range(4) for j in range(i))


def test_words_are_compared_without_spaces_and_without_twins() -> None:
    said = " ".join(f"the cell {number} fails at {number / 7:.2f} V" for number in range(60))
    read = said.replace("0", "O").replace(" ", "\n")
    other = " ".join(f"the wafer {number} is clean after {number} min" for number in range(60))
    words = [sign(png(sheet(1)), text).words for text in (said, read, other)]
    assert word_likeness(words[0], words[1]) == 1
    assert word_likeness(words[0], words[2]) < 0.2


def test_misread_letters_change_little() -> None:
    rng = Random(3)
    said = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(3000))
    misread = "".join("?" if rng.random() < 0.01 else letter for letter in said)
    assert word_likeness(sign(png(sheet(1)), said).words, sign(png(sheet(1)), misread).words) > 0.7


def test_what_is_no_text_counts_as_none() -> None:
    assert usable_letters("\x01\x02\x03 \ue001\ufffd") == ""
    assert usable_letters("时序 ｔＲＣＤ") == "时序trcd"
    assert usable_letters("") == ""


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (640, 640)])
def test_blank_and_tiny_pages_are_signed_too(size: tuple[int, int]) -> None:
    signed = sign(png(Image.new("RGB", size, "white")), "")
    assert signed.ink == 0
    assert signed.letters == 0
    assert not signed.words.any()
