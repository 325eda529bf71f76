"""A document before it is set, its Typst source, and the truth of its pages once it is.

Notable:
- A page's head and foot repeat; their truth is written for every page on which their marks appear. So do overlays,
  such as a watermark or the stamp of whoever downloaded the file.
- Pages before the body carry roman numbers; a contents entry's page number is known once the document is set.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from fabeye.schema import Category
from fabeye.synthesis.blocks import (
    PAGE,
    TARGET,
    Block,
    Columns,
    Landscape,
    NewPage,
    Node,
    Space,
    Spanning,
    cut,
    walk,
)
from fabeye.synthesis.markup import to_plain, to_text, to_typst
from fabeye.synthesis.style import COLUMN_GUTTER_PT, Style, faces, preamble
from fabeye.synthesis.truth import (
    TrueEntity,
    TruePage,
    Truth,
    block_entities,
    block_truths,
    value_entities,
    with_overhang,
)
from fabeye.synthesis.typesetting import PAPER, Typeset, typeset

__all__ = ["PAGE", "Furniture", "Manuscript", "Overlay", "Part", "TrueEntity", "TruePage", "Truth", "set_manuscript"]

OVERFLOW_PT = 1.0  # by which a block may end below the room for text
BODY = "body"  # the region of no size at which the body begins
BODY_MARK = f'#place[#metadata(none)<body>#mark("{BODY}", 0)#mark("{BODY}", 1)]'
WATERMARK_GREY = 228
WATERMARK_PT = 54.0
STAMP_GREY = 95
STAMP_PT = 7.0
EDGE_PT = 13.0  # from the paper's edge to an overlay
PLACES = {
    "watermark": ("center + horizon", "-35deg", WATERMARK_PT, WATERMARK_GREY, ""),
    "bottom": ("bottom + center", "0deg", STAMP_PT, STAMP_GREY, f", dy: -{EDGE_PT}pt"),
    "left": ("left + horizon", "-90deg", STAMP_PT, STAMP_GREY, f", dx: {EDGE_PT}pt"),
}
BESIDE_TEXT = {Category.HEADER, Category.FOOTER, Category.PAGE_NUMBER, Category.PAGE_FOOTNOTE, Category.ABANDON}
SUBTRACTIVE = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in the head or foot of a page; `text` may hold PAGE, `align` is left, center or right."""

    category: Category
    text: str
    align: str


@dataclass(frozen=True, slots=True)
class Furniture:
    """The head or the foot of odd and of even pages.

    size: of its letters in points. rule: colour of the line between it and the text, "" for none.
    """

    odd: tuple[Part, ...]
    even: tuple[Part, ...]
    size: float = 8.0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Overlay:
    """Words on every page that belong to no text: a pale watermark, or a small line at the bottom or left edge."""

    text: str
    place: Literal["watermark", "bottom", "left"]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """Everything that is needed to set a document.

    pictures: files by name. first_page: a number to print. bare: how many pages at the start have no head and foot.
    scenario: number of the failure scenario in the generator's table, -1 for none. attributes: of the pages, beside
    those that follow from how they are set.
    """

    style: Style
    nodes: tuple[Node, ...]
    head: Furniture
    foot: Furniture
    pictures: dict[str, bytes] = field(default_factory=dict)
    first_page: int = 1
    bare: int = 0
    overlays: tuple[Overlay, ...] = ()
    scenario: int = -1
    attributes: dict[str, Any] = field(default_factory=dict)


def set_manuscript(manuscript: Manuscript) -> tuple[bytes, tuple[TruePage, ...]]:
    """Set a manuscript: its PDF and the truth of each page. Raises TypesettingError when Typst refuses it.

    Where two columns and what spans them do not get along, so that something runs into the foot or a line is lost, it
    is set in one column.
    """
    named = _named(manuscript)
    done = typeset(source(manuscript), manuscript.pictures)
    if manuscript.style.columns > 1 and (_overflows(manuscript, named, done) or _loses_lines(named, done)):
        return set_manuscript(replace(manuscript, style=replace(manuscript.style, columns=1)))
    return done.pdf, _true_pages(manuscript, named, done)


def _overflows(manuscript: Manuscript, named: dict[str, Block], done: Typeset) -> bool:
    """Whether a block ends below the room for text, or was squeezed to nothing at its end."""
    room = manuscript.style.paper.margin_bottom - OVERFLOW_PT
    return any(
        region in named and (box[3] > done.papers[page][1] - room or box[3] - box[1] < OVERFLOW_PT)
        for (page, region), box in done.boxes.items()
    )


def _loses_lines(named: dict[str, Block], done: Typeset) -> bool:
    """Whether fewer pieces of a running text were set than it has: Typst drops lines beside a page full of floats."""
    return any(len(cut(named[name], name)) != len(flow.ends) for name, flow in done.flows.items() if name in named)


def source(manuscript: Manuscript) -> str:
    """Typst source of the whole document; block number n is marked as region "b<n>", its footnote as "b<n>n"."""
    named = _named(manuscript)
    names = {id(block): name for name, block in named.items()}
    targets = {id(block.target) for block in named.values() if block.target}
    writer = _Writer(manuscript.style, manuscript.first_page, names, targets)
    return "\n\n".join(
        (
            preamble(manuscript.style),
            _overlay_source(manuscript),
            _furniture_source(manuscript, manuscript.head, "header"),
            _furniture_source(manuscript, manuscript.foot, "footer"),
            *([] if _has_front(manuscript) else [BODY_MARK]),
            writer.nodes(manuscript.nodes),
        )
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes nodes as Typst source; names: of blocks by id. targets: ids of blocks that a contents entry names."""

    style: Style
    first_page: int
    names: dict[int, str]
    targets: set[int]

    def node(self, node: Node) -> str:
        """Typst source of a node."""
        if isinstance(node, Block):
            return self.block(node)
        if isinstance(node, Columns):
            shares = ", ".join(f"{share}fr" for share in node.shares)
            columns = ", ".join(f"[\n{self.nodes(column)}\n]" for column in node.columns)
            return f"#grid(columns: ({shares},), column-gutter: 12pt, {columns})"
        if isinstance(node, NewPage):
            return f"#pagebreak(weak: true)\n{BODY_MARK if node.body else ''}"
        if isinstance(node, Space):
            return f"#v({node.points}pt)"
        if isinstance(node, Landscape):
            return f"#page(flipped: true, columns: 1)[\n{self.nodes(node.nodes)}\n]"
        spacing = "#set block(spacing: 0.45em)\n" if node.tight else ""
        inner = f"[\n{spacing}{self.nodes(node.nodes)}\n]"
        if isinstance(node, Spanning) and self.style.columns > 1:
            return f'#place(top, float: true, scope: "parent", clearance: 1em, block(width: 100%, {inner}))'
        return f"#block(width: 100%, breakable: false){inner}"

    def nodes(self, nodes: Sequence[Node]) -> str:
        """Typst source of nodes below each other."""
        return "\n\n".join(self.node(node) for node in nodes)

    def block(self, block: Block) -> str:
        """Typst source of a block, marked with its name."""
        name = self.names[id(block)]
        words = block.body(self.style, name)
        if block.target:
            words = words.replace(TARGET, f'label("{self.names[id(block.target)]}"), {self.first_page}')
        if id(block) in self.targets:
            words = f'#metadata(none)#label("{name}")\n{words}'
        if block.flowing:
            return self._flow(block, name, words)
        width = "100%" if block.wide else "auto"
        region = f'region("{name}", [\n{words}\n], width: {width}, sticky: {str(block.sticky).lower()})'
        # alignment as a rule around the region: inside an align element it could not stick to the next block
        return f"#[\n#set align({block.align})\n#{region}\n]"

    @staticmethod
    def _flow(block: Block, name: str, words: str) -> str:
        size = f"#set text(size: {block.size}pt)\n" if block.size else ""
        hanging = f"#set par(hanging-indent: {block.hanging}pt)\n" if block.hanging else ""
        label = f"#box(width: {block.hanging}pt)[{to_typst(block.label)}]" if block.label else ""
        # a mark at the very end of a paragraph would be set outside it: a space of no width follows the last one
        flow = f'#let w = mark("{name}", 4)\n#flow("{name}", [\n{size}{hanging}{label}{words}#h(0pt)\n])'
        return f"#[\n{flow}\n]" if not block.indent else f"#pad(left: {block.indent}pt)[\n{flow}\n]"


def _named(manuscript: Manuscript) -> dict[str, Block]:
    """All blocks by name, in reading order; a footnote is named after its paragraph."""
    named: dict[str, Block] = {}
    last, notes = "", set()
    for block in walk(manuscript.nodes):
        last = f"{last}n" if id(block) in notes else f"b{len(named)}"
        notes |= {id(block.note)} if block.note else set()
        named[last] = block
    return named


def _has_front(manuscript: Manuscript) -> bool:
    return any(isinstance(node, NewPage) and node.body for node in manuscript.nodes)


def _numbers(manuscript: Manuscript, done: Typeset) -> list[tuple[int, str]]:
    """Each page's number, and how it is printed."""
    body = next((page for page, region in done.boxes if region == BODY), 0)
    front = [(page + 1, roman(page + 1)) for page in range(body)]
    rest = range(manuscript.first_page, manuscript.first_page + len(done.papers) - body)
    return front + [(number, str(number)) for number in rest]


def roman(number: int) -> str:
    """A number in small roman letters.

    >>> roman(14)
    'xiv'
    """
    letters = ""
    for value, sign in (*SUBTRACTIVE, *SMALL):
        letters += sign * (number // value)
        number %= value
    return letters


def _overlay_source(manuscript: Manuscript) -> str:
    parts = [f'place(top + left, mark("{PAPER}", 0))', f'place(bottom + right, mark("{PAPER}", 1))']
    for number, overlay in enumerate(manuscript.overlays):
        place, turn, size, grey, shift = PLACES[overlay.place]
        words = to_typst(overlay.text, f"over{number}")
        look = f"font: {faces(manuscript.style.heading_faces)}, size: {size}pt, fill: luma({grey})"
        turned = f"rotate({turn}, reflow: true, text({look})[{words}])"
        parts.append(f'place({place}{shift}, region("over{number}", {turned}))')
    return f"#set page(background: {{ {'; '.join(parts)} }})"


def _furniture_source(manuscript: Manuscript, furniture: Furniture, kind: str) -> str:
    first = manuscript.first_page
    odd, even = (_parts_source(parts, kind, first) for parts in (furniture.odd, furniture.even))
    choice = f"if is-odd({first}) {{ {odd} }} else {{ {even} }}"
    if furniture.rule:
        line = f'line(length: 100%, stroke: 0.8pt + rgb("{furniture.rule}"))'
        order = (choice, line) if kind == "header" else (line, choice)
        choice = f"stack(spacing: 4pt, {', '.join(order)})"
    shown = f"context if here().page() > {manuscript.bare} {{ set text(size: {furniture.size}pt); {choice} }}"
    return f"#set page({kind}: {shown})"


def _parts_source(parts: Sequence[Part], kind: str, first_page: int) -> str:
    cells = []
    for number, part in enumerate(parts):
        name = f"{kind}{number}"
        text = f"#page-number({first_page})".join(to_typst(piece, name) for piece in part.text.split(PAGE))
        cells.append(f'align({part.align}, region("{name}", [{text}]))')
    return f"grid(columns: (1fr,) * {len(parts)}, {', '.join(cells)})" if parts else "none"


def _true_pages(manuscript: Manuscript, named: dict[str, Block], done: Typeset) -> tuple[TruePage, ...]:
    numbers = _numbers(manuscript, done)
    pages_of: dict[str, set[int]] = {name: {end.page for end in flow.ends} for name, flow in done.flows.items()}
    for page, region in done.boxes:
        pages_of.setdefault(region, set()).add(page)
    names = {id(block): name for name, block in named.items()}
    shown: list[list[tuple[str, Block, str]]] = [[] for _ in numbers]
    for name, block in _ordered(manuscript, named):
        goal = pages_of[names[id(block.target)]] if block.target else set()
        text = block.text.replace(PAGE, numbers[min(goal)][1]) if goal else block.text
        for page in pages_of.get(name, ()):
            shown[page].append((name, block, text))
    return tuple(_true_page(manuscript, shown[page], page, number, done) for page, number in enumerate(numbers))


def _true_page(
    manuscript: Manuscript,
    shown: Sequence[tuple[str, Block, str]],
    page: int,
    number: tuple[int, str],
    done: Typeset,
) -> TruePage:
    """The truth of a page, whose blocks are `shown` by name and text and whose number is `number`."""
    truths, spanning = list(_furniture_truth(manuscript.head, "header", number, page, done)), _spanning(manuscript)
    entities: list[TrueEntity] = []
    for name, block, text in shown:
        style = replace(manuscript.style, columns=1) if id(block) in spanning else manuscript.style
        truths += block_truths(block, name, page, done, style, text)
        entities += block_entities(block, name, page, done)
    truths += _furniture_truth(manuscript.foot, "footer", number, page, done)
    truths += _overlay_truth(manuscript, page, done)
    for name, text in _repeated(manuscript, number):
        entities += value_entities(text, name, page, done)
    size = done.papers[page]
    return TruePage(*size, tuple(truths), tuple(entities), _layout(manuscript.style.columns, size[0], truths))


def _layout(columns: int, width: float, truths: Sequence[Truth]) -> str:
    """How the text of a page runs: by its blocks, as a document in two columns may fill a page across."""
    boxes = [one.box for one in truths if one.level == "block" and one.category not in BESIDE_TEXT]
    beside = any(box[0] > width / 2 for box in boxes)
    across = any(box[0] < width / 2 - COLUMN_GUTTER_PT and box[2] > width / 2 + COLUMN_GUTTER_PT for box in boxes)
    if columns == 1 or not beside:
        return "single_column"
    return "1andmore_column" if across else "double_column"


def _repeated(manuscript: Manuscript, number: tuple[int, str]) -> Iterator[tuple[str, str]]:
    """Region and text of all that a page has of head, foot and overlays."""
    for kind, furniture in (("header", manuscript.head), ("footer", manuscript.foot)):
        for count, part in enumerate(furniture.odd if number[0] % 2 else furniture.even):
            yield f"{kind}{count}", part.text
    for count, overlay in enumerate(manuscript.overlays):
        yield f"over{count}", overlay.text


def _ordered(manuscript: Manuscript, named: dict[str, Block]) -> list[tuple[str, Block]]:
    """Blocks as they are read on a page: what spans the columns stands at its top, footnotes at its end."""
    spanning = _spanning(manuscript)
    return sorted(
        named.items(), key=lambda one: (one[1].category is Category.PAGE_FOOTNOTE, id(one[1]) not in spanning)
    )


def _spanning(manuscript: Manuscript) -> set[int]:
    """Ids of the blocks that are as wide as all columns."""
    if manuscript.style.columns == 1:
        return set()
    return {id(block) for node in manuscript.nodes if isinstance(node, Spanning) for block in walk(node.nodes)}


def _overlay_truth(manuscript: Manuscript, page: int, done: Typeset) -> Iterator[Truth]:
    for count, overlay in enumerate(manuscript.overlays):
        yield Truth(Category.ABANDON, "block", done.boxes[page, f"over{count}"], to_text(overlay.text))


def _furniture_truth(
    furniture: Furniture, kind: str, number: tuple[int, str], page: int, done: Typeset
) -> Iterator[Truth]:
    for count, part in enumerate(furniture.odd if number[0] % 2 else furniture.even):
        box = done.boxes.get((page, f"{kind}{count}"))
        if box:
            text = part.text.replace(PAGE, number[1])
            yield Truth(
                part.category, "block", with_overhang(box, to_plain(text).split(), furniture.size), to_text(text)
            )
