"""The text layer of a page: its letters as runs, and the layer rewritten where the page was painted over.

Notable:
- A letter whose place lies under paint goes, and the placeholder stands for it: layer and picture say the same.
- What a page's rows do not show together may stand together in the layer's own order, so that is searched as well.

A box is (x0, y0, x1, y1) in pixels of the page's picture.
"""

import json
from collections.abc import Callable, Iterator, Sequence

from fabeye.intake.redaction.detect import Span
from fabeye.intake.redaction.runs import Box, Run, around, runs_of_letters
from fabeye.intake.redaction.search import Find
from fabeye.schema import Page

Letter = tuple[str, Box | None]
Substitute = tuple[Box, str]  # a painted box, and the placeholder written there, "" for none


def layer_of(page: Page) -> tuple[Run, ...]:
    """Runs of the letters that the PDF itself places on the page; () where their places are not known."""
    return tuple(runs_of_letters((sign, box) for sign, box in _letters(page)))


def layer_finds(page: Page, spans: Sequence[Span]) -> list[Find]:
    """Spans of the page's text layer as finds, those left out whose letters have no place."""
    letters = _letters(page)
    found = []
    for span in spans:
        boxes = tuple(around(line) for line in _lines(letters[span.start : span.end]))
        if boxes:
            found.append(Find(span.kind, page.text_layer[span.start : span.end], boxes, recognised=False))
    return found


def rewritten(
    page: Page, painted: Sequence[Substitute], search: Callable[[str], Sequence[tuple[Span, str]]]
) -> tuple[str, str]:
    """Text layer and characters of a page with placeholders for what lies under paint and for what `search` finds.

    search: from a text to the spans that must not stand in it, each with its placeholder.
    """
    if not page.characters:
        letters: list[Letter] = [(sign, None) for sign in page.text_layer]
    else:
        letters = list(_without_painted(_letters(page), painted))
    for span, placeholder in sorted(search(_text(letters)), key=lambda found: -found[0].start):
        boxes = [box for _, box in letters[span.start : span.end] if box]
        letters[span.start : span.end] = _written(placeholder, around(boxes) if boxes else None)
    boxes_only = [None if box is None else [round(edge, 1) for edge in box] for _, box in letters]
    return _text(letters), json.dumps(boxes_only) if page.characters else ""


def _letters(page: Page) -> list[Letter]:
    """The layer's letters with their places; [] where the page does not say them."""
    if not page.characters:
        return []
    boxes = json.loads(page.characters)
    return [(sign, tuple(box) if box else None) for sign, box in zip(page.text_layer, boxes, strict=True)]


def _without_painted(letters: Sequence[Letter], painted: Sequence[Substitute]) -> Iterator[Letter]:
    """The letters, those under paint replaced once by what was written there."""
    said: set[int] = set()
    for sign, box in letters:
        number = _under(box, painted)
        if number is None:
            yield sign, box
        elif number not in said:
            said.add(number)
            yield from _written(painted[number][1], painted[number][0])


def _under(box: Box | None, painted: Sequence[Substitute]) -> int | None:
    if box is None:
        return None
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for number, ((x0, y0, x1, y1), _) in enumerate(painted):
        if x0 <= x <= x1 and y0 <= y <= y1:
            return number
    return None


def _written(text: str, box: Box | None) -> list[Letter]:
    """A placeholder's letters, spread evenly over its box."""
    if box is None:
        return [(sign, None) for sign in text]
    step = (box[2] - box[0]) / max(len(text), 1)
    return [(sign, (box[0] + n * step, box[1], box[0] + (n + 1) * step, box[3])) for n, sign in enumerate(text)]


def _lines(letters: Sequence[Letter]) -> list[list[Box]]:
    """Boxes of letters, line by line: a new line begins where a letter stands left of the one before."""
    lines: list[list[Box]] = []
    for _, box in letters:
        if box is None:
            continue
        if lines and box[0] >= lines[-1][-1][0] and box[1] < lines[-1][-1][3]:
            lines[-1].append(box)
        else:
            lines.append([box])
    return lines


def _text(letters: Sequence[Letter]) -> str:
    return "".join(sign for sign, _ in letters)
