"""A run's losses as JSON lines, one a step or validation, and the tables made from them.

Notable:
- The file is only appended to; a resumed run cuts off what came after its checkpoint, so that an interrupted run and
  an undisturbed one end with the same lines.
- A line that a killed process left half written is cut off as well.
"""

import csv
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from .validation import Losses

HISTORY = "history.jsonl"  # in a run's folder, and beside the finished weights
COLUMNS = ("samples", "text", "image", "total")
PLOTTED = 200  # points of a training curve at most; each is the mean of the steps it stands for


@dataclass(frozen=True, slots=True)
class Row:
    """Losses of one training step, or of a validation after it. kind: "train" or "validation"."""

    kind: str
    step: int
    samples: int
    text: float
    image: float
    total: float


@dataclass(frozen=True, slots=True)
class StageSummary:
    """What a stage did: pairs seen, weights, validation losses before the first and after the last step.

    damaged: stored pairs that could not be used, so that others stood in for them.
    """

    stage: str
    samples: int
    parameters: int
    damaged: int
    validation_first: dict[str, float]
    validation_last: dict[str, float]


class History:
    """The rows of one run, on disk as they come."""

    def __init__(self, path: Path):
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def append(self, kind: str, step: int, samples: int, losses: Losses) -> None:
        """Write one row; it is on disk when this returns."""
        row = Row(kind, step, samples, losses.text, losses.image, losses.total)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(row)) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def cut(self, step: int) -> None:
        """Forget every row after `step`."""
        self._keep(lambda row: row.step <= step)

    def drop(self, kind: str, step: int) -> None:
        """Forget the rows of one kind at `step`."""
        self._keep(lambda row: (row.kind, row.step) != (kind, step))

    def _keep(self, wanted: Callable[[Row], bool]) -> None:
        kept = [row for row in self.rows() if wanted(row)]
        draft = self.path.with_suffix(".draft")
        draft.write_text("".join(json.dumps(asdict(row)) + "\n" for row in kept), encoding="utf-8")
        os.replace(draft, self.path)

    def rows(self, kind: str | None = None) -> list[Row]:
        """Rows in the order they were written, all of them or those of one kind."""
        if not self.path.is_file():
            return []
        lines = self.path.read_text(encoding="utf-8").split("\n")[:-1]  # what follows the last line end is unfinished
        rows = [Row(**json.loads(line)) for line in lines]
        return [row for row in rows if kind in (None, row.kind)]


def write_curve(path: Path, rows: list[Row]) -> None:
    """Write rows as CSV with the columns samples, text, image, total; many rows are averaged into PLOTTED points."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width = -(-len(rows) // PLOTTED) or 1
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for start in range(0, len(rows), width):
            table.writerow(_point(rows[start : start + width]))


def _point(rows: list[Row]) -> tuple[int, float, float, float]:
    text, image, total = (_mean(getattr(row, name) for row in rows) for name in COLUMNS[1:])
    return rows[-1].samples, text, image, total


def _mean(values: Iterable[float]) -> float:
    values = list(values)
    return sum(values) / len(values)
