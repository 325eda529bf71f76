"""Average precision of layout boxes over a set, by class, by group and by page.

Notable:
- Over a set it is no sum over pages: boxes of all pages are ranked together, as COCO does.
- A page's own number stands beside it for finding the page; the mean of these is not the set's.
"""

from collections.abc import Mapping, Sequence

from fabeye.evaluation.results import MetricScore, metric_score
from fabeye.metrics.layout import LabelledBox, average_precision

LAYOUT = "layout_map"

Boxes = Mapping[str, Sequence[LabelledBox]]  # page -> its boxes


def layout_score(
    gold: Boxes, read: Boxes, groups: Mapping[str, Sequence[str]], by_page: Mapping[str, float]
) -> MetricScore:
    """The score of all pages; a page without a reading counts as one without boxes. Nothing where no page has boxes.

    groups: page -> the groups that it is in. by_page: what page_precision() said of each page.
    """
    empty = metric_score([], {})
    classes = _classes(gold)
    if not read or not classes:
        return empty
    whole = average_precision(gold, read, classes)
    members: dict[str, set[str]] = {}
    for page, names in groups.items():
        for name in names:
            members.setdefault(name, set()).add(page)
    by_group = {label: score for label, score in whole.by_class.items() if score is not None}
    for name in sorted(members):
        part = {page: boxes for page, boxes in gold.items() if page in members[name]}
        score = average_precision(part, read, _classes(part)).overall
        by_group |= {} if score is None else {name: score}
    return empty.model_copy(
        update={
            "overall": whole.overall,
            "samples": sum(map(len, gold.values())),
            "by_group": by_group,
            "by_page": {page: (by_page[page], 1.0) for page in sorted(by_page)},
        }
    )


def page_precision(gold: Sequence[LabelledBox], read: Sequence[LabelledBox]) -> float | None:
    """Average precision of one page alone; None where it has no gold box."""
    return average_precision({"": gold}, {"": read}, _classes({"": gold})).overall


def _classes(boxes: Boxes) -> list[str]:
    return sorted({one.label for some in boxes.values() for one in some})
