r"""One notation for what HTML, LaTeX, Markdown and Unicode write in different ways.

Notable:
- `unified` keeps what a script says: a subscript becomes `_{...}`, a superscript `^{...}`, an overbar `\bar{...}`,
  whichever of the four notations it came in. `flat` drops the marks and keeps the letters.
- Variants of one glyph become one character (U+00B5 and U+03BC, U+2126 and U+03A9, `\leq` and `<=`); different glyphs
  stay different: uA is not µA, a dash of any length between two words stays a dash.
- Outside `$...$` an underscore without a brace is a letter like any other, as in CK_t; inside it makes a subscript.
"""

import html
import re
import unicodedata

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", "0123456789+-=()ni", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ", "0123456789+-=()aeoxhklmnpst", strict=True))
GLYPHS = str.maketrans("º˚∘⩽⩾≦≧∼⋅∙•∆\u00a0\u2011", "°°°≤≥≤≥~···Δ \u2010")
ASCII_SIGNS = (("<=", "≤"), (">=", "≥"), ("+/-", "±"), ("+-", "±"))

COMMANDS = {
    **dict.fromkeys(("le", "leq", "leqslant"), "≤"),
    **dict.fromkeys(("ge", "geq", "geqslant"), "≥"),
    **dict.fromkeys(("circ", "degree", "textdegree"), "°"),
    **dict.fromkeys(("ne", "neq"), "≠"),
    **dict.fromkeys(("mu", "textmu", "micro", "upmu"), "μ"),
    **dict.fromkeys(("Omega", "ohm", "textohm"), "Ω"),
    **dict.fromkeys(("to", "rightarrow"), "→"),
    **{"pm": "±", "mp": "∓", "times": "×", "div": "÷", "cdot": "·", "approx": "≈", "sim": "~", "infty": "∞"},
    **{"alpha": "α", "beta": "β", "Delta": "Δ", "delta": "δ", "sigma": "σ", "Sigma": "Σ", "tau": "τ", "lambda": "λ"},
    **{"theta": "θ", "phi": "φ", "Phi": "Φ", "pi": "π", "rho": "ρ", "eta": "η", "gamma": "γ", "epsilon": "ε"},
    **{"leftrightarrow": "↔", "lt": "<", "gt": ">", "percent": "%", "quad": " ", "qquad": " "},
}
WRAPPERS = (
    "text",
    "textrm",
    "mathrm",
    "mathbf",
    "textbf",
    "mathit",
    "textit",
    "mathsf",
    "mathtt",
    "operatorname",
    "rm",
)

BAR = re.compile(r"(?:\w[\u0304\u0305])+")
COMMAND = re.compile(r"\\([A-Za-z]+) ?")
ESCAPED = re.compile(r"\\([%#&$_{}*<>\[\]|~^.!+\-])")
THIN_SPACE = re.compile(r"\\[,;:! ]")
GROUP = re.compile(r"(?<![_^r])\{([^{}]*)\}")  # the r is the last letter of \bar
MATH = re.compile(r"\${1,2}([^$]+)\${1,2}|\\\((.{1,2000}?)\\\)", re.DOTALL)
BARE_SCRIPT = re.compile(r"([_^])([A-Za-z0-9°*])")
TAGS = re.compile(r"</?(?:b|i|u|em|strong|span|p|div|font|small|code|a)\b[^<>]*>", re.IGNORECASE)
SUB_TAG = re.compile(r"<(sub|sup)\b[^<>]*>(.{0,300}?)</\1>", re.IGNORECASE | re.DOTALL)
BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
BOLD = re.compile(r"\*\*(?=\S)(.{1,500}?)(?<=\S)\*\*", re.DOTALL)
ITALIC = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
SCRIPT = re.compile(r"[_^]\{([^{}]*)\}|\\bar\{([^{}]*)\}")
DEGREE = re.compile(r"\^(?:\{\s*°\s*\}|°)")


def unified(text: str) -> str:
    r"""The text in the one notation, white space single.

    >>> unified("t<sub>RCD</sub> $\\leq$ 85 ℃, $10^{-9}$")
    't_{RCD} ≤ 85 °C, 10^{-9}'
    """
    text = BREAK_TAG.sub(" ", text)
    text = SUB_TAG.sub(lambda found: f"{'_' if found[1].lower() == 'sub' else '^'}{{{found[2]}}}", text)
    text = html.unescape(TAGS.sub("", text)).translate(GLYPHS)
    text = MATH.sub(lambda found: _without_commands(BARE_SCRIPT.sub(r"\1{\2}", found[1] or found[2])), text)
    text = _without_commands(text) if "\\" in text else text
    text = BAR.sub(lambda found: rf"\bar{{{found[0][::2]}}}", text)
    text = _runs(_runs(text, SUPERSCRIPTS, "^"), SUBSCRIPTS, "_")
    text = unicodedata.normalize("NFKC", ITALIC.sub(r"\1", BOLD.sub(r"\1", text)))
    for written, sign in ASCII_SIGNS:
        text = text.replace(written, sign)
    return " ".join(DEGREE.sub("°", text).split())


def flat(text: str) -> str:
    """The unified text with scripts in line and without overbars.

    >>> flat("V<sub>DDQ</sub> at 10⁹")
    'VDDQ at 109'
    """
    return without_scripts(unified(text))


def without_scripts(text: str) -> str:
    """A unified text with its scripts in line."""
    while (shorter := SCRIPT.sub(lambda found: found[1] or found[2] or "", text)) != text:
        text = shorter
    return text


def has_scripts(text: str) -> bool:
    """Whether a unified text tells a script or an overbar from plain letters."""
    return SCRIPT.search(text) is not None


def _without_commands(text: str) -> str:
    text = ESCAPED.sub(r"\1", THIN_SPACE.sub(" ", text))
    text = COMMAND.sub(_command, text)
    return GROUP.sub(r"\1", text)


def _command(found: re.Match[str]) -> str:
    name = found[1]
    if name in COMMANDS:
        return COMMANDS[name]
    if name in ("bar", "overline"):
        return r"\bar"
    return "" if name in WRAPPERS else found[0]


def _runs(text: str, letters: dict[str, str], mark: str) -> str:
    """Runs of raised or lowered characters as one script each."""
    pattern = f"[{''.join(letters)}]+"
    return re.sub(pattern, lambda found: f"{mark}{{{''.join(letters[one] for one in found[0])}}}", text)
