"""Means of samples: by page, by sample, by group."""

import pytest

from fabeye.evaluation.results import Sample, metric_score
from fabeye.metrics.tally import Tally

SAMPLES = [Sample("m", page, Tally(got, of)) for page, got, of in (("a", 1, 2), ("a", 0, 6), ("b", 1, 1))]


def test_each_mean_is_what_it_says() -> None:
    score = metric_score(SAMPLES, {"a": ["x", "y"], "b": ["x"]})
    assert score.page_mean == pytest.approx((1 / 8 + 1) / 2)
    assert score.sample_mean == pytest.approx((1 / 2 + 0 + 1) / 3)
    assert score.whole == pytest.approx(2 / 9)
    assert (score.samples, score.by_page) == (3, {"a": (1, 8), "b": (1, 1)})
    assert score.by_group == pytest.approx({"x": (1 / 8 + 1) / 2, "y": 1 / 8})


def test_overall_is_the_mean_that_is_asked_for() -> None:
    assert metric_score(SAMPLES, {}).overall == metric_score(SAMPLES, {}).page_mean
    assert metric_score(SAMPLES, {}, by_sample=True).overall == metric_score(SAMPLES, {}).sample_mean


def test_nothing_measured_is_no_score() -> None:
    score = metric_score([Sample("m", "a", Tally())], {"a": ["x"]})
    assert (score.overall, score.whole, score.by_group) == (None, None, {})
