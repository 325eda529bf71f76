"""The text layer as a teacher: what a born-digital page says of itself, put into lines by where its letters stand.

Notable:
- It is exact where the file was printed from its source, and worth nothing where it was recognised badly or its fonts
  name no letters; which of the two it is, quality.py finds out by comparing.
- Tables and figures come from the picture, as they do for the embedded recogniser.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from fabeye.errors import FabeyeError
from fabeye.ocr import Line
from fabeye.parsing.local import LocalTeacher
from fabeye.parsing.picture import see_lines
from fabeye.parsing.teacher import Raw
from fabeye.schema import Page, Source

VERSION = 2  # of how letters become lines
APART = 0.8  # letter heights of white that end a line: what follows stands in another column
STEP = 0.25  # letter heights by which a letter's middle may stand above or below the tallest before it: _ and ' do
WORDS = 0.25  # letter heights of white between letters that are two words, where the layer has no spaces at all
SEEN = 8  # letters before one that say how high letters of its line are: a point or a dash alone does not

Letter = tuple[str, float, float, float, float]


class NoTextLayerError(FabeyeError):
    """The page says nothing of itself."""


class TextLayer(LocalTeacher):
    """Lines by the page's own letters."""

    @property
    def source(self) -> Source:
        """Under which name its elements go."""
        return Source.TEXT_LAYER

    def task(self) -> Callable[[tuple[bytes, str, str]], Raw]:
        """Put the letters into lines and look at the picture."""
        return read_layer

    def reader(self) -> dict[str, Any]:
        """The rules for lines."""
        return {"text_layer": VERSION}

    def item(self, page: Page) -> tuple[bytes, str, str]:
        """Picture, text, and the places of its letters."""
        return page.image, page.text_layer, page.characters

    def key(self, page: Page) -> bytes:
        """Picture and text together."""
        return b"\0".join((page.image, page.text_layer.encode(), page.characters.encode()))


def read_layer(item: tuple[bytes, str, str]) -> Raw:
    """What a page's picture shows and its text layer says. Raises NoTextLayerError where it says nothing."""
    image, text, characters = item
    lines = lines_of(text, characters)
    if not lines:
        raise NoTextLayerError("the page has no text layer; parse it with another teacher")
    return see_lines(image, lines)


def lines_of(text: str, characters: str) -> list[Line]:
    """Lines of a text layer; `characters` as in schema.Page."""
    boxes = json.loads(characters) if characters else []
    spaced = any(letter == " " for letter in text)  # a layer that has spaces has them all
    return [line for run in _runs(text, boxes) if (line := _line(run, spaced)).text]


def _runs(text: str, boxes: Sequence[list[float] | None]) -> Iterator[list[Letter]]:
    """Letters that stand side by side; a line's end, a wide gap or a step ends a run."""
    run: list[Letter] = []
    for letter, box in zip(text, boxes, strict=False):
        if box is None or letter in "\r\n":
            if run:
                yield run
            run = []
            continue
        if run and not _follows(run, box):
            yield run
            run = []
        run.append((letter, box[0], box[1], box[2], box[3]))
    if run:
        yield run


def _follows(run: list[Letter], box: Sequence[float]) -> bool:
    solid = next((letter for letter in reversed(run) if not letter[0].isspace()), run[-1])
    _, _, top, _, bottom = max(run[-SEEN:], key=lambda letter: letter[4] - letter[2])
    height = max(bottom - top, box[3] - box[1], 1.0)
    beside = top - STEP * height <= (box[1] + box[3]) / 2 <= bottom + STEP * height
    return beside and -height <= box[0] - solid[3] <= APART * height


def _line(run: list[Letter], spaced: bool) -> Line:
    solid = [letter for letter in run if not letter[0].isspace()]
    if not solid:
        return Line(0, 0, 0, 0, "", 1.0)
    x0s, y0s, x1s, y1s = zip(*(letter[1:] for letter in solid), strict=True)
    text = "".join(letter[0] for letter in run) if spaced else _with_spaces(run, max(y1s) - min(y0s))
    return Line(min(x0s), min(y0s), max(x1s), max(y1s), " ".join(text.split()), 1.0)


def _with_spaces(run: list[Letter], height: float) -> str:
    """The letters with a space where they stand apart; Chinese characters always do."""
    text = run[0][0]
    for before, letter in pairwise(run):
        apart = letter[1] - before[3] > WORDS * height and text[-1].isascii()
        text += f" {letter[0]}" if apart else letter[0]
    return text
