r"""Every complete cell of an answer, however broken the rest of it is.

Notable:
- An answer is cut where cells begin, so a missing bracket, comma or end costs nothing but the cell it stands in.
- A cell that is no JSON is mended: LaTeX written with single backslashes, quotation marks inside a text.
- A cell that the answer breaks off in is kept apart, with its box: it is known where to read again.
- Repetitions are dropped by the rules of the model's own package (official.py), and what they say about the answer is
  kept: a model that runs in circles has not finished the page.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

from fabeye.evaluation.predictions import CATEGORIES
from fabeye.parsing.dots_ocr.official import without_repeats

CELL_START = re.compile(r'\{\s*"bbox"\s*:')
CELL_END = re.compile(r'"\s*\}$')  # a brace alone may be LaTeX's
BOX = re.compile(r'"bbox"\s*:\s*\[([^\[\]]*)\]')
CATEGORY = re.compile(r'"category"\s*:\s*"([^"]*)"')
TEXT = re.compile(r'"text"\s*:\s*"(.*)"\s*\}?\s*$', re.DOTALL)
# LaTeX commands whose first letter is one that JSON reads as an escape: \t of \times is no tabulator.
COMMANDS = (
    "beta|bar|begin|big|bigg|binom|boldsymbol|bullet|frac|forall|nabla|ne|neq|neg|nu|notin|rho|rightarrow|right|rm|"
    "rangle|tau|text|textbf|textit|theta|tfrac|therefore|tilde|times|to|top|triangle|underline|underbrace|upsilon|unit"
)
SINGLE_BACKSLASH = re.compile(rf'(?<!\\)\\(?=(?:{COMMANDS})(?![A-Za-z])|[^"\\/bfnrtu])')
EATEN = str.maketrans({"\b": r"\b", "\f": r"\f", "\t": r"\t", "\r": r"\r"})  # escapes that are never meant in a formula
EATEN_N = re.compile(r"\n(?=(?:abla|e|eq|eg|u|otin)(?![A-Za-z]))")
BARE_QUOTE = re.compile(r'(?<!\\)"')


@dataclass(frozen=True, slots=True)
class Cell:
    """One element as the model writes it; box (x0, y0, x1, y1) in pixels of the picture that it saw."""

    box: tuple[float, float, float, float]
    category: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What an answer holds.

    cut: the cell in which it breaks off, its text as far as it goes; None where it does not.
    sound: True where nothing had to be mended, dropped or left out.
    """

    cells: tuple[Cell, ...]
    cut: Cell | None
    sound: bool


def recover(answer: str) -> Recovered:
    """The cells of an answer in the order in which they stand there."""
    text = _unfenced(answer)
    strict = _strict(text)
    if strict is not None:
        cells = _valid(without_repeats(strict))
        return Recovered(tuple(cells), None, len(cells) == len(strict))
    starts = [found.start() for found in CELL_START.finditer(text)]
    pieces = [text[start:end].rstrip().rstrip(",]").rstrip() for start, end in pairwise([*starts, len(text)])]
    cut = None
    if pieces and not CELL_END.search(pieces[-1]) and _parsed(pieces[-1]) is None:
        cut = _patched(pieces.pop())
    read = [cell for piece in pieces if (cell := _parsed(piece) or _patched(piece)) is not None]
    return Recovered(tuple(_valid(without_repeats(read))), next(iter(_valid([cut] if cut else [])), None), False)


def _unfenced(answer: str) -> str:
    """Without the fence of a code block that some servers' models put around JSON."""
    text = answer.strip()
    if text.startswith("```"):
        text = text.partition("\n")[2].removesuffix("```").strip()
    return text


def _strict(text: str) -> list[dict[str, Any]] | None:
    """The cells of an array, or of one cell alone; None where it is neither, or holds anything else."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    cells = [read] if isinstance(read, dict) and "bbox" in read else read
    return cells if isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells) else None


def _parsed(piece: str) -> dict[str, Any] | None:
    """The object that a piece begins with, its backslashes mended where needed; what follows it is passed over."""
    for candidate in (piece, SINGLE_BACKSLASH.sub(r"\\\\", piece)):
        try:
            cell, _ = json.JSONDecoder().raw_decode(candidate)
        except (ValueError, RecursionError):
            continue
        return cell if isinstance(cell, dict) else None
    return None


def _patched(piece: str) -> dict[str, Any] | None:
    """Box, category and text taken out of a piece that is no JSON; None where box or category are not whole."""
    box, category = BOX.search(piece), CATEGORY.search(piece)
    if box is None or category is None:
        return None
    try:
        numbers = [float(number) for number in box[1].split(",")]
    except ValueError:
        return None
    return {"bbox": numbers, "category": category[1], "text": _patched_text(piece)}


def _patched_text(piece: str) -> str:
    found = TEXT.search(piece)
    raw = found[1] if found else piece.partition('"text"')[2].partition('"')[2]
    mended = BARE_QUOTE.sub(r"\"", SINGLE_BACKSLASH.sub(r"\\\\", raw))
    for candidate in (mended, mended.rstrip("\\"), mended.rpartition("\\")[0]):  # the end may be half an escape
        try:
            return str(json.loads(f'"{candidate}"', strict=False))
        except ValueError:
            continue
    return raw


def _valid(cells: Sequence[dict[str, Any]]) -> list[Cell]:
    return [cell for one in cells if (cell := _cell(one)) is not None]


def _cell(read: dict[str, Any]) -> Cell | None:
    box, category, text = read.get("bbox"), read.get("category"), read.get("text")
    if category not in CATEGORIES or not isinstance(box, list) or len(box) != 4:
        return None
    if not all(isinstance(edge, int | float) and isfinite(edge) for edge in box):
        return None
    if box[2] <= box[0] or box[3] <= box[1]:
        return None
    text = text if isinstance(text, str) else ""
    if category == "Formula":
        text = EATEN_N.sub(r"\\n", text.translate(EATEN))
    return Cell((box[0], box[1], box[2], box[3]), category, text)
