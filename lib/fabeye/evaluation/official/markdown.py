r"""A Markdown page cut into blocks, as OmniDocBench's evaluator cuts it.

Notable:
- Tables and formulas are taken out first and leave spaces, so that a block's position is its place in the text; what
  is left is cut at empty lines, or at every line where there is no empty one.
- Inline formulas are blocks of their own and stay in their paragraph too.
- A position in the rest counts the pieces' lengths without what parted them, and Markdown tables are counted as the
  HTML that they become: positions are fit for ordering, no more.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from fabeye.errors import FabeyeError
from fabeye.evaluation.official.formula_rescue import from_formula, from_table, from_text, without_wrappers
from fabeye.evaluation.official.pieces import (
    CODE,
    FORMULA,
    FROM_MARKDOWN,
    HTML,
    INLINE,
    LATEX,
    PARAGRAPH,
    TEXT,
    Piece,
)
from fabeye.evaluation.official.prose import fragment_text, without_described_formulas
from fabeye.evaluation.official.version import Version
from fabeye.metrics.scanning import Span, blank, replace_spans, spans

MOST_TABLES = 2000  # in one prediction; finding unclosed ones takes time by their square
MOST_BLOCKS = 20_000  # in one prediction; each is compared with every gold block
LONGEST_FORMULA = 50_000  # characters; taking braces off takes time by the square of their depth
FENCES = {Version.V15: ("markdown",), Version.V16: ("markdown", "html", "latex")}
REPEATED_SIGN = re.compile(r"([^a-zA-Z0-9])\1{10,}")
DISPLAY_PAIRS = (("$$", "$$"), (r"\[", r"\]"), ("$", "$"), (r"\(", r"\)"))
DOLLAR = re.compile(r"\$\$(.*?)\$\$|\$(.*?)\$|\\\((.*?)\\\)", re.DOTALL)
CODE_FENCE = re.compile(r"```\w+\n")
TABLE_TAG = re.compile(r"<table[^>]*>")
ROW_TAG = re.compile(r"</?t(able|head|body)>")
RULE = re.compile(r":|---")  # a line with one of these is taken for the rule under a table's head
SHORT_LABEL = re.compile(r"[A-Za-z0-9._,-]+|[ΓγλμνxyzuvwMNOabcABC0-9._,-]+")
LONGEST_LABEL = 24  # characters
ARROWS = (r"\xrightarrow", r"\longrightarrow")
OPERATORS = (*"=<>≤≥≈≠^+-/", r"\cdot", r"\frac", r"\sqrt", r"\sum", r"\int", r"\times", r"\div", r"\approx", r"\neq")
MORE_OPERATORS = (r"\leq", r"\geq", *ARROWS)


class OversizedError(FabeyeError):
    """A prediction holds more than a page can; the text says what and how much."""


def split_markdown(text: str, version: Version) -> list[Piece]:
    """Blocks by position. Raises OversizedError."""
    pieces = list(_from_images(text)) if version is Version.V16 else []
    text = _cleaned(text, version)
    text = _take_latex_tables(text, pieces, version)
    text = _take_html_tables(text, pieces, version)
    text = _take_formulas(text, pieces, version)
    text = _take_markdown_tables(text, pieces, version)
    text = _take_code(text, pieces)
    pieces += _paragraphs(_without_sections(text), version)
    pieces.sort(key=lambda piece: piece.start)
    _check_size(pieces)
    return pieces if version is Version.V15 else [piece for piece in pieces if not _is_label(piece)]


def by_kind(pieces: list[Piece]) -> dict[str, list[Piece]]:
    """Blocks of each kind, the kinds in the order of their first block."""
    found: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        found[piece.kind].append(piece)
    return found


def _check_size(pieces: list[Piece]) -> None:
    if len(pieces) > MOST_BLOCKS:
        raise OversizedError(f"it has {len(pieces)} blocks, more than the {MOST_BLOCKS} that a page can have")
    longest = max((len(piece.content) for piece in pieces if piece.kind == FORMULA), default=0)
    if longest > LONGEST_FORMULA:
        raise OversizedError(f"it has a formula of {longest} characters, more than the {LONGEST_FORMULA} that are read")


def _cleaned(text: str, version: Version) -> str:
    text = _without_images(text, keep_place=version is Version.V16)
    for language in FENCES[version]:
        text = re.sub(rf"^```{language}\n?", "", text, flags=re.MULTILINE)
    text = re.sub(r"```\n?$", "", text, flags=re.MULTILINE)
    text = re.sub(" {4,}", " " * 4, re.sub("_{4,}", "_" * 4, text))
    if version is Version.V15:
        text = REPEATED_SIGN.sub(r"\1\1\1\1", text)
    for tag in ("<html>", "</html>", "<body>", "</body>"):
        text = text.replace(tag, "")
    return text if version is Version.V15 else without_described_formulas(text)


def _from_images(text: str) -> Iterator[Piece]:
    for span in _images(text):
        name = span.inner.partition("](")[0]
        yield from from_text(name.strip(), span.start, span.end, "image_formula")


def _without_images(text: str, *, keep_place: bool) -> str:
    """Without ![name](address) within a line."""
    pieces, done = [], 0
    for span in _images(text):
        pieces += [text[done : span.start], " " * (span.end - span.start) if keep_place else ""]
        done = span.end
    return "".join([*pieces, text[done:]])


def _images(text: str) -> Iterator[Span]:
    start = text.find("![")
    while start >= 0:
        line_end = text.find("\n", start)
        line_end = len(text) if line_end < 0 else line_end
        middle = text.find("](", start + 2, line_end)
        end = text.find(")", middle + 2, line_end) if middle >= 0 else -1
        if end >= 0:
            yield Span(start, end + 1, text[start + 2 : end], "![")
        start = text.find("![", end + 1 if end >= 0 else line_end)


def _take_latex_tables(text: str, pieces: list[Piece], version: Version) -> str:
    found = list(spans(text, [(r"\begin{table}", r"\end{table}")]))
    rest = text
    for span in found:
        rest = blank(rest, span.start, span.end)
    # One character too many is taken, as by the original, which counts the backslash of its own pattern twice.
    places = _nested(rest, re.compile(r"\\begin\{tabular\}"), r"\end{tabular}", skip=14, restart=16, tail=1)
    tables = [(span.start, text[span.start : span.end]) for span in found]
    tables += [(start, rest[start:end]) for start, end in places]
    fine = LATEX if version is Version.V16 else ""
    for start, table in sorted(tables, key=lambda one: one[0]):
        end = start + len(table)
        pieces.append(Piece(LATEX, start, end, table, fine))
        text = blank(text, start, end)
    return text


def _take_html_tables(text: str, pieces: list[Piece], version: Version) -> str:
    for start, end in _nested(text, TABLE_TAG, "</table>", skip=8, restart=16, tail=0):
        pieces += _table(Piece(HTML, start, end, text[start:end]), version)
        text = blank(text, start, end)
    return text


def _table(piece: Piece, version: Version) -> Iterator[Piece]:
    yield piece
    if version is Version.V16:
        yield from from_table(piece.content, piece.start)


def _nested(
    text: str, opening: re.Pattern[str], closing: str, skip: int, restart: int, tail: int
) -> list[tuple[int, int]]:
    """Outermost pairs; where one stays open, those that are found `restart` characters behind it as well.

    skip: characters passed over after an opening. tail: characters that belong to a closing beyond its own.
    """
    openings = [match.start() for match in opening.finditer(text)]
    if len(openings) > MOST_TABLES:
        raise OversizedError(f"it opens {len(openings)} tables, more than the {MOST_TABLES} that are looked at")
    found: list[tuple[int, int]] = []
    offset = 0
    while True:
        stack = _scan(text, openings, closing, offset, skip, tail, found)
        if not stack:
            return found
        offset = stack[0] + restart


def _scan(
    text: str, openings: list[int], closing: str, at: int, skip: int, tail: int, found: list[tuple[int, int]]
) -> list[int]:
    """One pass from `at` on; adds the pairs and returns where those begin that stay open."""
    stack: list[int] = []
    ahead = iter([start for start in openings if start >= at])
    start, end = next(ahead, -1), text.find(closing, at)
    while start >= 0 or end >= 0:
        if start >= 0 and (end < 0 or start < end):
            stack.append(start)
            at = start + skip
        else:
            begun = stack.pop() if stack else -1
            at = end + len(closing) + tail
            if begun >= 0 and not stack:
                found.append((begun, min(at, len(text))))
        while 0 <= start < at:
            start = next(ahead, -1)
        if 0 <= end < at:
            end = text.find(closing, at)
    return stack


def _take_formulas(text: str, pieces: list[Piece], version: Version) -> str:
    taken = []
    for span in spans(text, DISPLAY_PAIRS):
        line = " ".join(text[span.start : span.end].strip().split("\n"))
        dollars = DOLLAR.search(line)
        if dollars is None or dollars.group(1):
            content = DOLLAR.sub(r"\\[\1\\]", line) if dollars else line
            piece = Piece(FORMULA, span.start, span.end, content)
            taken.append(span)
        else:
            piece = Piece(FORMULA, span.start, span.end, DOLLAR.sub(r"\\[\2\3\\]", line), INLINE)
        pieces += [piece] if version is Version.V15 else from_formula(piece)
    return replace_spans(text, taken, _spaces)


def _take_markdown_tables(text: str, pieces: list[Piece], version: Version) -> str:
    if len(list(_rows(text + "\n"))) < 2:
        return text
    text = _tables_as_html(text)
    found = list(spans(text, [("<table", "</table>")]))
    for one in found:
        source = text[one.start : one.end].strip()
        pieces += _table(Piece(HTML, one.start, one.end, source, FROM_MARKDOWN), version)
    return replace_spans(text, found, _spaces)


def _rows(text: str) -> Iterator[Span]:
    """From a bar to the next bar at the end of a line."""
    return spans(text, [("|", "|\n")])


def _tables_as_html(text: str) -> str:
    """Each row first becomes a table with a head only; neighbours are then joined and their heads become rows."""
    text = text.replace("\r", "") + "\n"
    lines = replace_spans(text, _rows(text), lambda span: _row_table(text[span.start : span.end])).split("\n")
    joined = "\n".join(_joined(lines))
    joined = joined.replace("<table>", '<table border="1" >')
    return joined.replace("<td>", '<td colspan="1" rowspan="1">')


def _row_table(source: str) -> str:
    lines = [line.strip() for line in source.strip().split("\n")]
    body = "".join(_row(line, "td") for line in lines[2:])
    return f"<table>\n  <thead>\n{_row(lines[0], 'th')}  </thead>\n  <tbody>\n{body}  </tbody>\n</table>\n"


def _row(line: str, tag: str) -> str:
    cells = "".join(f"      <{tag}>{cell.strip()}</{tag}>\n" for cell in line.split("|")[1:-1])
    return f"    <tr>\n{cells}    </tr>\n"


def _joined(lines: list[str]) -> Iterator[str]:
    """The lines with each run of tables as one table; what stands just above a run is lost in it."""
    run: list[str] | None = None
    for line, following in zip(["", *lines], [*lines, None], strict=True):
        if following is not None and "<table>" in following:
            run = [line] if run is None else [*run[:-1], run[-1] + line]
        elif run is not None:
            if (following is None and line) or (following is not None and _is_kept(line)):
                run.append(line)
            if ("</table>" in line and following is not None) or (following is None and line):
                yield _one_table("\n".join(run))
                run = None
        elif following is not None or line:
            yield _one_table("\n" + line) if following is None and "</table>" in line else line


def _is_kept(line: str) -> bool:
    return not RULE.search(line) and "</thead>" not in line


def _one_table(run: str) -> str:
    run = replace_spans(run, spans(run, [("<!--", "-->")]), lambda _: "")
    rows: list[str] = []
    for span in spans(run, [("<table>", "</table>")]):
        lines = [
            line.replace("<th>", "<td>").replace("</th>", "</td>") if "<th>" in line else line
            for line in run[span.start : span.end].split("\n")
        ]
        lines = [line for line in lines if not ROW_TAG.search(line)]
        if len(lines) > 2:  # a row with a cell
            rows += lines
    return "\n\n<table>\n" + "\n".join(rows) + "\n</table>\n\n"


def _take_code(text: str, pieces: list[Piece]) -> str:
    found = list(_code(text))
    pieces += [Piece(TEXT, span.start, span.end, span.inner.strip(), CODE) for span in found]
    return replace_spans(text, found, _spaces)


def _code(text: str) -> Iterator[Span]:
    at = 0
    while fence := CODE_FENCE.search(text, at):
        end = text.find("```", fence.end())
        if end < 0:
            break
        at = end + 3
        yield Span(fence.start(), at, text[fence.end() : end], fence.group())


def _spaces(span: Span) -> str:
    """So many that every position after the span stays."""
    return " " * (span.end - span.start)


def _without_sections(text: str) -> str:
    r"""Without \title{...}, \text{...} and \section{...} around what they hold."""
    text = replace_spans(text, spans(text, [(r"\title{", "}")], within_line=True), lambda span: span.inner)
    text = _unwrap(_unwrap(text, r"\\title\s*\{"), r"\\text\s*\{")
    for opening in (r"\section{", r"\section*{"):
        text = replace_spans(text, spans(text, [(opening, "}")], within_line=True), lambda span: span.inner)
    return _unwrap(text, r"\\section\*?\{")


def _unwrap(text: str, opening: str) -> str:
    pieces, done = [], 0
    for match in re.finditer(opening, text):
        end = text.find("}", match.end())
        if end < 0:
            break
        if match.start() >= done:
            pieces += [text[done : match.start()], text[match.end() : end].strip()]
            done = end + 1
    return "".join([*pieces, text[done:]])


def _paragraphs(text: str, version: Version) -> Iterator[Piece]:
    parts = text.split("\n\n")
    at = 0
    for part in parts if len(parts) > 1 else text.split("\n"):
        start, at = at, at + len(part)
        content = "\n".join(line.strip() for line in part.strip().split("\n") if line.strip())
        if version is Version.V16:
            yield from _prose(fragment_text(content).strip(), start, at)
        elif content.startswith("<table") and content.endswith("</table>"):
            yield Piece(HTML, start, at, content)
        elif content.startswith("$") and content.endswith("$"):
            if content.replace("$", "").strip():
                yield Piece(FORMULA, start, at, content)
        elif content:
            yield Piece(TEXT, start, at, content, PARAGRAPH)


def _prose(content: str, start: int, end: int) -> Iterator[Piece]:
    if content:
        yield Piece(TEXT, start, end, content, PARAGRAPH)
        yield from from_text(content, start, end, "text_formula")


def _is_label(piece: Piece) -> bool:
    """Whether v16 passes over an inline formula as a mere name, such as $x$."""
    if piece.kind != FORMULA or piece.fine != INLINE:
        return False
    inner = without_wrappers(piece.content.strip())
    label = re.sub(r"\s+", "", inner)
    if label.startswith(ARROWS):
        return True
    if not label or len(label) > LONGEST_LABEL or any(sign in inner for sign in (*OPERATORS, *MORE_OPERATORS)):
        return False
    return SHORT_LABEL.fullmatch(label) is not None
