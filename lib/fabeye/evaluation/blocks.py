r"""What a reader wrote for a page, as blocks: text, tables, formulas, figures, and what it names.

Notable:
- The form of a prediction is Markdown: tables as HTML or with pipes, formulas between `$$` or `\[ \]`, a figure as an
  image. A fenced block of the language `kie` holds key information (`lot_id: TH8402B.03`), one of the language
  `timing` the parameters of timing diagrams (`tRCD: T0 -> Ta1`); see metrics/keyinfo.py and metrics/timing.py.
- A whole answer inside a fence of the language markdown or html is read as if it stood there bare.
- Text is cut at line ends and sentence ends into pieces, so that it does not matter where a reader puts paragraphs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape


class Kind(StrEnum):
    """What a block is."""

    TEXT = "text"
    TABLE = "table"
    FORMULA = "formula"
    FIGURE = "figure"
    KEY_VALUES = "kie"
    TIMING = "timing"


@dataclass(frozen=True, slots=True)
class Block:
    """content: plain Markdown of one piece of text, HTML of a table, LaTeX of a formula, lines of a fence.

    at: its place in the page's Markdown, in characters.
    """

    kind: Kind
    content: str
    at: int = field(compare=False)


FENCE = re.compile(
    r"^[ \t]*(?P<mark>```|~~~)[ \t]*(?P<language>[\w-]*)[^\n]*\n(?P<inner>.*?)(?:^[ \t]*(?P=mark)[ \t]*$|\Z)",
    re.M | re.S,
)
STRUCTURE = re.compile(
    r"(?P<table><table\b.*?(?:</table\s*>|\Z))"
    r"|\$\$(?P<dollars>[^$]+)\$\$|\\\[(?P<brackets>.{1,5000}?)\\\]"
    r"|!\[[^\]\n]{0,500}\]\([^)\n]*\)|(?P<image><img\b[^<>]*>)",
    re.IGNORECASE | re.DOTALL,
)
PIPE_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
PIPE = re.compile(r"(?<!\\)\|")
LEADING = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+•][ \t]+)")
SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+(?=[A-Z(\u4e00-\u9fff])")
BARE_FENCES = ("markdown", "md", "html")
NAMED_FENCES = {"kie": Kind.KEY_VALUES, "timing": Kind.TIMING}


def read_markdown(text: str) -> list[Block]:
    """The blocks of a page's Markdown, in its order; never raises."""
    blocks: list[Block] = []
    at = 0
    text = text.replace("\r\n", "\n")
    for fence in FENCE.finditer(text):
        blocks += _structures(text[at : fence.start()], at)
        language = fence["language"].lower()
        if language in BARE_FENCES:
            blocks += _shifted(read_markdown(fence["inner"]), fence.start("inner"))
        elif kind := NAMED_FENCES.get(language):
            blocks.append(Block(kind, fence["inner"], fence.start()))
        else:
            blocks += text_pieces(fence["inner"], fence.start("inner"))
        at = fence.end()
    return blocks + _structures(text[at:], at)


def text_pieces(text: str, at: int = 0) -> list[Block]:
    """Plain text as pieces, cut at line ends and sentence ends; `at` is where the text stands in its page."""
    pieces = []
    for start, line in _lines(text):
        bare = LEADING.sub("", line)
        for sentence in SENTENCE_END.split(bare):
            if sentence.strip():
                pieces.append(Block(Kind.TEXT, sentence.strip(), at + start))
    return pieces


def _structures(text: str, at: int) -> list[Block]:
    blocks: list[Block] = []
    done = 0
    for found in STRUCTURE.finditer(text):
        blocks += _with_pipes(text[done : found.start()], at + done)
        latex = found["dollars"] or found["brackets"]
        if found["table"]:
            blocks.append(Block(Kind.TABLE, found["table"], at + found.start()))
        elif latex and latex.strip():
            blocks.append(Block(Kind.FORMULA, latex.strip(), at + found.start()))
        elif not latex:
            blocks.append(Block(Kind.FIGURE, "", at + found.start()))
        done = found.end()
    return blocks + _with_pipes(text[done:], at + done)


def _with_pipes(text: str, at: int) -> list[Block]:
    """Text with its pipe tables as HTML tables."""
    blocks: list[Block] = []
    lines = list(_lines(text))
    number = done = 0
    while number + 1 < len(lines):
        if "|" in lines[number][1] and "-" in lines[number + 1][1] and PIPE_RULE.match(lines[number + 1][1]):
            end = number + 2
            while end < len(lines) and "|" in lines[end][1]:
                end += 1
            start = lines[number][0]
            blocks += text_pieces(text[done:start], at + done)
            rows = [lines[number][1], *(line for _, line in lines[number + 2 : end])]
            blocks.append(Block(Kind.TABLE, pipe_table(rows), at + start))
            done = lines[end][0] if end < len(lines) else len(text)
            number = end
        else:
            number += 1
    return blocks + text_pieces(text[done:], at + done)


def pipe_table(rows: Sequence[str]) -> str:
    """HTML of the rows of a pipe table, its rule left out.

    >>> pipe_table(["| a | b |", "| 1 | 2 |"])
    '<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>'
    """
    cells = [PIPE.split(row.strip().removeprefix("|").removesuffix("|")) for row in rows]
    return (
        "<table>"
        + "".join(f"<tr>{''.join(f'<td>{_cell(one)}</td>' for one in row)}</tr>" for row in cells)
        + "</table>"
    )


def _cell(text: str) -> str:
    return escape(text.strip().replace(r"\|", "|"), quote=False).replace("&lt;br&gt;", "<br>")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """(place of its first character, line) of each line."""
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _shifted(blocks: Sequence[Block], by: int) -> list[Block]:
    return [Block(block.kind, block.content, block.at + by) for block in blocks]
