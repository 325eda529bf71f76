"""The form in which an evaluation's scores are given and kept: overall, by group, by page.

Notable:
- A page keeps what it got and of how much for each metric, so any set of pages can be scored again from the file alone.
- A result says what it is a result of: evaluator and revision, the bytes of gold set and predictions, software.
- Several means are in use for the same numbers and differ by points; each is named, `overall` is the one that the
  evaluator itself prints first.
"""

import hashlib
import platform
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from fabeye.evaluation.gold import GoldPage
from fabeye.metrics.tally import Tally

SCHEMA: Final = "fabeye-scores/3"  # the form of the JSON: `fabeye evaluate schema` prints it
DISTANCES = ("text_edit", "formula_edit", "table_edit", "reading_order_edit", "hallucination")  # the less the better
SOFTWARE = ("fabeye", "beautifulsoup4", "lxml", "numpy", "pycocotools", "pylatexenc", "rapidfuzz", "scipy")


@dataclass(frozen=True, slots=True)
class Sample:
    """One measured thing of a page: a matched block, a table, a reading order."""

    metric: str
    page: str
    tally: Tally


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetricScore(_Form):
    """One metric's scores; None where there was nothing to measure.

    page_mean: mean over pages of each page's sum by sum. sample_mean: mean over blocks. whole: sum by sum over all.
    by_group: page means by what the gold set says of its pages; of layout also by class. by_page: [got, of] of each
    page.
    """

    overall: float | None
    page_mean: float | None
    sample_mean: float | None
    whole: float | None
    samples: int
    by_group: dict[str, float]
    by_page: dict[str, tuple[float, float]]


class Provenance(_Form):
    """gold, predictions: sha256 over the files that were read, in order.

    Of bare table pairs both are the file of pairs; of a verdict predictions are the two files of scores.
    """

    evaluator: str
    revision: str
    gold: str
    predictions: str
    software: dict[str, str]


class Scores(_Form):
    """known_faults: what the evaluator does that its readers should know. left_out: what of it is not done here.

    problems: page -> why its prediction could not be used. lower_is_better: metrics that are distances.
    formulas_by_tokens, of the fabeye evaluator only: page -> formulas that could not be set; tokens were compared.
    """

    schema_name: Literal["fabeye-scores/3"] = SCHEMA
    lower_is_better: tuple[str, ...] = DISTANCES
    provenance: Provenance
    known_faults: list[str]
    left_out: list[str]
    pages: int
    problems: dict[str, str]
    formulas_by_tokens: dict[str, list[str]] = {}
    metrics: dict[str, MetricScore]


def metric_score(
    samples: Sequence[Sample], groups: Mapping[str, Sequence[str]], *, by_sample: bool = False
) -> MetricScore:
    """Scores of one metric.

    groups: page -> the groups that it is in. by_sample: the mean over samples is `overall`, else the mean over pages.
    """
    of_page: dict[str, Tally] = defaultdict(Tally)
    for sample in samples:
        of_page[sample.page] += sample.tally
    by_page = {page: tally.score for page, tally in sorted(of_page.items()) if tally.score is not None}
    alone = [score for sample in samples if (score := sample.tally.score) is not None]
    means = {True: _mean(alone), False: _mean(by_page.values())}
    return MetricScore(
        overall=means[by_sample],
        page_mean=means[False],
        sample_mean=means[True],
        whole=sum(of_page.values(), Tally()).score,
        samples=len(samples),
        by_group=_group_means(by_page, groups),
        by_page={page: (of_page[page].got, of_page[page].of) for page in by_page},
    )


def page_groups(page: GoldPage) -> list[str]:
    """`key: value` of what is said of a page; of a list its members by themselves."""
    groups = []
    for key, value in page.page_info.page_attribute.model_dump().items():
        groups += [str(one) for one in value] if isinstance(value, list) else [f"{key}: {value}"]
    return groups


def provenance(evaluator: str, revision: str, gold: Path, predictions: Iterable[Path]) -> Provenance:
    """What the scores are of. Raises OSError where a file has gone."""
    return Provenance(
        evaluator=evaluator,
        revision=revision,
        gold=_sha256([gold]),
        predictions=_sha256(sorted(predictions)),
        software={"python": platform.python_version(), **{name: version(name) for name in SOFTWARE}},
    )


def files_below(folder: Path) -> list[Path]:
    """All files of a folder of predictions, and of those in it."""
    return [path for path in folder.rglob("*") if path.is_file()]


def _group_means(by_page: Mapping[str, float], groups: Mapping[str, Sequence[str]]) -> dict[str, float]:
    members: dict[str, list[float]] = defaultdict(list)
    for page, score in by_page.items():
        for group in groups.get(page, ()):
            members[group].append(score)
    return {group: fmean(members[group]) for group in sorted(members)}


def _mean(scores: Iterable[float]) -> float | None:
    known = list(scores)
    return fmean(known) if known else None


def _sha256(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(2**20):
                whole.update(block)
    return whole.hexdigest()
