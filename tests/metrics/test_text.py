"""The text metrics: laws of a distance, and what counts as an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.text import character_error_rate, edit_distance, normalise, normalised_edit

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS, TEXTS)
def test_distance_is_symmetric_and_bounded(a: str, b: str) -> None:
    longer = max(len(normalise(a)), len(normalise(b)))
    assert edit_distance(a, b) == edit_distance(b, a) <= longer
    assert normalised_edit(a, b) == pytest.approx(edit_distance(a, b) / max(longer, 1))


@given(TEXTS, TEXTS, TEXTS)
def test_no_detour_is_shorter(a: str, b: str, c: str) -> None:
    assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_error_rate_is_sum_of_distances_by_sum_of_lengths(pairs: list[tuple[str, str]]) -> None:
    lengths = sum(len(normalise(truth)) for truth, _ in pairs)
    assert character_error_rate(pairs) * max(lengths, 1) == pytest.approx(sum(edit_distance(*pair) for pair in pairs))


@pytest.mark.parametrize(("truth", "read"), [("-40 °C", "40 °C"), ("1.2 V", "12 V"), ("≤ 5", "≥ 5"), ("mA", "MA")])
def test_signs_points_and_case_count(truth: str, read: str) -> None:
    assert edit_distance(truth, read) == 1


@pytest.mark.parametrize(
    ("truth", "read"), [("失效\n分析", "失效分析"), ("ＶＤＤ", "VDD"), ("a\n b", "a b"), ("VDD 电压", "VDD\n电压")]
)
def test_line_breaks_and_widths_do_not(truth: str, read: str) -> None:
    assert edit_distance(truth, read) == 0


def test_a_long_hallucination_costs_more_than_the_truth_is_long() -> None:
    assert character_error_rate([("ab", "abcdefgh")]) == 3.0
    assert normalised_edit("", "abc") == 1.0
    assert normalised_edit("", "") == 0.0
