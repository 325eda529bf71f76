r"""How far a formula is from its truth, without a TeX installation.

Notable:
- Both sides are set by matplotlib's mathtext. What is compared is what a reader sees: the glyphs in their order, each
  with its size and whether it stands on, above or below the base line. `\dfrac` and `\frac`, `x_a^b` and `x^b_a` are
  thus the same, and an index that slipped to the base line is not.
- mathtext knows a part of LaTeX. Where either side cannot be set, LaTeX tokens are compared in their place, after
  styles, spaces and superfluous braces are taken out; `unset` says of which formulas that is so.
- Nothing is painted, so no formula can ask for a large picture; what is too long or too deep is not set.
- This is no CDM: its numbers do not compare with published ones.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser
from rapidfuzz.distance import LCSseq, Levenshtein

LONGEST_SET = 2000  # characters; a longer formula is compared by its tokens
PT_DPI = 72  # dots per inch at which one point is one unit of length
ON_LINE = 0.5  # points a glyph may be off the base line and still stand on it
FOOT = "x{}"  # set in front of a formula: its first glyph tells where the base line is
RULE = -1  # in place of a glyph's number
FACE = FontProperties(math_fontfamily="dejavusans")  # its glyphs are numbered by Unicode, upright and italic alike

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\s]", re.DOTALL)
DELIMITERS = re.compile(r"^\s*(?:\$+|\\\[|\\\()|(?:\$+|\\\]|\\\))\s*$")
ASIDE = re.compile(r"\\(?:tag|label)\*?\s*\{[^{}]*\}")
ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{(?:equation|displaymath|math|split|aligned?|gathered|gather)\*?\}")
DROPPED = {
    *(rf"\{name}" for name in ("left", "right", "displaystyle", "textstyle", "limits", "nolimits", "quad", "qquad")),
    *(rf"\{name}" for name in ("big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr")),
    *(rf"\{sign}" for sign in ",;:! "),
    *("~", "&"),
    *(rf"\{name}" for name in ("mathrm", "text", "textrm", "mathit", "mathbf", "operatorname", "rm", "mathsf")),
}
ALIASES = {
    r"\dfrac": r"\frac",
    r"\tfrac": r"\frac",
    r"\le": r"\leq",
    r"\ge": r"\geq",
    r"\ne": r"\neq",
    r"\to": r"\rightarrow",
    r"\bar": r"\overline",
    r"\lbrace": r"\{",
    r"\rbrace": r"\}",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\vert": "|",
    **{"≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "×": r"\times", "±": r"\pm", "·": r"\cdot", "÷": r"\div"},
    **{"μ": r"\mu", "µ": r"\mu", "Ω": r"\Omega", "Δ": r"\Delta", "σ": r"\sigma", "Σ": r"\Sigma", "√": r"\sqrt"},
    **{"λ": r"\lambda", "α": r"\alpha", "β": r"\beta", "τ": r"\tau", "∞": r"\infty", "→": r"\rightarrow", "−": "-"},
}
SETTABLE = (
    (r"\dfrac", r"\frac"),
    (r"\tfrac", r"\frac"),
    (r"\textrm", r"\mathrm"),
    (r"\lvert", "|"),
    (r"\rvert", "|"),
    (r"\displaystyle", ""),
)

Mark = tuple[int, float, int]  # glyph, size in points, above (1), on (0) or below (-1) the base line


@dataclass(frozen=True, slots=True)
class Drawn:
    """A formula as it is seen: its glyphs and its rules (fraction bars, overbars), each in drawing order."""

    glyphs: tuple[Mark, ...]
    rules: tuple[Mark, ...]


def formula_score(gold: str, read: str) -> float:
    """Likeness of two LaTeX formulas from 0 to 1: by what is seen where both can be set, else by tokens."""
    if tokens(gold) == tokens(read):
        return 1.0
    seen = rendered_score(gold, read)
    return token_score(gold, read) if seen is None else seen


def unset(gold: str, read: str) -> list[str]:
    """Those of two formulas for whose sake both are compared by tokens: mathtext cannot set them."""
    if tokens(gold) == tokens(read):
        return []
    return [latex for latex in dict.fromkeys((gold, read)) if drawn(latex) is None]


def token_score(gold: str, read: str) -> float:
    """1 minus Levenshtein's distance in normalised LaTeX tokens by the longer side's number of tokens."""
    return Levenshtein.normalized_similarity(tokens(gold), tokens(read))


def rendered_score(gold: str, read: str) -> float | None:
    """F1 of the marks that both pictures show in the same order; None where mathtext cannot set one of them."""
    one, other = drawn(gold), drawn(read)
    if one is None or other is None:
        return None
    marks = len(one.glyphs) + len(one.rules) + len(other.glyphs) + len(other.rules)
    shared = LCSseq.similarity(one.glyphs, other.glyphs) + LCSseq.similarity(one.rules, other.rules)
    return 2 * shared / marks if marks else 1.0


@lru_cache(maxsize=4096)
def tokens(latex: str) -> tuple[str, ...]:
    r"""LaTeX tokens without style, spacing and braces around a single token.

    >>> tokens(r"$$ t_{R}\, = \dfrac{1}{2} $$")
    ('t', '_', 'R', '=', '\\frac', '1', '2')
    """
    bare = ENVIRONMENT.sub("", ASIDE.sub("", _bare(latex)))
    kept = (ALIASES.get(token, token) for token in TOKEN.findall(bare))
    return tuple(_unbraced([token for token in kept if token not in DROPPED]))


@lru_cache(maxsize=4096)
def drawn(latex: str) -> Drawn | None:
    """The formula as mathtext sets it, None where it cannot."""
    source = ENVIRONMENT.sub("", ASIDE.sub("", _bare(latex)))
    for written, known in SETTABLE:
        source = source.replace(written, known)
    if not source.strip() or len(source) > LONGEST_SET:
        return None
    try:
        page = MathTextParser("path").parse(f"${FOOT}{source.strip()}$", dpi=PT_DPI, prop=FACE)
    except (ValueError, RuntimeError, RecursionError):  # what it does not know, and what is nested too deep
        return None
    (*_, line), *glyphs = page.glyphs
    return Drawn(
        glyphs=tuple((glyph[2], round(glyph[1], 1), _level(glyph[-1] - line)) for glyph in glyphs),
        rules=tuple((RULE, 0.0, _level(y - line)) for _, y, _, _ in page.rects),
    )


def _bare(latex: str) -> str:
    """The formula without its delimiters."""
    return DELIMITERS.sub("", DELIMITERS.sub("", latex))


def _level(height: float) -> int:
    return 0 if abs(height) <= ON_LINE else (1 if height > 0 else -1)


def _unbraced(source: list[str]) -> list[str]:
    """The tokens without braces that hold a single token; `x_{a}` is `x_a`."""
    kept: list[str] = []
    for token in source:
        if token == "}" and len(kept) >= 2 and kept[-2] == "{" and kept[-1] != "{":
            kept[-2:] = [kept[-1]]
        elif token == "}" and kept and kept[-1] == "{":
            kept.pop()
        else:
            kept.append(token)
    return kept
