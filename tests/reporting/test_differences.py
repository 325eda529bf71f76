"""Runs of differences: they give both texts back, whatever the texts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fabeye.reporting.differences import Run, differences, error_rate


def joined(runs: list[Run], without: str) -> str:
    return "".join(run.text for run in runs if run.kind != without)


@given(st.text(max_size=40), st.text(max_size=40))
def test_runs_give_both_texts_back(truth: str, reading: str) -> None:
    runs = differences(truth, reading)
    assert joined(runs, without="missing") == reading
    assert joined(runs, without="extra") == truth
    assert all(one.kind != other.kind for one, other in pairwise(runs))


def test_a_changed_character_is_missing_and_extra() -> None:
    assert differences("阻值 5", "阻值 8") == [Run("阻值 ", "same"), Run("5", "missing"), Run("8", "extra")]


def test_error_rate_goes_from_equal_to_nothing_alike() -> None:
    assert error_rate("abc", "abc") == 0
    assert error_rate("abc", "xyz") == 1
