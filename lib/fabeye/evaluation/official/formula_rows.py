r"""Rows of LaTeX formulas, as OmniDocBench's v16 finds them: where a row ends, and what a row says of itself.

Notable:
- A row ends at `\\` outside of braces and of environments in the formula; a cell at `&` outside of environments.
- Nothing is refused: what is never closed is closed at the end.
"""

import re

ENVIRONMENTS = (
    *("array", "aligned", "align", "align*", "alignedat", "alignedat*", "split", "gather", "gather*", "gathered"),
    *("multline", "multline*", "flalign", "flalign*", "eqnarray", "eqnarray*", "cases"),
)
OPENING = re.compile(
    rf"\\begin\{{(?P<name>{'|'.join(map(re.escape, ENVIRONMENTS))})\}}\s*(?P<extra>(?:\{{[^{{}}]*\}}\s*)*)"
)
INNER = re.compile(
    r"\\begin\{(?:array|aligned|align\*?|alignedat\*?|split|gathered?|multline\*?|flalign\*?|eqnarray\*?|cases)\}"
)
LOGIC = re.compile(
    r"\\(?:Rightarrow|Leftrightarrow|Longrightarrow|Longleftrightarrow|longrightarrow|longleftrightarrow|implies|"
    r"therefore|because|uparrow|downarrow|Updownarrow|forall|exists)\b|单调|否定"
)
LEAD = re.compile(
    r"\(?\d+\)?|\\(?:Rightarrow|Leftrightarrow|Longrightarrow|Longleftrightarrow|implies|therefore|uparrow|downarrow|"
    r"Updownarrow|leftarrow|rightarrow)"
)
WORDS = re.compile(r"\\(?:text|mathrm|operatorname)\s*\{")
BEGIN, END, ROW_END = "\\begin{", "\\end{", "\\\\"
TAG = re.compile(r"\\tag\*?\s*\{[^{}]*\}")
LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
SPACING = re.compile(r"(?:\\qquad|\\quad|\\,|\\;|\\!|\\>|\\:|~)+")
SPACING_AT_END = re.compile(r"(?:\\qquad|\\quad|\\,|\\;|\\!|\\>|\\:|~)\s*$")
NEAR_END = 10  # characters before a label in which a spacing macro may stand


def rows(body: str) -> list[str]:
    """The rows of an environment's body, empty ones left out."""
    found, start, at, braces, depth = [], 0, 0, 0, 0
    while at < len(body):
        if macro := _environment_macro(body, at):
            depth = depth + 1 if macro.startswith(BEGIN) else max(0, depth - 1)
            at += len(macro)
        elif body.startswith(ROW_END, at) and not braces and not depth:
            found.append(body[start:at].strip())
            start = at = _after_row_end(body, at + len(ROW_END))
        else:
            if body[at] in "{}" and not _is_escaped(body, at):
                braces = braces + 1 if body[at] == "{" else max(0, braces - 1)
            at += 1
    return [row for row in (*found, body[start:].strip()) if row]


def cells(row: str) -> list[str]:
    """The cells of a row."""
    found, start, at, depth = [], 0, 0, 0
    while at < len(row):
        if macro := _environment_macro(row, at):
            depth = depth + 1 if macro.startswith(BEGIN) else max(0, depth - 1)
            at += len(macro)
            continue
        if row[at] == "&" and not depth and not _is_escaped(row, at):
            found.append(row[start:at].strip())
            start = at + 1
        at += 1
    return [*found, row[start:].strip()]


def closing(text: str, name: str, start: int) -> int:
    """Where the environment that was opened before `start` is closed, -1 where it is not."""
    opening, ending = f"\\begin{{{name}}}", f"\\end{{{name}}}"
    depth, at = 1, start
    while (end := text.find(ending, at)) >= 0:
        begin = text.find(opening, at)
        if 0 <= begin < end:
            depth, at = depth + 1, begin + len(opening)
        elif depth == 1:
            return end
        else:
            depth, at = depth - 1, end + len(ending)
    return -1


def without_lead(row: str) -> str:
    """A row without the alignment signs in front."""
    row = row.lstrip()
    while row.startswith("&"):
        row = row[1:].lstrip()
    return row


def without_labels(text: str) -> str:
    """What follows an environment, without its number: tags, labels and numbers in brackets at the end."""
    text = LABEL.sub("", text).rstrip()
    while text:
        tag = TAG.search(text)
        if tag is not None and tag.end() == len(text):
            text = _without_spacing(text[: tag.start()])
            continue
        start = text.rfind({")": "(", "]": "["}[text[-1]]) if text[-1] in ")]" else -1
        if start < 0 or not _is_label(text[start + 1 : -1].strip(), text[:start]):
            return text
        text = _without_spacing(text[:start])
    return ""


def says_logic(row: str) -> bool:
    """Whether a row follows from another, or says so in words."""
    return LOGIC.search(without_lead(row)) is not None


def _environment_macro(text: str, at: int) -> str:
    r"""\begin{...} or \end{...} at a place, "" where there is none."""
    for opening in (BEGIN, END):
        if text.startswith(opening, at):
            end = text.find("}", at + len(opening))
            return text[at : end + 1] if end >= 0 else ""
    return ""


def _after_row_end(text: str, at: int) -> int:
    r"""Behind `\\`, its star and its distance in brackets."""
    while text[at : at + 1].isspace():
        at += 1
    at += text[at : at + 1] == "*"
    end = text.find("]", at + 1) if text[at : at + 1] == "[" else -1
    return end + 1 if end >= 0 else at


def _is_escaped(text: str, at: int) -> bool:
    before = at
    while before and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1


def _without_spacing(text: str) -> str:
    text = text.rstrip()
    while (shorter := SPACING_AT_END.sub("", text).rstrip()) != text:
        text = shorter
    return text


def _is_label(label: str, before: str) -> bool:
    if not label or (before and not (before[-1].isspace() or SPACING.search(before[-NEAR_END:]))):
        return False
    if re.fullmatch(r"[a-z]{1,3}", label):
        return False
    return re.fullmatch(r"[A-Za-z0-9.\-#]+", label) is not None or re.fullmatch(r"(?:\\[A-Za-z#]+)+", label) is not None
