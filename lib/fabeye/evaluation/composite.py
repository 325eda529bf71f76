"""One number for a reader of chip documents: text, elements and key information, weighted.

Notable:
- A distance counts as what is missing from it to 1. A component is the plain mean of its metrics; the composite is the
  weighted mean of its components, in points of 100.
- What a set of pages does not ask for leaves the mean: general documents without forms have no key information.
- Everything is computed on arrays whose last axis is the metric, so that a thousand resampled sets cost one call.

Shapes: D documents; M metrics, in the order of METRICS; ... any number of axes in front.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fabeye.evaluation.results import DISTANCES, Scores
from fabeye.settings import CompositeSettings

COMPONENTS = {
    "text": ("text_edit", "values"),
    "elements": ("teds", "formulas", "figures"),
    "key_information": ("key_information",),
}
METRICS = tuple(metric for metrics in COMPONENTS.values() for metric in metrics)
POINTS = 100.0

Numbers = NDArray[np.float64]


def composite_of(scores: Scores, documents: Mapping[str, str], weights: CompositeSettings) -> float | None:
    """Points from 0 to 100 over the pages that `documents` names, None where they ask for nothing that is weighed."""
    total_M2 = document_sums(scores, documents).sum(axis=0)
    points = float(composite(total_M2[:, 0], total_M2[:, 1], total_M2[:, 1] > 0, weights))
    return None if np.isnan(points) else points


def document_sums(scores: Scores, documents: Mapping[str, str]) -> Numbers:
    """(got, of) of each document, documents in alphabetical order: (D, M, 2). documents: page -> its document."""
    place = {name: index for index, name in enumerate(sorted(set(documents.values())))}
    sums = np.zeros((len(place), len(METRICS), 2))
    for number, metric in enumerate(METRICS):
        by_page = scores.metrics[metric].by_page if metric in scores.metrics else {}
        for page in sorted(documents):  # one order of summation, whatever the order of the pages
            sums[place[documents[page]], number] += rightness(metric, by_page.get(page, (0.0, 0.0)))
    return sums


def rightness(metric: str, sums: tuple[float, float]) -> tuple[float, float]:
    """(got, of) with the more the better, whatever the metric."""
    return (sums[1] - sums[0], sums[1]) if metric in DISTANCES else sums


def composite(got: Numbers, of: Numbers, asked: NDArray[np.bool_], weights: CompositeSettings) -> Numbers:
    """Points of each set: `got` and `of` are sums (..., M), `asked` says which metrics count, (..., M) or (M,).

    Where a metric counts and there was nothing to be had, nothing was done wrong: it is full. NaN where none counts.
    """
    score = np.divide(got, of, out=np.ones(np.broadcast_shapes(got.shape, of.shape)), where=of > 0)
    counted = np.broadcast_to(asked, score.shape).astype(np.float64)
    total, weight = np.zeros(score.shape[:-1]), np.zeros(score.shape[:-1])
    start = 0
    for name, metrics in COMPONENTS.items():
        part = slice(start, start := start + len(metrics))
        members = counted[..., part].sum(axis=-1)
        mean = (score[..., part] * counted[..., part]).sum(axis=-1) / np.maximum(members, 1)
        total += getattr(weights, name) * mean * (members > 0)
        weight += getattr(weights, name) * (members > 0)
    return POINTS * np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)
