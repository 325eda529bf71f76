"""How sure a score is, and how far apart two readers of the same pages are.

Notable:
- Documents are drawn, not pages: pages of one document share its fonts and its damage, and are not independent.
- Both readers are scored on the same draws, so what makes a set hard for both cancels out.
- A draw is a count for each document; all draws are one matrix product. The same seed gives the same interval.

Shapes: D documents, B draws, M metrics of the composite.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fabeye.errors import FabeyeError
from fabeye.evaluation.composite import Numbers, composite, document_sums
from fabeye.evaluation.results import Scores
from fabeye.settings import CompositeSettings, GateSettings


class ComparisonError(FabeyeError):
    """Two sets of scores cannot be compared; the text says why."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score and the ends of its interval over drawn documents."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Composite points of a baseline and a candidate on the same documents.

    low, high: ends of the interval of the difference at the asked confidence. better: share of draws in which the
    candidate is ahead, draws without a difference counted half.
    """

    documents: int
    baseline: float
    candidate: float
    difference: float
    low: float
    high: float
    better: float


def compare(
    baseline: Scores,
    candidate: Scores,
    documents: Mapping[str, str],
    weights: CompositeSettings,
    *,
    draws: int,
    seed: int,
    confidence: float,
) -> Comparison | None:
    """Paired bootstrap over documents, percentile interval; None where the pages ask for nothing that is weighed.

    documents: page -> its document, for the pages that count. Raises ComparisonError when the scores are of different
    gold sets or from different revisions of the evaluator.
    """
    _check_same(baseline, candidate)
    one_DM2, other_DM2 = (document_sums(side, documents) for side in (baseline, candidate))
    if not (one_DM2[..., 1] + other_DM2[..., 1]).any():
        return None
    whole = np.ones((1, len(one_DM2)))
    drawn_BD = draw_documents(len(one_DM2), draws, seed)
    points = _both(whole, one_DM2, other_DM2, weights)[:, 0]
    first_B, second_B = _both(drawn_BD, one_DM2, other_DM2, weights)
    difference_B = (second_B - first_B)[~np.isnan(second_B - first_B)]
    low, high = np.quantile(difference_B, [(1 - confidence) / 2, (1 + confidence) / 2])
    ahead = np.mean(difference_B > 0) + np.mean(difference_B == 0) / 2
    return Comparison(
        documents=len(one_DM2),
        baseline=float(points[0]),
        candidate=float(points[1]),
        difference=float(points[1] - points[0]),
        low=float(low),
        high=float(high),
        better=float(ahead),
    )


def metric_estimate(scores: Scores, metric: str, documents: Mapping[str, str], gate: GateSettings) -> Estimate | None:
    """A metric over the pages that `documents` names; a distance stays one. None where no page asks for it."""
    by_page = scores.metrics[metric].by_page if metric in scores.metrics else {}
    sums: dict[str, list[float]] = {name: [0.0, 0.0] for name in sorted(set(documents.values()))}
    for page in sorted(documents):
        got, of = by_page.get(page, (0.0, 0.0))
        sums[documents[page]][0] += got
        sums[documents[page]][1] += of
    sums_D2 = np.array(list(sums.values())).reshape(-1, 2)
    if not sums_D2[:, 1].any():
        return None
    got_B, of_B = (draw_documents(len(sums_D2), gate.draws, gate.seed) @ sums_D2).T
    drawn_B = np.divide(got_B, of_B, out=np.full(gate.draws, np.nan), where=of_B > 0)
    return _estimate(float(sums_D2[:, 0].sum() / sums_D2[:, 1].sum()), drawn_B, gate)


def composite_estimate(
    scores: Scores, documents: Mapping[str, str], weights: CompositeSettings, gate: GateSettings
) -> Estimate | None:
    """The composite in points; None where the pages ask for nothing that is weighed."""
    sums_DM2 = document_sums(scores, documents)
    if not sums_DM2[..., 1].any():
        return None
    whole = np.ones((1, len(sums_DM2)))
    drawn_BD = np.concatenate([whole, draw_documents(len(sums_DM2), gate.draws, gate.seed)])
    points_B = _both(drawn_BD, sums_DM2, sums_DM2, weights)[0]
    return _estimate(float(points_B[0]), points_B[1:], gate)


def _estimate(value: float, drawn_B: Numbers, gate: GateSettings) -> Estimate:
    ends = [(1 - gate.confidence) / 2, (1 + gate.confidence) / 2]
    low, high = np.quantile(drawn_B[~np.isnan(drawn_B)], ends)
    return Estimate(value, float(low), float(high))


def draw_documents(documents: int, draws: int, seed: int) -> Numbers:
    """How often each document stands in each draw of as many documents, with replacement: (B, D)."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(documents, np.full(documents, 1 / documents), size=draws).astype(np.float64)


def _check_same(baseline: Scores, candidate: Scores) -> None:
    one, other = baseline.provenance, candidate.provenance
    if one.gold != other.gold:
        raise ComparisonError("baseline and candidate were scored on different gold sets; score both on one")
    if (one.evaluator, one.revision) != (other.evaluator, other.revision):
        raise ComparisonError(
            f"the baseline was scored by {one.evaluator} {one.revision}, the candidate by {other.evaluator} "
            f"{other.revision}; score both by one"
        )


def _both(drawn_BD: Numbers, one_DM2: Numbers, other_DM2: Numbers, weights: CompositeSettings) -> Numbers:
    """Points of both in each draw, (2, B); a metric counts where either side had something to get."""
    sums = [np.einsum("bd,dmt->bmt", drawn_BD, side) for side in (one_DM2, other_DM2)]
    asked_BM = (sums[0][..., 1] + sums[1][..., 1]) > 0
    return np.stack([composite(side[..., 0], side[..., 1], asked_BM, weights) for side in sums])
