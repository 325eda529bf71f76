"""A page's text with the place of every letter: what detection reads, and what painting needs.

Notable:
- A run is letters in a row without a wide gap, from the text layer or from recognition. Detection sees the runs of a
  page as one text: rows from top to bottom, ended by "\\n", runs of a row parted by "\\t".
- Two more texts are made where forms and line ends would hide a thing: a label with the run below it, and a run with
  its continuation on the next line.
- A turned or slanted run, such as a stamp at the margin or a watermark, is a row of its own after all others: its box
  reaches over many lines that it does not belong to.

A box is (x0, y0, x1, y1) in pixels of the page's picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

Box = tuple[float, float, float, float]

BELOW = 2.5  # heights of a run that the next line may be below it
GAP = 1.5  # heights of a run between letters, from which on they are two runs
LEVEL = 2.0  # heights of its letters that the box of a level run has at most
STACKED = 0.5  # share of the narrower letter's width that two letters of a turned line have in common


@dataclass(frozen=True, slots=True)
class Run:
    """Letters in a row. boxes: one a letter of `text`. score: 0 to 1, 1 from a text layer.

    recognised: the letters are pixels that text recognition has read. box: around all letters. level: the letters stand
    side by side.
    """

    text: str
    boxes: tuple[Box, ...]
    score: float
    recognised: bool
    box: Box = field(init=False, compare=False)
    level: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        box = around(self.boxes)
        object.__setattr__(self, "box", box)
        object.__setattr__(self, "level", box[3] - box[1] <= LEVEL * median(y1 - y0 for _, y0, _, y1 in self.boxes) + 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text put together from runs. places: for each letter (number of its run, number in it), or None."""

    text: str
    places: tuple[tuple[int, int] | None, ...]
    runs: tuple[Run, ...]

    def boxes(self, start: int, end: int) -> list[Box]:
        """Boxes of the letters start to end: one box a run that they lie in."""
        letters: dict[int, list[Box]] = {}
        for place in self.places[start:end]:
            if place:
                letters.setdefault(place[0], []).append(self.runs[place[0]].boxes[place[1]])
        return [around(boxes) for boxes in letters.values()]

    def recognised(self, start: int, end: int) -> bool:
        """True where one of the letters start to end was recognised in a picture."""
        return any(place and self.runs[place[0]].recognised for place in self.places[start:end])


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around some boxes."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def sheet(runs: Sequence[Run]) -> Sheet:
    """All runs of a page as one text."""
    return _joined(runs, rows(runs), "\t", "\n")


def below(runs: Sequence[Run], upper: int, lower: int) -> tuple[Sheet, int]:
    """A run with one below it as "above\\nbelow", and where the lower one starts."""
    return _joined(runs, [[upper], [lower]], "\t", "\n"), len(runs[upper].text) + 1


def continued(runs: Sequence[Run], upper: int, lower: int) -> tuple[Sheet, int]:
    """A run with the one on the next line as one word, and where the lower one starts."""
    return _joined(runs, [[upper], [lower]], "", ""), len(runs[upper].text)


def columns(runs: Sequence[Run]) -> list[list[int]]:
    """For each run the numbers of those below it, from the top, as far as each is close to the one before.

    A column ends where a gap of more than BELOW heights opens.
    """
    if not runs:
        return []
    x0, y0, x1, y1 = np.array([run.box for run in runs]).T
    shared = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0) > 0  # (upper, lower)
    lower = y0[None, :] > ((y0 + y1) / 2)[:, None]
    downwards = np.argsort(y0, kind="stable")
    return [
        _near(runs, upper, downwards[(shared[upper] & lower[upper])[downwards]].tolist()) for upper in range(len(runs))
    ]


def rows(runs: Sequence[Run]) -> list[list[int]]:
    """Numbers of the runs, row by row from the top, each row from the left; those that are not level come last."""
    found: list[list[int]] = []
    boxes = [run.box for run in runs]
    numbers = sorted(range(len(runs)), key=lambda number: (boxes[number][1] + boxes[number][3], boxes[number][0]))
    for number in (number for number in numbers if runs[number].level):
        middle = (boxes[number][1] + boxes[number][3]) / 2
        if found and boxes[found[-1][0]][1] <= middle <= boxes[found[-1][0]][3]:
            found[-1].append(number)
        else:
            found.append([number])
    turned = [[number] for number in numbers if not runs[number].level]
    return [sorted(row, key=lambda number: (boxes[number][0], number)) for row in found] + turned


def runs_of_letters(letters: Iterable[tuple[str, Box | None]]) -> list[Run]:
    """Letters of a text layer, in its order, as runs: a new one begins at a wide gap and at a new line.

    A letter without a box is a space or a line's end.
    """
    found: list[Run] = []
    text: list[str] = []
    boxes: list[Box] = []
    for letter, box in letters:
        if letter in "\r\n" or (box is None and not letter.isspace()):
            _close(text, boxes, found)
        elif letter.isspace():
            if text:
                text.append(letter)
                boxes.append(boxes[-1])  # where a space ends is nobody's business
        elif box is not None:
            if text and _is_apart(boxes, box):
                _close(text, boxes, found)
            text.append(letter)
            boxes.append(box)
    _close(text, boxes, found)
    return found


def overlap(one: Box, other: Box) -> float:
    """Area that two boxes share, in square pixels."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def area(box: Box) -> float:
    """Area of a box in square pixels."""
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def _joined(runs: Sequence[Run], rows: list[list[int]], between: str, after: str) -> Sheet:
    text: list[str] = []
    places: list[tuple[int, int] | None] = []
    for count, row in enumerate(rows):
        for position, number in enumerate(row):
            space = after if position == 0 and count else between if position else ""
            text += [space, runs[number].text]
            places += [None] * len(space) + [(number, letter) for letter in range(len(runs[number].text))]
    return Sheet("".join(text), tuple(places), tuple(runs))


def _near(runs: Sequence[Run], upper: int, lower: Sequence[int]) -> list[int]:
    """The first of the runs below one, up to the first wide gap."""
    bottom, found = runs[upper].box[3], []
    for number in lower:
        _, top, _, end = runs[number].box
        if top - bottom > BELOW * (end - top):
            break
        found.append(number)
        bottom = max(bottom, end)
    return found


def _is_apart(boxes: Sequence[Box], box: Box) -> bool:
    """Whether a letter begins another run than the one whose letters have `boxes`."""
    second = next((other for other in boxes if other != boxes[0]), box)
    if _is_stacked(boxes[0], second):
        return not _is_stacked(boxes[-1], box)
    last = boxes[-1]
    height = max(last[3] - last[1], box[3] - box[1], 1.0)
    down = abs((last[1] + last[3]) - (box[1] + box[3])) / 2
    return box[0] - last[2] > GAP * height or box[0] < last[0] - GAP * height or down > height


def _is_stacked(last: Box, box: Box) -> bool:
    """Whether a letter stands close above or below another, as in a line that is turned."""
    shared = min(last[2], box[2]) - max(last[0], box[0])
    narrow, wide = sorted((last[2] - last[0], box[2] - box[0]))
    apart = max(last[1], box[1]) - min(last[3], box[3])
    return shared >= max(STACKED * narrow, 1.0) and -STACKED * wide < apart <= GAP * wide


def _close(text: list[str], boxes: list[Box], found: list[Run]) -> None:
    """End the run under way; nothing where there is none."""
    while text and text[-1].isspace():
        text.pop()
        boxes.pop()
    if text:
        found.append(Run("".join(text), tuple(boxes), 1.0, recognised=False))
    text.clear()
    boxes.clear()
