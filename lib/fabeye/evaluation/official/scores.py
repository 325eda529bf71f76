"""A gold set's pages scored as OmniDocBench's evaluator scores them: `fabeye evaluate --evaluator v15`.

Notable:
- Pages are measured one by one, by whatever the caller maps them with; nothing but their numbers comes back, so memory
  does not grow with them. Neither the number of workers nor the order of files matters.
- A prediction that cannot be used counts as an empty one and is listed. One that is not there at all is left out of
  v15's scores, as there, and listed all the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from fabeye.errors import FabeyeError
from fabeye.evaluation.gold import GoldError, GoldPage, read_gold
from fabeye.evaluation.official.normalise import MOST_TAGS
from fabeye.evaluation.official.pages import (
    METRICS,
    TEDS,
    TEDS_STRUCTURE,
    TEXT_EDIT,
    PageResult,
    measure_page,
    page_key,
)
from fabeye.evaluation.official.version import KNOWN_FAULTS, LEFT_OUT, REVISIONS, Version
from fabeye.evaluation.predictions import Prediction, read_prediction
from fabeye.evaluation.results import MetricScore, Sample, Scores, metric_score, page_groups, provenance
from fabeye.metrics.layout import LabelledBox, average_precision

LAYOUT = "layout_map"
EVERY_PAGE = "ALL"
GIVEN_UP = "it took more time or memory than a page may (engine.seconds, engine.mib)"

Measured = tuple[Prediction, PageResult]
Mapped = Callable[[Callable[[GoldPage], Measured], Iterable[GoldPage]], Iterable[Measured | None]]


def score_like_omnidocbench(gold: Path, predictions: Path, version: Version, mapped: Mapped = map) -> Scores:
    """Scores of the predictions in a folder.

    mapped: what maps a function over pages, `map` or a pool's; None for a page that it had to give up. Raises GoldError
    when the gold set cannot be read, PredictionError when there is no such folder.
    """
    pages = read_gold(gold)
    _check_tables(pages)
    measure = partial(_measure, folder=predictions, version=version)
    known = zip(pages, mapped(measure, pages), strict=True)
    measured = [one if one is not None else _refused(page, GIVEN_UP, version) for page, one in known]
    samples = [sample for _, result in measured for sample in result.samples]
    if any(sample.metric == TEXT_EDIT for sample in samples):
        samples += [sample for _, result in measured for sample in result.as_text]
    groups = {page_key(page.page_info.image_path): [EVERY_PAGE, *page_groups(page)] for page in pages}
    found = zip(pages, (prediction for prediction, _ in measured), strict=True)
    said = {page.page_id: prediction for page, prediction in found}
    return Scores(
        provenance=provenance(version.value, REVISIONS[version], gold, _files(predictions)),
        known_faults=list(KNOWN_FAULTS[version]),
        left_out=list(LEFT_OUT[version]),
        pages=len(pages),
        problems={page: prediction.problem for page, prediction in said.items() if prediction.problem},
        metrics={**_metrics(samples, groups), LAYOUT: _layout(pages, said)},
    )


def _check_tables(pages: Sequence[GoldPage]) -> None:
    for page in pages:
        for table in page.layout_dets:
            if table.html.count("<") > MOST_TAGS:
                raise GoldError(f"{page.page_id}: table {table.anno_id} has more than {MOST_TAGS} tags; cut it in two")


def _measure(page: GoldPage, folder: Path, version: Version) -> Measured:
    prediction = read_prediction(folder, page.page_info.image_path.rpartition("/")[2])
    kept = Prediction(regions=prediction.regions, problem=prediction.problem, missing=prediction.missing)
    if prediction.missing and version is Version.V15:
        return kept, PageResult()
    try:
        return kept, measure_page(page, prediction.markdown, version)
    except FabeyeError as error:
        return _refused(page, str(error), version)


def _refused(page: GoldPage, problem: str, version: Version) -> Measured:
    return Prediction(problem=problem), measure_page(page, "", version)


def _metrics(samples: Sequence[Sample], groups: Mapping[str, Sequence[str]]) -> dict[str, MetricScore]:
    return {
        metric: metric_score(
            [sample for sample in samples if sample.metric == metric],
            groups,
            by_sample=metric in (TEDS, TEDS_STRUCTURE),
        )
        for metric in METRICS
    }


def _layout(pages: Sequence[GoldPage], said: Mapping[str, Prediction]) -> MetricScore:
    """Average precision of boxes, its groups the categories; nothing where no prediction has boxes."""
    read = {page: _boxes(prediction) for page, prediction in said.items() if prediction.regions is not None}
    gold = {
        page.page_id: [LabelledBox(one.category_type, one.box) for one in page.layout_dets if not one.ignore]
        for page in pages
    }
    classes = sorted({one.label for boxes in gold.values() for one in boxes})
    if not read or not classes:
        return metric_score([], {})
    precision = average_precision(gold, read, classes)
    by_class = {label: score for label, score in precision.by_class.items() if score is not None}
    return metric_score([], {}).model_copy(
        update={"overall": precision.overall, "samples": sum(map(len, gold.values())), "by_group": by_class}
    )


def _boxes(prediction: Prediction) -> list[LabelledBox]:
    return [LabelledBox(region.label, region.bbox, region.score) for region in prediction.regions or ()]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix in (".md", ".mmd", ".json") and path.is_file()]
