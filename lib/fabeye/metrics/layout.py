"""Average precision of layout boxes, as COCO's evaluation gives it.

Notable:
- pycocotools computes it; here boxes become its records and its table of precisions becomes numbers by class.
- What pycocotools would read from and print to files and the terminal stays in memory.

Shapes: precision (T, R, K, A, M): overlaps 0.50 to 0.95, recalls, classes, areas, detections a page.
"""

import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

Box = tuple[float, float, float, float]

OVERLAPS = {"50": 0, "75": 5}  # place in the list of overlaps
AREAS = {"all": 0, "small": 1, "medium": 2, "large": 3}  # below 32, below 96, above 96 pixels square


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """A box (x0, y0, x1, y1) in pixels with its class; score is a reader's confidence."""

    label: str
    box: Box
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Precision:
    """Average precisions from 0 to 1; None where no gold box is of the kind.

    overall: the mean over classes and overlaps 0.50, 0.55 ... 0.95. overlap_50, overlap_75: at one overlap.
    small, medium, large: of boxes of such areas alone.
    """

    overall: float | None
    overlap_50: float | None
    overlap_75: float | None
    small: float | None
    medium: float | None
    large: float | None
    by_class: dict[str, float | None]


def average_precision(
    gold: Mapping[str, Sequence[LabelledBox]], read: Mapping[str, Sequence[LabelledBox]], classes: Sequence[str]
) -> Precision:
    """Compare boxes page by page; pages and classes that are not in `gold` or `classes` are passed over.

    classes: those that count; a class without a gold box does not lower the mean.
    """
    precision = _precision(gold, read, classes)
    every = precision[:, :, :, AREAS["all"], -1]
    return Precision(
        overall=_mean(every),
        overlap_50=_mean(every[OVERLAPS["50"]]),
        overlap_75=_mean(every[OVERLAPS["75"]]),
        **{name: _mean(precision[:, :, :, AREAS[name], -1]) for name in ("small", "medium", "large")},
        by_class={label: _mean(every[:, :, number]) for number, label in enumerate(classes)},
    )


def _precision(
    gold: Mapping[str, Sequence[LabelledBox]], read: Mapping[str, Sequence[LabelledBox]], classes: Sequence[str]
) -> NDArray[np.float64]:
    pages = {page: number for number, page in enumerate(gold)}
    numbers = {label: number for number, label in enumerate(classes)}
    with contextlib.redirect_stdout(io.StringIO()):
        truth = _dataset(pages, numbers, list(_records(gold, pages, numbers)))
        found = (
            truth.loadRes(records)
            if (records := list(_records(read, pages, numbers)))
            else _dataset(pages, numbers, [])
        )
        evaluation = COCOeval(truth, found, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
    return np.asarray(evaluation.eval["precision"])


def _dataset(pages: Mapping[str, int], numbers: Mapping[str, int], records: list[dict[str, object]]) -> COCO:
    dataset = COCO()
    dataset.dataset = {
        "info": {},
        "images": [{"id": number} for number in pages.values()],
        "categories": [{"id": number, "name": label} for label, number in numbers.items()],
        "annotations": records,
    }
    dataset.createIndex()
    return dataset


def _records(
    boxes: Mapping[str, Sequence[LabelledBox]], pages: Mapping[str, int], numbers: Mapping[str, int]
) -> Iterator[dict[str, object]]:
    kept = (
        (pages[page], one) for page, found in boxes.items() if page in pages for one in found if one.label in numbers
    )
    for number, (page, one) in enumerate(kept, start=1):
        x0, y0, x1, y1 = one.box
        width, height = x1 - x0, y1 - y0
        yield {
            "id": number,
            "image_id": page,
            "category_id": numbers[one.label],
            "bbox": [x0, y0, width, height],
            "area": width * height,
            "iscrowd": 0,
            "score": one.score,
        }


def _mean(precision: NDArray[np.float64]) -> float | None:
    known = precision[precision > -1]
    return float(known.mean()) if known.size else None
