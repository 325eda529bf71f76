"""How well whole pages were read: edit distance of each page's text from the gold text.

Notable:
- A page without a prediction counts as read empty, so leaving pages out never helps.
- Writing inside figures is no part of the gold text: a reader that reads it pays for it as for any addition.
- Every score is a mean over pages, each page by the length of its longer text (metrics.text.normalised_edit).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from fabeye.evaluation.gold import GoldError, GoldPage
from fabeye.metrics.text import normalised_edit

SCORE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class PageScores:
    """Normalised edit distances from 0 (perfect) to 1: of each page, and their means."""

    by_page: dict[str, float]
    overall: float
    by_family: dict[str, float]
    by_language: dict[str, float]

    def as_metrics(self) -> dict[str, Any]:
        """The means, as metrics files hold them."""
        return {"all": self.overall, "by_family": self.by_family, "by_language": self.by_language}


def score_pages(pages: Sequence[GoldPage], predictions: Mapping[str, str]) -> PageScores:
    """Compare predictions (page_id -> text or Markdown) with the gold pages; extra predictions are passed over.

    Raises GoldError without a gold page.
    """
    if not pages:
        raise GoldError("the gold set has no page, so there is nothing to score against; raise corpus.gold_share")
    by_page = {page.page_id: normalised_edit(page.text, predictions.get(page.page_id, "")) for page in pages}
    return PageScores(
        by_page=by_page,
        overall=round(fmean(by_page.values()), SCORE_DIGITS),
        by_family=_means(by_page, {page.page_id: page.family for page in pages}),
        by_language=_means(by_page, {page.page_id: page.language for page in pages}),
    )


def _means(scores: Mapping[str, float], groups: Mapping[str, str]) -> dict[str, float]:
    """Mean score of each group, the groups in alphabetical order."""
    members: dict[str, list[float]] = defaultdict(list)
    for page, score in scores.items():
        members[groups[page]].append(score)
    return {group: round(fmean(members[group]), SCORE_DIGITS) for group in sorted(members)}
