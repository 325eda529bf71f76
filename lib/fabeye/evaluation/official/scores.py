"""A gold set's pages scored as OmniDocBench's evaluator scores them: `fabeye evaluate --evaluator v15`.

Notable:
- Pages are measured one by one, by whatever the caller maps them with; nothing but their numbers comes back, so memory
  does not grow with them. Neither the number of workers nor the order of files matters.
- A prediction that cannot be used counts as an empty one and is listed. One that is not there at all is left out of
  v15's scores, as there, and listed all the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from fabeye.errors import FabeyeError
from fabeye.evaluation.gold import GoldError, GoldPage, read_gold
from fabeye.evaluation.layout_scores import LAYOUT, layout_score, page_precision
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
from fabeye.metrics.layout import LabelledBox

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
        metrics={**_metrics(samples, groups), LAYOUT: _layout(pages, said, [result for _, result in measured])},
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
        result = measure_page(page, prediction.markdown, version)
    except FabeyeError as error:
        return _refused(page, str(error), version)
    if prediction.regions is None:
        return kept, result
    return kept, replace(result, layout=page_precision(_gold_boxes(page), _boxes(prediction)))


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


def _layout(pages: Sequence[GoldPage], said: Mapping[str, Prediction], results: Sequence[PageResult]) -> MetricScore:
    gold = {page.page_id: _gold_boxes(page) for page in pages}
    read = {page: _boxes(prediction) for page, prediction in said.items() if prediction.regions is not None}
    alone = {page.page_id: result.layout for page, result in zip(pages, results, strict=True)}
    known = {page: score for page, score in alone.items() if score is not None}
    return layout_score(gold, read, {page.page_id: page_groups(page) for page in pages}, known)


def _gold_boxes(page: GoldPage) -> list[LabelledBox]:
    return [LabelledBox(one.category_type, one.box) for one in page.layout_dets if not one.ignore]


def _boxes(prediction: Prediction) -> list[LabelledBox]:
    return [LabelledBox(region.label, region.bbox, region.score) for region in prediction.regions or ()]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix in (".md", ".mmd", ".json") and path.is_file()]
