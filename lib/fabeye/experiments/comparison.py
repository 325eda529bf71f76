"""Arms against each other: means over seeds, and how sure a difference is.

Notable:
- Trials of one seed share their draws, so arms are compared seed by seed; the interval is Student's t over these
  differences. With three seeds it is wide, as it should be.
- Trials are compared only where they had the same data; of a question whose trials had not, those of the data that most
  of them had.
- How many samples an arm needs to come as far as another one is read off its validation curve.
- Measures named in LOWER get better as they fall; the others as they rise.

Source: Student, The probable error of a mean, 1908.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import stdev

from scipy import stats

from fabeye.settings import ExperimentsSettings
from fabeye.tables import write_json

from .arms import ExperimentError
from .trial import Trial

TO_LOSS = "samples_to_loss"
LOWER = ("validation_", "region_cer", TO_LOSS)  # beginnings of names of what gets better as it falls


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over seeds with its interval; values: of each seed, in the order of the settings."""

    mean: float
    low: float
    high: float
    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float], confidence: float) -> "Estimate":
        """Student's interval; of a single value it is without end."""
        mean = sum(values) / len(values)
        if len(values) < 2:
            return cls(mean, -math.inf, math.inf, tuple(values))
        spread = stdev(values) / math.sqrt(len(values))
        half = float(stats.t.ppf((1 + confidence) / 2, len(values) - 1)) * spread
        return cls(mean, mean - half, mean + half, tuple(values))


@dataclass(frozen=True, slots=True)
class Answer:
    """One measure of one question: each arm's estimate, and of each arm but the first what it has more than that."""

    measure: str
    lower_is_better: bool
    arms: dict[str, Estimate]
    differences: dict[str, Estimate]


def compare(trials: Path, settings: ExperimentsSettings) -> dict[str, list[Answer]]:
    """Question -> its answers, from the trials that there are; an arm with fewer than two seeds is left out.

    Raises ExperimentError when a trial is damaged.
    """
    found = read_trials(trials, settings)
    answers = {name: _answers(found, name, settings) for name in settings.questions}
    return {name: some for name, some in answers.items() if some}


def write_comparison(trials: Path, out: Path, settings: ExperimentsSettings) -> dict[str, list[Answer]]:
    """compare(), and the same as JSON at `out`. Raises ExperimentError as it does, and when nothing can be compared."""
    answers = compare(trials, settings)
    if not answers:
        raise ExperimentError(
            f"{trials} has no two arms with two seeds each; `dvc repro experiments/dvc.yaml` runs them"
        )
    write_json(out, {name: [asdict(one) for one in some] for name, some in answers.items()})
    return answers


def read_trials(folder: Path, settings: ExperimentsSettings) -> dict[str, dict[int, Trial]]:
    """Arm -> seed -> trial, of the arms and seeds in the settings. Raises ExperimentError when one is damaged."""
    return {
        arm: {
            seed: Trial.load(folder / f"{arm}-{seed}.json")
            for seed in settings.seeds
            if (folder / f"{arm}-{seed}.json").is_file()
        }
        for arm in settings.arms
    }


def samples_until(curve: Sequence[tuple[int, float]], loss: float) -> float:
    """Samples after which a curve of (samples, loss) first is at `loss`, linear between its points; else infinity."""
    if curve and curve[0][1] <= loss:
        return float(curve[0][0])
    for (before, above), (after, below) in pairwise(curve):
        if below <= loss:
            return before + (after - before) * (above - loss) / (above - below)
    return math.inf


def _answers(found: Mapping[str, Mapping[int, Trial]], name: str, settings: ExperimentsSettings) -> list[Answer]:
    question = settings.questions[name]
    found = _of_one_data({arm: found[arm] for arm in question.arms})
    arms = [arm for arm in question.arms if len(found[arm]) > 1]
    if len(arms) < 2 or arms[0] != question.arms[0]:
        return []
    tables = {arm: {seed: dict(trial.measures) for seed, trial in found[arm].items()} for arm in arms}
    _add_samples_to_loss(tables, found, arms)
    return [
        _answer(tables, measure, settings.confidence)
        for measure in question.measures
        if all(measure in measures for table in tables.values() for measures in table.values())
    ]


def _of_one_data(found: Mapping[str, Mapping[int, Trial]]) -> dict[str, dict[int, Trial]]:
    counts = Counter(trial.data for trials in found.values() for trial in trials.values())
    data = max(sorted(counts), key=lambda one: counts[one], default="")
    return {arm: {seed: one for seed, one in trials.items() if one.data == data} for arm, trials in found.items()}


def _add_samples_to_loss(
    tables: Mapping[str, Mapping[int, dict[str, float]]], found: Mapping[str, Mapping[int, Trial]], arms: Sequence[str]
) -> None:
    """To each trial the samples until the loss that the worst of its seed's trials ended with."""
    seeds = set.intersection(*(set(found[arm]) for arm in arms))
    for seed in seeds:
        worst = max(found[arm][seed].curve[-1][1] for arm in arms)
        for arm in arms:
            tables[arm][seed][TO_LOSS] = samples_until(found[arm][seed].curve, worst)


def _answer(tables: Mapping[str, Mapping[int, Mapping[str, float]]], measure: str, confidence: float) -> Answer:
    values = {arm: {seed: said[measure] for seed, said in table.items()} for arm, table in tables.items()}
    first, *others = values
    differences = {}
    for arm in others:
        seeds = [seed for seed in values[first] if seed in values[arm]]
        differences[arm] = Estimate.of([values[arm][seed] - values[first][seed] for seed in seeds], confidence)
    estimates = {arm: Estimate.of(list(by_seed.values()), confidence) for arm, by_seed in values.items()}
    return Answer(measure, measure.startswith(LOWER), estimates, differences)
