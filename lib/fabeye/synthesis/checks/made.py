"""A generated document as a reader has it: texts, tables, figures and values of its pages, from its rows alone."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from fabeye.schema import Category, Element, Entity
from fabeye.synthesis.checks.boxes import BLOCK, Shown

ROW, CELL = re.compile(r"<tr>(.*?)</tr>", re.DOTALL), re.compile(r"<td([^>]*)>(.*?)</td>", re.DOTALL)
SPAN = re.compile(r'(rowspan|colspan)="(\d+)"')
SUB, SUP = re.compile(r"<sub>(.*?)</sub>"), re.compile(r"<sup>(.*?)</sup>")
NUMBER = re.compile(r"[<≤≥>]?\s*([-−+]?)(\d[\d,]*(?:\.\d+)?)")
Grid = dict[tuple[int, int], str]  # row, column -> text of the cell that covers it


@dataclass(frozen=True)
class Made:
    """One document. scenario: number in the generator's table of failures, -1 for none."""

    name: str
    family: str
    language: str
    scenario: int
    pages: tuple[Shown, ...]

    @cached_property
    def blocks(self) -> tuple[Element, ...]:
        """All blocks in reading order."""
        return tuple(one for page in self.pages for one in page.elements if one.level == BLOCK)

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """All values, page by page."""
        return tuple(one for page in self.pages for one in page.entities)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Everything that can be read: blocks, and the words in figures."""
        words = (
            one.text
            for page in self.pages
            for one in page.elements
            if one.level == BLOCK or one.category == Category.FIGURE
        )
        return tuple(text for text in words if text)

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """The values of each field, in order, each once."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for one in self.entities:
            found[one.field][one.text] = None
        return {field: list(texts) for field, texts in found.items()}

    def of(self, *categories: Category) -> tuple[Element, ...]:
        """The blocks of some categories."""
        return tuple(one for one in self.blocks if one.category in categories)

    def figures(self, key: str) -> Iterator[dict[str, Any]]:
        """What figures of a kind of detail show: "image_gt", "chart_data" or "timing"."""
        for one in self.of(Category.FIGURE):
            detail = json.loads(one.detail) if one.detail else {}
            if key in detail:
                yield detail[key]

    def pictures(self, kind: str) -> list[dict[str, Any]]:
        """What the pictures of one kind show."""
        return [one for one in self.figures("image_gt") if one.get("kind") == kind]

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """The tables as what their HTML says."""
        return tuple(grid(one.html) for one in self.of(Category.TABLE))

    def value(self, field: str) -> str:
        """The one value of a field, "" for none."""
        return self.values.get(field, [""])[0]


def grid(html: str) -> Grid:
    """A table's cells by the places that they cover, scripts in the notation of the truth's texts."""
    cells: Grid = {}
    for row, source in enumerate(ROW.findall(html)):
        column = 0
        for attributes, text in CELL.findall(source):
            while (row, column) in cells:
                column += 1
            spans = {name: int(count) for name, count in SPAN.findall(attributes)}
            said = unescape(SUP.sub(r"^{\1}", SUB.sub(r"_{\1}", text)))
            for down in range(spans.get("rowspan", 1)):
                for across in range(spans.get("colspan", 1)):
                    cells[row + down, column + across] = said
    return cells


def rows_of(cells: Grid) -> list[list[str]]:
    """The rows of a grid; a cell that spans several stands in each."""
    count, width = (1 + max((place[axis] for place in cells), default=-1) for axis in (0, 1))
    return [[cells.get((row, column), "") for column in range(width)] for row in range(count)]


def number(text: str) -> float | None:
    """The number that a text begins with, its relation and unit dropped; None where it does not, or goes on to compute.

    >>> number("<0.535"), number("−187 ps"), number("1,909.32"), number("–"), number("9 × tREFI")
    (0.535, -187.0, 1909.32, None, None)
    """
    found = NUMBER.match(text.strip())
    if not found or "×" in text:
        return None
    value = float(found[2].replace(",", ""))
    return -value if found[1] in ("-", "−") else value
