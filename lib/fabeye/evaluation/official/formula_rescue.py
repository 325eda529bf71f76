r"""Formulas that OmniDocBench's v16 finds where none is marked, and what it takes off those that are.

Notable:
- Prose, pictures' names and cells of read tables that look like formulas become candidates for gold formulas.
- A number in front of a formula and a remark behind it become texts; arithmetic side by side becomes several formulas.
- What looks like a formula is the original's judgement: counts of signs, digits, words and Chinese characters.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

from fabeye.evaluation.official.latex import guarded_letters
from fabeye.evaluation.official.pieces import FORMULA, RESCUE, TEXT, Piece
from fabeye.metrics.scanning import Span, replace_spans, spans

LONGEST_PROSE, LONGEST_CELL, LONGEST_ARITHMETIC = 220, 120, 160  # characters
WRAPPERS = (("$$", "$$"), (r"\[", r"\]"), (r"\(", r"\)"), ("$", "$"))
ENVELOPES = ((r"\[", r"\]"), (r"\(", r"\)"), ("$$", "$$"), ("$", "$"))
OPERATOR = re.compile(
    r"\\frac|\\sqrt|\\sum|\\int|\\prod|\\times|\\div|\\square|\\cdots|\\left|\\right|\\approx|\\xrightarrow|"
    r"\\rightarrow|\\longrightarrow|=|<|>|≤|≥|≈|÷|×|±|∑|∫|√|→|\^|_|□|△|…|%|/|\+|-"
)
MATH = re.compile(r"\\[A-Za-z]+|[=<>≤≥÷×±∑∫√\^_□△…%/()+\-]")
CHINESE, WORD, DIGIT = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{4,}"), re.compile(r"\d")
FRACTION = re.compile(r"\d+\s*/\s*\d+")
ARROWS = (r"\xrightarrow", r"\longrightarrow")
CELL_OPERATORS = ("=", "+", "-", "×", "÷", "/", "≈", r"\times", r"\div", r"\approx")
RELATIONS = ("=", r"\approx", "≈", r"\neq", "≠", r"\leq", "≤", r"\geq", "≥")
NO_ARITHMETIC = re.compile(r"\\(mathbf|left|right|cdot|lambda|Gamma|varGamma|text|matrix|pmatrix|bmatrix)")
WRITTEN_AS = (
    *(("……", r" \cdots \cdots "), ("…", r" \cdots "), ("×", r" \times "), ("÷", r" \div "), ("≤", r" \leq ")),
    *(("≥", r" \geq "), ("≠", r" \neq "), ("≈", r" \approx "), ("□", r" \square "), ("△", r" \triangle ")),
    *(("（", "("), ("）", ")"), ("［", "["), ("］", "]"), ("｛", "{"), ("｝", "}")),
)
ARROW = re.compile(r"(?P<before>.*?)\\xrightarrow\s*\{(?P<label>[^{}]+)\}(?P<after>.*)")
REDOX = "氧化还原反应"
SIDE_BY_SIDE = re.compile(r"\s*(?:\\qquad|\\quad)\s*")
GAP = r"(?:\\qquad|\\quad|\\enspace|\\,|\\;|\\:)\s*"
NUMBER_BEFORE = re.compile(rf"^\s*(?P<number>\\left\(\s*[0-9IVXivx]+\s*\\right\)|\(\s*[0-9IVXivx]+\s*\))\s*(?:{GAP})*")
REMARKS_AFTER = (
    re.compile(rf"{GAP}(?P<remark>\\text\s*\{{[^{{}}]*\}}\.?)\s*$"),
    re.compile(rf"{GAP}(?P<remark>\([^)]*[A-Za-z][^)]*\)\.?)\s*$"),
)
GAPS_AFTER = re.compile(rf"(?:{GAP})+$")
REMARK_SIGNS = re.compile(r"\\[A-Za-z]+|[=<>≤≥÷×±∑∫√_^{}]")


def from_text(text: str, start: int, end: int, fine: str) -> Iterator[Piece]:
    """The candidate that a paragraph or a picture's name is, if it looks like a formula."""
    if _looks_like_formula(text) and (content := _as_formula(text)):
        kind = FORMULA if any(arrow in content for arrow in ARROWS) else RESCUE
        yield Piece(kind, start, end, content, fine)


def from_table(html: str, start: int) -> Iterator[Piece]:
    """Candidates among a read table's cells; their positions only count up from the table's."""
    for cell in BeautifulSoup(html, "html.parser").find_all(["td", "th"]):
        text = " ".join(cell.get_text(separator=" ").split())
        if _is_formula_cell(text) and (content := _as_formula(text)):
            yield Piece(FORMULA, start, start + max(len(text), 1), content, "table_formula_rescue")
            start += max(len(text), 1) + 1


def from_formula(piece: Piece) -> Iterator[Piece]:
    """A read formula, or the formulas that it is, and the texts that stood in it."""
    content, texts = _without_margins(piece) if _has_margin(piece.content) else (piece.content, [])
    yield from _side_by_side(content, piece)
    yield from texts


def without_wrappers(text: str) -> str:
    """The text with what stands in delimiters of formulas between spaces in their place."""
    for pair in WRAPPERS:
        text = replace_spans(text, spans(text, [pair]), lambda span: f" {span.inner} ")
    return text


def _looks_like_formula(text: str) -> bool:
    text = " ".join(text.split())
    bare = without_wrappers(text)
    if not text or len(text) > LONGEST_PROSE or not (length := len("".join(bare.split()))):
        return False
    operators, digits = len(OPERATOR.findall(bare)), len(DIGIT.findall(bare))
    chinese, words = len(CHINESE.findall(bare)), len(WORD.findall(bare))
    marked = _count(text, [("$", "$"), (r"\(", r"\)")]) + _count(text, [("$$", "$$"), (r"\[", r"\]")])
    rest = re.sub(r"\s+", "", DIGIT.sub(" ", MATH.sub(" ", bare)))
    return (
        (marked > 0 and len(rest) <= 18 and operators >= 1)
        or (any(sign in bare for sign in ("□", r"\square")) and operators >= 1 and words <= 1 and length <= 80)
        or (any(sign in bare for sign in (*ARROWS, "→")) and chinese <= 24 and length <= 120)
        or (operators >= 2 and digits >= 1 and words <= 2 and chinese <= 12 and length <= 100)
        or (operators >= 3 and words == 0 and chinese <= 18 and length <= 80)
    )


def _count(text: str, pairs: list[tuple[str, str]]) -> int:
    return sum(1 for _ in spans(text, pairs))


def _as_formula(text: str) -> str:
    text = without_wrappers(" ".join(text.replace("\u3000", " ").split()))
    for written, macro in WRITTEN_AS:
        text = text.replace(written, macro)
    text = _with_arrow(text)
    text = re.sub(r"(?<!\\)&", r"\\&", re.sub(r"(?<!\\)%", r"\\%", text))
    text = re.sub(r"\s+", " ", text).strip()
    if not text or text.startswith((r"\begin{", "$$", r"\[")):
        return text
    return rf"\[ {text} \]"


def _with_arrow(text: str) -> str:
    arrow = ARROW.search(text)
    if arrow is None:
        return text
    before, label, after = (arrow[name].strip() for name in ("before", "label", "after"))
    if label and "\\" not in label:
        label = rf"\text{{{label}}}"
    if after.endswith(REDOX):
        below = rf"\underset{{{REDOX}}}{{\xrightarrow{{{label}}}}}"
        return f"{before} {below} {after.removesuffix(REDOX).strip()}".strip()
    return rf"{before} \xrightarrow{{{label}}} {after}".strip()


def _is_formula_cell(text: str) -> bool:
    if not text or len(text) > LONGEST_CELL or not _looks_like_formula(text):
        return False
    if not any(sign in text for sign in CELL_OPERATORS):
        return False
    return len(DIGIT.findall(text)) >= 2 or r"\frac" in text or FRACTION.search(text) is not None


def _unwrapped(text: str) -> tuple[str, str, str]:
    """(opening, closing, what stands between); both "" where there is none."""
    text = " ".join(text.split())
    for opening, closing in ENVELOPES:
        if text.startswith(opening) and text.endswith(closing) and len(text) >= len(opening) + len(closing):
            return opening, closing, text[len(opening) : len(text) - len(closing)].strip()
    return "", "", text


def _has_margin(content: str) -> bool:
    inner = _unwrapped(content)[2]
    if NUMBER_BEFORE.match(inner):
        return True
    found = (pattern.search(inner) for pattern in REMARKS_AFTER)
    return any(one is not None and _is_remark(one["remark"]) for one in found)


def _without_margins(piece: Piece) -> tuple[str, list[Piece]]:
    """The formula between its number and its remarks, and these as texts; all of it where nothing would be left."""
    opening, closing, inner = _unwrapped(piece.content)
    texts: list[Piece] = []
    if number := NUMBER_BEFORE.match(inner):
        length = max(len(number["number"].strip()), 1)
        texts += _margin(number["number"].strip(), piece.start, min(piece.end, piece.start + length))
        inner = inner[number.end() :].strip()
    while inner and (found := _remark_after(inner)):
        remark = found["remark"].strip()
        texts += _margin(remark, max(piece.start, piece.end - max(len(remark), 1)), piece.end)
        inner = inner[: found.start()].rstrip()
    inner = GAPS_AFTER.sub("", inner).strip()
    if not inner:
        return " ".join(piece.content.split()), []
    return (f"{opening} {inner} {closing}" if opening else inner), texts


def _remark_after(inner: str) -> re.Match[str] | None:
    for pattern in REMARKS_AFTER:
        found = pattern.search(inner)
        if found is not None and _is_remark(found["remark"].strip()):
            return found
    return None


def _margin(latex: str, start: int, end: int) -> list[Piece]:
    text = _plain(latex)
    return [Piece(TEXT, start, end, text, "equation_caption")] if text else []


def _is_remark(latex: str) -> bool:
    latex = latex.strip()
    plain = _plain(latex)
    letters, words = len(re.findall("[A-Za-z]", plain)), len(re.findall("[A-Za-z]{2,}", plain))
    signs, digits = len(REMARK_SIGNS.findall(latex)), len(DIGIT.findall(plain))
    core = plain[1:-1].strip() if plain.startswith("(") and plain.endswith(")") else plain
    if not plain or re.fullmatch("[0-9IVXivx]+", core.replace(" ", "")):
        return False
    return (letters >= 10 and words >= 2 and signs <= 6) or (letters >= 14 and digits == 0 and signs <= 3)


def _plain(latex: str) -> str:
    latex = latex.strip()
    return re.sub(r"\s+", " ", guarded_letters(latex).replace("\xa0", " ")).strip() if latex else ""


def _side_by_side(content: str, piece: Piece) -> Iterator[Piece]:
    opening, closing, inner = _unwrapped(content)
    parts = [part.strip() for part in SIDE_BY_SIDE.split(inner) if part.strip()] if r"\q" in inner else []
    if len(parts) <= 1 or not all(map(_is_arithmetic, parts)):
        yield Piece(piece.kind, piece.start, piece.end, content, piece.fine)
        return
    width = max(max(piece.end - piece.start, len(parts)) // len(parts), 1)
    for number, part in enumerate(parts):
        start = piece.start + number * width
        end = piece.end if number == len(parts) - 1 else min(piece.end, start + width)
        yield Piece(piece.kind, start, end, f"{opening} {part} {closing}" if opening else part, piece.fine)


def _is_arithmetic(text: str) -> bool:
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_ARITHMETIC or any(part in text for part in (r"\begin{", r"\end{")):
        return False
    if NO_ARITHMETIC.search(text) or not any(sign in text for sign in RELATIONS):
        return False
    return len(DIGIT.findall(text)) >= 2 or r"\frac" in text or FRACTION.search(text) is not None


def without_inline(block: str) -> str:
    """A text without the delimiters of inline formulas."""
    for pair in ((r"\(", r"\)"), ("$", "$")):
        block = replace_spans(block, spans(block, [pair]), _inner)
    return block


def _inner(span: Span) -> str:
    return span.inner
