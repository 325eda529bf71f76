"""What was seen on a page to its elements: tables, figures, captions, paragraphs, in reading order.

Notable:
- A figure or a table and its caption are put in order as one, so that a caption never strays.
- Every block comes with its lines (a table with its cells, a figure with its labels) as elements of level "line".
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fabeye.ocr import Line
from fabeye.parsing.block import Block, around
from fabeye.parsing.blocks import Measures, find_blocks, furniture, measured
from fabeye.parsing.figures import find_figures
from fabeye.parsing.grid import Grid
from fabeye.parsing.grids import find_grids, meet
from fabeye.parsing.order import reading_order
from fabeye.parsing.picture import Seen
from fabeye.parsing.teacher import Sheet
from fabeye.parsing.upright import Box, Upright, upright
from fabeye.parsing.wording import CAPTION, FIGURE_CAPTION, NOTE, SENTENCE
from fabeye.schema import Category, Element, Source

NEAR = 3.5  # line heights between a caption or a note and what it belongs to
SCORE_DIGITS = 4
PIXEL_DIGITS = 1


def to_elements(sheet: Sheet, seen: Seen, min_score: float, source: Source = Source.RAPIDOCR) -> list[Element]:
    """Elements of a page: blocks in reading order, each followed by its lines.

    min_score: confidence below which a line is dropped.
    """
    kept = [line for line in seen.lines if line.score >= min_score and line.text.strip() and _has_extent(line)]
    laid = upright(replace(seen, lines=kept))
    blocks = find_all_blocks(laid, seen, measured(laid.lines, sheet.width, sheet.height))
    return list(_elements(sheet, blocks, laid, source))


def find_all_blocks(laid: Upright, seen: Seen, sizes: Measures) -> list[Block]:
    """The blocks of an upright page in reading order: headers first, footers and what stands in the margin last."""
    around_page, lines = furniture(laid.lines, sizes)
    grids = find_grids(lines, laid.across, laid.down, seen.strokes)
    lines = _without(lines, [line for grid in grids for cell in grid.cells for line in cell.lines])
    lone = [rule for rule in laid.across if not any(meet(rule, down) for down in laid.down)]
    figures = find_figures(seen.ink, lines, [grid.box for grid in grids], lone, sizes.body)
    lines = _without(lines, [line for figure in figures for line in figure.lines])
    blocks = find_blocks(lines, sizes)
    blocks += [_table(grid) for grid in grids]
    blocks += [Block(Category.FIGURE, figure.box, figure.lines) for figure in figures]
    ordered = [block for unit in _units_in_order(blocks, sizes) for block in unit]
    headers = [
        block for block in around_page if block.box[3] <= sizes.height / 2 and block.category is not Category.ABANDON
    ]
    return [*_left_to_right(headers), *ordered, *_left_to_right(_others(around_page, headers))]


def _has_extent(line: Line) -> bool:
    """Letters of no size, as some programs hide them in a text layer, are nowhere on the page."""
    return line.x1 > line.x0 and line.y1 > line.y0


def _without(lines: Sequence[Line], taken: Sequence[Line]) -> list[Line]:
    gone = {id(line) for line in taken}
    return [line for line in lines if id(line) not in gone]


def _others(blocks: Sequence[Block], taken: Sequence[Block]) -> list[Block]:
    gone = {id(block) for block in taken}
    return [block for block in blocks if id(block) not in gone]


def _left_to_right(blocks: Sequence[Block]) -> list[Block]:
    return sorted(
        blocks, key=lambda block: (block.category is Category.ABANDON, round(block.box[1] / 20), block.box[0])
    )


def _table(grid: Grid) -> Block:
    return Block(Category.TABLE, grid.box, [line for cell in grid.cells for line in cell.lines], grid)


def _units_in_order(blocks: list[Block], sizes: Measures) -> list[list[Block]]:
    """Blocks in reading order, tables and figures together with what belongs to them."""
    owners = [block for block in blocks if block.category in (Category.TABLE, Category.FIGURE)]
    units: dict[int, list[Block]] = {id(owner): [owner] for owner in owners}
    for block in sorted(_others(blocks, owners), key=lambda block: block.box[1]):
        owner = _owner(block, owners, units, sizes)
        if owner is not None:
            block.category = _belonging(block, owner)
            units[id(owner)].append(block)
        else:
            units[id(block)] = [block]
    stand_ins = {}
    for unit in units.values():
        whole = Block(unit[0].category, around(block.box for block in unit), unit[0].lines, unit[0].grid)
        stand_ins[id(whole)] = (whole, sorted(unit, key=lambda block: block.box[1]))
    ordered = reading_order([whole for whole, _ in stand_ins.values()], sizes.body)
    return [stand_ins[id(whole)][1] for whole in ordered]


def _owner(block: Block, owners: Sequence[Block], units: dict[int, list[Block]], sizes: Measures) -> Block | None:
    """The table or figure to which a caption or a note belongs; None for any other block."""
    caption = CAPTION.match(block.text) and not SENTENCE.search(block.text)
    note = NOTE.match(block.text)
    if not (caption or note) or len(block.lines) > 3:
        return None
    wanted = Category.FIGURE if caption and FIGURE_CAPTION.match(block.text) else Category.TABLE
    near = []
    for owner in owners:
        unit = around(part.box for part in units[id(owner)])
        down = max(unit[1] - block.box[3], block.box[1] - unit[3], 0.0)
        across = max(unit[0] - block.box[2], block.box[0] - unit[2], 0.0)
        above = block.box[3] <= owner.box[1]
        if down <= NEAR * sizes.body and across == 0 and not (note and above):
            near.append((owner.category is not wanted, down, owner))
    return min(near, key=lambda one: one[:2])[2] if near and (caption or not min(near)[0]) else None


def _belonging(block: Block, owner: Block) -> Category:
    if NOTE.match(block.text):
        return Category.TABLE_FOOTNOTE
    return Category.FIGURE_CAPTION if owner.category is Category.FIGURE else Category.TABLE_CAPTION


def _elements(sheet: Sheet, blocks: Sequence[Block], laid: Upright, source: Source) -> Iterator[Element]:
    lines = 0
    for order, block in enumerate(blocks):
        yield _element(sheet, order, block, laid, source)
        for line, detail in _parts(block):
            yield _line(sheet, lines, line, block.category, laid, source, detail)
            lines += 1


def _parts(block: Block) -> Iterator[tuple[Line, str]]:
    if block.grid is None:
        yield from ((line, "") for line in block.lines)
        return
    for cell in block.grid.cells:
        place = {"row": cell.row, "column": cell.column, "rowspan": cell.rowspan, "colspan": cell.colspan}
        score = min((line.score for line in cell.lines), default=1.0)
        yield Line(*cell.box, cell.text, score), json.dumps(place)


def _element(sheet: Sheet, order: int, block: Block, laid: Upright, source: Source) -> Element:
    x0, y0, x1, y1 = _on_page(sheet, laid.back(block.box))
    scores = [line.score for line in block.lines]
    return Element(
        page_id=sheet.page_id,
        order=order,
        category=block.category.value,
        level="block",
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        text="" if block.category is Category.FIGURE else block.text,
        html=block.grid.html() if block.grid else "",
        latex="",
        score=round(sum(scores) / len(scores), SCORE_DIGITS) if scores else 1.0,
        source=source.value,
    )


def _line(
    sheet: Sheet, order: int, line: Line, category: Category, laid: Upright, source: Source, detail: str
) -> Element:
    x0, y0, x1, y1 = _on_page(sheet, laid.back((line.x0, line.y0, line.x1, line.y1)))
    return Element(
        page_id=sheet.page_id,
        order=order,
        category=category.value,
        level="line",
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        text=line.text,
        html="",
        latex="",
        score=line.score,
        source=source.value,
        detail=detail,
    )


def _on_page(sheet: Sheet, box: Box) -> Box:
    """The box, nothing of it beyond the page's edges."""
    right, bottom = float(sheet.width), float(sheet.height)
    x0, y0, x1, y1 = (round(max(edge, 0.0), PIXEL_DIGITS) for edge in box)
    return min(x0, right), min(y0, bottom), min(x1, right), min(y1, bottom)
