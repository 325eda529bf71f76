"""Tables out of HTML, and how like each other two of them are.

Notable:
- TEDS as Zhong et al. define it (arXiv 1911.10683, section 4): 1 - tree edit distance / nodes of the larger tree. Cells
  differ by their tokens: a character is one, a tag inside a cell is one.
- As in the common evaluator, the tree ends at a cell but the count of nodes does not: tags inside cells are counted.
- What has no table scores 0, and so does a span that is no number: a reader is not excused by writing nonsense.
- `parse_table` is for everything else: a grid of cells that knows which places a span covers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree, html

from fabeye.errors import FabeyeError
from fabeye.metrics.tree_distance import Tree, tree_distance

LARGEST_SPAN = 1000  # columns, as in HTML (WHATWG, 4.9.11); more is taken as this many
LARGEST_TREE = 20_000  # nodes of a table; the distance takes 8 bytes a pair of nodes, so two such tables 3 GB
FIRST_TAG_TOKEN = 0xF0000  # private use: no text has these characters
TREES_KEPT = 2  # a pair's trees, for the second score of the same pair


class TooLargeTableError(FabeyeError):
    """A table has more nodes than can be compared in reasonable memory; the text says how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: its top left place, counted from 0, and how many rows and columns it covers.

    text: its words with single spaces. inner: its HTML, where subscripts and the like can be seen.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    header: bool
    text: str
    inner: str


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of rows x columns; cells stand in the order of the source."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]

    def grid(self) -> list[list[Cell | None]]:
        """The cell that covers each place, row by row; None where no cell does."""
        places: list[list[Cell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + cell.rowspan, self.rows)):
                for column in range(cell.column, min(cell.column + cell.colspan, self.columns)):
                    places[row][column] = cell
        return places


@dataclass(frozen=True, slots=True)
class _TableTree:
    """labels: tag and spans of each node in postorder; tokens: those of each cell, () for other nodes."""

    labels: tuple[tuple[str, int, int], ...]
    tokens: tuple[tuple[str, ...], ...]
    first_leaves: tuple[int, ...]
    nodes: int


def parse_table(source: str) -> Table:
    """The first table of an HTML text; without one, or without a cell, 0 x 0. Never raises on broken HTML."""
    element = _first_table(source)
    if element is None:
        return Table(0, 0, ())
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table"), None) is element]
    cells = tuple(_placed(rows))
    height = min(len(rows), max((cell.row + cell.rowspan for cell in cells), default=0))
    return Table(height, max((cell.column + cell.colspan for cell in cells), default=0), cells)


def teds(predicted: str, gold: str, *, structure_only: bool = False) -> float:
    """Tree-edit-distance-based similarity of two HTML tables, from 0 (or below) to 1.

    structure_only: leave the cells' text out. Raises TooLargeTableError beyond LARGEST_TREE nodes.
    """
    try:
        first, second = _tree(predicted), _tree(gold)
    except ValueError:
        return 0.0
    if first is None or second is None or max(first.nodes, second.nodes) == 0:
        return 0.0
    distance = tree_distance(*_numbered(first, second, structure_only))
    return 1.0 - distance / max(first.nodes, second.nodes)


def _placed(rows: list[html.HtmlElement]) -> Iterator[Cell]:
    """Cells at the first free place of their row (WHATWG, 4.9.12: forming a table)."""
    taken: dict[int, int] = {}  # column -> first row that is free again
    for number, row in enumerate(rows):
        column = 0
        for element in row.iterchildren("td", "th"):
            while taken.get(column, 0) > number:
                column += 1
            height, width = _span(element, "rowspan"), _span(element, "colspan")
            taken.update(dict.fromkeys(range(column, column + width), number + height))
            yield Cell(
                row=number,
                column=column,
                rowspan=min(height, len(rows) - number),
                colspan=width,
                header=element.tag == "th",
                text=" ".join(element.text_content().split()),
                inner=_inner(element),
            )
            column += width


def _span(element: html.HtmlElement, name: str) -> int:
    written = element.get(name, "1").strip()
    return min(max(int(written), 1), LARGEST_SPAN) if written.isascii() and written.isdigit() else 1


def _inner(element: html.HtmlElement) -> str:
    return (element.text or "") + "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)


def _first_table(source: str) -> html.HtmlElement | None:
    if "<table" not in source.lower():
        return None
    parser = html.HTMLParser(remove_comments=True, encoding="utf-8")
    document = html.document_fromstring(source.replace("\0", ""), parser=parser)
    return next(document.iter("table"), None)


@lru_cache(maxsize=TREES_KEPT)
def _tree(source: str) -> _TableTree | None:
    element = _first_table(source)
    if element is None:
        return None
    nodes = sum(1 for _ in element.iterdescendants(etree.Element))
    if nodes > LARGEST_TREE:
        raise TooLargeTableError(f"a table has {nodes} nodes, more than the {LARGEST_TREE} that can be compared")
    labels: list[tuple[str, int, int]] = []
    tokens: list[tuple[str, ...]] = []
    first_leaves: list[int] = []
    _add(element, labels, tokens, first_leaves)
    return _TableTree(tuple(labels), tuple(tokens), tuple(first_leaves), nodes)


def _add(
    element: html.HtmlElement,
    labels: list[tuple[str, int, int]],
    tokens: list[tuple[str, ...]],
    first_leaves: list[int],
) -> None:
    """Append an element's subtree in postorder. Raises ValueError where a span is no number."""
    first = len(labels)
    if element.tag == "td":
        labels.append(("td", int(element.get("colspan", "1")), int(element.get("rowspan", "1"))))
        tokens.append(tuple(_tokens(element))[1:-1])
    else:
        for child in element:
            _add(child, labels, tokens, first_leaves)
        labels.append((element.tag, 0, 0))
        tokens.append(())
    first_leaves.append(first)


def _tokens(element: html.HtmlElement) -> Iterator[str]:
    """Tags and characters of an element; what follows a cell inside a cell is no part of it."""
    yield f"<{element.tag}>"
    yield from element.text or ""
    for child in element:
        yield from _tokens(child)
    if element.tag != "unk":
        yield f"</{element.tag}>"
    if element.tag != "td":
        yield from element.tail or ""


def _numbered(first: _TableTree, second: _TableTree, structure_only: bool) -> tuple[Tree, Tree]:
    """Both trees with shared numbers for labels, and with each tag inside a cell as one character."""
    kinds: dict[tuple[str, int, int], int] = {}
    tags: dict[str, str] = {}

    def numbered(tree: _TableTree) -> Tree:
        texts = [""] * len(tree.labels) if structure_only else ["".join(map(letter, cell)) for cell in tree.tokens]
        return Tree([kinds.setdefault(label, len(kinds)) for label in tree.labels], texts, tree.first_leaves)

    def letter(token: str) -> str:
        return token if len(token) == 1 else tags.setdefault(token, chr(FIRST_TAG_TOKEN + len(tags)))

    return numbered(first), numbered(second)
