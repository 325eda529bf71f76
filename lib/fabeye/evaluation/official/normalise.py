r"""What OmniDocBench's evaluator compares in place of what was written.

Notable:
- Made to give the evaluator's own strings, letter for letter, so that its scores can be had without it: nothing here
  is a good idea for its own sake. Our own comparison is metrics.text.normalise.
- The order of the steps matters: a macro's name is deleted wherever it stands, so \leftarrow becomes arrow.
"""

import re
from html import unescape
from unicodedata import normalize

from bs4 import BeautifulSoup, NavigableString, Tag

from fabeye.evaluation.official.latex import letters
from fabeye.evaluation.official.version import Version
from fabeye.metrics.scanning import Span, cut, replace_spans, spans
from fabeye.metrics.table import LARGEST_TREE, TooLargeTableError

NOT_A_WORD = re.compile(r"[^\w\u4e00-\u9fff]")
DELETED_FROM_TEXT = ("\\t", "\\n", "\t", "\n", "/t", "/n")
ESCAPED = re.compile(r"\\([\\_&%^])")
INLINE = (("$", "$"), (r"\(", r"\)"))
LONGEST_INLINE = 128  # characters; v16 leaves a longer inline formula as it is
COMPLEX_INLINE = (r"\begin{", r"\end{", r"\array", r"\matrix", r"\tabular", r"\cases", r"\align", r"\\", "&")
CIRCLED = {
    **{0x2460 + number: str(number + 1) for number in range(20)},
    **{0x24D0 + number: chr(ord("a") + number) for number in range(26)},
    **{0x24B6 + number: chr(ord("A") + number) for number in range(26)},
}
CIRCLED_MACRO = re.compile(r"\\textcircled\s*\{\s*([^{}]+?)\s*\}")

STYLE_NAMES = """
    mathbf mathrm mathnormal mathit mathbb mathcal mathscr mathfrak mathsf mathtt textbf text boldmath boldsymbol
    operatorname bm symbfit mathbfcal symbf scriptscriptstyle notag setlength coloneqq space thickspace thinspace
    medspace nobreakspace negmedspace quad qquad enspace substackw
"""
DELETED_FROM_FORMULA = tuple(f"\\{name}" for name in STYLE_NAMES.split())
DELETED_LAST = (" ", "$$", r"\left", r"\right", r"\displaystyle", r"\text")
DISPLAY = re.compile(r"\\\[(.+?)(?<!\\)\\\]")
DISPLAY_OR_INLINE = re.compile(r"\\\[(.+?)(?<!\\)\\\]|\\\((.+?)(?<!\\)\\\)")
DELIMITERS = (("$$", "$$"), (r"\[", r"\]"), (r"\(", r"\)"), ("$", "$"))
SIMPLE_GROUP = re.compile(r"\{([A-Za-z0-9.+\-]+)\}")
LONGEST_GROUP = 160  # characters
GROUP = re.compile(rf"\{{([^{{}}]{{1,{LONGEST_GROUP}}})\}}")
GROUP_OPENERS = ("=", "+", "-", r"\\", "^", "_", "[", "]", "(", ")")

WHOLE_TABLE = re.compile(r"<table\b[^>]*>(.*)</table>", re.DOTALL | re.IGNORECASE)
MOST_TAGS = 2 * LARGEST_TREE  # an opening and a closing one for each node
LOOKS = ("style", "height", "width", "align", "class")
DELETED_TAGS = tuple(f"<{slash}{name}>" for name in ("sup", "sub", "span", "div", "p") for slash in ("", "/"))
CELL_SIGNS = (  # in this order: a shorter name eats the beginning of a longer one
    *((rf"\{name}", "√") for name in ("checkmark", "checked", "surd")),
    *((rf"\{name}", "×") for name in ("times", "xmark", "crossmark")),
    *zip((r"\pm", r"\mp", r"\alpha", r"\beta", r"\gamma", r"\gama", r"\mu", r"\lambda"), "±∓αβγγμλ", strict=True),
    *zip((r"\theta", r"\eta", r"\pi", r"\rho", r"\sigma", r"\omega", r"\delta", r"\Delta"), "θηπρσωδΔ", strict=True),
    *zip((r"\epsilon", r"\varepsilon", r"\phi", r"\varphi", r"\tau", r"\partial"), "εεφφτ∂", strict=True),
    *zip((r"\varnothing", r"\emptyset", r"\sim"), "∅∅～", strict=True),
    *((sign, "√") for sign in "✓✔☑✅🗸"),
    *((sign, "×") for sign in "✗✘✕✖☒❌╳⨯"),
    ("Ø", "∅"),
    *((sign, "～") for sign in "∼〜"),
    *((rf"\{sign}", sign) for sign in "%#&_"),
)
DASHES = ("-", "–", "−", "－", "—")
LONGEST_WRAPPED = 128  # characters; a longer cell keeps its delimiters


def official_text(text: str, version: Version) -> str:
    """Letters and digits of a text, inline formulas as Unicode; "" is common."""
    return official_words(text_with_letters(text, version), version)


def text_with_letters(text: str, version: Version) -> str:
    """A text with the letters of its inline formulas in their place."""
    if version is Version.V16:
        text = _without_circles(text)
    inline = spans(text, INLINE, within_line=True)
    return replace_spans(text, inline, lambda span: _inline(text, span, version))


def official_words(text: str, version: Version) -> str:
    """Letters and digits of a text."""
    if version is Version.V16:
        text = _without_circles(text)
    for part in DELETED_FROM_TEXT:
        text = text.replace(part, "")
    return NOT_A_WORD.sub("", text)


def official_formula(text: str, version: Version) -> str:
    """A formula without delimiters, style, environments and spaces, in lower case."""
    if version is Version.V15:
        shown = _inside_display(text.strip().strip("$").strip("\n"))
        return _deleted(_environments_cut(cut(shown, r"\tag{", "}"))).lower()
    text = untagged(undelimited(_without_circles(text)))
    found = DISPLAY_OR_INLINE.search(text)
    text = (found.group(1) or found.group(2)).strip() if found else text
    text = _without_groups(text, r"\phantom")
    text = re.sub(r"(?<!\\)&", "", re.sub(r"\\[!,;:]", "", text))
    for sign, put in ((r"\mid", "|"), (r"\vert", "|"), (r"\{", ""), (r"\}", ""), ("~", "")):
        text = text.replace(sign, put)
    text = _ungrouped(_deleted(_environments_cut(text), also=re.compile(r"\{[lcr| ]+\}")))
    return re.sub(r"\s+", "", text.lower())


def official_table(html: str, version: Version) -> str:
    """A table's HTML without looks, head and body; "" where there is no table. Raises TooLargeTableError."""
    if "<table" not in html.replace(" ", "").replace("'", '"'):
        return ""
    if html.count("<") > MOST_TAGS:
        raise TooLargeTableError(f"a table has {html.count('<')} tags, more than the {MOST_TAGS} that are looked at")
    whole = normalize("NFKC", unescape(_simplified(html, version)).replace("\n", "")).strip()
    inner = "".join(WHOLE_TABLE.findall(whole))
    for name in LOOKS:
        inner = cut(inner, f' {name}="', '"')
    inner = re.sub(r"\s+", " ", re.sub("</?tbody>", "", inner))
    for tag in DELETED_TAGS:
        inner = inner.replace(tag, "")
    inner = cut(inner.replace('<spandata-span-identity="">', ""), "<colgroup>", "</colgroup>")
    return f'<html><body><table border="1" >{inner}</table></body></html>'


def _inline(text: str, span: Span, version: Version) -> str:
    """What stands in a text for an inline formula; a plain $word$ stays, as its delimiters are no words."""
    formula = ESCAPED.sub("", span.inner)
    if not any(sign in formula for sign in r"\^_") or (version is Version.V16 and _is_complex(formula.strip())):
        return text[span.start : span.end]
    shown = letters(formula + " " if formula.endswith("\\") else formula, version)
    return text[span.start : span.end] if shown is None else shown.strip()


def _is_complex(formula: str) -> bool:
    return (
        len(formula) > LONGEST_INLINE
        or any(part in formula for part in COMPLEX_INLINE)
        or formula.count("{") != formula.count("}")
    )


def _without_circles(text: str) -> str:
    return CIRCLED_MACRO.sub(r"\1", text).translate(CIRCLED)


def _inside_display(text: str) -> str:
    found = DISPLAY.search(text)
    return found.group(1).strip() if found else text


def _environments_cut(text: str) -> str:
    for opening in (r"\hspace{", r"\begin{", r"\end{", r"\arraycolsep"):
        text = cut(text, opening, "}")
    return text


def _deleted(text: str, also: re.Pattern[str] | None = None) -> str:
    text = (also.sub("", text) if also else text).strip(".")
    for part in (*DELETED_FROM_FORMULA, *DELETED_LAST):
        text = text.replace(part, "")
    return text


def undelimited(text: str) -> str:
    """A formula without the delimiters around it, however many."""
    text = text.strip()
    while pair := next((pair for pair in DELIMITERS if _is_within(text, *pair)), None):
        text = text[len(pair[0]) : len(text) - len(pair[1])].strip()
    return text


def _is_within(text: str, opening: str, closing: str) -> bool:
    return text.startswith(opening) and text.endswith(closing) and len(text) >= len(opening) + len(closing)


def untagged(text: str) -> str:
    """A formula without its number."""
    text = _without_groups(text, r"\tag", loosely=True)
    return text.replace(r"\notag", "").replace(r"\nonumber", "")


def _without_groups(text: str, macro: str, *, loosely: bool = False) -> str:
    r"""Without \macro{...}, the braces in it paired; where they are not, only the macro's name goes.

    loosely: \macro * {...} too, but not a longer macro that begins the same.
    """
    opening = re.compile(re.escape(macro) + (r"(?![^\W\d_])\s*\*?\s*\{" if loosely else r"\{"))
    ends = _group_ends(text)
    pieces, done = [], 0
    for found in opening.finditer(text):
        if found.start() < done:
            continue
        pieces.append(text[done : found.start()])
        closed = found.end() - 1 in ends
        done = ends[found.end() - 1] if closed else found.start() + len(macro)
        if not closed and not loosely:
            break
    return "".join([*pieces, text[done:]])


def _group_ends(text: str) -> dict[int, int]:
    """Where the group ends that each brace opens; a brace that is never closed is not named."""
    ends, opened = {}, []
    for brace in re.finditer(r"[{}]", text):
        if brace.group() == "{":
            opened.append(brace.start())
        elif opened:
            ends[opened.pop()] = brace.end()
    return ends


def _ungrouped(text: str) -> str:
    """Without braces around what is short or holds an operator, again and again."""
    before = None
    while text != before:
        before = text
        text = SIMPLE_GROUP.sub(r"\1", text).replace("{}", "")
        text = re.sub("}}+", "}", re.sub(r"\{\{+", "{", text))
        text = GROUP.sub(lambda found: found[1] if any(sign in found[1] for sign in GROUP_OPENERS) else found[0], text)
    return text


def _simplified(html: str, version: Version) -> str:
    soup = BeautifulSoup(html, "html.parser")
    for cell in soup.find_all("th"):
        cell.name = "td"
    for name in ("thead",) if version is Version.V15 else ("thead", "tbody"):
        for tag in soup.find_all(name):
            tag.unwrap()
    for tag in soup.find_all("math"):
        tag.replace_with(f"${tag.get('alttext', '')}$")
    for tag in soup.find_all("span"):
        tag.unwrap()
    return str(soup) if version is Version.V15 else _with_plain_cells(str(soup))


def _with_plain_cells(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    for cell in soup.find_all(["td", "th"]):
        assert isinstance(cell, Tag)
        for node in list(cell.descendants):
            if isinstance(node, NavigableString):
                plain = _plain_cell(str(node))
                if plain != str(node):
                    node.replace_with(plain)
    return str(soup)


def _plain_cell(text: str) -> str:
    text = _with_signs(normalize("NFKC", text).replace("\u00a0", " ").replace("\u200b", ""))
    text = _with_signs(_unwrapped(text))
    if text.strip() in DASHES:
        text = "—"
    return re.sub(r"\s+", " ", text).strip()


def _with_signs(text: str) -> str:
    for written, sign in CELL_SIGNS:
        text = text.replace(written, sign)
    return text


def _unwrapped(text: str) -> str:
    """A cell without the delimiters around all of it."""
    text = text.strip()
    while True:
        pair = next((pair for pair in DELIMITERS if _is_within(text, *pair) and _can_unwrap(text, *pair)), None)
        if pair is None:
            return text
        text = text[len(pair[0]) : len(text) - len(pair[1])].strip()


def _can_unwrap(text: str, opening: str, closing: str) -> bool:
    inner = text[len(opening) : len(text) - len(closing)].strip()
    return 0 < len(inner) <= LONGEST_WRAPPED and not any(sign in inner for sign in "<>$")
