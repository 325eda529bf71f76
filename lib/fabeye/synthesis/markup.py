"""The small notation that all wording is written in, and what becomes of it in Typst, plain text and HTML.

Notable:
- `V_{DDQ}` is a subscript, `10^{-9}` a superscript; an underscore without a brace is a letter like any other, as in
  CK_t or CS_n.
- Plain text keeps the scripts in line ("VDDQ"), which is what a person would type; HTML cells hold the same text, so a
  cell scores alike in a table and alone.
"""

import html
import re
from collections.abc import Sequence

SCRIPT = re.compile(r"([_^])\{([^{}]*)\}")
SPECIAL = re.compile(r"([\\#$*_`<>@\[\]~=/\-+'\"^{}()&|.:])")
FUNCTION = {"_": "sub", "^": "super"}


def to_plain(text: str) -> str:
    """The text as a person would type it: scripts in line.

    >>> to_plain("V_{DDQ} and CK_t")
    'VDDQ and CK_t'
    """
    return SCRIPT.sub(r"\2", text)


def to_typst(text: str) -> str:
    r"""Typst markup that shows exactly this text, whatever characters it holds.

    >>> to_typst("V_{DDQ} and CK_t")
    'V#sub[DDQ] and CK\\_t'
    """
    parts, at = [], 0
    for found in SCRIPT.finditer(text):
        parts.append(escape(text[at : found.start()]))
        parts.append(f"#{FUNCTION[found[1]]}[{escape(found[2])}]")
        at = found.end()
    return "".join(parts) + escape(text[at:])


def escape(text: str) -> str:
    """Typst markup for text without notation: every character that means something in markup is escaped."""
    return SPECIAL.sub(r"\\\1", text)


def to_html(rows: Sequence[Sequence[tuple[str, int, int]]]) -> str:
    """An HTML table from rows of (text, rowspan, colspan); `td` only, as OmniDocBench writes tables."""
    return "<table>" + "".join(f"<tr>{''.join(_td(*cell) for cell in row)}</tr>" for row in rows) + "</table>"


def _td(text: str, rowspan: int, colspan: int) -> str:
    spans = (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (f' colspan="{colspan}"' if colspan > 1 else "")
    return f"<td{spans}>{html.escape(to_plain(text), quote=False)}</td>"
