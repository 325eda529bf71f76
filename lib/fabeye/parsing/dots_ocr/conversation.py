"""What is asked about a page, turn by turn, and what comes of the answers.

Notable:
- Both are pure functions of the turns so far, which the ledger keeps: better ways to read an answer need no new one.
- A sound answer is one turn. A broken one is asked again at another temperature; if that is broken too, the boxes are
  asked for alone, and then the words of each box that no complete cell of the broken answers covers.
- With the official cleaner there is one turn, and of a broken answer the words alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from fabeye.metrics.layout_f1 import LOOSE, overlaps
from fabeye.parsing.dots_ocr.official import kept
from fabeye.parsing.dots_ocr.prompts import Mode
from fabeye.parsing.dots_ocr.recovery import Cell, Recovered, recover
from fabeye.parsing.dots_ocr.resize import PixelBox, Size
from fabeye.settings import DotsOcrSettings

STOPPED = "stop"  # why a model ends that has said all it had to say
REFUSED = "refused"  # a question after the first that the server did not take
WORDLESS = "Picture"
NOWHERE = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next; `box` in pixels of the picture that the model sees, for Mode.REGION alone."""

    mode: Mode
    temperature: float
    box: PixelBox | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer, and what it cost: tokens, and seconds with all retries."""

    question: Question
    text: str
    finish: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """Cells in reading order, boxes in pixels of the picture that the model saw; note: what went wrong, if degraded."""

    cells: tuple[Cell, ...]
    degraded: bool
    note: str = ""


def next_question(turns: Sequence[Turn], settings: DotsOcrSettings) -> Question | None:
    """What to ask after these turns; None where the page is done."""
    if not turns:
        return Question(Mode.LAYOUT, settings.temperature)
    if settings.cleaner == "official" or _sound(turns) is not None:
        return None
    asked = [turn.question.mode for turn in turns]
    if asked.count(Mode.LAYOUT) == 1:
        return Question(Mode.LAYOUT, settings.retry_temperature)
    if Mode.BOXES not in asked:
        return Question(Mode.BOXES, settings.temperature)
    known = {turn.question.box for turn in turns}
    if asked.count(Mode.REGION) >= settings.regions:
        return None
    unread = (_pixels(cell.box) for cell in _unread(turns))
    return next((Question(Mode.REGION, settings.temperature, box) for box in unread if box not in known), None)


def result(turns: Sequence[Turn], seen: Size, cleaner: str) -> Result:
    """What the answers say stands on the page; `seen`: the size at which the model saw it."""
    if cleaner == "official":
        return _official(turns[0], seen)
    sound = _sound(turns)
    if sound is not None:
        return Result(sound.cells, degraded=False)
    best = _best(turns)
    said = {turn.question.box: turn.text for turn in turns if turn.question.mode is Mode.REGION}
    cells = [_completed(cell, said) for cell in _merged(best, _boxes(turns))]
    return Result(tuple(cells), degraded=True, note=_note(turns, best))


def _sound(turns: Iterable[Turn]) -> Recovered | None:
    """The first answer about the whole page that needs no mending."""
    return next((read for turn, read in _layouts(turns) if read.sound and turn.finish == STOPPED), None)


def _layouts(turns: Iterable[Turn]) -> Iterator[tuple[Turn, Recovered]]:
    return ((turn, recover(turn.text)) for turn in turns if turn.question.mode is Mode.LAYOUT)


def _best(turns: Iterable[Turn]) -> Recovered:
    """The broken answer with the most complete cells, the first of equals."""
    return max((read for _, read in _layouts(turns)), key=lambda read: len(read.cells))


def _boxes(turns: Iterable[Turn]) -> tuple[Cell, ...]:
    """What the model says stands where, without words."""
    return next((recover(turn.text).cells for turn in turns if turn.question.mode is Mode.BOXES), ())


def _unread(turns: Sequence[Turn]) -> list[Cell]:
    """Cells of the layout whose words no complete cell of the best answer gives."""
    best, whole = _best(turns), set(_best(turns).cells)
    return [cell for cell in _merged(best, _boxes(turns)) if cell not in whole and cell.category != WORDLESS]


def _merged(best: Recovered, boxes: Sequence[Cell]) -> list[Cell]:
    """The layout's cells in its order, in the place of each the cell of the answer that covers it; others stay last."""
    free = dict(enumerate([*best.cells, *([best.cut] if best.cut else [])]))
    merged = []
    for cell in boxes:
        near = _nearest(cell, free)
        merged.append(cell if near is None else free.pop(near))
    return [*merged, *free.values()]


def _nearest(cell: Cell, free: dict[int, Cell]) -> int | None:
    if not free:
        return None
    shared = overlaps([cell.box], [one.box for one in free.values()])[0]
    at = int(np.argmax(shared))
    return list(free)[at] if shared[at] >= LOOSE else None


def _completed(cell: Cell, said: dict[PixelBox | None, str]) -> Cell:
    answer = said.get(_pixels(cell.box), "").strip()
    return Cell(cell.box, cell.category, answer) if answer else cell


def _note(turns: Sequence[Turn], best: Recovered) -> str:
    """One sentence for whoever checks the page."""
    finish = next(turn.finish for turn in turns if turn.question.mode is Mode.LAYOUT)
    why = "it was cut off" if finish != STOPPED else "it is no sound JSON"
    regions = sum(turn.question.mode is Mode.REGION for turn in turns)
    return f"the answer was broken twice ({why}): {len(best.cells)} cells were kept, {regions} regions read again"


def _official(turn: Turn, seen: Size) -> Result:
    cells, broken = kept(turn.text)
    if isinstance(cells, str):
        whole = (Cell((0, 0, *seen), "Text", cells),) if cells else ()
        return Result(whole, degraded=True, note="the answer was broken: its words were kept without their places")
    return Result(tuple(_as_said(cell) for cell in cells), degraded=broken)


def _as_said(cell: dict[str, Any]) -> Cell:
    """A cell as it was written, unmended; a box that is none of numbers lies nowhere."""
    box, text = cell["bbox"], cell.get("text")
    placed = all(isinstance(edge, int | float) and isfinite(edge) for edge in box)
    x0, y0, x1, y1 = box if placed else NOWHERE
    return Cell((x0, y0, x1, y1), str(cell.get("category", "")), text if isinstance(text, str) else "")


def _pixels(box: tuple[float, float, float, float]) -> PixelBox:
    x0, y0, x1, y1 = box
    return int(x0), int(y0), int(x1), int(y1)
