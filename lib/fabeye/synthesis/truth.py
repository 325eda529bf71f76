"""What stands where once a document is set: from the typesetter's marks to blocks, lines, cells and values.

Notable:
- Truth is in points, origin top left; generate.py turns it into pixels.
- Running text becomes lines: a line is what lies on one base line, and its words are those of the text that we wrote.
  A paragraph that goes on in the next column or page becomes a fragment there, with the words that stand there.
- The typesetter's boxes end with the advance of their letters; an f or a j reaches beyond that, by a share of its size
  that its face fixes. A box has room for it where such a letter may stand at its end, so it holds all of its ink.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from fabeye.schema import Category
from fabeye.synthesis.blocks import Block, cut
from fabeye.synthesis.markup import Value, to_plain, to_text, values
from fabeye.synthesis.shown import ShareBox
from fabeye.synthesis.style import Style
from fabeye.synthesis.tabulation import places, table_html
from fabeye.synthesis.typesetting import Box, Mark, Typeset

ABOVE_EM = 1.0  # from the base line up to the top of a line's box, room for a superscript included
BELOW_EM = 0.42  # from the base line down to its bottom, room for a subscript included
SAME_LINE_PT = 0.1  # base lines closer than this are one
# Shares of their size by which letters leave their advance, the most of any face; all others stay within 0.013.
LEFT_EM = {"j": 0.096, "J": 0.084, **dict.fromkeys("vwy/\\", 0.032)}
IDEOGRAPHS, IDEOGRAPH_RIGHT_EM = ("\u3400", "\u9fff"), 0.068
RIGHT_EM = {"f": 0.087, **dict.fromkeys("KRVkvwy/\\", 0.032)}


@dataclass(frozen=True, slots=True)
class Truth:
    """What stands where: a block or one line of it. detail: JSON as in schema.Element, or ""."""

    category: Category
    level: Literal["block", "line"]
    box: Box
    text: str
    html: str = ""
    latex: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TrueEntity:
    """A value and its place; the fields are those of schema.Entity."""

    field: str
    kind: str
    text: str
    box: Box
    in_picture: bool = False


@dataclass(frozen=True, slots=True)
class TruePage:
    """A page's size in points, its truth in reading order, a block's lines or cells after it, and its values.

    layout: OmniDocBench's word for how its text runs.
    """

    width: float
    height: float
    truths: tuple[Truth, ...]
    entities: tuple[TrueEntity, ...] = ()
    layout: str = "single_column"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of running text; `text` with the space or line end that follows it."""

    page: int
    box: Box
    text: str


def block_truths(block: Block, name: str, page: int, done: Typeset, style: Style, text: str) -> Iterator[Truth]:
    """Truth of what a block named `name` shows on a page; `text` is the block's text with page numbers filled in."""
    if name in done.flows:
        yield from _flow_truths(block, name, page, done, style)
        return
    box = done.boxes.get((page, name))
    if box is None:
        return
    inked = box if block.rows else with_overhang(box, to_plain(text).split(), _size(block, style))
    yield Truth(block.category, "block", inked, to_text(text), table_html(block.rows), block.latex, _json(block.detail))
    for row, column, cell in places(block.rows):
        if cell.text:  # an empty cell is structure, which the HTML tells; there is nothing in it to read
            place = {"row": row, "column": column, "rowspan": cell.rowspan, "colspan": cell.colspan}
            found = done.boxes[page, f"{name}/{row}/{column}"]
            yield Truth(block.category, "line", found, to_text(cell.text), detail=_json(place))
    for shown in block.texts:
        yield Truth(block.category, "line", _within(box, shown.box), shown.text)


def block_entities(block: Block, name: str, page: int, done: Typeset) -> Iterator[TrueEntity]:
    """The values that a block shows on a page, those of its cells and its picture included."""
    texts = [(name, block.text)] if not block.rows else []
    texts += [(f"{name}/{row}/{column}", cell.text) for row, column, cell in places(block.rows)]
    for marked, text in texts:
        yield from value_entities(text, marked, page, done)
    if block.texts and (box := done.boxes.get((page, name))):
        for shown in block.texts:
            if shown.field or shown.kind:
                yield TrueEntity(shown.field, shown.kind, shown.text, _within(box, shown.box), in_picture=True)


def value_entities(text: str, name: str, page: int, done: Typeset) -> Iterator[TrueEntity]:
    """The values of a text that is marked as `name`, as far as they stand on this page."""
    for count, value in enumerate(values(text)):
        box = done.boxes.get((page, f"{name}/v{count}"))
        if box:
            yield _entity(value, box)


def with_overhang(box: Box, lines: Sequence[str], size: float) -> Box:
    """A box of `lines`, or of words that may stand at the ends of its lines, with room for letters that leave it."""
    left = max((LEFT_EM.get(line[:1], 0.0) for line in lines), default=0.0)
    right = max((_right_em(line[-1:]) for line in lines), default=0.0)
    return (box[0] - left * size, box[1], box[2] + right * size, box[3])


def _right_em(letter: str) -> float:
    first, last = IDEOGRAPHS
    return IDEOGRAPH_RIGHT_EM if first <= letter <= last else RIGHT_EM.get(letter, 0.0)


def lines(block: Block, name: str, done: Typeset, style: Style) -> list[Line]:
    """The lines of running text, on whatever pages they lie."""
    flow, size = done.flows[name], _size(block, style)
    written = cut(block, name)
    ends = flow.ends
    if len(written) != len(ends):
        raise ValueError(f"{len(written)} pieces of {block.text[:40]!r} were set as {len(ends)}")
    starts = [0, *(at + 1 for at, (one, two) in enumerate(pairwise(ends)) if not _same_line(one, two)), len(ends)]
    found = []
    for first, after in pairwise(starts):
        end = ends[after - 1]
        left = flow.start.x + style.column_shift(flow.start.x, end.x) + (block.hanging if first else 0)
        text = "".join(plain for plain, _ in written[first:after])
        label = f"{block.label} " if block.label and not first else ""
        box = (left, end.y - ABOVE_EM * size, end.x, end.y + BELOW_EM * size)
        found.append(Line(end.page, with_overhang(box, [to_plain(label + text).strip()], size), label + text))
    return found


def _flow_truths(block: Block, name: str, page: int, done: Typeset, style: Style) -> Iterator[Truth]:
    flow, whole = done.flows[name], lines(block, name, done, style)
    parts: list[list[Line]] = []  # the fragments: lines of one page and column
    for before, line in zip([None, *whole], whole, strict=False):
        if before is None or before.page != line.page or line.box[1] < before.box[1]:
            parts.append([])
        parts[-1].append(line)
    for number, part in enumerate(parts):
        if part[0].page != page:
            continue
        box = _around(part)
        if len(parts) == 1 and flow.start.page == flow.end.page:
            box = (box[0], flow.start.y, box[2], flow.end.y)
        text = "".join(line.text for line in part).rstrip()
        detail = _json({"continues": True} if number else block.detail)
        yield Truth(block.category, "block", box, text, detail=detail)
        for line in part:
            x0, y0, x1, y1 = line.box
            yield Truth(block.category, "line", (x0, max(y0, box[1]), x1, min(y1, box[3])), line.text.strip())


def _size(block: Block, style: Style) -> float:
    """Of a block's letters, in points."""
    return block.size or (style.heading_size if block.category is Category.TITLE else style.text_size)


def _around(part: list[Line]) -> Box:
    sides = list(zip(*(line.box for line in part), strict=True))
    return (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))


def _same_line(one: Mark, two: Mark) -> bool:
    return one.page == two.page and abs(one.y - two.y) < SAME_LINE_PT


def _within(box: Box, share: ShareBox) -> Box:
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    return (x0 + share[0] * width, y0 + share[1] * height, x0 + share[2] * width, y0 + share[3] * height)


def _entity(value: Value, box: Box) -> TrueEntity:
    return TrueEntity(value.field, value.kind, value.text, box)


def _json(detail: dict[str, Any]) -> str:
    return json.dumps(detail, ensure_ascii=False, separators=(",", ":")) if detail else ""
