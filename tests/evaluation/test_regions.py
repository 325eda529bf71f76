"""The choice of gold regions: legible, spread, and the same every time."""

from collections import Counter
from typing import Any

import pytest
from PIL import Image

from fabeye.evaluation.gold import GoldPage
from fabeye.evaluation.regions import LONGEST, choose_regions


def part(anno_id: int, text: str, box: tuple[float, float, float, float] = (0, 0, 50, 20)) -> dict[str, Any]:
    x0, y0, x1, y1 = box
    return {"anno_id": anno_id, "text": text, "poly": [x0, y0, x1, y0, x1, y1, x0, y1]}


def page(name: str, language: str = "english", **more: Any) -> GoldPage:
    info = {
        "page_no": 0,
        "width": 100,
        "height": 100,
        "image_path": f"{name}.png",
        "page_attribute": {"data_source": "jedec", "language": language},
    }
    blocks = [part(0, "title") | {"category_type": "title"}, part(1, "text") | {"category_type": "text_block"}]
    blocks.append(part(2, "a b c") | {"category_type": "table", "cells": [part(10 + i, f"cell {i}") for i in range(9)]})
    blocks += more.get("blocks", [])
    return GoldPage.model_validate({"page_info": info, "layout_dets": blocks})


PAGES = [
    page(f"doc-{number:04d}", language) for number in range(4) for language in ["english", "simplified_chinese"][:1]
]
PAGES += [page(f"zh-{number:04d}", "simplified_chinese") for number in range(4)]


def test_a_small_choice_sees_every_language_category_and_page() -> None:
    regions = choose_regions(PAGES, 24)
    assert len(regions) == len({region.region_id for region in regions}) == 24
    assert Counter((region.language, region.category) for region in regions) == {
        (language, category): 4 for language in ("en", "zh") for category in ("title", "text_block", "table")
    }
    assert len({region.page_id for region in regions}) == 8


def test_the_choice_is_the_same_and_grows_by_adding() -> None:
    assert choose_regions(PAGES, 10) == choose_regions(PAGES, 10)
    for count in range(1, 40):
        assert set(choose_regions(PAGES, count)) <= set(choose_regions(PAGES, count + 1))
    assert len(choose_regions(PAGES, 10_000)) == 8 * 11, "two blocks and nine cells a page"


@pytest.mark.parametrize(
    "block",
    [
        part(5, "x" * (LONGEST + 1)) | {"category_type": "text_block"},
        part(5, "  ") | {"category_type": "text_block"},
        part(5, "in a figure") | {"category_type": "figure"},
        part(5, "ignored") | {"category_type": "text_block", "ignore": True},
        part(5, "flat", box=(0, 0, 50, 3)) | {"category_type": "text_block"},
    ],
)
def test_what_cannot_be_asked_is_left_out(block: dict[str, Any]) -> None:
    chosen = choose_regions([page("doc-0000", blocks=[block])], 100)
    assert "doc-0000-5" not in {region.region_id for region in chosen}


def test_a_crop_is_whole_pixels_inside_the_picture() -> None:
    odd = part(5, "odd", box=(10.4, 5.6, 250.0, 30.2)) | {"category_type": "header"}
    (region,) = [one for one in choose_regions([page("doc-0000", blocks=[odd])], 99) if one.text == "odd"]
    assert region.crop(Image.new("RGB", (100, 100))).size == (90, 26)
