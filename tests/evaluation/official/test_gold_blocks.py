"""Gold blocks: truncated pieces, ignored blocks, formulas of several lines."""

from typing import Any

from fabeye.evaluation.gold import GoldPage
from fabeye.evaluation.official.gold_blocks import cut_arrays, cut_read_arrays, matched_blocks, tables
from fabeye.evaluation.official.pieces import FORMULA, Piece
from fabeye.evaluation.official.version import Version

ARRAY = r"$$\begin{array}{l} a = 1 \\ b = 2 \end{array}$$"


def page(blocks: list[dict[str, Any]], links: list[tuple[int, int]] = []) -> GoldPage:  # noqa: B006
    info = {"page_no": 0, "width": 9, "height": 9, "image_path": "p.png"}
    info["page_attribute"] = {"data_source": "x", "language": "english"}
    poly = [0, 0, 9, 0, 9, 9, 0, 9]
    found = [{"anno_id": number, "poly": poly, "order": number + 1, **block} for number, block in enumerate(blocks)]
    relation = [{"source_anno_id": one, "target_anno_id": other, "relation_type": "truncated"} for one, other in links]
    return GoldPage.model_validate({"page_info": info, "layout_dets": found, "extra": {"relation": relation}})


def texts(*written: str) -> list[dict[str, Any]]:
    return [{"category_type": "text_block", "text": text} for text in written]


def test_pieces_are_one_text_and_v15_repeats_the_middle_one() -> None:
    three = page(texts("a", "b", "c"), [(0, 1), (1, 2)])
    assert [block.content for block in matched_blocks(three, Version.V15)] == ["abbc"]
    assert [block.content for block in matched_blocks(three, Version.V16)] == ["abc"]


def test_v15_does_not_ignore_what_should_be_ignored() -> None:
    blocks = texts("a", "b")
    blocks[1]["ignore"] = True
    assert [block.content for block in matched_blocks(page(blocks), Version.V15)] == ["a", "b"]
    assert [block.content for block in matched_blocks(page(blocks), Version.V16)] == ["a"]


def test_an_array_of_one_column_is_cut_on_both_sides() -> None:
    gold = cut_arrays(matched_blocks(page([{"category_type": FORMULA, "latex": ARRAY}]), Version.V15))
    assert [(block.content, block.order) for block in gold] == [(r"\[a = 1\]", 1.1), (r"\[b = 2\]", 1.2)]
    read = cut_read_arrays([Piece(FORMULA, 10, 60, ARRAY)])
    assert [piece.content for piece in read] == [r"\[a = 1\]", r"\[b = 2\]"]
    assert 10 < read[0].start < read[1].start
    matrix = Piece(FORMULA, 0, 9, ARRAY.replace("{l}", "{ll}"))
    assert cut_read_arrays([matrix]) == [matrix]


def test_tables_stand_in_reading_order() -> None:
    blocks = [{"category_type": "table", "html": html, "order": order} for html, order in (("b", 2), ("a", 1))]
    assert [table.html for table in tables(page(blocks), Version.V15)] == ["a", "b"]
