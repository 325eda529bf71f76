"""A set of pages scored by the `fabeye` evaluator, in the same form as the official modes.

Notable:
- Every score is a sum by a sum, over pages as over groups; `page_mean` stands beside it.
- Every page keeps what it got and of how much, so any part of the set can be scored again from the file alone.
- A page without a prediction, with an empty one or with one that cannot be used scores as read empty, and is named.
- Where any page's prediction has boxes, a page without boxes has found none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import fmean

from pydantic import ValidationError

from fabeye.errors import FabeyeError
from fabeye.evaluation.fabeye_page import (
    ByClass,
    boxed_tallies,
    formulas_unset,
    gold_layout,
    layout_by_class,
    matched_tallies,
    merged_layout,
    page_tallies,
)
from fabeye.evaluation.gold import GoldError, GoldPage, read_gold
from fabeye.evaluation.layout_scores import LAYOUT, layout_score, page_precision
from fabeye.evaluation.matched_page import match_page
from fabeye.evaluation.official.scores import GIVEN_UP
from fabeye.evaluation.predictions import Prediction, Region, read_prediction
from fabeye.evaluation.results import MetricScore, Provenance, Scores, page_groups, provenance
from fabeye.metrics.layout import LabelledBox
from fabeye.metrics.tally import Tally

EVALUATOR = "fabeye"
REVISION = "3"  # rises whenever the same prediction would get another score
LONGEST_READING = 200_000  # characters; a full page of small print has some ten thousand
LEFT_OUT = (
    "CDM, which `fabeye evaluate cdm` has: formulas are set by mathtext here, or compared by their tokens",
    "the data of charts",
)

PageTallies = dict[str, Tally]


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of one page.

    problem: why its prediction counts as read empty, "" where it does not. boxes: those of a prediction that has boxes,
    by merged classes; by_class: their tallies; layout: their average precision on this page alone. unset: formulas that
    could not be set.
    """

    problem: str
    tallies: PageTallies
    unset: Sequence[str] = ()
    boxes: list[LabelledBox] | None = None
    by_class: ByClass = field(default_factory=dict)
    layout: float | None = None


Mapped = Callable[[Callable[[GoldPage], Measured], Iterable[GoldPage]], Iterable[Measured | None]]


class ScoresError(FabeyeError):
    """A file of scores is missing or is none; the text names it."""


def score_fabeye(gold: Path, predictions: Path, mapped: Mapped = map) -> Scores:
    """Score a folder of predictions against a gold file.

    mapped: what maps a function over pages, `map` or a pool's; None for a page that it had to give up. Raises GoldError
    when the gold set cannot be read or has no page, PredictionError when there is no such folder.
    """
    pages = read_gold(gold)
    known = zip(pages, mapped(partial(measure_page, folder=predictions), pages), strict=True)
    measured = [one if one is not None else Measured(GIVEN_UP, page_tallies(page, "")) for page, one in known]
    made = provenance(EVALUATOR, REVISION, gold, (path for path in predictions.iterdir() if path.is_file()))
    return fabeye_scores(pages, measured, made)


def measure_page(page: GoldPage, folder: Path) -> Measured:
    """What became of one page's prediction, and its tallies."""
    prediction = read_prediction(folder, Path(page.page_info.image_path).name)
    if reason := problem(prediction):
        return Measured(reason, page_tallies(page, ""))
    matched = match_page(page, prediction.markdown)
    unset = formulas_unset(matched)
    if prediction.regions is None:
        return Measured("", matched_tallies(matched), unset)
    return _with_boxes(page, Measured("", matched_tallies(matched), unset), prediction.regions)


def _with_boxes(page: GoldPage, measured: Measured, regions: Sequence[Region]) -> Measured:
    drawn = [(one.label, one.bbox) for one in regions]
    boxes = [LabelledBox(*box, one.score) for box, one in zip(merged_layout(drawn), regions, strict=True)]
    by_class = layout_by_class(page, drawn)
    return replace(
        measured,
        tallies=measured.tallies | boxed_tallies(by_class),
        boxes=boxes,
        by_class=by_class,
        layout=page_precision(_gold_boxes(page), boxes),
    )


def fabeye_scores(pages: Sequence[GoldPage], measured: Sequence[Measured], made: Provenance) -> Scores:
    """The scores of pages whose tallies are known. Raises GoldError without a page."""
    if not pages:
        raise GoldError("the gold set has no page, so there is nothing to score against; raise corpus.gold_share")
    groups = {page.page_id: page_groups(page) for page in pages}
    of_page = {page.page_id: one for page, one in zip(pages, _alike(pages, measured), strict=True)}
    by_metric: dict[str, dict[str, Tally]] = defaultdict(dict)
    for page, one in of_page.items():
        for metric, tally in one.tallies.items():
            by_metric[metric][page] = tally
    metrics = {metric: pooled_score(by_metric[metric], groups) for metric in by_metric}
    for metric, by_class in _class_scores(of_page).items():
        metrics[metric] = metrics[metric].model_copy(update={"by_group": by_class | metrics[metric].by_group})
    metrics[LAYOUT] = layout_score(
        {page.page_id: _gold_boxes(page) for page in pages},
        {page: one.boxes for page, one in of_page.items() if one.boxes is not None},
        groups,
        {page: one.layout for page, one in of_page.items() if one.layout is not None},
    )
    return Scores(
        provenance=made,
        known_faults=[],
        left_out=list(LEFT_OUT),
        pages=len(pages),
        problems={page: one.problem for page, one in of_page.items() if one.problem},
        formulas_by_tokens={page: list(one.unset) for page, one in of_page.items() if one.unset},
        metrics=dict(sorted(metrics.items())),
    )


def _alike(pages: Sequence[GoldPage], measured: Sequence[Measured]) -> list[Measured]:
    """With boxes on every page or on none: who leaves out the boxes of a page has found none of them."""
    if all(one.boxes is None for one in measured):
        return list(measured)
    both = zip(pages, measured, strict=True)
    return [one if one.boxes is not None else _without_boxes(page, one) for page, one in both]


def _without_boxes(page: GoldPage, measured: Measured) -> Measured:
    """Figures stay as they are: how many there are can be told without boxes."""
    return replace(_with_boxes(page, measured, ()), tallies=boxed_tallies(layout_by_class(page, ())) | measured.tallies)


def _class_scores(of_page: Mapping[str, Measured]) -> dict[str, dict[str, float]]:
    """Metric -> class of boxes -> its score over all pages, sum by sum."""
    totals: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for page in sorted(of_page):
        for metric, parts in of_page[page].by_class.items():
            for label, tally in parts.items():
                totals[metric][label] += tally
    return {
        metric: {label: parts[label].got / parts[label].of for label in sorted(parts)}
        for metric, parts in totals.items()
    }


def _gold_boxes(page: GoldPage) -> list[LabelledBox]:
    return [LabelledBox(*one) for one in gold_layout(page)]


def pooled_score(of_page: Mapping[str, Tally], groups: Mapping[str, Sequence[str]]) -> MetricScore:
    """One metric's scores, sums by sums. groups: page -> the groups that it is in."""
    counted = {page: of_page[page] for page in sorted(of_page) if of_page[page].of}
    members: dict[str, Tally] = defaultdict(Tally)
    for page, tally in counted.items():
        for group in groups.get(page, ()):
            members[group] += tally
    means = [tally.got / tally.of for tally in counted.values()]
    whole = sum(counted.values(), Tally()).score
    return MetricScore(
        overall=whole,
        page_mean=fmean(means) if means else None,
        sample_mean=None,
        whole=whole,
        samples=len(counted),
        by_group={group: members[group].got / members[group].of for group in sorted(members)},
        by_page={page: (tally.got, tally.of) for page, tally in counted.items()},
    )


def problem(prediction: Prediction) -> str:
    """Why a prediction counts as read empty, "" where it does not."""
    if prediction.problem or len(prediction.markdown) <= LONGEST_READING:
        return prediction.problem
    return f"{len(prediction.markdown)} characters, more than the {LONGEST_READING} that a page can have"


def read_scores(path: Path) -> Scores:
    """Scores of this evaluator that were written as JSON. Raises ScoresError."""
    try:
        scores = Scores.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise ScoresError(f"there are no scores at {path}; write them with `fabeye evaluate ... --out`") from error
    except (ValidationError, OSError) as error:
        raise ScoresError(f"{path} holds no scores ({str(error).splitlines()[0]}); score again") from error
    if (found := (scores.provenance.evaluator, scores.provenance.revision)) != (EVALUATOR, REVISION):
        raise ScoresError(f"{path} was scored by {' '.join(found)}, not by {EVALUATOR} {REVISION}; score again")
    return scores
