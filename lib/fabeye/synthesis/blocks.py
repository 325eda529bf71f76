"""What a document is made of: blocks that know both their Typst source and their truth.

Notable:
- What is shown and what is said to be shown come from the same `Block`, so they cannot part.
- Blocks nest: `Group` keeps some on one page, `Columns` puts lists of them side by side. Reading order is the order of
  this tree, column by column.
- Running text (`flowing`) may break over columns and pages, and its lines are part of the truth; all else is whole.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fabeye.schema import Category
from fabeye.synthesis.formulas import to_math
from fabeye.synthesis.markup import escape, pieces, to_text, to_typst
from fabeye.synthesis.shown import PictureText, Shown
from fabeye.synthesis.style import BLACK, Style, faces, heavy
from fabeye.synthesis.tabulation import Cell, Rows, table_source, table_text
from fabeye.synthesis.typesetting import CJK_MONO, MATH, MONO

BANNER_PT = 15.0
CODE_PT = 7.5
RULED_PT = 2.0  # headings larger than this above the style's are titles, which no rule underlines
STAMP_RADIUS_PT = 30.0
STAMP_ROOM_PT = 36.0  # width of the letters in a stamp
STAMP_RED = "#c8102e"
TARGET = "@TARGET@"  # stands for the label of a block's target
PAGE = "<page>"  # stands for the page's number in the text of a head, a foot or a contents entry
NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Block:
    """One thing on the page.

    text: in the notation of markup.py. body(style, name): Typst source; `name` is the region it is marked as.
    wide: as wide as the column, where others are as wide as their content. sticky: stays with the next block.
    detail, texts: what a picture shows, and the words in it. flowing: running text, whose lines are marked.
    size: of the letters in points, 0 for the style's. label, indent, hanging: of a list's item, in points.
    note: the footnote that the text ends with. target: the block whose page a contents entry names.
    """

    category: Category
    text: str
    body: Callable[[Style, str], str]
    align: str = "left"
    wide: bool = False
    sticky: bool = False
    latex: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)
    texts: tuple[PictureText, ...] = ()
    flowing: bool = False
    size: float = 0.0
    label: str = ""
    indent: float = 0.0
    hanging: float = 0.0
    note: "Block | None" = None
    target: "Block | None" = None


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that stay on one page; `tight` ones with little space between them."""

    nodes: "tuple[Node, ...]"
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Spanning:
    """Blocks that stay together; where text runs in two columns they are as wide as both, at the top of a page."""

    nodes: "tuple[Node, ...]"
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Lists of blocks side by side; `shares` are their relative widths."""

    columns: "tuple[tuple[Node, ...], ...]"
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Landscape:
    """Blocks on pages of their own that lie on their side."""

    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows starts a page; `body` ends the roman numbers of the front matter."""

    body: bool = False


@dataclass(frozen=True, slots=True)
class Space:
    """Room of so many points."""

    points: float


Node = Block | Group | Spanning | Columns | Landscape | NewPage | Space


def title(text: str, size: float = 0.0, align: str = "left") -> Block:
    """A heading; `size` in points where it differs from the style's."""

    def body(style: Style, name: str) -> str:
        look = f"font: {faces(style.heading_faces)}, size: {size or style.heading_size}pt"
        colour = "" if style.heading_colour == BLACK else f', fill: rgb("{style.heading_colour}")'
        words = heavy(style, text, name)
        numbered = style.ruled_headings and size <= style.heading_size + RULED_PT
        ruled = f"#block(stroke: (bottom: 0.7pt), inset: (bottom: 2.5pt))[{words}]" if numbered else words
        return f"#set text({look}{colour})\n#set par(justify: false)\n{ruled}"

    return Block(Category.TITLE, text, body, align=align, sticky=True, size=size)


def banner(text: str) -> Block:
    """The title bar of a slide: white on the style's accent, as wide as the page's text."""

    def body(style: Style, name: str) -> str:
        setting = f"#set text(font: {faces(style.heading_faces)}, size: {BANNER_PT}pt, fill: white)"
        bar = f'#block(width: 100%, inset: (x: 8pt, y: 5pt), fill: rgb("{style.accent}"))'
        return f"{setting}\n{bar}[{heavy(style, text, name)}]"

    return Block(Category.TITLE, text, body, wide=True, sticky=True)


def paragraph(text: str, colour: str = "", note: str = "", size: float = 0.0) -> Block:
    """Running text; `colour` as in "#c00000". note: its footnote, whose mark, such as "^{1}", begins it."""
    return Block(
        Category.TEXT, text + _mark(note), _running(text, colour, note), flowing=True, size=size, note=_footnote(note)
    )


def item(label: str, text: str, depth: int = 0, hanging: float = 0.0) -> Block:
    """An item of a list, such as "a) text"; `depth` counts the lists around its own, `hanging` is its text's indent."""
    hanging = hanging or 11.0 + 3.5 * len(label)
    return Block(
        Category.TEXT, text, _running(text), flowing=True, label=label, indent=8.0 + 16.0 * depth, hanging=hanging
    )


def code(text: str) -> Block:
    """A listing; lines of more than 90 letters do not fit a page's width."""

    def body(_style: Style, _name: str) -> str:
        lines = "\\\n".join(f"{shown}#w;" for _, shown in _code_pieces(text))
        setting = f'#set text(font: ("{MONO}", "{CJK_MONO}", "DejaVu Sans"), size: {CODE_PT}pt)'
        return f"{setting}\n#set par(justify: false, leading: 0.2em)\n{lines}"

    return Block(Category.CODE, text, body, flowing=True, size=CODE_PT)


def formula(latex: str, math: str = "") -> Block:
    """A displayed formula: `latex` is its truth; `math` the same in Typst where the converter does not do."""

    def body(_style: Style, _name: str) -> str:
        return f'#show math.equation: set text(font: "{MATH}")\n$ {math or to_math(latex)} $'

    return Block(Category.FORMULA, "", body, align="center", latex=latex)


def caption(style: Style, category: Category, label: str, text: str) -> Block:
    """A caption such as "Table 3 — Command truth table"; one above its table stays with it."""
    whole = f"{label}{style.caption_mark}{text}"
    above = category is Category.TABLE_CAPTION and style.caption_above_table

    def body(drawn: Style, name: str) -> str:
        return f"#set par(justify: false)\n{heavy(drawn, whole, name)}"

    return Block(category, whole, body, align="center" if style.centred_captions else "left", sticky=above)


def note(text: str) -> Block:
    """A note below a table."""

    def body(style: Style, name: str) -> str:
        return f"#set text(size: {style.table_size - 0.5}pt)\n#set par(justify: false)\n{to_typst(text, name)}"

    return Block(Category.TABLE_FOOTNOTE, text, body)


def figure(name: str, width: float, shown: Shown = Shown(), over: str = "") -> Block:  # noqa: B008 - it is frozen
    """A picture `width` points wide and what it shows; `over` is Typst source drawn on it, such as a frame."""
    picture = f'#image("{name}", width: {width:.2f}pt)'
    return Block(
        Category.FIGURE,
        "",
        lambda _style, _name: picture + over,
        align="center",
        detail=shown.detail,
        texts=shown.texts,
    )


def table(rows: Rows, columns: str, align: str = "center", continues: bool = False, bare: bool = False) -> Block:
    """A table; `columns` are Typst widths, one a column, such as "auto, 1fr".

    continues: it goes on from the page before. bare: without rules.
    """
    kept = tuple(tuple(row) for row in rows)

    def body(style: Style, name: str) -> str:
        return table_source(style, name, kept, columns, bare)

    detail = {"continues": True} if continues else {}
    return Block(Category.TABLE, table_text(kept), body, align, wide="fr" in columns, rows=kept, detail=detail)


def turned(block: Block) -> Block:
    """A block turned a quarter to the left, as wide tables stand on upright pages."""

    def body(style: Style, name: str) -> str:
        return f"#rotate(-90deg, reflow: true)[\n{block.body(style, name)}\n]"

    return Block(block.category, block.text, body, "center", rows=block.rows, detail=block.detail)


def stamp(words: str, below: str = "") -> Block:
    """A round red stamp, such as that of a controlled copy; a star, the words and a line below."""

    def body(style: Style, name: str) -> str:
        ring = f'radius: {STAMP_RADIUS_PT}pt, stroke: 1.8pt + rgb("{STAMP_RED}"), inset: 2pt'
        face = f'#set text(font: {faces(style.heading_faces)}, fill: rgb("{STAMP_RED}"))'
        star = 'text(size: 11pt, font: "DejaVu Sans")[★]'
        size = min(10.0, STAMP_ROOM_PT / sum(1.0 if letter > "\u2e80" else 0.72 for letter in words))
        lines = f"{star}, text(size: {size:.2f}pt)[{heavy(style, words)}], text(size: 6.5pt)[{to_typst(below, name)}]"
        return f"{face}\n#circle({ring}, align(center + horizon, stack(spacing: 3pt, {lines})))"

    return Block(Category.ABANDON, f"★ {words} {below}".rstrip(), body)


def entry(text: str, target: Block, depth: int = 0) -> Block:
    """An entry of the contents: a text, dots, and the number of the page on which `target` stands."""

    def body(_style: Style, name: str) -> str:
        dots = 'box(width: 1fr, inset: (x: 3pt), line(length: 100%, stroke: (thickness: 0.7pt, dash: "dotted")))'
        return (
            f"#set par(justify: false)\n#pad(left: {12 * depth}pt)[{to_typst(text, name)} #{dots} #page-of({TARGET})]"
        )

    return Block(Category.TEXT, f"{text} {PAGE}", body, wide=True, target=target)


def captioned_table(style: Style, label: str, text: str, body: Block, notes: Sequence[str]) -> Group:
    """A table, its caption above or below as the style says, and its notes, on one page."""
    return captioned(style, caption(style, Category.TABLE_CAPTION, label, text), body, notes)


def captioned(style: Style, head: Block, body: Block, notes: Sequence[str] = ()) -> Group:
    """A table with a caption that is at hand already, above or below as the style says, and its notes, on one page."""
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
            if node.note:
                yield node.note
        elif isinstance(node, Group | Spanning | Landscape):
            yield from walk(node.nodes)
        elif isinstance(node, Columns):
            for column in node.columns:
                yield from walk(column)


def cut(block: Block, name: str) -> list[tuple[str, str]]:
    """Running text as (truth, Typst) of each piece that a line may end with."""
    if block.category is Category.CODE:
        return _code_pieces(block.text)
    mark = _mark(block.note.text) if block.note else ""
    return pieces(block.text.removesuffix(mark), name) + ([(to_text(mark), "")] if mark else [])


def _running(text: str, colour: str = "", footnote: str = "") -> Callable[[Style, str], str]:
    def body(_style: Style, name: str) -> str:
        setting = f'#set text(fill: rgb("{colour}"))\n' if colour else ""
        words = "".join(_marked(shown) for _, shown in pieces(text, name))
        return setting + words + (f"{_footnote_source(footnote, name)}#w;" if footnote else "")

    return body


def _marked(shown: str) -> str:
    """A piece with the mark of its end, which stands before the space: a line does not end with one."""
    bare = shown.rstrip()
    return f"{bare}#w;{shown[len(bare) :]}"


def _mark(footnote: str) -> str:
    return footnote.split("}")[0] + "}" if footnote else ""


def _footnote(text: str) -> Block | None:
    """The footnote as a block of its own; its source is part of the text that it belongs to."""
    return Block(Category.PAGE_FOOTNOTE, text, lambda _style, _name: "") if text else None


def _footnote_source(text: str, name: str) -> str:
    return f'#footnote(region("{name}n", [{to_typst(text, name + "n")}]))'


def _code_pieces(text: str) -> list[tuple[str, str]]:
    return [(line + "\n", escape(line.replace(" ", NO_BREAK_SPACE))) for line in text.split("\n")]
