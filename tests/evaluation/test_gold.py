"""Reading gold.json: OmniDocBench's own form, and clear errors for anything else."""

import json
from pathlib import Path
from typing import Any

import pytest

from fabeye.evaluation.gold import GoldError, GoldPage, gold_document_ids, load_gold


def element(anno_id: int, category: str, text: str | None, **more: Any) -> dict[str, Any]:
    return {"anno_id": anno_id, "category_type": category, "poly": [1, 2, 9, 2, 9, 8, 1, 8], "text": text, **more}


def page(name: str, *elements: dict[str, Any]) -> dict[str, Any]:
    attribute = {"data_source": "jedec", "language": "simplified_chinese", "layout": "single_column"}
    info = {"page_no": 0, "width": 100, "height": 100, "image_path": f"{name}.png", "page_attribute": attribute}
    return {"page_info": info, "layout_dets": list(elements), "extra": {"relation": []}}


def load(tmp_path: Path, content: Any) -> list[GoldPage]:
    (tmp_path / "gold.json").write_text(content if isinstance(content, str) else json.dumps(content))
    return load_gold(tmp_path)


def test_names_and_box(tmp_path: Path) -> None:
    (read,) = load(tmp_path, [page("0123456789abcdef-0003", element(0, "title", "a", order=1))])
    assert (read.page_id, read.document_id) == ("0123456789abcdef-0003", "0123456789abcdef")
    assert (read.family, read.language) == ("jedec", "zh")
    assert read.layout_dets[0].box == (1, 2, 9, 8)
    assert read.image_file(Path("gold")) == Path("gold/images/0123456789abcdef-0003.png")
    assert gold_document_ids(tmp_path) == {"0123456789abcdef"}


def test_text_is_in_order_without_figures_and_ignored_blocks(tmp_path: Path) -> None:
    blocks = [
        element(0, "text_block", "second", order=2),
        element(1, "title", "first", order=1),
        element(2, "figure", "in a picture", order=3),
        element(3, "text_block", "ignored", order=4, ignore=True),
        element(4, "page_number", "7", order=None),
        element(5, "equation_isolated", None, order=5, latex="x"),
    ]
    (read,) = load(tmp_path, [page("p", *blocks)])
    assert read.text == "first\n\nsecond\n\n7"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "cannot be read"),
        ({"pages": []}, "valid list"),
        ([{"layout_dets": []}], r"0\.page_info"),
        ([page("p", element(0, "title", "a") | {"poly": [1, 2]})], r"0\.layout_dets\.0\.poly"),
    ],
)
def test_a_damaged_gold_set_is_one_sentence_with_the_place(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(GoldError, match=said) as caught:
        load(tmp_path, content)
    assert "gold.json" in str(caught.value)


def test_no_gold_set_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="dvc repro"):
        load_gold(tmp_path)
