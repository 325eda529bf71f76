"""How much of what is sensitive is still there: recall, precision and leaks, on pages whose truth is known.

Notable:
- Truth is the generator's table of entities, which detection never sees.
- A thing leaks when its letters are not under paint, or when its string can still be read: in the text layer, in the
  document's path and metadata, or by recognising the whole page anew.
- Letters are the middle of a thing's box: a box is as high as its line, and its ink fills the middle of it. Where
  paint covers only a part, what recognition still reads in the rest decides: four letters of the thing in a row, two
  Chinese ones, or the whole of it. A box that is less than half covered has leaked, whatever is read there.
- A string of fewer than four letters is judged by its box alone: any page holds a 17.
- A page in quarantine leaks nothing and is no success either; it is counted by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fabeye.engine import run
from fabeye.errors import FabeyeError
from fabeye.intake.redaction.ledger import Readings
from fabeye.intake.redaction.page import read_again
from fabeye.intake.redaction.patterns import folded, plain
from fabeye.intake.redaction.reading import Reading
from fabeye.intake.redaction.runs import Box, Run, overlap, sheet
from fabeye.intake.redaction.search import literal
from fabeye.progress import Progress
from fabeye.schema import Document, Entity, Page
from fabeye.settings import EngineSettings, RedactSettings
from fabeye.tables import count_rows, read_table

LETTERS = 0.6  # share of a box's height that its letters fill
COVERED = 0.95  # share of the letters' area that must be under paint
HALF_COVERED = 0.5  # share below which a thing counts as legible
GRID = 20  # points a side at which it is looked whether there is paint
TELLING = 4  # letters of a string that is sought
TELLING_CHINESE = 2
PLACES = ("text", "picture")


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that leaked. why: "not covered", "text layer", "metadata" or "pixels"."""

    page_id: str
    kind: str
    text: str
    in_picture: bool
    why: str


@dataclass(frozen=True, slots=True)
class KindScore:
    """One kind in one place.

    truth: things on pages that were kept. found: those under paint. leaked: those that can be read all the same,
    there or elsewhere. quarantined: things on pages that were put aside.
    """

    kind: str
    place: str
    truth: int
    found: int
    leaked: int
    quarantined: int

    @property
    def recall(self) -> float:
        """Share of the things that are under paint; 1 where there are none."""
        return self.found / self.truth if self.truth else 1.0


@dataclass(frozen=True, slots=True)
class RedactionScore:
    """All kinds, the share of painted boxes that hide something sensitive, and everything that leaked."""

    pages: int
    quarantined: int
    kinds: tuple[KindScore, ...]
    precision: dict[str, tuple[int, int]]  # kind -> boxes that hide something, boxes
    misses: tuple[Miss, ...]

    def as_dict(self) -> dict[str, Any]:
        """Fit for JSON; misses are listed with their strings, as truth is the generator's."""
        return {
            "pages": self.pages,
            "quarantined": self.quarantined,
            "kinds": [asdict(row) | {"recall": round(row.recall, 4)} for row in self.kinds],
            "precision": {
                kind: {"boxes": boxes, "right": right, "precision": round(right / boxes, 4)}
                for kind, (right, boxes) in self.precision.items()
            },
            "misses": [asdict(miss) for miss in self.misses],
        }

    def numbers(self) -> dict[str, Any]:
        """The sums, and recall and leaks by kind, text and pictures together."""
        right, boxes = (sum(pair[part] for pair in self.precision.values()) for part in (0, 1))
        names = sorted({row.kind for row in self.kinds})
        kinds = {name: [row for row in self.kinds if row.kind == name] for name in names}
        return {
            "pages": self.pages,
            "quarantined": self.quarantined,
            **_counted(self.kinds),
            "painted": boxes,
            "precision": round(right / max(boxes, 1), 4),
            "kinds": {name: _counted(rows) for name, rows in kinds.items()},
        }

    def as_text(self) -> str:
        """A table for a terminal, and the misses below it."""
        lines = [f"{self.pages} pages, {self.quarantined} in quarantine", ""]
        lines.append(f"{'kind':10} {'place':8} {'truth':>6} {'found':>6} {'recall':>7} {'leaked':>7}")
        for row in self.kinds:
            lines.append(f"{row.kind:10} {row.place:8} {row.truth:6} {row.found:6} {row.recall:7.2%} {row.leaked:7}")
        right, boxes = (sum(pair[part] for pair in self.precision.values()) for part in (0, 1))
        lines += ["", f"{right} of {boxes} painted boxes hide something sensitive ({right / max(boxes, 1):.1%})"]
        lines += [f"{miss.why}: {miss.kind} {miss.text!r} on {miss.page_id}" for miss in self.misses]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Left:
    """A page that is left: its document, its text layer, and what recognition reads on it."""

    document_id: str
    layer: str
    runs: list[Run]


class ScoreError(FabeyeError):
    """The redacted corpus cannot be read again; the text says why."""


def score_redaction(
    source: Path, redacted: Path, work: Path, settings: RedactSettings, engine: EngineSettings
) -> RedactionScore:
    """Compare a corpus that has the table `entities` with what redact_corpus made of it.

    Raises TableError when one of them is missing.
    """
    truth = [row for row in read_table(source / "entities", Entity) if row.kind in settings.kinds]
    painted = _by_page(read_table(redacted / "hidden", Entity))
    written = _metadata(redacted)
    kept = _readable(redacted, work, settings, engine)
    misses = []
    counts: dict[tuple[str, str], list[int]] = {}
    for entity in truth:
        tally = counts.setdefault((entity.kind, PLACES[entity.in_picture]), [0, 0, 0, 0])
        if entity.page_id not in kept:
            tally[3] += 1
            continue
        legible = _is_legible(entity, painted.get(entity.page_id, []), kept[entity.page_id].runs)
        why = "not covered" if legible else _elsewhere(entity, kept[entity.page_id], written)
        tally[0] += 1
        tally[1] += not legible
        tally[2] += bool(why)
        if why:
            misses.append(Miss(entity.page_id, entity.kind, entity.text, entity.in_picture, why))
    kinds = tuple(KindScore(kind, place, *tally) for (kind, place), tally in sorted(counts.items()))
    pages = count_rows(source / "pages")
    return RedactionScore(pages, pages - len(kept), kinds, _precision(painted, _by_page(truth)), tuple(misses))


def _counted(rows: Sequence[KindScore]) -> dict[str, float]:
    """Things on pages that were kept, what was found and leaked of them, and the recall."""
    truth, found, leaked = (sum(getattr(row, name) for row in rows) for name in ("truth", "found", "leaked"))
    return {"truth": truth, "found": found, "leaked": leaked, "recall": round(found / truth, 4) if truth else 1.0}


def _readable(redacted: Path, work: Path, settings: RedactSettings, engine: EngineSettings) -> dict[str, _Left]:
    """Every page that is left, by its name."""
    kept: dict[str, _Left] = {}
    waiting: list[tuple[Page, str, Reading | None]] = []
    progress = Progress("redact, score", count_rows(redacted / "pages"))
    with Readings(work, f"score {settings.ocr_scale}") as readings:

        def pages() -> Iterator[tuple[Page, Reading | None]]:
            for page in read_table(redacted / "pages", Page):
                key = readings.key(page)
                before = readings.get(key)
                waiting.append((replace(page, image=b""), key, before))
                yield page, before

        for outcome in run(partial(read_again, settings), pages(), engine):
            page, key, before = waiting.pop(0)
            if outcome.value is None:
                raise ScoreError(f"page {page.page_id} cannot be read again: {outcome.sentence('reading it', engine)}")
            if before is None:
                readings.add(key, outcome.value)
            kept[page.page_id] = _Left(page.document_id, page.text_layer, list(outcome.value.runs))
            progress.advance()
    return kept


def _elsewhere(entity: Entity, page: _Left, written: dict[str, str]) -> str:
    """Where else than in its place a thing can be read, "" where it cannot."""
    if len(plain(entity.text).strip("#")) < TELLING and entity.text.isascii():
        return ""
    string = literal(plain(entity.text))
    seen = sheet(page.runs).text
    places = {"text layer": page.layer, "metadata": written.get(page.document_id, ""), "pixels": seen}
    return next((place for place, text in places.items() if string.search(plain(text))), "")


def _is_legible(entity: Entity, painted: Sequence[Entity], runs: Sequence[Run]) -> bool:
    """Whether a thing can be read in its place."""
    covered = _covered(entity, painted)
    if covered >= COVERED:
        return False
    if covered < HALF_COVERED:
        return True
    box, under = _box(entity), [_box(one) for one in painted]
    rest = [
        sign
        for run in runs
        for sign, letter in zip(run.text, run.boxes, strict=True)
        if _middle_in(letter, box) and not any(_middle_in(letter, one) for one in under)
    ]
    left, whole = folded("".join(rest)), folded(entity.text)
    least = TELLING if whole.isascii() else TELLING_CHINESE
    length = min(least, len(whole))
    return any(left[start : start + length] in whole for start in range(len(left) - length + 1))


def _covered(entity: Entity, painted: Sequence[Entity]) -> float:
    """Share of a thing's letters that lie under paint, 0 to 1."""
    margin = (entity.y1 - entity.y0) * (1 - LETTERS) / 2
    box = (entity.x0, entity.y0 + margin, entity.x1, entity.y1 - margin)
    near = [_box(one) for one in painted if overlap(_box(one), box) > 0]
    columns, rows = (np.linspace(box[side] + 0.5, box[side + 2] - 0.5, GRID) for side in (0, 1))
    under = [any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in near) for x in columns for y in rows]
    return float(np.mean(under))


def _middle_in(inner: Box, outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _precision(painted: dict[str, list[Entity]], truth: dict[str, list[Entity]]) -> dict[str, tuple[int, int]]:
    """For each kind: painted boxes that lie on something sensitive of any kind, and all painted boxes."""
    found: dict[str, tuple[int, int]] = {}
    for page_id, boxes in sorted(painted.items()):
        for one in boxes:
            right = any(overlap(_box(one), _box(entity)) > 0 for entity in truth.get(page_id, []))
            before = found.get(one.kind, (0, 0))
            found[one.kind] = (before[0] + right, before[1] + 1)
    return dict(sorted(found.items()))


def _metadata(redacted: Path) -> dict[str, str]:
    """All strings of each document's row."""
    return {
        row.document_id: "\n".join(str(getattr(row, one.name)) for one in fields(row))
        for row in read_table(redacted / "documents", Document)
    }


def _by_page(rows: Iterable[Entity]) -> dict[str, list[Entity]]:
    found: dict[str, list[Entity]] = {}
    for row in rows:
        found.setdefault(row.page_id, []).append(row)
    return found


def _box(row: Entity) -> Box:
    return row.x0, row.y0, row.x1, row.y1
