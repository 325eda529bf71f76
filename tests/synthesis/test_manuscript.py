"""Manuscripts: everything that a page can hold is where the truth says, on whatever page it comes to lie."""

import json
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from fabeye.schema import Category
from fabeye.synthesis.blocks import (
    Block,
    Columns,
    Landscape,
    NewPage,
    Node,
    Spanning,
    captioned_table,
    code,
    entry,
    figure,
    formula,
    item,
    paragraph,
    stamp,
    table,
    title,
    turned,
)
from fabeye.synthesis.formulas import ROUNDING
from fabeye.synthesis.manuscript import PAGE, Furniture, Manuscript, Overlay, Part, roman, set_manuscript
from fabeye.synthesis.markup import to_text
from fabeye.synthesis.shown import PictureText, Shown
from fabeye.synthesis.style import Paper, Style, draw_style
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.truth import TruePage, Truth
from tests.synthesis.box_checks import check_document

PAPER = Paper(420, 460, 40, 50, 45)
TEXT = {
    "en": "The rail V_{DDQ} of lot [[lot_id:LOT|TH8402B.03]] shall be set-up/held at 0.5 mV (see 4.2) – by hand. ",
    "zh": "本批次[[lot_id:LOT|TH8402B.03]]的电压 V_{DDQ} 在焊球处测量，不超过 ±30 mV 的交流噪声（含纹波）。",
}
PICTURE = b"""<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><rect width="100" height="50" fill="none"
stroke="black"/><text x="10" y="30" font-size="10" font-family="DejaVu Sans">TH8402B</text></svg>"""
NO_FURNITURE = Furniture((), ())


def made(nodes: Sequence[Node], language: str = "en", columns: int = 1, **more: object) -> tuple[bytes, list[TruePage]]:
    style = replace(draw_style(Random(2), language, PAPER, ("#000000",)), columns=columns, justified=True, rules="full")
    head = more.pop("head", NO_FURNITURE)
    manuscript = Manuscript(style, tuple(nodes), head, NO_FURNITURE, {"a.svg": PICTURE}, **more)  # type: ignore[arg-type]
    pdf, pages = set_manuscript(manuscript)
    return pdf, list(pages)


def blocks(page: TruePage) -> list[Truth]:
    return [one for one in page.truths if one.level == "block"]


def cells() -> Block:
    heads = [Cell(word, heading=True) for word in ("Name", "Value")]
    return table([heads, [Cell("V_{DD}"), Cell("[[tool:TOOL|ETC07B]]")], [Cell("x", colspan=2)]], "auto, auto")


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_paragraphs_break_into_fragments_with_their_own_lines(language: str, columns: int) -> None:
    text = TEXT[language] * 40
    pdf, pages = made([paragraph(text), item("a)", text)], language, columns)
    check_document(pdf, tuple(pages))
    fragments = [one for page in pages for one in blocks(page)]
    assert len(pages) > 1
    assert len(fragments) > 3
    joined = "".join(one.text for one in fragments).replace(" ", "")
    assert joined == (to_text(text) + "a)" + to_text(text)).replace(" ", "")
    going_on = [bool(one.detail) for one in fragments]
    assert going_on.count(False) == 2  # the two beginnings
    for page in pages:
        read = ""
        for one in reversed(page.truths):
            read = "" if one.level == "block" else one.text + read
            if one.level == "line":
                assert one.text == one.text.strip()


def test_values_have_boxes_in_text_cells_heads_overlays_and_pictures() -> None:
    shown = Shown({"image_gt": {"kind": "sem"}}, (PictureText("TH8402B", (0.1, 0.4, 0.6, 0.65), "lot_id", "LOT"),))
    head = Furniture(
        (Part(Category.HEADER, "by [[:PERSON|Li Wei]]", "left"),) * 1, (Part(Category.HEADER, "x", "left"),)
    )
    overlay = Overlay("Downloaded by [[downloader:PERSON|Wang Li]] ([[:EMAIL|wang@example.com]])", "left")
    nodes = [paragraph(TEXT["en"] * 2), cells(), figure("a.svg", 200, shown)]
    pdf, pages = made(nodes, head=head, overlays=(overlay,))
    check_document(pdf, tuple(pages))
    found = [(one.field, one.kind, one.text, one.in_picture) for one in pages[0].entities]
    assert found == [
        ("lot_id", "LOT", "TH8402B.03", False),
        ("lot_id", "LOT", "TH8402B.03", False),
        ("tool", "TOOL", "ETC07B", False),
        ("lot_id", "LOT", "TH8402B", True),
        ("", "PERSON", "Li Wei", False),
        ("downloader", "PERSON", "Wang Li", False),
        ("", "EMAIL", "wang@example.com", False),
    ]
    picture = next(one for one in blocks(pages[0]) if one.category is Category.FIGURE)
    word = next(one for one in pages[0].truths if one.level == "line" and one.category is Category.FIGURE)
    assert word.text == "TH8402B"
    assert word.box[0] == pytest.approx(picture.box[0] + 0.1 * 200)
    assert json.loads(picture.detail) == {"image_gt": {"kind": "sem"}}


def test_cells_say_where_they_are() -> None:
    _, pages = made([cells()])
    details = [json.loads(one.detail) for one in pages[0].truths if one.level == "line"]
    assert details[-1] == {"row": 2, "column": 0, "rowspan": 1, "colspan": 2}
    assert [(one["row"], one["column"]) for one in details] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)]


def test_contents_know_their_pages_and_front_pages_are_roman() -> None:
    goals = [title(f"Part {number}") for number in range(3)]
    number = Part(Category.PAGE_NUMBER, f"Page {PAGE}", "right")
    nodes: list[Node] = [title("Cover"), NewPage(), *(entry(goal.text, goal, at % 2) for at, goal in enumerate(goals))]
    for at, goal in enumerate(goals):
        nodes += [NewPage(body=at == 0), goal]
    pdf, pages = made(nodes, head=Furniture((number,), (number,)), bare=1, first_page=7)
    check_document(pdf, tuple(pages))
    assert [one.text for one in blocks(pages[1])] == ["Page ii", "Part 0 7", "Part 1 8", "Part 2 9"]
    assert [one.text for one in blocks(pages[0])] == ["Cover"]
    assert [blocks(page)[0].text for page in pages[2:]] == ["Page 7", "Page 8", "Page 9"]


def test_odd_and_even_heads_follow_the_printed_number() -> None:
    odd, even = (Furniture((Part(Category.HEADER, word, "left"),), ()).odd for word in ("odd", "even"))
    _, pages = made([title("a"), NewPage(), title("b")], head=Furniture(odd, even), first_page=12)
    assert [blocks(page)[0].text for page in pages] == ["even", "odd"]


def test_pages_may_lie_on_their_side_and_tables_stand_on_theirs() -> None:
    pdf, pages = made([title("a"), Landscape((cells(),)), turned(cells())])
    check_document(pdf, tuple(pages))
    assert [(page.width, page.height) for page in pages] == [(420, 460), (460, 420), (420, 460)]
    upright, side = (next(one for one in blocks(page) if one.html) for page in pages[1:])
    assert upright.html == side.html
    assert upright.box[2] - upright.box[0] == pytest.approx(side.box[3] - side.box[1], abs=0.1)


def test_footnotes_stand_at_the_end_of_the_page_of_their_text() -> None:
    noted = paragraph("Levels hold.", note="^{1} At the balls of [[:LOT|TH8402B]].")
    pdf, pages = made([title("a"), NewPage(), noted, title("b")])
    check_document(pdf, tuple(pages))
    assert [(one.category, one.text) for one in blocks(pages[1])] == [
        (Category.TEXT, "Levels hold.^{1}"),
        (Category.TITLE, "b"),
        (Category.PAGE_FOOTNOTE, "^{1} At the balls of TH8402B."),
    ]
    assert [one.text for one in pages[1].entities] == ["TH8402B"]


def test_what_spans_two_columns_is_read_first() -> None:
    style = draw_style(Random(2), "en", PAPER, ("#000000",))
    wide = Spanning(captioned_table(style, "Table 1", "wide", cells(), ["NOTE 1 x"]).nodes)
    pdf, pages = made([paragraph(TEXT["en"]), wide, paragraph(TEXT["en"] * 12)], columns=2)
    check_document(pdf, tuple(pages))
    assert Category.TABLE in {one.category for one in blocks(pages[0])[:2]}


def test_code_keeps_its_lines_and_stamps_their_words() -> None:
    listing = "if (rst_n)\n  q <= d;  // keep"
    pdf, pages = made([code(listing), stamp("受控文件", "No. 7"), formula(ROUNDING.latex)], "zh")
    check_document(pdf, tuple(pages))
    found = {one.category: one for one in blocks(pages[0])}
    assert found[Category.CODE].text == listing
    assert found[Category.ABANDON].text == "★ 受控文件 No. 7"
    assert found[Category.FORMULA].latex == ROUNDING.latex
    assert [one.text for one in pages[0].truths if one.level == "line"] == ["if (rst_n)", "q <= d;  // keep"]


def test_columns_are_read_one_after_the_other() -> None:
    _, pages = made([Columns(((title("a"), paragraph("b")), (title("c"),)), (1, 1))])
    assert [one.text for one in blocks(pages[0])] == ["a", "b", "c"]


def test_a_watermark_is_on_every_page_and_under_everything() -> None:
    pdf, pages = made([title("a"), NewPage(), title("b")], overlays=(Overlay("DRAFT", "watermark"),))
    check_document(pdf, tuple(pages))
    assert [blocks(page)[-1].text for page in pages] == ["DRAFT", "DRAFT"]


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "i"), (4, "iv"), (9, "ix"), (14, "xiv"), (49, "xlix"), (1990, "mcmxc")]
)
def test_roman_numbers(number: int, letters: str) -> None:
    assert roman(number) == letters


def test_every_look_can_be_set() -> None:
    looks: set[Style] = set()
    for seed in range(12):
        style = draw_style(Random(seed), ("en", "zh", "mixed")[seed % 3], PAPER, ("#1f4e79",))
        nodes = (title("4.2 Title"), paragraph(TEXT["en"]), captioned_table(style, "Table 1", "x", cells(), ["n"]))
        pdf, pages = set_manuscript(Manuscript(style, nodes, NO_FURNITURE, NO_FURNITURE))
        check_document(pdf, pages)
        looks.add(style)
    assert len(looks) == 12


def test_a_paragraph_across_both_columns_has_its_lines_where_they_stand() -> None:
    wide = Spanning((title("a"), paragraph(TEXT["en"] * 4)))
    pdf, pages = made([wide, paragraph(TEXT["en"] * 30)], columns=2)
    check_document(pdf, tuple(pages))
    assert pages[0].layout == "1andmore_column"
    assert {page.layout for page in pages[1:]} <= {"double_column", "single_column"}


def test_a_document_that_falls_back_to_one_column_says_so() -> None:
    _, pages = made([paragraph(TEXT["en"] * 4)], columns=1)
    assert {page.layout for page in pages} == {"single_column"}
