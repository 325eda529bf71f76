"""Means over seeds, paired differences, samples until a loss; a difference no seed agrees on is undecided."""

import json
import math
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fabeye.experiments.arms import ExperimentError
from fabeye.experiments.comparison import Estimate, compare, samples_until, write_comparison
from fabeye.experiments.trial import Trial
from fabeye.reporting.experiments import experiment_figure, findings, read_answers
from fabeye.settings import ExperimentsSettings, load_settings
from fabeye.tables import write_json

CURVE = [(0, 7.0), (100, 5.0), (200, 3.0)]


@pytest.fixture(scope="module")
def settings() -> ExperimentsSettings:
    return load_settings().experiments


def write_trial(
    folder: Path, arm: str, seed: int, composite: float, curve: list[tuple[int, float]] = CURVE, data: str = ""
) -> None:
    measures = {
        "composite_domain": composite,
        "region_cer_domain": 1 - composite / 100,
        "validation_text": curve[-1][1],
    }
    trial = Trial(arm, seed, 200, 1000, {"training": 1.0, "measuring": 1.0}, curve, measures, data)
    write_json(folder / f"{arm}-{seed}.json", asdict(trial))


def test_a_difference_is_taken_seed_by_seed(tmp_path: Path, settings: ExperimentsSettings) -> None:
    for seed, level in zip(settings.seeds, (10.0, 30.0, 50.0), strict=True):  # seeds differ more than arms do
        write_trial(tmp_path, "general", seed, level)
        write_trial(tmp_path, "aimv2", seed, level + 6 + seed / 10)
    answers = {one.measure: one for one in compare(tmp_path, settings)["domain"]}
    gain = answers["composite_domain"].differences["aimv2"]
    assert gain.mean == pytest.approx(6.2)
    assert gain.low > 5.9
    assert answers["composite_domain"].arms["general"].low < 0
    assert answers["region_cer_domain"].lower_is_better


def test_trials_of_other_data_are_left_out(tmp_path: Path, settings: ExperimentsSettings) -> None:
    for seed in settings.seeds:
        write_trial(tmp_path, "aimv2", seed, 20.0, data="new")
        write_trial(tmp_path, "prefix_text", seed, 10.0, data="new")
        write_trial(tmp_path, "captioning", seed, 90.0, data="old")
        write_trial(tmp_path, "general", seed, 90.0, data="old")
    answers = {one.measure: one for one in compare(tmp_path, settings)["objective"]}
    assert set(answers["composite_domain"].arms) == {"aimv2", "prefix_text"}
    assert "domain" not in compare(tmp_path, settings)


def test_the_report_says_better_only_where_zero_is_out(tmp_path: Path, settings: ExperimentsSettings) -> None:
    trials = tmp_path / "experiments"
    for seed, gain in zip(settings.seeds, (6.0, 6.5, 7.0), strict=True):
        write_trial(trials, "general", seed, 20.0)
        write_trial(trials, "aimv2", seed, 20.0 + gain)
        write_trial(trials, "square", seed, 20.0 + gain + (-3) ** seed)
    write_comparison(trials, tmp_path / "experiments.json", settings)
    answers = read_answers(tmp_path)
    outcomes = {row["measure"].split(" ")[0]: row["outcome"] for row in findings(answers, "domain")}
    assert set(outcomes.values()) == {"better"}
    assert {row["outcome"] for row in findings(answers, "resolution")} == {"undecided"}
    assert len(experiment_figure(answers, "domain").data) == 2 * 2 * len(answers["domain"])
    assert "No answer yet" in experiment_figure(answers, "init").layout.annotations[0].text


def test_samples_to_the_same_loss(tmp_path: Path, settings: ExperimentsSettings) -> None:
    for seed in settings.seeds:
        write_trial(tmp_path, "aimv2", seed, 1.0)
        write_trial(tmp_path, "siglip", seed, 1.0, [(0, 7.0), (100, 3.0), (200, 2.0)])
    answers = {one.measure: one for one in compare(tmp_path, settings)["init"]}
    assert answers["samples_to_loss"].arms["aimv2"].mean == 200
    assert answers["samples_to_loss"].arms["siglip"].mean == 100


def test_too_few_trials_and_damaged_ones_are_told(tmp_path: Path, settings: ExperimentsSettings) -> None:
    write_trial(tmp_path, "aimv2", 1, 1.0)
    with pytest.raises(ExperimentError, match="no two arms with two seeds"):
        write_comparison(tmp_path, tmp_path / "out.json", settings)
    (tmp_path / "aimv2-2.json").write_text(json.dumps({"arm": "aimv2"}))
    with pytest.raises(ExperimentError, match=r"aimv2-2\.json is no trial"):
        compare(tmp_path, settings)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=9))
def test_the_interval_is_students(values: list[float]) -> None:
    found = Estimate.of(values, 0.95)
    low, high = stats.t.interval(
        0.95, len(values) - 1, loc=sum(values) / len(values), scale=stats.sem(values) or 1e-300
    )
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


def test_one_seed_says_nothing() -> None:
    assert (Estimate.of([3.0], 0.95).low, samples_until(CURVE, 2.0)) == (-math.inf, math.inf)
    assert samples_until(CURVE, 4.0) == 150
