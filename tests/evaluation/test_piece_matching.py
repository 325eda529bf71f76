"""Matching pieces: every piece in one run, and line ends do not matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.evaluation.piece_matching import Run, match_pieces

TEXTS = st.lists(st.text("abcde ", min_size=1, max_size=12), max_size=6)


@given(TEXTS, TEXTS)
def test_every_piece_stands_in_exactly_one_run(gold: list[str], read: list[str]) -> None:
    runs = match_pieces(gold, read)
    assert sorted(one for run in runs for one in run.gold) == list(range(len(gold)))
    assert sorted(one for run in runs for one in run.read) == list(range(len(read)))


@given(TEXTS)
def test_equal_pieces_pair_in_their_order(texts: list[str]) -> None:
    assert sorted(match_pieces(texts, texts), key=lambda run: run.gold) == [Run((n,), (n,)) for n in range(len(texts))]


@pytest.mark.parametrize(
    ("gold", "read", "run"),
    [
        (["the gate oxide", "broke down"], ["the gate oxide broke down"], Run((0, 1), (0,))),
        (["the gate oxide broke down"], ["the gate oxide", "broke down"], Run((0,), (0, 1))),
    ],
)
def test_split_and_joined_pieces_heal(gold: list[str], read: list[str], run: Run) -> None:
    assert match_pieces(gold, read) == [run]


def test_what_shares_little_is_no_pair() -> None:
    assert match_pieces(["wafer map"], ["12.5 nm"]) == [Run((0,), ()), Run((), (0,))]
