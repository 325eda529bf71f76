"""The tree distance is apted's."""

from collections.abc import Iterator
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


class Costs(Config):
    """The costs of tree_distance in apted's words."""

    def rename(self, node1: Node, node2: Node) -> float:
        return 1.0 if node1[0] != node2[0] else Levenshtein.normalized_distance(node1[1], node2[1])

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


@given(TREES, TREES)
def test_it_is_the_distance_of_apted(first: Node, second: Node) -> None:
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
