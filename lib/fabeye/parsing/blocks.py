"""Lines of text to blocks: titles, paragraphs, items of lists, code, formulas, and what stands around a page.

Notable:
- A paragraph is lines at the page's own leading, one below the other, of one size; it ends with a line after which the
  next word would still have fitted, and before whatever begins as an item does.
- A title is larger than the body, or numbered and larger a little; it does not end as a sentence does.
- Header and footer stand in the page's margins, in letters not larger than the body's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fabeye.ocr import Line, rows
from fabeye.parsing.block import Block, block_of
from fabeye.parsing.joining import WITHOUT_SPACES, joined
from fabeye.parsing.wording import CAPTION, PAGE_NUMBER, SENTENCE
from fabeye.schema import Category

TOP, BOTTOM = 0.085, 0.925  # of the page's height: above and below are header and footer
SIDE = 0.08  # of its width: the margins left and right
MARGIN_SIZE = 1.3  # of the body's height that a header's letters have at most
UPRIGHT = 2.5  # height over width from which on a text in the margin runs up or down the page
WORDS_GAP = 1.2  # line heights between pieces of one line
MARKER_GAP = 4.0  # line heights between an item's mark and its text
LEADING = 1.15  # of the page's usual distance between lines that lines of one paragraph are apart at most
WIDEST_LEADING = 1.5  # line heights
SAME_SIZE = 1.3  # larger over smaller height in one paragraph
FITS = 1.3  # times the next word's width that must be free at a line's end for the line to be a last one
LARGER = 1.2  # of the body's height from which on a line is a title
NUMBERED_LARGER = 1.08  # the same for a numbered one
LONGEST_TITLE = 90  # letters
CODE_LINES = 3  # lines of code at least
CODE_SHARE = 0.4  # of them that look like it
NARROW = 0.6  # of the column that a formula's line fills at most

NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.|Annex\s+[A-Z]|Appendix\s+[A-Z]|附录\s*[A-Z])\s*\S")
MARK = re.compile(
    r"^(?:[•·▪■○●◦–—\-*⚠]|[(（]?(?:\d{1,2}|[a-z])[)）.]|\d+(?:\.\d+)+)\s*(?=\S|$)|^(?:NOTE|WARNING|CAUTION|注)\b"
)
BARE_MARK = re.compile(r"^(?:[•·▪■○●◦–—\-*]|[(（]?(?:\d{1,2}|[a-zA-Z])[)）.]|\d+(?:\.\d+)*)$")
TOC_NUMBER = re.compile(r"^\W*(?:\d{1,3}|[ivxlc]{1,5})$")
CODE = re.compile(
    r"[;{}]\s*$|^\s*//|<=\s*\w"
    r"|\b(?:module|endmodule|always\w*|assign|begin|endcase|endproperty|input|output|def|return)\b"
)
FORMULA = re.compile(r"[=≤≥≈<>]")
WORD = re.compile(r"[A-Za-z]{4,}|[\u4e00-\u9fff]{3,}")


@dataclass(frozen=True, slots=True)
class Measures:
    """A page's sizes in pixels: height of a line of its body, distance between lines, its own width and height."""

    body: float
    leading: float
    width: float
    height: float


def measured(lines: Sequence[Line], width: float, height: float) -> Measures:
    """The sizes of a page of `width` x `height` pixels; a page without text has lines of a fiftieth of it."""
    sizes = sorted((line.y1 - line.y0, len(line.text)) for line in lines if not _is_upright(line))
    if not sizes:
        return Measures(height / 50, height / 40, width, height)
    counts = np.cumsum([count for _, count in sizes])
    body = sizes[int(np.searchsorted(counts, counts[-1] / 2))][0]
    return Measures(body, _leading(lines, body), width, height)


def furniture(lines: Sequence[Line], sizes: Measures) -> tuple[list[Block], list[Line]]:
    """Headers, footers, page numbers and texts along the margin, and the lines that are none of them."""
    blocks, body = [], []
    for line in lines:
        category = _furniture(line, sizes)
        if category is None:
            body.append(line)
        else:
            blocks.append(block_of(category, [line]))
    return blocks, body


def find_blocks(lines: Sequence[Line], sizes: Measures) -> list[Block]:
    """Blocks of the lines of a page's body, from top to bottom."""
    whole = whole_lines(lines, sizes)
    groups: list[list[Line]] = []
    for line in sorted(whole, key=lambda line: (line.y0 + line.y1, line.x0)):
        home = max(
            (group for group in groups if _continues(group, line, whole, sizes)),
            key=lambda group: group[-1].y1,
            default=None,
        )
        if home is None:
            groups.append([line])
        else:
            home.append(line)
    return _code_joined([block_of(_category(group, whole, sizes), group) for group in groups], sizes)


def whole_lines(lines: Sequence[Line], sizes: Measures) -> list[Line]:
    """Lines of which pieces were found apart as one: an item's mark and its text, a title and its page number."""
    whole: list[Line] = []
    for row in rows(list(lines)):
        current = row[0]
        for piece in row[1:]:
            gap = piece.x0 - current.x1
            close = gap <= WORDS_GAP * sizes.body
            marked = BARE_MARK.match(current.text.strip()) and gap <= MARKER_GAP * sizes.body
            listed = len(row) == 2 and TOC_NUMBER.match(piece.text.strip()) and len(current.text) > 3
            if close or marked or listed:
                current = _glued(current, piece)
            else:
                whole.append(current)
                current = piece
        whole.append(current)
    return whole


def _glued(one: Line, other: Line) -> Line:
    """One line of both, as high as its longer piece: on a page askew both together would be too high."""
    longer = max(one, other, key=lambda line: len(line.text))
    text, score = joined([one.text, other.text]), min(one.score, other.score)
    return Line(one.x0, longer.y0, other.x1, longer.y1, text, score)


def _is_upright(line: Line) -> bool:
    return len(line.text) > 2 and line.y1 - line.y0 > UPRIGHT * (line.x1 - line.x0)


def _leading(lines: Sequence[Line], body: float) -> float:
    """The usual distance between the middles of lines that stand one below the other."""
    stacked = sorted(lines, key=lambda line: line.y0)
    steps = []
    for index, line in enumerate(stacked):
        below = (other for other in stacked[index + 1 :] if other.x0 < line.x1 and other.x1 > line.x0)
        step = next(
            (_middle(other) - _middle(line) for other in below if _middle(other) - _middle(line) > body / 2), None
        )
        if step and step < 2 * WIDEST_LEADING * body:
            steps.append(step)
    usual = float(np.quantile(steps, 0.2)) if steps else WIDEST_LEADING * body
    return min(LEADING * usual, WIDEST_LEADING * body)


def _middle(line: Line) -> float:
    return (line.y0 + line.y1) / 2


def _furniture(line: Line, sizes: Measures) -> Category | None:
    if _is_upright(line):
        aside = line.x1 <= SIDE * sizes.width or line.x0 >= (1 - SIDE) * sizes.width
        return Category.ABANDON if aside else None
    above, below = line.y1 <= TOP * sizes.height, line.y0 >= BOTTOM * sizes.height
    if (above or below) and PAGE_NUMBER.match(line.text.strip()):
        return Category.PAGE_NUMBER
    if not (above or below) or line.y1 - line.y0 > MARGIN_SIZE * sizes.body:
        return None
    return Category.HEADER if above else Category.FOOTER


def _continues(group: Sequence[Line], line: Line, lines: Sequence[Line], sizes: Measures) -> bool:
    """Whether a line is the next one of a group."""
    last = group[-1]
    step, height, before = _middle(line) - _middle(last), line.y1 - line.y0, last.y1 - last.y0
    if not last.y0 < line.y0 or step > max(sizes.leading, 1.1 * sizes.leading * min(height, before) / sizes.body):
        return False
    if max(height, before) > SAME_SIZE * min(height, before) or min(line.x1, last.x1) <= max(line.x0, last.x0):
        return False
    if MARK.match(line.text) or NUMBER.match(line.text) or CAPTION.match(line.text):
        return False
    centred = abs((line.x0 + line.x1) - (last.x0 + last.x1)) <= height and line.x1 <= last.x1
    return centred if CAPTION.match(group[0].text) else not _is_last(last, line, lines)


def _is_last(last: Line, following: Line, lines: Sequence[Line]) -> bool:
    """Whether the first word of the following line would have fitted behind the last one."""
    column = [line.x1 for line in lines if line.x0 < last.x1 and line.x1 > last.x0 and line.x0 <= last.x0 + 400]
    letter = (following.x1 - following.x0) / max(len(following.text), 1)
    first = following.text.strip().split(" ")[0]
    if WITHOUT_SPACES.match(first[:1]):
        first = first[:2]
    return max(column) - last.x1 > FITS * (len(first) + 1) * letter


def _category(group: Sequence[Line], lines: Sequence[Line], sizes: Measures) -> Category:
    text = joined(line.text for line in group)
    height = float(np.median([line.y1 - line.y0 for line in group]))
    if len(text) <= LONGEST_TITLE and not SENTENCE.search(text):
        numbered = NUMBER.match(text) and height >= NUMBERED_LARGER * sizes.body
        if height >= LARGER * sizes.body or numbered:
            return Category.TITLE if WORD.search(text) or numbered or len(text) > 1 else Category.TEXT
    return Category.FORMULA if len(group) == 1 and _is_formula(group[0], lines) else Category.TEXT


def _is_formula(line: Line, lines: Sequence[Line]) -> bool:
    """A relation between few words, in the middle of its column."""
    left, right = min(one.x0 for one in lines), max(one.x1 for one in lines)
    centred = abs((line.x0 + line.x1) - (left + right)) < 0.1 * (right - left)
    narrow = line.x1 - line.x0 <= NARROW * (right - left)
    few = len(WORD.findall(line.text)) <= 1
    return bool(FORMULA.search(line.text)) and centred and narrow and few and not SENTENCE.search(line.text)


def _code_joined(blocks: list[Block], sizes: Measures) -> list[Block]:
    """Runs of blocks that look like a program as one block each."""
    joined_blocks: list[Block] = []
    run: list[Block] = []
    for block in [*sorted(blocks, key=lambda block: block.box[1]), None]:
        if block is not None and _may_be_code(block) and (not run or block.box[1] - run[-1].box[3] <= 1.5 * sizes.body):
            run.append(block)
            continue
        joined_blocks += _as_code(run)
        run = []
        if block is not None:
            (run if _may_be_code(block) else joined_blocks).append(block)
    return joined_blocks


def _may_be_code(block: Block) -> bool:
    return block.category in (Category.TEXT, Category.FORMULA) and not SENTENCE.search(block.text.rstrip(";:,"))


def _as_code(run: list[Block]) -> list[Block]:
    lines = [line for block in run for line in block.lines]
    alike = sum(bool(CODE.search(line.text)) for line in lines)
    if len(lines) >= CODE_LINES and alike >= CODE_SHARE * len(lines):
        return [block_of(Category.CODE, lines)]
    return run
