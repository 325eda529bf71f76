"""How a reader of whole pages stands on the gold set: every score with its interval, group by group.

Notable:
- Groups are all pages, domain and general ones, each language, and each family. Intervals are over documents, as a
  verdict's.
- Average precision has no interval here: over a set it is no sum over pages, so no draw of documents gives it.
- `summary` is the little of it that a metrics file holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from fabeye.evaluation.bootstrap import composite_estimate, metric_estimate
from fabeye.evaluation.gold import GoldPage
from fabeye.evaluation.layout_scores import LAYOUT
from fabeye.evaluation.results import Scores
from fabeye.evaluation.verdict import documents_of
from fabeye.settings import CompositeSettings, GateSettings

FAMILY = "family "  # before a family's name, which is anybody's to choose, in the name of its group
ALL, DOMAIN, GENERAL, COMPOSITE = "all", "domain", "general", "composite"
DIGITS = 6  # of scores in metrics files


def standing(
    scores: Scores, pages: Sequence[GoldPage], weights: CompositeSettings, gate: GateSettings
) -> dict[str, dict[str, Any]]:
    """Group -> score -> {"value", "low", "high"}; a score that no page of a group asks for is left out."""
    found: dict[str, dict[str, Any]] = {}
    for name, documents in (_groups(pages, gate) | _families(pages)).items():
        summed = sorted(set(scores.metrics) - {LAYOUT})
        metrics = {metric: metric_estimate(scores, metric, documents, gate) for metric in summed}
        both = {COMPOSITE: composite_estimate(scores, documents, weights, gate), **metrics}
        found[name] = {score: asdict(one) for score, one in both.items() if one is not None}
    return found


def summary(
    scores: Scores, pages: Sequence[GoldPage], weights: CompositeSettings, gate: GateSettings
) -> dict[str, Any]:
    """What a metrics file says: the composite's points by group, and every metric over all pages."""
    groups = _groups(pages, gate)
    points = {name: composite_estimate(scores, documents, weights, gate) for name, documents in groups.items()}
    return {
        COMPOSITE: {name: round(one.value, DIGITS) for name, one in points.items() if one is not None},
        "scores": {
            metric: round(score.overall, DIGITS)
            for metric, score in scores.metrics.items()
            if score.overall is not None
        },
    }


def means(scores: Scores, metric: str, pages: Sequence[GoldPage]) -> dict[str, Any]:
    """One metric over all pages, by family and by language in our words."""
    by_page = scores.metrics[metric].by_page
    named = {
        "by_family": {page.page_id: page.family for page in pages},
        "by_language": {page.page_id: page.language for page in pages},
    }
    overall = scores.metrics[metric].overall
    return {ALL: None if overall is None else round(overall, DIGITS)} | {
        name: {group: _ratio(by_page, groups, group) for group in sorted({groups[page] for page in by_page})}
        for name, groups in named.items()
    }


def _ratio(by_page: Mapping[str, tuple[float, float]], groups: Mapping[str, str], group: str) -> float:
    sums = [sum(parts) for parts in zip(*(by_page[page] for page in by_page if groups[page] == group), strict=True)]
    return round(sums[0] / sums[1], DIGITS)


def _groups(pages: Sequence[GoldPage], gate: GateSettings) -> dict[str, dict[str, str]]:
    """Group -> page -> its document; groups without a page are left out."""
    parts = {name: documents_of(pages, gate.general_families, general=name == GENERAL) for name in (DOMAIN, GENERAL)}
    languages = {
        language: {page.page_id: page.document_id or page.page_id for page in pages if page.language == language}
        for language in sorted({page.language for page in pages})
    }
    return {name: found for name, found in ({ALL: parts[DOMAIN] | parts[GENERAL]} | parts | languages).items() if found}


def _families(pages: Sequence[GoldPage]) -> dict[str, dict[str, str]]:
    """As _groups(), by family."""
    families = sorted({page.family for page in pages})
    return {
        f"{FAMILY}{family}": {page.page_id: page.document_id or page.page_id for page in pages if page.family == family}
        for family in families
    }
