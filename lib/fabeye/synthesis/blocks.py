"""What a document is made of: blocks that know both their Typst source and their truth.

Notable:
- What is shown and what is said to be shown come from the same `Block`, so they cannot part.
- Blocks nest: `Group` keeps some on one page, `Columns` puts lists of them side by side. Reading order is the order of
  this tree, column by column.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fabeye.schema import Category
from fabeye.synthesis.markup import to_typst
from fabeye.synthesis.style import Style, faces, heavy
from fabeye.synthesis.tabulation import Cell, Rows, table_source, table_text
from fabeye.synthesis.typesetting import MATH

BANNER_PT = 15.0


@dataclass(frozen=True, slots=True)
class Block:
    """One thing on the page.

    text: in the notation of markup.py. body(style, name): Typst source; `name` is the region it is marked as.
    wide: as wide as the column, where others are as wide as their content. sticky: stays with the next block.
    """

    category: Category
    text: str
    body: Callable[[Style, str], str]
    align: str = "left"
    wide: bool = False
    sticky: bool = False
    latex: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that stay on one page; `tight` ones with little space between them."""

    nodes: "tuple[Node, ...]"
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Lists of blocks side by side; `shares` are their relative widths."""

    columns: "tuple[tuple[Node, ...], ...]"
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows starts a page."""


Node = Block | Group | Columns | NewPage


def title(text: str, size: float = 0.0, align: str = "left") -> Block:
    """A heading; `size` in points where it differs from the style's."""

    def body(style: Style, _: str) -> str:
        setting = f"#set text(font: {faces(style.heading_faces)}, size: {size or style.heading_size}pt)"
        return f"{setting}\n#set par(justify: false)\n{heavy(style, text)}"

    return Block(Category.TITLE, text, body, align=align, sticky=True)


def banner(text: str) -> Block:
    """The title bar of a slide: white on the style's accent, as wide as the page's text."""

    def body(style: Style, _: str) -> str:
        setting = f"#set text(font: {faces(style.heading_faces)}, size: {BANNER_PT}pt, fill: white)"
        bar = f'#block(width: 100%, inset: (x: 8pt, y: 5pt), fill: rgb("{style.accent}"))'
        return f"{setting}\n{bar}[{heavy(style, text)}]"

    return Block(Category.TITLE, text, body, wide=True, sticky=True)


def paragraph(text: str) -> Block:
    """Running text."""
    return Block(Category.TEXT, text, lambda _style, _name: to_typst(text))


def formula(latex: str, math: str) -> Block:
    """A displayed formula: `latex` is its truth, `math` the same in Typst."""

    def body(_style: Style, _name: str) -> str:
        return f'#show math.equation: set text(font: "{MATH}")\n$ {math} $'

    return Block(Category.FORMULA, "", body, align="center", latex=latex)


def caption(style: Style, category: Category, label: str, text: str) -> Block:
    """A caption such as "Table 3 — Command truth table"; one above its table stays with it."""
    whole = f"{label}{style.caption_mark}{text}"
    above = category is Category.TABLE_CAPTION and style.caption_above_table

    def body(drawn: Style, _: str) -> str:
        return f"#set par(justify: false)\n{heavy(drawn, whole)}"

    return Block(category, whole, body, align="center" if style.centred_captions else "left", sticky=above)


def note(text: str) -> Block:
    """A note below a table."""

    def body(style: Style, _: str) -> str:
        return f"#set text(size: {style.table_size - 0.5}pt)\n{to_typst(text)}"

    return Block(Category.TABLE_FOOTNOTE, text, body)


def figure(name: str, width: float, over: str = "") -> Block:
    """A picture `width` points wide; `over` is Typst source drawn on it, such as a frame around a find."""
    picture = f'#image("{name}", width: {width:.2f}pt)'
    return Block(Category.FIGURE, "", lambda _style, _name: picture + over, align="center")


def table(rows: Rows, columns: str, align: str = "center") -> Block:
    """A table; `columns` are Typst widths, one a column, such as "auto, 1fr"."""
    kept = tuple(tuple(row) for row in rows)

    def body(style: Style, name: str) -> str:
        return table_source(style, name, kept, columns)

    return Block(Category.TABLE, table_text(kept), body, align, wide="fr" in columns, rows=kept)


def captioned_table(style: Style, label: str, text: str, body: Block, notes: Sequence[str]) -> Group:
    """A table, its caption above or below as the style says, and its notes, on one page."""
    head = caption(style, Category.TABLE_CAPTION, label, text)
    pair: tuple[Node, ...] = (head, body) if style.caption_above_table else (body, head)
    return Group((*pair, *(note(line) for line in notes)), tight=True)


def captioned_figure(style: Style, label: str, text: str, body: Block) -> Group:
    """A figure with its caption below, on one page."""
    return Group((body, caption(style, Category.FIGURE_CAPTION, label, text)))


def walk(nodes: Sequence[Node]) -> Iterator[Block]:
    """Blocks in reading order."""
    for node in nodes:
        if isinstance(node, Block):
            yield node
        elif isinstance(node, Group):
            yield from walk(node.nodes)
        elif isinstance(node, Columns):
            for column in node.columns:
                yield from walk(column)
