"""Matching lines: laws, and what it is for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from fabeye.evaluation.matching import LineMatch, cost_matrix, match_lines

LINES = st.lists(st.text(alphabet="abc ", min_size=1, max_size=12), max_size=8)


@given(LINES, LINES)
def test_each_gold_line_stands_in_one_match(gold: list[str], predicted: list[str]) -> None:
    matches = match_lines(gold, predicted)
    assert sorted(row for match in matches for row in match.gold) == list(range(len(gold)))
    assert all(0 <= column < len(predicted) for match in matches for column in match.predicted)
    assert match_lines(gold, predicted) == matches


@given(st.lists(st.text(alphabet="abcdefgh", min_size=6, max_size=20), max_size=6, unique=True), st.randoms())
def test_lines_find_themselves_in_any_order(lines: list[str], rng: object) -> None:
    order = list(range(len(lines)))
    rng.shuffle(order)  # type: ignore[attr-defined]
    matches = match_lines(lines, [lines[row] for row in order])
    pairs = {match.gold: match.predicted for match in matches if match.gold}
    exact = [row for row in order if pairs.get((row,)) and lines[order[pairs[row,][0]]] == lines[row]]
    assert sorted(exact) == list(range(len(lines)))


@given(LINES, LINES)
def test_costs_are_normalised_distances(gold: list[str], predicted: list[str]) -> None:
    expected = [[Levenshtein.normalized_distance(one, other) for other in predicted] for one in gold]
    assert np.allclose(cost_matrix(gold, predicted), np.array(expected).reshape(len(gold), len(predicted)), atol=0)


def test_split_pieces_are_joined() -> None:
    gold = ["theretentiontimeofthecellsdropsathightemperature", "another"]
    assert match_lines(gold, ["theretentiontimeofthe", "cellsdropsathightemperature", "another"]) == [
        LineMatch((0,), (0, 1)),
        LineMatch((1,), (2,)),
    ]


def test_a_gold_line_inside_a_longer_one_joins_it() -> None:
    gold = ["therowisrefreshedoften", "voidundercontact"]
    (match,) = match_lines(gold, ["therowisrefreshedoftenvoidundercontact"])
    assert match == LineMatch((0, 1), (0,))


def test_nothing_on_either_side() -> None:
    assert match_lines([], []) == []
    assert match_lines(["a", "b"], []) == [LineMatch((0,), ()), LineMatch((1,), ())]
    assert match_lines([], ["a"]) == [LineMatch((), (0,))]
