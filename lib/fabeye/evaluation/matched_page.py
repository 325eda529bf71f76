"""A gold page and a reading of it: which table, which formula, which piece of text stands for which.

Notable:
- Tables and formulas pair by likeness, one to one; what is left of them on either side is looked for in the text.
- What a page does not ask for (headers, footers, page numbers, words in pictures) may be read or not. A table that was
  read as running text is a lost table, but its words are not invented ones.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.optimize import linear_sum_assignment

from fabeye.evaluation.blocks import Block, Kind, read_markdown, text_pieces
from fabeye.evaluation.gold import GoldElement, GoldPage
from fabeye.evaluation.piece_matching import Run, match_pieces
from fabeye.metrics.cells import CellPairs, pair_cells
from fabeye.metrics.formula import token_score
from fabeye.metrics.notation import flat
from fabeye.metrics.table import Table, parse_table
from fabeye.metrics.text import normalise
from fabeye.schema import Category

UNASKED = {
    Category.HEADER,
    Category.FOOTER,
    Category.PAGE_NUMBER,
    Category.ABANDON,
    Category.FORMULA_NUMBER,
}
UNLIKE = 0.2  # likeness below which two tables, or two formulas, are not each other's


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of gold text: which element it is of, and whether a reading must hold it."""

    element: int
    text: str
    asked: bool


@dataclass(frozen=True)
class MatchedPage:
    """A gold page and a reading, with what of the one stands for what of the other.

    tables, formulas: (index of the gold element, block). pieces and words: gold and read text, and `runs` between them.
    """

    page: GoldPage
    tables: list[tuple[int, Block]]
    formulas: list[tuple[int, Block]]
    lost: list[int]
    extra: list[Block]
    pieces: list[Piece]
    words: list[Block]
    named: list[Block]
    figures: int

    @cached_property
    def gold_texts(self) -> list[str]:
        """The gold pieces as they are compared."""
        return [comparable(piece.text) for piece in self.pieces]

    @cached_property
    def read_texts(self) -> list[str]:
        """The read pieces as they are compared."""
        return [comparable(block.content) for block in self.words]

    @cached_property
    def runs(self) -> list[Run]:
        """Runs that hold something asked for, or something invented."""
        found = match_pieces(self.gold_texts, self.read_texts)
        return [run for run in found if not run.gold or any(self.pieces[one].asked for one in run.gold)]

    @cached_property
    def cell_pairs(self) -> list[tuple[Table, Table, CellPairs]]:
        """Each matched table: gold, read, and their cells."""
        both = [
            (parse_table(self.page.layout_dets[index].html), parse_table(block.content)) for index, block in self.tables
        ]
        return [(gold, read, pair_cells(gold, read)) for gold, read in both]

    @cached_property
    def lost_tables(self) -> list[Table]:
        """Gold tables that nothing stands for."""
        found = (self.page.layout_dets[index].html for index in self.lost)
        return [parse_table(source) for source in found if source]

    @property
    def formula_pairs(self) -> list[tuple[str, str]]:
        """LaTeX of each matched formula: gold, read."""
        return [(self.page.layout_dets[index].latex, block.content) for index, block in self.formulas]

    @property
    def lone_formulas(self) -> int:
        """Gold formulas that nothing stands for, and read ones that stand for none."""
        lost = sum(not self.page.layout_dets[index].html for index in self.lost)
        return lost + sum(block.kind == Kind.FORMULA for block in self.extra)

    def of_category(self, category: Category) -> list[int]:
        """Indices of the gold elements of a category that count."""
        return [at for at, one in counted(self.page) if one.category_type == category]


def match_page(page: GoldPage, markdown: str) -> MatchedPage:
    """Find what stands for what: tables, formulas, then text."""
    blocks = read_markdown(markdown)
    tables = _assigned(page, blocks, Kind.TABLE, lambda one: bool(one.html), _table_likeness)
    formulas = _assigned(page, blocks, Kind.FORMULA, lambda one: bool(one.latex) and not one.html, _formula_likeness)
    taken = {index for index, _ in (*tables, *formulas)}
    used = {id(block) for _, block in (*tables, *formulas)}
    lost = [index for index, one in counted(page) if (one.html or one.latex) and index not in taken]
    extra = [block for block in blocks if block.kind in (Kind.TABLE, Kind.FORMULA) and id(block) not in used]
    return MatchedPage(
        page=page,
        tables=tables,
        formulas=formulas,
        lost=lost,
        extra=extra,
        pieces=list(_gold_pieces(page, set(lost))),
        words=sorted(_read_pieces(blocks, extra), key=lambda block: block.at),
        named=[block for block in blocks if block.kind in (Kind.KEY_VALUES, Kind.TIMING)],
        figures=sum(block.kind == Kind.FIGURE for block in blocks),
    )


def counted(page: GoldPage) -> list[tuple[int, GoldElement]]:
    """The elements that the gold set does not tell to ignore, with their places in it."""
    return [(index, one) for index, one in enumerate(page.layout_dets) if not one.ignore]


def comparable(text: str) -> str:
    """Text in the one notation, scripts in line."""
    return normalise(flat(text))


def _gold_pieces(page: GoldPage, lost: set[int]) -> Iterator[Piece]:
    """Text of the page in reading order; the words of figures and of lost tables and formulas are not asked for."""
    last = len(page.layout_dets)
    for index, one in sorted(
        enumerate(page.layout_dets), key=lambda pair: last if pair[1].order is None else pair[1].order
    ):
        if one.html:
            texts = _rows_and_cells(parse_table(one.html)) if index in lost else []
        elif one.latex:
            texts = [f"${one.latex}$"] if index in lost else []
        elif one.category_type == Category.FIGURE:
            texts = [span.text for span in one.line_with_spans]
        else:
            texts = [one.text]
        words = one.category_type != Category.FIGURE and not one.html and not one.latex
        asked = words and not one.ignore and one.category_type not in UNASKED
        yield from (Piece(index, piece.content, asked) for text in texts for piece in text_pieces(text))


def _rows_and_cells(table: Table) -> list[str]:
    """What a reader who missed the table may have written: a line for each row, or one for each cell."""
    rows = [[cell.inner for cell in table.cells if cell.row == row] for row in range(table.rows)]
    return [" ".join(row) for row in rows] + [cell for row in rows for cell in row if len(row) > 1]


def _read_pieces(blocks: Sequence[Block], extra: Sequence[Block]) -> Iterator[Block]:
    """Text as it was read, and the words of tables and formulas that stand for none."""
    yield from (block for block in blocks if block.kind == Kind.TEXT)
    for block in extra:
        if block.kind == Kind.FORMULA:
            yield Block(Kind.TEXT, f"${block.content}$", block.at)
        else:
            cells = (cell.inner for cell in parse_table(block.content).cells)
            yield from (Block(Kind.TEXT, cell, block.at) for cell in cells if cell.strip())


def _assigned(
    page: GoldPage,
    blocks: Sequence[Block],
    kind: Kind,
    is_wanted: Callable[[GoldElement], bool],
    likeness: Callable[[GoldElement, Block], float],
) -> list[tuple[int, Block]]:
    """Gold elements and blocks of a kind, one to one, by the largest sum of likenesses."""
    wanted = [index for index, one in counted(page) if is_wanted(one)]
    given = [block for block in blocks if block.kind == kind]
    alike = np.array([[likeness(page.layout_dets[index], block) for block in given] for index in wanted])
    rows, columns = linear_sum_assignment(alike.reshape(len(wanted), len(given)), maximize=True)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(wanted[row], given[column]) for row, column in pairs if alike[row, column] >= UNLIKE]


def _table_likeness(element: GoldElement, block: Block) -> float:
    return Levenshtein.normalized_similarity(_words(parse_table(element.html)), _words(parse_table(block.content)))


def _formula_likeness(element: GoldElement, block: Block) -> float:
    return token_score(element.latex, block.content)


def _words(table: Table) -> str:
    return "\n".join(cell.text for cell in table.cells)
