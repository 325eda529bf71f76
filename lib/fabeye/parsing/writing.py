"""A page's elements as Markdown, and as layout JSON: the forms in which parsers are compared."""

from collections.abc import Sequence
from typing import Any

from fabeye.omnidoc import BLOCK
from fabeye.schema import Category, Element

UNWRITTEN = (Category.HEADER, Category.FOOTER, Category.PAGE_NUMBER, Category.ABANDON)  # not part of what a page says
FENCE = "```"


def page_markdown(elements: Sequence[Element]) -> str:
    """The blocks of a page in reading order; without headers, footers and page numbers. Lines where it has no block."""
    blocks = [one for one in elements if one.level == BLOCK] or list(elements)
    shown = (one for one in sorted(blocks, key=lambda one: one.order) if one.category not in UNWRITTEN)
    return "\n\n".join(text for one in shown if (text := written(one)))


def page_words(elements: Sequence[Element]) -> str:
    """The bare words of a page, a block a line; of a teacher that gives no blocks, its lines."""
    blocks = [one for one in elements if one.level == BLOCK] or list(elements)
    return "\n".join(one.text for one in sorted(blocks, key=lambda one: one.order) if one.text)


def page_regions(elements: Sequence[Element]) -> list[dict[str, Any]]:
    """Its blocks as {"bbox", "category", "text", "score"}, in reading order; lines where it has no block."""
    chosen = [one for one in elements if one.level == BLOCK] or list(elements)
    blocks = sorted(chosen, key=lambda one: one.order)
    return [
        {"bbox": [one.x0, one.y0, one.x1, one.y1], "category": one.category, "text": written(one), "score": one.score}
        for one in blocks
    ]


def written(element: Element) -> str:
    """One element as Markdown; a figure is a picture without a file."""
    match element.category:
        case Category.FIGURE:
            return "![](figure)"
        case Category.TABLE if element.html:
            return element.html
        case Category.FORMULA:
            return f"$$\n{element.latex or element.text}\n$$"
        case Category.TITLE:
            return f"# {element.text}"
        case Category.CODE:
            return f"{FENCE}\n{element.text}\n{FENCE}"
        case _:
            return element.text
