"""Drawn pages to elements: tables with and without rules, merged cells, figures, columns, captions, furniture."""

from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw

from fabeye.ocr import Line
from fabeye.parsing.picture import Seen, look
from fabeye.parsing.structure import to_elements
from fabeye.parsing.teacher import Sheet
from fabeye.schema import Element

WIDTH, HEIGHT, LINE = 1000, 1400, 24


class Drawing:
    """A page on which is drawn, and the lines that a recogniser would find on it."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.lines: list[Line] = []

    def text(self, x: float, y: float, text: str, height: float = LINE, width: float | None = None) -> None:
        """A text as the recogniser's box; each letter is a thin stroke of ink."""
        right = x + (width or 11 * len(text) * height / LINE)
        step = (right - x) / max(len(text), 1)
        for place, letter in enumerate(text):
            if not letter.isspace():
                self.draw.line((x + step * place + 3, y + 5, x + step * place + 3, y + height - 5), "black", 2)
        self.lines.append(Line(x, y, right, y + height, text, 0.9))

    def paragraph(self, x: float, y: float, width: float, words: Sequence[str]) -> None:
        for index, text in enumerate(words):
            last = index == len(words) - 1
            self.text(x, y + 32 * index, text, width=width * 0.4 if last else width)

    def elements(self, min_score: float = 0.5) -> list[Element]:
        seen = Seen.from_json(look(self.image, self.lines).as_json())
        return to_elements(Sheet("p", WIDTH, HEIGHT), seen, min_score)

    def blocks(self) -> list[Element]:
        return [one for one in self.elements() if one.level == "block"]


@pytest.fixture
def page() -> Drawing:
    return Drawing()


def kinds(blocks: Sequence[Element]) -> list[str]:
    return [one.category for one in blocks]


def test_crossing_rules_make_a_table_with_merged_cells(page: Drawing) -> None:
    page.text(300, 250, "Table 1 - Limits")
    for y in (300, 340, 380, 420):
        page.draw.line((100, y, 900, y), "black", 2)
    for x, top in ((100, 300), (400, 300), (650, 340), (900, 300)):
        page.draw.line((x, top, x, 420), "black", 2)
    page.draw.rectangle((395, 379, 405, 381), "white")
    page.draw.rectangle((102, 377, 398, 383), "white")
    for x, y, text in (
        (120, 350, "tRCD"),
        (500, 308, "DDR5"),
        (420, 348, "min"),
        (670, 348, "max"),
        (420, 388, "14"),
        (670, 388, "16"),
    ):
        page.text(x, y, text)
    page.text(100, 430, "NOTE 1 All values in ns.")
    caption, table, note = page.blocks()
    assert kinds([caption, table, note]) == ["table_caption", "table", "table_footnote"]
    assert table.html == (
        '<table><tr><td></td><td colspan="2">DDR5</td></tr>'
        '<tr><td rowspan="2">tRCD</td><td>min</td><td>max</td></tr><tr><td>14</td><td>16</td></tr></table>'
    )
    cells = [one for one in page.elements() if one.level == "line" and one.category == "table"]
    assert [one.text for one in cells] == ["", "DDR5", "tRCD", "min", "max", "14", "16"]
    assert cells[2].detail == '{"row": 1, "column": 0, "rowspan": 2, "colspan": 1}'


def test_rules_across_alone_make_a_table_by_its_columns(page: Drawing) -> None:
    for y in (300, 334, 368, 402):
        page.draw.line((100, y, 900, y), (150, 150, 150), 1)
    for row, texts in enumerate(
        (("Chemical", "Hazard", "Limit"), ("NH4OH", "caustic", "10 kg"), ("H2O2", "oxidiser", "20 kg"))
    ):
        for column, text in enumerate(texts):
            page.text(120 + 280 * column + (60 if row == 0 else 0), 305 + 34 * row, text)
    (table,) = page.blocks()
    assert table.html.count("<tr>") == 3
    assert table.html.startswith("<table><tr><td>Chemical</td><td>Hazard</td><td>Limit</td></tr><tr><td>NH4OH</td>")


def test_a_table_without_rules_by_its_columns(page: Drawing) -> None:
    for row in range(4):
        for column in range(4):
            page.text(100 + 220 * column, 300 + 34 * row, f"{row}{column}")
    (table,) = page.blocks()
    assert (table.category, table.html.count("<td>")) == ("table", 16)


def test_a_drawing_is_a_figure_with_its_labels_and_caption(page: Drawing) -> None:
    page.paragraph(100, 150, 800, ["a paragraph above the drawing", "that ends here."])
    page.draw.rectangle((300, 300, 700, 600), outline="black", width=3)
    page.draw.line((300, 600, 700, 320), "blue", 3)
    page.draw.ellipse((420, 380, 560, 480), outline="red", width=3)
    page.text(460, 606, "time (ns)")
    page.text(400, 660, "Figure 2 - Delay")
    paragraph, figure, caption = page.blocks()
    assert kinds([paragraph, figure, caption]) == ["text_block", "figure", "figure_caption"]
    assert figure.text == ""
    assert (figure.x0, figure.y0) == (pytest.approx(300, abs=6), pytest.approx(300, abs=6))
    assert figure.y1 >= 625, "the axis' name is part of it"


def test_titles_paragraphs_lists_and_furniture(page: Drawing) -> None:
    page.text(60, 40, "Standard No. 7")
    page.text(880, 40, "Page 3")
    page.text(60, 150, "4.1 Power-up", height=32)
    page.paragraph(60, 220, 850, ["the first line of a paragraph that is long", "and its last one."])
    page.paragraph(60, 300, 850, ["another paragraph stands below it and", "ends as well."])
    page.text(80, 400, "1. Apply power.")
    page.text(80, 432, "2. Wait.")
    page.text(60, 1350, "Internal use only")
    blocks = page.blocks()
    assert kinds(blocks) == ["header", "page_number", "title", *["text_block"] * 4, "footer"]
    assert blocks[3].text == "the first line of a paragraph that is long and its last one."
    assert [one.text for one in blocks[5:7]] == ["1. Apply power.", "2. Wait."]


def test_what_is_unsure_or_blank_is_dropped(page: Drawing) -> None:
    page.lines = [
        Line(0, 200, 9, 209, "  ", 0.99),
        Line(0, 220, 90, 240, "sure", 0.5),
        Line(0, 250, 90, 270, "doubt", 0.4),
    ]
    assert [one.text for one in page.blocks()] == ["sure"]


def test_letters_of_no_size_are_nowhere(page: Drawing) -> None:
    page.lines = [Line(0, 200 + row, 90, 200 + row, "hidden in a text layer, many letters", 0.9) for row in range(5)]
    page.lines += [Line(0, 300, 90, 320, "seen", 0.9), Line(0, 330, 90, 350, "as well", 0.9)]
    assert " ".join(one.text for one in page.blocks()) == "seen as well"


def test_a_page_askew_is_read_as_if_it_were_straight(page: Drawing) -> None:
    page.image.paste("white", (0, 0, WIDTH, HEIGHT))
    for row in range(4):
        page.draw.line((100, 300 + 50 * row, 900, 316 + 50 * row), "black", 2)
    for column in range(3):
        page.draw.line((100 + 400 * column, 300 + 8 * column, 100 + 400 * column - 3, 450 + 8 * column), "black", 2)
    for row in range(3):
        for column in range(2):
            page.text(130 + 400 * column, 316 + 50 * row + 8 * column, f"r{row}c{column}")
    (table,) = page.blocks()
    assert table.html == "<table>" + "".join(f"<tr><td>r{r}c0</td><td>r{r}c1</td></tr>" for r in range(3)) + "</table>"


def test_an_empty_page_has_nothing(page: Drawing) -> None:
    assert page.elements() == []
