"""Key information: exact pairs, likeness, and values that merely stand in the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.keyinfo import anls_tally, found_tally, key_tally, pair, read_pairs, stands_whole

PAIRS = st.lists(st.tuples(st.sampled_from(["lot_id", "tool"]), st.text("AB1.-", min_size=1, max_size=5)), max_size=4)
GOLD = [pair("lot_id", "TH8402B.03"), pair("fail_rate", "3.2 %")]


@given(PAIRS, PAIRS)
def test_both_are_symmetric_bounded_and_perfect_on_themselves(one: list, other: list) -> None:
    for tally in (key_tally, anls_tally):
        assert tally(one, one).score in (None, 1.0)
        assert tally(one, other).score == pytest.approx(tally(other, one).score)
        assert tally(one, other).got <= tally(one, other).of


def test_pairs_are_read_from_lines() -> None:
    assert read_pairs("Lot ID: TH8402B.03\n\nfail_rate：3.2 %\nno pair") == GOLD


@pytest.mark.parametrize(("value", "exact"), [("1.2 V", 0.0), ("12 V", 0.0), ("12.0 V", 1.0)])
def test_a_value_is_right_or_wrong(value: str, exact: float) -> None:
    assert key_tally([pair("v", "12.0 V")], [pair("v", value)]).score == exact


def test_likeness_gives_a_share_and_little_likeness_none() -> None:
    assert anls_tally([pair("a", "abcd")], [pair("a", "abce")]).score == 0.75
    assert anls_tally([pair("a", "abcd")], [pair("a", "axyz")]).score == 0.0
    assert anls_tally([pair("a", "x")], [pair("a", "x"), pair("b", "y")]).score == 0.5


@pytest.mark.parametrize(
    ("gold", "read", "published"),
    [
        (["Hello World"], ["HELLO WORLD"], 1.0),
        (["TH8402B.03"], ["th8402b.08"], 0.9),
        (["Film loss"], ["FILM LOST"], 0.8888888888888888),
        (["12 V"], ["1.2 V"], 0.8),
        (["-40"], ["40"], 0.6666666666666667),
        (["abcd"], ["axyz"], 0.0),
        (["one", "two"], ["TWO"], 0.5),
        (["x"], [], 0.0),
    ],
)
def test_likeness_is_that_of_anls_star(gold: list[str], read: list[str], published: float) -> None:
    """As the package anls-star 1.0.1 scores a dictionary of one field."""
    sides = ([pair("field", value) for value in side] for side in (gold, read))
    assert anls_tally(*sides).score == pytest.approx(published)


def test_letters_must_be_as_they_are_for_an_exact_value() -> None:
    assert key_tally([pair("a", "Hello World")], [pair("a", "HELLO WORLD")]).score == 0.0


def test_without_names_a_value_must_stand_whole() -> None:
    assert found_tally(GOLD, "lot TH8402B.03 lost 3.2 %").score == 1.0
    assert found_tally(GOLD, "lot TH8402B.031 lost 13.2 %").score == 0.0
    assert found_tally([], "anything").score is None


@pytest.mark.parametrize(
    ("value", "text", "stands"),
    [
        ("3.2", "3.2.", True),
        ("3.2", "3.21", False),
        ("3", "3.2", False),
        ("王志强", "分析人王志强审核", True),
        ("", "x", False),
    ],
)
def test_standing_whole(value: str, text: str, stands: bool) -> None:
    assert stands_whole(value, text) is stands
