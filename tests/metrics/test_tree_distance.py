"""The tree distance is the smallest there is, and on tables apted's.

apted's own answer is not always the smallest: on about one of 700 pairs of random trees it is too large. On trees with
the shape of a table, which are all that TEDS compares, the two never differed.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from apted import APTED, Config
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from fabeye.metrics.tree_distance import Tree, tree_distance

Node = tuple[int, str, list[Any]]  # kind, text, children
LABELS = st.tuples(st.integers(0, 2), st.text(alphabet="ab", max_size=3))
TREES = st.recursive(
    LABELS.map(lambda label: (*label, [])),
    lambda children: st.tuples(st.integers(0, 2), st.text(alphabet="ab", max_size=3), st.lists(children, max_size=3)),
    max_leaves=10,
)


CELLS = st.tuples(st.integers(2, 3), st.text(alphabet="ab", max_size=3), st.just([]))
ROWS = st.tuples(st.just(1), st.just(""), st.lists(CELLS, max_size=4))
GROUPS = st.tuples(st.integers(4, 5), st.just(""), st.lists(ROWS, max_size=3))
TABLES = st.tuples(st.just(0), st.just(""), st.lists(ROWS, max_size=4) | st.lists(GROUPS, max_size=2))


def rename_cost(one: Node, other: Node) -> float:
    return 1.0 if one[0] != other[0] else Levenshtein.normalized_distance(one[1], other[1])


class Costs(Config):
    """The costs of tree_distance in apted's words."""

    def rename(self, node1: Node, node2: Node) -> float:
        return rename_cost(node1, node2)

    def children(self, node: Node) -> list[Node]:
        return node[2]


def flat(node: Node) -> Tree:
    nodes: list[tuple[int, str, int]] = []

    def add(kind: int, text: str, children: list[Node]) -> None:
        first = len(nodes)
        for child in children:
            add(*child)
        nodes.append((kind, text, first))

    add(*node)
    return Tree([one[0] for one in nodes], [one[1] for one in nodes], [one[2] for one in nodes])


def smallest(first: Node, second: Node) -> float:
    """The distance straight from its definition: the last tree's root of either forest goes, comes or is renamed."""

    def frozen(node: Node) -> Any:
        return node[0], node[1], tuple(frozen(child) for child in node[2])

    @cache
    def between(forest: Any, other: Any) -> float:
        if not forest or not other:
            return float(sum(1 + between(node[2], ()) for node in (*forest, *other)))
        last, its = forest[-1], other[-1]
        return min(
            between(forest[:-1] + last[2], other) + 1,
            between(forest, other[:-1] + its[2]) + 1,
            between(forest[:-1], other[:-1]) + between(last[2], its[2]) + rename_cost(last, its),
        )

    return between((frozen(first),), (frozen(second),))


@given(TREES, TREES)
def test_no_way_is_shorter(first: Node, second: Node) -> None:
    assert tree_distance(flat(first), flat(second)) == pytest.approx(smallest(first, second), abs=1e-9)


def test_apted_finds_a_longer_way_between_some_trees() -> None:
    """Why apted is not the judge of all trees; should this fail, a later release has become exact."""
    first = (0, "", [(0, "aa", []), (0, "", [(0, "", [])]), (0, "", [])])
    second = (0, "", [(0, "a", [(0, "", [])]), (0, "", [(0, "", []), (0, "", [])])])
    assert tree_distance(flat(first), flat(second)) == smallest(first, second) == 3.5
    assert APTED(first, second, Costs()).compute_edit_distance() == 4.0


@given(TABLES, TABLES)
def test_on_tables_it_is_the_distance_of_apted(first: Node, second: Node) -> None:
    expected = APTED(first, second, Costs()).compute_edit_distance()
    assert tree_distance(flat(first), flat(second)) == pytest.approx(expected, abs=1e-9)


@given(TREES, TREES)
def test_it_is_a_distance(first: Node, second: Node) -> None:
    one, other = flat(first), flat(second)
    assert tree_distance(one, one) == 0
    assert tree_distance(one, other) == pytest.approx(tree_distance(other, one), abs=1e-9)
    assert abs(len(one) - len(other)) <= tree_distance(one, other) <= len(one) + len(other)


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node[2]:
        yield from walk(child)


@given(TREES)
def test_one_node_more_costs_one(tree: Node) -> None:
    assert tree_distance(flat(tree), flat((9, "", [tree]))) == 1
    assert len(flat(tree)) == sum(1 for _ in walk(tree))
