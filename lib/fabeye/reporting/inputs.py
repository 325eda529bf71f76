"""What the report reads: metrics, loss curves, readings, gold crops; each missing or damaged one is a clear sentence.

Notable:
- Every reader raises ReportError naming the file and the command that makes it; views.py and report.py only pass it on.
- Loss curves come back as columns of floats, so a figure needs no data frame.
"""

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from fabeye.errors import FabeyeError
from fabeye.evaluation.gold import load_gold
from fabeye.schema import Document, Element, Page, Quarantined, Reading, Review
from fabeye.tables import TableError, find_rows, read_columns, read_table

TEACHER = "teacher"  # who has read the pages before the encoders, whichever engine it was
LOSSES = ("text", "image", "total")
CROP_MARGIN = 4  # pixels of paper kept around a region's box
MAX_PIXELS = 200_000_000  # of an image file we are willing to open


class ReportError(FabeyeError):
    """Something the report needs is missing or damaged; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One loss curve file: `samples` seen and, at each of them, the losses by name."""

    samples: list[float]
    losses: dict[str, list[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One gold region and what every reader made of it.

    crop: the region's picture, RGB. texts: by reader, in the order of the tables.
    """

    region_id: str
    language: str
    category: str
    crop: Image.Image
    truth: str
    texts: dict[str, str]


def reader_folders(baseline: Path, evaluation: Path) -> dict[str, Path]:
    """Who has read whole pages: the teacher, v1.0, and whatever else the evaluation has a folder for."""
    others = {folder.parent.name: folder.parent for folder in sorted(evaluation.glob("*/standing.json"))}
    return {TEACHER: baseline, "v1.0": evaluation} | others


def read_metrics(reports: Path, name: str, stage: str) -> dict[str, Any]:
    """Content of reports/metrics/<name>.json, which `stage` writes. Raises ReportError."""
    return read_json(reports / "metrics" / f"{name}.json", stage)


def read_shard_counts(shards: Path) -> dict[str, dict[str, int]]:
    """Pairs by source and split, from the shards' index.json. Raises ReportError."""
    path = shards / "index.json"
    try:
        counts: dict[str, dict[str, int]] = json.loads(_text(path, "shards"))["sources"]
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(f"{path} is damaged ({error}); run `dvc repro -f shards`") from error
    return counts


def count_gold(gold: Path) -> dict[str, dict[str, int]]:
    """Gold elements by category and language. Raises GoldError."""
    counts: dict[str, dict[str, int]] = {}
    for page in load_gold(gold):
        for element in page.layout_dets:
            inner = counts.setdefault(element.category_type, {})
            inner[page.language] = inner.get(page.language, 0) + 1
    return dict(sorted(counts.items()))


def read_curve(reports: Path, stage: str, part: str) -> Curve:
    """Loss curve of a training stage; `part` is train or validation. Raises ReportError."""
    path = reports / "plots" / f"pretrain_{stage}_{part}.csv"
    rows = list(csv.DictReader(io.StringIO(_text(path, f"pretrain@{stage}"))))
    try:
        samples = [float(row["samples"]) for row in rows]
        losses = {name: [float(row[name]) for row in rows] for name in LOSSES}
    except (KeyError, TypeError, ValueError) as error:
        raise ReportError(f"{path} is damaged ({error}); run `dvc repro -f pretrain@{stage}`") from error
    return Curve(samples, losses)


def read_standing(folder: Path) -> dict[str, Any]:
    """A reader's scores with their intervals, group by group. Raises ReportError."""
    return read_json(folder / "standing.json", folder.name)


def read_verdict(folder: Path) -> dict[str, str]:
    """outcome, en, zh of a verdict. Raises ReportError."""
    said = read_json(folder / "verdict.json", "evaluate")
    return {name: str(said.get(name, "")) for name in ("outcome", "en", "zh")}


def number(content: dict[str, Any], *keys: str) -> float | None:
    """The number under a path of keys, or None where there is none (or not a finite one)."""
    value: Any = content
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if usable else None


def numbers(content: dict[str, Any], *keys: str) -> dict[str, float]:
    """The named numbers under a path of keys; empty where there are none."""
    value: Any = content
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    found = {str(name): number(value, name) for name in value} if isinstance(value, dict) else {}
    return {name: amount for name, amount in found.items() if amount is not None}


def read_quarantine(folders: Iterable[Path]) -> list[Quarantined]:
    """Quarantined files and pages of the stages that keep such a table. Raises ReportError when one is missing."""
    return [row for folder in folders for row in _rows(folder / "quarantine", Quarantined)]


def read_review(parses: Path) -> list[Review]:
    """The review queue, in its order. Raises ReportError when there are no parses."""
    return _rows(parses / "review", Review)


def read_documents(corpus: Path) -> list[Document]:
    """All documents of a corpus. Raises ReportError when there is no corpus."""
    return _rows(corpus / "documents", Document)


def read_keys(table: Path, *columns: str) -> list[dict[str, Any]]:
    """Light columns of a table, row by row. Raises ReportError when the table is missing."""
    with _clear_errors():
        return read_columns(table, *columns).to_pylist()


def read_page(corpus: Path, page_id: str) -> Page:
    """One page with its picture. Raises ReportError when there is no such page."""
    with _clear_errors():
        page = next(find_rows(corpus / "pages", Page, "page_id", [page_id]), None)
    if page is None:
        raise ReportError(
            f"there is no page {page_id!r} in {corpus / 'pages'}; the documents table lists what there is"
        )
    return page


def read_elements(table: Path, page_id: str) -> list[Element]:
    """Elements of one page in reading order. Raises ReportError when the table is missing."""
    with _clear_errors():
        return sorted(find_rows(table, Element, "page_id", [page_id]), key=lambda element: element.order)


def read_readings(*folders: Path) -> dict[str, list[Reading]]:
    """Readings of all folders, by region. Raises ReportError when a folder has none."""
    grouped: dict[str, list[Reading]] = {}
    for folder in folders:
        for reading in _rows(folder / "readings", Reading):
            grouped.setdefault(reading.region_id, []).append(reading)
    return dict(sorted(grouped.items()))


def example(readings: list[Reading], gold: Path) -> Example:
    """One region's readings with its crop out of the gold page. Raises ReportError when the picture is missing."""
    first = readings[0]
    box = (first.x0, first.y0, first.x1, first.y1)
    texts = {reading.reader: reading.text for reading in readings}
    crop = gold_crop(gold, first.page_id, box)
    return Example(
        region_id=first.region_id,
        language=first.language,
        category=first.category,
        crop=crop,
        truth=first.truth,
        texts=texts,
    )


def gold_crop(gold: Path, page_id: str, box: tuple[float, float, float, float]) -> Image.Image:
    """A box of a gold page, with a little paper around it, RGB. Raises ReportError."""
    path = gold / "images" / f"{Path(page_id).name}.png"
    try:
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ReportError(f"{path} is larger than {MAX_PIXELS} pixels")
            return image.crop(_grown(box, image.width, image.height)).convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ReportError(f"{path} cannot be read; run `dvc repro -f annotate` to write it again") from error


def _grown(box: tuple[float, float, float, float], width: int, height: int) -> tuple[int, int, int, int]:
    left = min(max(int(box[0]) - CROP_MARGIN, 0), width - 1)
    top = min(max(int(box[1]) - CROP_MARGIN, 0), height - 1)
    right = min(max(math.ceil(box[2]) + CROP_MARGIN, left + 1), width)
    bottom = min(max(math.ceil(box[3]) + CROP_MARGIN, top + 1), height)
    return left, top, right, bottom


def read_json(path: Path, stage: str) -> dict[str, Any]:
    """Content of a JSON file with named values that `stage` writes. Raises ReportError."""
    try:
        content = json.loads(_text(path, stage))
    except ValueError as error:
        raise ReportError(f"{path} is not valid JSON; run `dvc repro -f {stage}` to write it again") from error
    if not isinstance(content, dict):
        raise ReportError(f"{path} does not hold named numbers; run `dvc repro -f {stage}` to write it again")
    return content


def _text(path: Path, stage: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ReportError(f"{path} is not there yet; run `dvc repro {stage}` to make it") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"{path} cannot be read; run `dvc repro -f {stage}` to write it again") from error


def _rows(table: Path, noun: type) -> list[Any]:
    with _clear_errors():
        return list(read_table(table, noun))


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Every way in which a table can be unreadable, as one ReportError."""
    try:
        yield
    except TableError as error:
        raise ReportError(str(error)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError(f"a table is damaged ({error}); run `dvc repro -f` to make it again") from error
