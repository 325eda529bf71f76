"""In which order the blocks of a page are read.

Notable:
- White from left to right parts a page into bands, read from top to bottom. Bands that are parted by the same white
  from top to bottom are columns, read one after the other; within a column it begins anew.
- Columns are made of running text, figures and tables; short texts side by side are a form, and read row by row.
"""

from collections.abc import Sequence

from fabeye.parsing.block import Block

FULL_LINE = 0.7  # of its side's width that a single line of running text fills
FULL_LINES = 2  # such lines that make a column without a paragraph
GUTTER = 0.5  # of a line's height: the narrowest white between columns
MIDDLE = (0.15, 0.85)  # of the width in which a gutter lies; a margin note is no column


def reading_order(blocks: Sequence[Block], height: float) -> list[Block]:
    """The same blocks in the order in which a person reads them, whatever order they came in.

    height: of a line of text, in pixels.
    """
    stacked = sorted(blocks, key=lambda block: (block.box[1], block.box[0], block.box, block.text))
    bands = _bands(stacked)
    ordered: list[Block] = []
    start = 0
    while start < len(bands):
        end, gutter = _columns(bands, start, height)
        if gutter is None:
            ordered += sorted(bands[start], key=lambda block: (block.box[0], block.box[1]))
            start += 1
            continue
        together = [block for band in bands[start:end] for block in band]
        for side in _sides(together, gutter):
            ordered += reading_order(side, height)
        start = end
    return ordered


def _bands(stacked: Sequence[Block]) -> list[list[Block]]:
    """Blocks that lie side by side, from top to bottom."""
    bands: list[list[Block]] = []
    bottom = 0.0
    for block in stacked:
        if bands and (block.box[1] + block.box[1] + block.box[3]) / 3 < bottom:  # a third down: boxes may touch
            bands[-1].append(block)
            bottom = max(bottom, block.box[3])
        else:
            bands.append([block])
            bottom = block.box[3]
    return bands


def _columns(bands: list[list[Block]], start: int, height: float) -> tuple[int, float | None]:
    """Where the longest run of bands from `start` on ends that one gutter parts into columns, and that gutter."""
    found: tuple[int, float | None] = (start + 1, None)
    together: list[Block] = []
    for end in range(start, len(bands)):
        together = [*together, *bands[end]]
        if len(together) == end - start + 1:  # nothing stands beside anything yet
            continue
        gutters = _gutters(together, height)
        if not gutters:
            break
        for gutter in gutters:
            left, right = _sides(together, gutter)
            if _is_column(left) and _is_column(right):
                found = (end + 1, gutter)
    return found


def _sides(blocks: Sequence[Block], gutter: float) -> tuple[list[Block], list[Block]]:
    left = [block for block in blocks if block.box[2] <= gutter]
    return left, [block for block in blocks if block.box[0] >= gutter]


def _gutters(blocks: Sequence[Block], height: float) -> list[float]:
    """The middles of the white from top to bottom through all blocks, away from the page's sides."""
    left, right = min(block.box[0] for block in blocks), max(block.box[2] for block in blocks)
    found, reach = [], left
    for block in sorted(blocks, key=lambda block: block.box[0]):
        middle = (reach + block.box[0]) / 2
        inside = left + MIDDLE[0] * (right - left) < middle < left + MIDDLE[1] * (right - left)
        if block.box[0] - reach >= GUTTER * height and inside:
            found.append(middle)
        reach = max(reach, block.box[2])
    return found


def _is_column(blocks: Sequence[Block]) -> bool:
    if not blocks:
        return False
    width = max(block.box[2] for block in blocks) - min(block.box[0] for block in blocks)
    full = sum(block.box[2] - block.box[0] >= FULL_LINE * width for block in blocks)
    return any(block.fills_columns for block in blocks) or full >= FULL_LINES
