r"""The letters and digits that a formula in LaTeX shows, as a line of Unicode.

Notable:
- Made for comparing words: Greek and styled letters become their characters, macros of layout go, arguments stay.
  Operators are not written out, as what compares words drops them anyway.
- Styled letters come from the names in the Unicode database: \mathbf{x} is MATHEMATICAL BOLD SMALL X.
- Nothing is refused: braces may be unbalanced, macros unknown. Styles nested deeper than anybody nests them stay.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

TOKEN = re.compile(r"\\[^\W\d_]+\*?\s*|\\.|%[^\n]*(?:\n\s*)?|[{}]|[^\\%{}]+|.", re.DOTALL)
ARGUMENT = re.compile(r"\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}")

DEEPEST = 20  # styled arguments in each other

STYLES = {  # macro -> what Unicode calls its letters
    "mathbf": "MATHEMATICAL BOLD",
    "mathit": "MATHEMATICAL ITALIC",
    "mathsf": "MATHEMATICAL SANS-SERIF",
    "mathtt": "MATHEMATICAL MONOSPACE",
    "mathbb": "MATHEMATICAL DOUBLE-STRUCK",
    "mathcal": "MATHEMATICAL SCRIPT",
    "mathscr": "MATHEMATICAL SCRIPT",
    "mathfrak": "MATHEMATICAL FRAKTUR",
}
EARLIER_NAMES = {  # letters that Unicode had before it had the alphabets
    "MATHEMATICAL DOUBLE-STRUCK": "DOUBLE-STRUCK",
    "MATHEMATICAL SCRIPT": "SCRIPT",
    "MATHEMATICAL FRAKTUR": "BLACK-LETTER",
}
ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "hat": "\u0302",
    "~": "\u0303",
    "tilde": "\u0303",
    "=": "\u0304",
    "bar": "\u0305",
    "u": "\u0306",
    "breve": "\u0306",
    ".": "\u0307",
    "dot": "\u0307",
    '"': "\u0308",
    "ddot": "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "check": "\u030c",
    "c": "\u0327",
    "k": "\u0328",
    "vec": "\u20d7",
    "acute": "\u0301",
    "grave": "\u0300",
}
GREEK_NAMES = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi
    psi omega
"""
FUNCTION_NAMES = """
    sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan arcsinh arccosh arctanh log ln lg exp min max inf sup
    lim det dim ker deg arg gcd hom Pr liminf limsup mod bmod
"""
UNSEEN_NAMES = "hspace vspace label color textcolor begin end ref eqref autoref cref cite citep citet"
GREEK, FUNCTIONS, UNSEEN_ARGUMENT = (set(names.split()) for names in (GREEK_NAMES, FUNCTION_NAMES, UNSEEN_NAMES))
LETTERS = {
    "varepsilon": "ε",
    "vartheta": "ϑ",
    "varpi": "ϖ",
    "varrho": "ϱ",
    "varsigma": "ς",
    "varphi": "φ",
    "phi": "ϕ",
    "epsilon": "ϵ",
    "ell": "ℓ",
    "hbar": "ħ",
    "hslash": "ℏ",
    "digamma": "ϝ",
    "beth": "ℶ",
    "gimel": "ℷ",
    "daleth": "ℸ",
    "aleph": "ℵ",
    "AA": "Å",
    "aa": "å",
    "AE": "Æ",
    "ae": "æ",
    "OE": "Œ",
    "oe": "œ",
    "O": "Ø",
    "o": "ø",
    "ss": "ß",
    "L": "Ł",
    "l": "ł",
    "i": "ı",
    "j": "ȷ",
    "imath": "ı",
    "jmath": "ȷ",
    **dict.fromkeys(("ref", "eqref", "autoref", "cref"), "ref"),
    **dict.fromkeys(("cite", "citep", "citet"), "cit"),
    **{name: name for name in FUNCTIONS},
}
COLUMNS = re.compile(r"\s*\{(?:array|tabular)\}\s*\{[^{}]*\}")  # the environments that say how their columns stand


def plain_math(latex: str) -> str:
    """What a reader of the formula would type, without signs of layout; spaces as they come."""
    return unicodedata.normalize("NFC", "".join(_shown(latex, DEEPEST)))


class _Tokens:
    """The rest of a formula, taken token by token."""

    def __init__(self, latex: str):
        self.latex, self.at = latex, 0

    def take(self) -> str:
        match = TOKEN.match(self.latex, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match.group()

    def skip_argument(self) -> None:
        match = COLUMNS.match(self.latex, self.at) or ARGUMENT.match(self.latex, self.at)
        self.at = match.end() if match else self.at

    def argument(self) -> str:
        """The next group without its braces, or the next character or macro."""
        while self.latex[self.at : self.at + 1].isspace():
            self.at += 1
        if self.latex[self.at : self.at + 1] not in ("{", "\\"):
            self.at += 1
            return self.latex[self.at - 1 : self.at]
        start, depth = self.at, 0
        while token := self.take():
            depth += (token == "{") - (token == "}")
            if depth <= 0:
                break
        return self.latex[start : self.at]


def _shown(latex: str, deeper: int) -> Iterator[str]:
    """deeper: how many levels of styled arguments are still looked into."""
    tokens = _Tokens(latex)
    while token := tokens.take():
        if token.startswith("\\"):
            yield from _macro(token[1:].rstrip().rstrip("*"), tokens, deeper)
        elif token not in "{}" and not token.startswith("%"):
            yield token


def _macro(name: str, tokens: _Tokens, deeper: int) -> Iterator[str]:
    if name in STYLES and deeper:
        yield from (_styled(letter, STYLES[name]) for part in _shown(tokens.argument(), deeper - 1) for letter in part)
    elif name in ACCENTS and deeper:
        yield from (letter + ACCENTS[name] for part in _shown(tokens.argument(), deeper - 1) for letter in part)
    else:
        yield _letter(name)
        if name in UNSEEN_ARGUMENT:
            tokens.skip_argument()


def _letter(name: str) -> str:
    if name in LETTERS:
        return LETTERS[name]
    if name.lower() in GREEK and name in (name.lower(), name.capitalize()):
        size = "SMALL" if name.islower() else "CAPITAL"
        spelt = {"lambda": "LAMDA"}.get(name.lower(), name.upper())
        return unicodedata.lookup(f"GREEK {size} LETTER {spelt}")
    return name if len(name) == 1 and not name.isalnum() else ""


@cache
def _styled(letter: str, style: str) -> str:
    if not letter.isascii() or not letter.isalnum():
        return letter
    kind = "DIGIT" if letter.isdigit() else "SMALL" if letter.islower() else "CAPITAL"
    spelt = unicodedata.name(letter).split()[-1]
    for prefix in (style, EARLIER_NAMES.get(style, style)):
        try:
            return unicodedata.lookup(f"{prefix} {kind} {spelt}")
        except KeyError:
            continue
    return letter
