"""How far two people agree about a page, and over all pages that two have annotated.

Notable:
- Regions are compared without their labels at two overlaps, labels, texts, tables and order on the regions that both
  have drawn: each number says one thing.
- Label agreement is Cohen's kappa over all pages together; on one page it would rest on too few regions.
- Nothing here is taken from the annotation server, which has no agreement of its own.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scipy.optimize import linear_sum_assignment

from fabeye.annotation.exports import ADJUDICATED, Annotated
from fabeye.metrics.layout_f1 import layout_tally, overlaps
from fabeye.metrics.order import order_tally
from fabeye.metrics.table import teds
from fabeye.metrics.tally import Tally
from fabeye.metrics.text import edit_distance, normalise
from fabeye.schema import Element

LOOSE, STRICT = 0.5, 0.75  # intersection over union at which two regions are the same one
DIGITS = 4


@dataclass(frozen=True, slots=True)
class PageAgreement:
    """Two people on one page. Tallies of likeness, but text_edit and order, which are of distance.

    labels: of each region that both have drawn, what either calls it.
    """

    page_id: str
    annotators: tuple[str, str]
    regions: Tally
    regions_strict: Tally
    labels: tuple[tuple[str, str], ...]
    text_edit: Tally
    tables: Tally
    order: Tally

    def parts(self) -> dict[str, float]:
        """Likeness from 0 to 1 of each part that the page has."""
        same = Tally(sum(one == other for one, other in self.labels), len(self.labels))
        likenesses = {"regions": self.regions.score, "labels": same.score, "tables": self.tables.score}
        distances = {"text": self.text_edit.score, "order": self.order.score}
        found = {**likenesses, **{name: 1 - score for name, score in distances.items() if score is not None}}
        return {name: round(score, DIGITS) for name, score in found.items() if score is not None}

    @property
    def weakest(self) -> tuple[str, float]:
        """The part in which the two differ most; two empty pages agree."""
        parts = self.parts()
        return min(parts.items(), key=lambda part: part[1]) if parts else ("regions", 1.0)


def agree(one: Annotated, other: Annotated) -> PageAgreement:
    """Compare what two people say of one page."""
    pairs = _pairs(one.elements, other.elements)
    mine, theirs = ([("", _box(element)) for element in said.elements] for said in (one, other))
    places = range(len(pairs))
    read = sorted(places, key=lambda at: pairs[at][0].order), sorted(places, key=lambda at: pairs[at][1].order)
    return PageAgreement(
        page_id=one.page_id,
        annotators=(one.annotator, other.annotator),
        regions=layout_tally(mine, theirs, LOOSE),
        regions_strict=layout_tally(mine, theirs, STRICT),
        labels=tuple((left.category, right.category) for left, right in pairs),
        text_edit=sum((_text_tally(*pair) for pair in pairs), Tally()),
        tables=sum((_table_tally(*pair) for pair in pairs), Tally()),
        order=order_tally(*read),
    )


def compare_pages(versions: Mapping[str, Sequence[Annotated]]) -> list[PageAgreement]:
    """Pages that two people have annotated independently, by page_id: the last words of the first two of them."""
    found = []
    for _, said in sorted(versions.items()):
        last = {one.annotator: one for one in said if one.round != ADJUDICATED}
        if len(last) > 1:
            first, second = sorted(last)[:2]
            found.append(agree(last[first], last[second]))
    return found


def summary(pages: Sequence[PageAgreement]) -> dict[str, Any]:
    """Agreement over all pages; None where there was nothing to compare."""
    return {
        "pages": len(pages),
        "region_f1_50": _score([page.regions for page in pages]),
        "region_f1_75": _score([page.regions_strict for page in pages]),
        "label_kappa": kappa([pair for page in pages for pair in page.labels]),
        "text_edit": _score([page.text_edit for page in pages]),
        "teds": _score([page.tables for page in pages]),
        "order_edit": _score([page.order for page in pages]),
    }


def disagreements(pages: Sequence[PageAgreement], least: float, settled: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Pages to be decided by a third person, worst first: those with a part below `least` that are not `settled`."""
    open_pages = [page for page in pages if page.weakest[1] < least and page.page_id not in settled]
    ranked = sorted(open_pages, key=lambda page: (page.weakest[1], page.page_id))
    return [{"page_id": page.page_id, "weakest": page.weakest[0], "parts": page.parts()} for page in ranked]


def kappa(labels: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa: agreement beyond chance, 1 at best; None without labels or where both know only one label."""
    if not labels:
        return None
    total = len(labels)
    mine, theirs = Counter(one for one, _ in labels), Counter(other for _, other in labels)
    chance = sum(mine[label] * theirs[label] for label in mine) / total**2
    observed = sum(one == other for one, other in labels) / total
    return None if chance == 1 else round((observed - chance) / (1 - chance), DIGITS)


def _pairs(mine: Sequence[Element], theirs: Sequence[Element]) -> list[tuple[Element, Element]]:
    """Regions that both have drawn, those with the largest overlaps together."""
    shared = overlaps([_box(one) for one in mine], [_box(one) for one in theirs])
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return [
        (mine[row], theirs[column]) for row, column in zip(rows, columns, strict=True) if shared[row, column] >= LOOSE
    ]


def _text_tally(mine: Element, theirs: Element) -> Tally:
    longer = max(len(normalise(mine.text)), len(normalise(theirs.text)))
    return Tally(edit_distance(mine.text, theirs.text), longer)


def _table_tally(mine: Element, theirs: Element) -> Tally:
    return Tally(max(0.0, teds(mine.html, theirs.html)), 1) if mine.html or theirs.html else Tally()


def _box(element: Element) -> tuple[float, float, float, float]:
    return element.x0, element.y0, element.x1, element.y1


def _score(tallies: Sequence[Tally]) -> float | None:
    score = sum(tallies, Tally()).score
    return None if score is None else round(score, DIGITS)
