"""The small notation that all wording is written in, and what becomes of it in Typst, in truth and in HTML.

Notable:
- `V_{DDQ}` is a subscript, `10^{-9}` a superscript; an underscore without a brace is a letter like any other, as in
  CK_t or CS_n. Letters with U+0305 behind them have a bar above, as `C\u0305S\u0305`.
- `[[lot_id:LOT|TH8402B.03]]` is a value: its name on a form, its schema.Sensitive kind, its text. Either of the first
  two may be empty. It stays on one line, and its exact box is marked.
- The truth of a text keeps scripts and bars in this same notation, which metrics.notation reads; in HTML scripts are
  `<sub>` and `<sup>`. Plain text has its letters in line ("VDDQ"), as a person would type it.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

VALUE = re.compile(r"\[\[([a-z0-9_]*):([A-Z]*)\|((?:[^\]]|\](?!\]))*)\]\]")
SCRIPT = re.compile(r"([_^])\{([^{}]*)\}")
OVERLINE = "\u0305"
BARRED = re.compile(f"(?:[^{OVERLINE}]{OVERLINE})+")
NOTATION = re.compile(f"{VALUE.pattern}|{SCRIPT.pattern}|({BARRED.pattern})")
ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\#$*_`<>@[]~=/-+'\"^{}()&|.:;"})
FUNCTION = {"_": "sub", "^": "super"}
TAG = {"_": "sub", "^": "sup"}
WIDE = r"\u2e80-\u9fff\uff00-\uffef\u3000-\u303f"  # ideographs and their full-width punctuation
SIGNS = "-–—/|…!?}%°×→←+"  # beside which a line may end, for some of them in some places only
PIECE = re.compile(rf"\s+|[{WIDE}]|[^\s{WIDE}{re.escape(SIGNS)}]+|.")
AT_BREAK = re.compile(rf"[\s{WIDE}{re.escape(SIGNS)}]")


@dataclass(frozen=True, slots=True)
class Value:
    """Something that a form asks for (field), or that must not leave the house (kind), as written in a text."""

    field: str
    kind: str
    text: str


def values(text: str) -> list[Value]:
    """The values of a text in its order, their texts plain.

    >>> values("lot [[lot_id:LOT|TH8402B.03]] held")
    [Value(field='lot_id', kind='LOT', text='TH8402B.03')]
    """
    return [Value(found[1], found[2], to_plain(found[3])) for found in VALUE.finditer(text)]


def to_text(text: str) -> str:
    """The text as truth keeps it: with its scripts and bars, values without their names.

    >>> to_text("V_{DDQ} and CK_t of [[:LOT|TH8402B]]")
    'V_{DDQ} and CK_t of TH8402B'
    """
    return VALUE.sub(r"\3", text)


def to_plain(text: str) -> str:
    """The text as a person would type it: scripts in line, no bars, values without their names.

    >>> to_plain("V_{DDQ} and CK_t of [[:LOT|TH8402B]]")
    'VDDQ and CK_t of TH8402B'
    """
    return SCRIPT.sub(r"\2", to_text(text)).replace(OVERLINE, "")


def barred(name: str) -> str:
    """A name with a bar above it, as active-low signals have."""
    return "".join(letter + OVERLINE for letter in name)


def to_typst(text: str, name: str = "") -> str:
    r"""Typst markup that shows exactly this text, whatever characters it holds; value n is marked "<name>/v<n>".

    >>> to_typst("V_{DDQ} and CK_t")
    'V#sub[DDQ] and CK\\_t'
    """
    return "".join(shown for _, shown in _runs(text, name))


def pieces(text: str, name: str) -> list[tuple[str, str]]:
    """The text cut wherever a line may end: (truth, Typst) of each piece, spaces with what they follow."""
    cut: list[tuple[str, str]] = []
    for truth, shown in _runs(text, name):
        parts = PIECE.findall(truth) if shown == escape(truth) else [truth]
        for part in parts:
            typst = escape(part) if len(parts) > 1 else shown
            if cut and (part.isspace() or not _breaks(to_plain(cut[-1][0]), to_plain(part))):
                cut[-1] = (cut[-1][0] + part, cut[-1][1] + typst)
            else:
                cut.append((part, typst))
    return cut


def escape(text: str) -> str:
    """Typst markup for text without notation: every character that means something in markup is escaped."""
    return text.translate(ESCAPED)


def to_html(rows: Sequence[Sequence[tuple[str, int, int]]]) -> str:
    """An HTML table from rows of (text, rowspan, colspan); `td` only, as OmniDocBench writes tables."""
    return "<table>" + "".join(f"<tr>{''.join(_td(*cell) for cell in row)}</tr>" for row in rows) + "</table>"


def _td(text: str, rowspan: int, colspan: int) -> str:
    spans = (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (f' colspan="{colspan}"' if colspan > 1 else "")
    tagged = SCRIPT.sub(_tagged, html.escape(to_text(text), quote=False))
    return f"<td{spans}>{tagged}</td>"


def _tagged(found: re.Match[str]) -> str:
    return f"<{TAG[found[1]]}>{found[2]}</{TAG[found[1]]}>"


def _runs(text: str, name: str) -> Iterator[tuple[str, str]]:
    """(truth, Typst) of each stretch of one kind: letters, a script, letters with a bar, a value."""
    at = count = 0
    for found in NOTATION.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], escape(text[at : found.start()])
        at = found.end()
        if found[4]:
            yield found[0], f"#{FUNCTION[found[4]]}[{escape(found[5])}]"
        elif found[6]:
            yield found[0], f"#overline[{escape(to_plain(found[0]))}]"
        else:
            inner = to_typst(found[3])
            yield to_text(found[3]), f'#span("{name}/v{count}", [{inner}])' if name else inner
            count += 1
    if at < len(text):
        yield text[at:], escape(text[at:])


def _breaks(before: str, after: str) -> bool:
    """Whether a line may end between two pieces; where that is not certain, True does no harm."""
    return bool(AT_BREAK.match(before[-1]) or AT_BREAK.match(after[0]))
