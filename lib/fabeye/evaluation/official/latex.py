r"""What stands in a text for an inline formula, as OmniDocBench's evaluator writes it: pylatexenc's letters.

Notable:
- v16 calls pylatexenc 2.10, behind checks of its own for what is no LaTeX or is broken. v15 calls an alpha of 3.0 that
  stops at the first brace without a partner, and on some formulas never; here 2.10 serves both, and for v15 a formula
  is cut where 3.0 stops. Whole formulas read alike in both.
- Nothing is raised: what the library cannot read stays as it is, as there.
"""

import logging
import re
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text

from fabeye.evaluation.official.version import Version

LONGEST = 8000  # characters; v16 leaves a longer one as it is, v15 would work on it for minutes
MISSING = "%s"  # in place of an argument that is not there; a percent sign itself opens a comment
BRACE = re.compile(r"\\(?:begin|end)\{[^{}]*\}|\\.|[{}]", re.DOTALL)
PARTNERS = {"{": "}", r"\(": r"\)", r"\[": r"\]"}

COMMAND = re.compile(r"\\[A-Za-z]+")
WORD = re.compile(r"[A-Za-z]{3,}")
SIGNAL = re.compile(r"\\[A-Za-z]+|[_^{}$]|\\[\[\]()]]|&|%|#")
SIGNS = "{}$^_=&%#"
FORMULA_MACROS = (
    *(r"\frac", r"\sqrt", r"\left", r"\right", r"\begin", r"\end", r"\sum", r"\int", r"\alpha", r"\beta"),
)
LONG_ENOUGH_FOR_PROSE = 32  # characters
ENVIRONMENT = re.compile(r"\\(begin|end)\{([^{}]+)\}")
PAIRS = tuple((re.compile(one), re.compile(other)) for one, other in ((r"\\\(", r"\\\)"), (r"\\\[", r"\\\]")))
SIDES = (re.compile(r"\\left\b"), re.compile(r"\\right\b"))
DOLLAR = re.compile(r"(?<!\\)\$")

logging.getLogger("pylatexenc").setLevel(logging.ERROR)  # it warns of every broken formula


def letters(latex: str, version: Version) -> str | None:
    """The letters of a formula; None where the original leaves it in the text with its delimiters."""
    if version is Version.V16:
        return guarded_letters(latex)
    if len(latex) > LONGEST:
        return None
    text = _converted(_until_broken(latex))
    return None if text is None else text.replace(MISSING, "")


def guarded_letters(latex: str) -> str:
    """v16's: what is no LaTeX, or broken, stays as it is."""
    bare = latex.strip()
    if not bare or not any(sign in bare for sign in "\\{}$"):
        return bare or latex
    if _is_prose(bare) or _is_weak(bare) or is_broken(bare):
        return latex
    text = _converted(bare)
    return latex if text is None else text


def is_broken(latex: str) -> bool:
    """Whether v16 takes a formula for broken: too long, or something has no partner."""
    return (
        len(latex) > LONGEST
        or not _braces_pair(latex)
        or not _environments_pair(latex)
        or len(SIDES[0].findall(latex)) != len(SIDES[1].findall(latex))
        or any(len(one.findall(latex)) != len(other.findall(latex)) for one, other in PAIRS)
        or len(DOLLAR.findall(latex)) % 2 != 0
    )


@lru_cache(maxsize=1024)
def _converted(latex: str) -> str | None:
    try:
        return LatexNodes2Text().latex_to_text(latex)
    except Exception:  # the library raises whatever its own code meets: KeyError, TypeError, RecursionError, ...
        return None


def _until_broken(latex: str) -> str:
    """What stands before the group that stays open; nothing where something closes that was never opened."""
    opened: list[tuple[int, str]] = []
    for found in BRACE.finditer(latex):
        sign, partner = found.group(), opened[-1][1] if opened else ""
        if sign in PARTNERS or sign.startswith(r"\begin"):
            opened.append((found.start(), PARTNERS.get(sign) or sign.replace("begin", "end", 1)))
        elif sign == partner:
            opened.pop()
        elif sign == "}" and opened:
            break
        elif sign in ("}", r"\)", r"\]") or sign.startswith(r"\end"):
            return ""
    return latex[: opened[0][0]] if opened else latex


def _is_prose(text: str) -> bool:
    if len(text) < LONG_ENOUGH_FOR_PROSE or len(SIGNAL.findall(text)) > 2 or any(sign in text for sign in "{}$^_"):
        return False
    if any(
        rf"\{name}" in text for name in ["frac", "sqrt", "left", "right", "begin", "end", "sum", "int", "alpha", "beta"]
    ):
        return False
    return len(WORD.findall(text)) >= 6 and text.count(" ") >= 5


def _is_weak(text: str) -> bool:
    """Whether it has too few commands and signs for its words to be a formula."""
    commands, words = len(COMMAND.findall(text)), len(WORD.findall(text))
    signs = sum(letter in SIGNS for letter in text)
    if text in ("\\", "\\\\") or (text.endswith("\\") and not text.endswith("\\\\") and commands == 0):
        return True
    if "\\" in text and commands == 0 and signs == 0:
        return True
    return (words >= 2 and commands == 0 and signs <= 1) or (words >= 4 and commands <= 1 and signs <= 2)


def _braces_pair(latex: str) -> bool:
    depth, at = 0, 0
    while at < len(latex):
        if latex[at] == "\\" and latex[at + 1 : at + 2] and latex[at + 1] in "{}[]()":
            at += 1
        else:
            depth += (latex[at] == "{") - (latex[at] == "}")
        if depth < 0:
            return False
        at += 1
    return depth == 0


def _environments_pair(latex: str) -> bool:
    opened: list[str] = []
    for kind, name in ENVIRONMENT.findall(latex):
        if kind == "begin":
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened
