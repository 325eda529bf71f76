"""Cells as Markdown, letter for letter as the model's own package writes them."""

import base64
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

from PIL import Image

FURNITURE = ("Page-header", "Page-footer")  # left out where the page's words alone are wanted
COMMAND = re.compile(r"\\[A-Za-z]+|\\[(\[]")
INLINE = re.compile(r"\$[^$]+\$|\\\[.+?\\\]|\\\(.+?\\\)", re.DOTALL)
PACKAGE = re.compile(r"\\usepackage(\[[^\]]*\])?\{[^}]*\}")


def to_markdown(cells: Iterable[Mapping[str, Any]], page: Image.Image, furniture: bool = True) -> str:
    """A page's cells, their boxes in pixels of `page`; figures as pictures inside the text."""
    shown = (cell for cell in cells if furniture or cell["category"] not in FURNITURE)
    return "\n\n".join(_written(cell, page) for cell in shown)


def formula(text: str) -> str:
    """A formula between double dollars, unless it is delimited already or is no LaTeX."""
    text = text.strip()
    for opening, closing in (("$$", "$$"), (r"\[", r"\]")):
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening + closing):
            inner = text[len(opening) : -len(closing)].strip()
            return text if "$" in inner or opening in inner else _display(inner)
    if INLINE.search(text) or not COMMAND.search(text):
        return text
    if r"\documentclass" not in text:
        text = PACKAGE.sub("", text).strip()
    return _display(text.strip("`"))


def _written(cell: Mapping[str, Any], page: Image.Image) -> str:
    if cell["category"] == "Picture":
        return f"![](data:image/png;base64,{_picture(page.crop(tuple(cell['bbox'])))})"
    text: str = cell.get("text") or ""
    if cell["category"] == "Formula":
        return formula(text)
    return text if cell["category"] == "Table" else _bare(text.strip())


def _bare(text: str) -> str:
    """Without the backticks that the model puts around a formula in a line."""
    return text[1:-1] if text.startswith("`$") and text.endswith("$`") else text


def _display(latex: str) -> str:
    return f"$$\n{latex}\n$$"


def _picture(crop: Image.Image) -> str:
    buffer = io.BytesIO()
    crop.save(buffer, format="PNG")
    return base64.b64encode(buffer.getvalue()).decode()
