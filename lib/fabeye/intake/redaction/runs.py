"""A page's text with the place of every letter: what detection reads, and what painting needs.

Notable:
- A run is letters in a row without a wide gap, from the text layer or from recognition. Detection sees the runs of a
  page as one text: rows from top to bottom, ended by "\\n", runs of a row parted by "\\t".
- Two more texts are made where forms and line ends would hide a thing: a label with the run below it, and a run with
  its continuation on the next line.

A box is (x0, y0, x1, y1) in pixels of the page's picture.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]

BELOW = 2.5  # heights of a run that the next line may be below it
GAP = 1.5  # heights of a run between letters, from which on they are two runs


@dataclass(frozen=True, slots=True)
class Run:
    """Letters in a row. boxes: one a letter of `text`. score: 0 to 1, 1 from a text layer.

    recognised: the letters are pixels that text recognition has read.
    """

    text: str
    boxes: tuple[Box, ...]
    score: float
    recognised: bool

    @property
    def box(self) -> Box:
        """The box around all letters."""
        return around(self.boxes)


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


def pairs_below(runs: Sequence[Run]) -> Iterator[tuple[Sheet, int]]:
    """Every run with each of the runs of its column below it, as "above\\nbelow", and where the lower one starts.

    A column ends where a gap of more than BELOW heights opens.
    """
    for upper in range(len(runs)):
        for lower in _column(runs, upper):
            yield _joined(runs, [[upper], [lower]], "\t", "\n"), len(runs[upper].text) + 1


def continuations(runs: Sequence[Run]) -> Iterator[tuple[Sheet, int]]:
    """Every run with the next one below it as one word, and where the lower one starts."""
    for upper in range(len(runs)):
        for lower in _column(runs, upper)[:1]:
            yield _joined(runs, [[upper], [lower]], "", ""), len(runs[upper].text)


def rows(runs: Sequence[Run]) -> list[list[int]]:
    """Numbers of the runs, row by row from the top, each row from the left."""
    found: list[list[int]] = []
    boxes = [run.box for run in runs]
    for number in sorted(range(len(runs)), key=lambda number: (boxes[number][1] + boxes[number][3], boxes[number][0])):
        middle = (boxes[number][1] + boxes[number][3]) / 2
        if found and boxes[found[-1][0]][1] <= middle <= boxes[found[-1][0]][3]:
            found[-1].append(number)
        else:
            found.append([number])
    return [sorted(row, key=lambda number: (boxes[number][0], number)) for row in found]


def runs_of_letters(letters: Iterable[tuple[str, Box | None]]) -> list[Run]:
    """Letters of a text layer, in its order, as runs: a new one begins at a wide gap and at a new line.

    A letter without a box is a space or a line's end.
    """
    found: list[Run] = []
    text: list[str] = []
    boxes: list[Box] = []
    for letter, box in letters:
        if box is None or letter in "\r\n":
            space = letter == " " and bool(boxes)
            if space:
                text.append(letter)
                boxes.append((boxes[-1][2], boxes[-1][1], boxes[-1][2], boxes[-1][3]))
            else:
                _close(text, boxes, found)
            continue
        if boxes and _is_apart(boxes[-1], box, letter):
            _close(text, boxes, found)
        if text or not letter.isspace():
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


def _column(runs: Sequence[Run], upper: int) -> list[int]:
    """Numbers of the runs below one, from the top, as far as each is close to the one before."""
    x0, _, x1, bottom = runs[upper].box
    below = [
        (run.box[1], number)
        for number, run in enumerate(runs)
        if run.box[1] > (runs[upper].box[1] + bottom) / 2 and min(run.box[2], x1) - max(run.box[0], x0) > 0
    ]
    found = []
    for top, number in sorted(below):
        height = runs[number].box[3] - runs[number].box[1]
        if top - bottom > BELOW * height:
            break
        found.append(number)
        bottom = max(bottom, runs[number].box[3])
    return found


def _is_apart(last: Box, box: Box, letter: str) -> bool:
    if letter.isspace():
        return False
    height = max(last[3] - last[1], box[3] - box[1], 1.0)
    down = abs((last[1] + last[3]) - (box[1] + box[3])) / 2
    return box[0] - last[2] > GAP * height or box[0] < last[0] - GAP * height or down > height


def _close(text: list[str], boxes: list[Box], found: list[Run]) -> None:
    """End the run under way; nothing where there is none."""
    while text and text[-1].isspace():
        text.pop()
        boxes.pop()
    if text:
        found.append(Run("".join(text), tuple(boxes), 1.0, recognised=False))
    text.clear()
    boxes.clear()
