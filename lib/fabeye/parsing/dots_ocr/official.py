"""What the model's own package keeps of an answer, whole or broken: for comparing with its published numbers.

Notable:
- An answer that is no JSON array loses its boxes and categories there: only the texts survive, joined.
- An answer that does not end in a bracket loses its last cell, complete or not; one object without an array loses all.
- recovery.py is what this project uses; `parse.dots_ocr.cleaner: official` asks for this one.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Hashable
from itertools import pairwise
from typing import Any

CELL_START = '{"bbox":'
LONGEST = 50_000  # characters; a longer answer is taken for one that runs in circles
SAME_WORDS = 5  # times that a category and its text may not occur
SAME_BOX = 2  # times that a box may not occur
RUN_TOGETHER = re.compile(r"\}\s*\{(?=\"bbox\")")

Cells = list[dict[str, Any]]


def kept(answer: str) -> tuple[Cells | str, bool]:
    """The cells of a sound answer, or the joined texts of a broken one; and whether it was broken."""
    try:
        read = json.loads(answer)
    except ValueError:
        return _texts(cleaned(answer)), True
    if not isinstance(read, list):
        return "", True
    if all(isinstance(cell, dict) and len(cell.get("bbox", ())) == 4 for cell in read):
        return read, False
    return _texts([cell for cell in read if isinstance(cell, dict)]), True


def cleaned(answer: str) -> Cells:
    """The cells that can be had from an answer, repetitions dropped."""
    text = _ended(RUN_TOGETHER.sub("},{", answer))
    try:
        read = json.loads(text)
    except ValueError:
        read = _one_by_one(text)
    cells = read if isinstance(read, list) else [read]
    return without_repeats([cell for cell in cells if isinstance(cell, dict)])


def without_repeats(cells: Cells) -> Cells:
    """Cells without those that a model writes when it runs in circles; of each the first stays."""
    cells = _thinned(cells, lambda cell: json.dumps(cell, sort_keys=True), 2)
    cells = _thinned(cells, lambda cell: (cell.get("category"), cell.get("text")), SAME_WORDS)
    return _thinned(cells, lambda cell: str(cell.get("bbox")), SAME_BOX)


def _ended(text: str) -> str:
    """The text as an array: cut before its last cell where it does not end, and closed."""
    text = text.strip()
    if len(text) > LONGEST or not text.endswith("]"):
        starts = [found.start() for found in re.finditer(re.escape(CELL_START), text)]
        if len(starts) > 1:
            text = text[: starts[-1]].rstrip().rstrip(",")
        if not text.startswith("{") or len(starts) > 1:
            text += "]"
    return text


def _one_by_one(text: str) -> Cells:
    """Cells that are sound for themselves, the last one closed where it is cut."""
    starts = [found.start() for found in re.finditer(re.escape(CELL_START), text)]
    cells = []
    for start, end in pairwise([*starts, len(text)]):
        piece = text[start:end].rstrip().rstrip(",]").rstrip()
        for closed in (piece, text[start:end] + '"}'):
            try:
                cells.append(json.loads(closed))
                break
            except ValueError:
                continue
    return cells


def _thinned(cells: Cells, key: Callable[[dict[str, Any]], Hashable], least: int) -> Cells:
    """Without all but the first of the cells whose key occurs `least` times or more."""
    counts = Counter(key(cell) for cell in cells)
    seen: set[Hashable] = set()
    stay = []
    for cell in cells:
        name = key(cell)
        if counts[name] < least or name not in seen:
            stay.append(cell)
        seen.add(name)
    return stay


def _texts(cells: Cells) -> str:
    return "\n\n".join(cell["text"] for cell in cells if cell.get("text"))
