"""A document before it is set, and the truth of its pages once it is.

Notable:
- A page's head and foot repeat; their truth is written for every page on which their marks appear.
- Truth is in points, origin top left; generate.py turns it into pixels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from fabeye.schema import Category
from fabeye.synthesis.blocks import Block, Columns, Group, NewPage, Node, walk
from fabeye.synthesis.markup import to_plain, to_typst
from fabeye.synthesis.style import Style, preamble
from fabeye.synthesis.tabulation import places, table_html
from fabeye.synthesis.typesetting import Box, Typeset, typeset

PAGE = "<page>"  # stands for the page's number in the text of its head or foot


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in the head or foot of a page; `text` may hold PAGE, `align` is left, center or right."""

    category: Category
    text: str
    align: str


@dataclass(frozen=True, slots=True)
class Furniture:
    """The head or the foot of odd and of even pages; `size` of its letters in points."""

    odd: tuple[Part, ...]
    even: tuple[Part, ...]
    size: float = 8.0


@dataclass(frozen=True, slots=True)
class Manuscript:
    """Everything that is needed to set a document; `pictures` are files by name, `first_page` is a number to print."""

    style: Style
    nodes: tuple[Node, ...]
    head: Furniture
    foot: Furniture
    pictures: dict[str, bytes] = field(default_factory=dict)
    first_page: int = 1


@dataclass(frozen=True, slots=True)
class Truth:
    """What stands where: a block or one line of it."""

    category: Category
    level: Literal["block", "line"]
    box: Box
    text: str
    html: str = ""
    latex: str = ""


@dataclass(frozen=True, slots=True)
class TruePage:
    """A page's size in points, and its truth in reading order, a table's cells after their table."""

    width: float
    height: float
    truths: tuple[Truth, ...]


def set_manuscript(manuscript: Manuscript) -> tuple[bytes, tuple[TruePage, ...]]:
    """Set a manuscript: its PDF and the truth of each page. Raises TypesettingError when Typst refuses it."""
    blocks = tuple(walk(manuscript.nodes))
    done = typeset(source(manuscript, blocks), manuscript.pictures)
    pages = 1 + max(page for page, _ in done.boxes)
    return done.pdf, tuple(_true_page(manuscript, blocks, page, done) for page in range(pages))


def source(manuscript: Manuscript, blocks: Sequence[Block]) -> str:
    """Typst source of the whole document; block number n of `blocks` is marked as region "b<n>"."""
    names = {id(block): f"b{number}" for number, block in enumerate(blocks)}
    return "\n\n".join(
        (
            preamble(manuscript.style),
            f"#counter(page).update({manuscript.first_page})",
            _furniture_source(manuscript.head, "header"),
            _furniture_source(manuscript.foot, "footer"),
            *(_node_source(node, manuscript.style, names) for node in manuscript.nodes),
        )
    )


def _node_source(node: Node, style: Style, names: dict[int, str]) -> str:
    if isinstance(node, NewPage):
        return "#pagebreak(weak: true)"
    if isinstance(node, Group):
        spacing = "#set block(spacing: 0.45em)\n" if node.tight else ""
        return f"#block(width: 100%, breakable: false)[\n{spacing}{_sources(node.nodes, style, names)}\n]"
    if isinstance(node, Columns):
        shares = ", ".join(f"{share}fr" for share in node.shares)
        columns = ", ".join(f"[\n{_sources(column, style, names)}\n]" for column in node.columns)
        return f"#grid(columns: ({shares},), column-gutter: 12pt, {columns})"
    return _block_source(node, style, names[id(node)])


def _sources(nodes: Sequence[Node], style: Style, names: dict[int, str]) -> str:
    return "\n\n".join(_node_source(node, style, names) for node in nodes)


def _block_source(block: Block, style: Style, name: str) -> str:
    width = "100%" if block.wide else "auto"
    region = f'region("{name}", [\n{block.body(style, name)}\n], width: {width}, sticky: {str(block.sticky).lower()})'
    # alignment as a rule around the region: inside an align element it could not stick to the next block
    return f"#[\n#set align({block.align})\n#{region}\n]"


def _furniture_source(furniture: Furniture, kind: str) -> str:
    odd, even = (_parts_source(parts, kind) for parts in (furniture.odd, furniture.even))
    choice = f"if calc.odd(counter(page).get().first()) {{ {odd} }} else {{ {even} }}"
    return f"#set page({kind}: context {{ set text(size: {furniture.size}pt); {choice} }})"


def _parts_source(parts: Sequence[Part], kind: str) -> str:
    cells = []
    for number, part in enumerate(parts):
        text = "#counter(page).display()".join(to_typst(piece) for piece in part.text.split(PAGE))
        cells.append(f'align({part.align}, region("{kind}{number}", [{text}]))')
    return f"grid(columns: (1fr,) * {len(parts)}, {', '.join(cells)})" if parts else "none"


def _true_page(manuscript: Manuscript, blocks: Sequence[Block], page: int, done: Typeset) -> TruePage:
    number = page + manuscript.first_page
    truths = [
        *_furniture_truth(manuscript.head, "header", number, page, done),
        *(truth for count, block in enumerate(blocks) for truth in _block_truth(block, f"b{count}", page, done)),
        *_furniture_truth(manuscript.foot, "footer", number, page, done),
    ]
    return TruePage(manuscript.style.paper.width, manuscript.style.paper.height, tuple(truths))


def _block_truth(block: Block, name: str, page: int, done: Typeset) -> Iterator[Truth]:
    box = done.boxes.get((page, name))
    if box is None:
        return
    yield Truth(block.category, "block", box, to_plain(block.text), table_html(block.rows), block.latex)
    for row, column, cell in places(block.rows):
        if cell.text:  # an empty cell is structure, which the HTML tells; there is nothing in it to read
            yield Truth(block.category, "line", done.boxes[page, f"{name}/{row}/{column}"], to_plain(cell.text))


def _furniture_truth(furniture: Furniture, kind: str, number: int, page: int, done: Typeset) -> Iterator[Truth]:
    for count, part in enumerate(furniture.odd if number % 2 else furniture.even):
        text = to_plain(part.text.replace(PAGE, str(number)))
        yield Truth(part.category, "block", done.boxes[page, f"{kind}{count}"], text)
