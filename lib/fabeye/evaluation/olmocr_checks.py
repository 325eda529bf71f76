"""What a test of olmOCR-bench's kind asks of a page's Markdown, as plain questions with yes or no.

Notable:
- Text is compared with white space single, emphasis marks gone, quotes and dashes of every kind made one.
- A text occurs where a stretch of the page is within so many insertions, deletions and replacements of it.
- A cell's neighbours are all cells that touch it: a merged heading is above every column it spans.
- A formula occurs where all its drawn marks stand next to each other in a read formula.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from fabeye.evaluation.blocks import Kind, read_markdown
from fabeye.metrics.formula import drawn, tokens
from fabeye.metrics.table import Cell, Table, parse_table

LEAST_ALIKE = 0.5  # of a cell, however many differences are allowed
LONGEST_GRAM = 5  # characters of a stretch that may repeat at the end of a page
SIGNS = str.maketrans(
    {**dict.fromkeys("‘’‚", "'"), **dict.fromkeys("“”„", '"'), **dict.fromkeys("–—‑‒−", "-"), "＿": "_", "µ": "μ"}
)
EMPHASIS = re.compile(r"(\*\*|__|\*|_)(?=\S)([^*_\n]+?)(?<=\S)\1")
BREAK = re.compile(r"<br\s*/?>|</?[bi]>", re.IGNORECASE)
FORMULA = re.compile(r"\$\$([^$]+)\$\$|\$([^$\n]+)\$|\\\((.{1,5000}?)\\\)|\\\[(.{1,5000}?)\\\]", re.DOTALL)
DISALLOWED = re.compile(
    "[\u4e00-\u9fff\u3040-\u30ff\U0001f600-\U0001f64f\U0001f300-\U0001f5ff\U0001f680-\U0001f6ff\U0001f1e0-\U0001f1ff]"
)


def plain(text: str) -> str:
    """Text as it is compared."""
    bare = EMPHASIS.sub(r"\2", EMPHASIS.sub(r"\2", BREAK.sub(" ", text)))
    return " ".join(unicodedata.normalize("NFC", bare).split()).translate(SIGNS)


def stands_in(
    text: str,
    reading: str,
    max_diffs: int,
    case_sensitive: bool = True,
    first_n: int | None = None,
    last_n: int | None = None,
) -> bool:
    """Whether a text occurs in a reading, or in the first and last so many characters of it."""
    sought, page = plain(text), plain(reading)
    if not case_sensitive:
        sought, page = sought.lower(), page.lower()
    ends = (page[:first_n] if first_n else "") + (page[-last_n:] if last_n else "")
    return bool(sought) and occurrences(sought, ends if first_n or last_n else page, max_diffs).size > 0


def ordered(before: str, after: str, reading: str, max_diffs: int) -> bool:
    """Whether some occurrence of `before` starts earlier than some occurrence of `after`."""
    page = plain(reading)
    first, second = (occurrences(plain(text), page, max_diffs) for text in (before, after))
    return bool(first.size and second.size and first.min() < second.max())


def occurrences(sought: str, text: str, max_diffs: int) -> NDArray[np.int64]:
    """Where stretches within `max_diffs` edits of `sought` start, ascending.

    Sellers' recurrence (J. Algorithms 1, 1980), a row of it at a time, from the end of both texts to their beginning.
    """
    if max_diffs == 0:
        return np.array([found.start() for found in re.finditer(f"(?={re.escape(sought)})", text)], dtype=np.int64)
    letters = np.array([ord(letter) for letter in reversed(text)], dtype=np.int64)
    steps = np.arange(len(text) + 1)
    row = np.zeros(len(text) + 1, dtype=np.int64)
    for number, letter in enumerate(reversed(sought), 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (letters != ord(letter)))
        row = np.minimum.accumulate(np.concatenate([[number], best]) - steps) + steps
    return np.sort(len(text) - np.flatnonzero(row <= max_diffs))


def read_tables(reading: str) -> list[Table]:
    """The tables of a page, in Markdown or HTML."""
    return [parse_table(block.content) for block in read_markdown(reading) if block.kind == Kind.TABLE]


def table_holds(table: Table, cell: str, wanted: Mapping[str, str], max_diffs: int) -> bool:
    """Whether a cell with this text has each wanted neighbour: side -> text."""
    grid = table.grid()
    alike = [one for one in table.cells if _same(cell, one.text, max_diffs)]
    return any(
        all(
            any(_same(text, other.text, max_diffs) for other in _beside(grid, one, side))
            for side, text in wanted.items()
        )
        for one in alike
    )


def read_formulas(reading: str) -> list[str]:
    """The LaTeX between dollars or LaTeX's own brackets."""
    return ["".join(part for part in found if part).strip() for found in FORMULA.findall(reading)]


def shows_formula(sought: str, read: str) -> bool:
    """Whether a formula is the other, or a stretch of what it shows."""
    if _within(tokens(sought), tokens(read)):
        return True
    one, other = drawn(sought), drawn(read)
    return one is not None and other is not None and bool(one.glyphs) and _within(one.glyphs, other.glyphs)


def is_sound(reading: str, max_length: int | None, max_repeats: int, only_latin: bool) -> bool:
    """Whether something is written, nothing repeats without end, and no letter is of another script.

    max_length: for a blank page, the number of letters and digits that may stand there; nothing else is asked then.
    """
    letters = sum(letter.isalnum() for letter in reading)
    if max_length is not None:
        return letters <= max_length
    if letters == 0 or (only_latin and DISALLOWED.search(reading)):
        return False
    return max(repeats_at_end(reading, length) for length in range(1, LONGEST_GRAM + 1)) <= max_repeats


def repeats_at_end(text: str, length: int) -> int:
    """How often the last `length` characters stand at the end of a text, one after the other.

    >>> repeats_at_end("a-b-b-b-", 2)
    3
    """
    gram, count = text[-length:], 0
    while len(gram) == length and text.endswith(gram, 0, len(text) - count * length):
        count += 1
    return count


def _same(wanted: str, read: str, max_diffs: int) -> bool:
    one, other = plain(wanted), plain(read)
    least = max(LEAST_ALIKE, 1 - max_diffs / max(len(one), 1))
    return fuzz.ratio(one, other) / 100 >= least


def _beside(grid: Sequence[Sequence[Cell | None]], cell: Cell, side: str) -> Iterator[Cell]:
    """Cells that touch a cell on one side; for a heading, those at the end of its columns or rows."""
    rows, columns = range(cell.row, cell.row + cell.rowspan), range(cell.column, cell.column + cell.colspan)
    above, below, before, behind = cell.row - 1, cell.row + cell.rowspan, cell.column - 1, cell.column + cell.colspan
    places = {
        "up": [(above, column) for column in columns],
        "down": [(below, column) for column in columns],
        "left": [(row, before) for row in rows],
        "right": [(row, behind) for row in rows],
        "top_heading": [(row, column) for column in columns for row in _heads(_column(grid, column)[: cell.row])],
        "left_heading": [(row, column) for row in rows for column in _heads(grid[row][: cell.column])],
    }[side]
    for row, column in places:
        if 0 <= row < len(grid) and 0 <= column < len(grid[row]) and (found := grid[row][column]) is not None:
            yield found


def _column(grid: Sequence[Sequence[Cell | None]], column: int) -> list[Cell | None]:
    return [row[column] if column < len(row) else None for row in grid]


def _heads(line: Sequence[Cell | None]) -> list[int]:
    """Places of headings along a line: cells marked as such, or without any the first cell with words."""
    marked = [place for place, cell in enumerate(line) if cell is not None and cell.header]
    return marked or [place for place, cell in enumerate(line) if cell is not None and cell.text][:1]


def _within(part: Sequence[object], whole: Sequence[object]) -> bool:
    """Whether a sequence is a stretch of another."""
    width = len(part)
    return 0 < width <= len(whole) and any(whole[at : at + width] == part for at in range(len(whole) - width + 1))
