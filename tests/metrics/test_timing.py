"""Timing edges: name and both ends."""

from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.tally import Tally
from fabeye.metrics.timing import Edge, edge, edge_tally, read_edges

GOLD = [edge("t_{RCD}", "T0", "Ta1"), edge("RL", "Ta1", "Tb0")]
EDGES = st.lists(
    st.builds(edge, st.sampled_from(["t_{RCD}", "RL", "tDQSCK (max)"]), *[st.sampled_from(["T0", "Ta1", "Tb0"])] * 2),
    max_size=5,
)


@given(EDGES, EDGES)
def test_symmetric_and_perfect_on_the_same_edges_alone(one: list[Edge], other: list[Edge]) -> None:
    written = "\n".join(f"{name}: {start} -> {end}" for name, start, end in one)
    assert edge_tally(one, read_edges(written)).score == (1.0 if one else None)
    assert edge_tally(one, other) == edge_tally(other, one)
    assert (edge_tally(one, other).score in (None, 1.0)) == (sorted(one) == sorted(other))


def test_edges_are_read_from_lines() -> None:
    block = "t_{RCD}: T0 -> Ta1\nnot an edge\n  RL ： Ta1 → Tb0\n"
    assert read_edges(block) == [("tRCD", "T0", "Ta1"), ("RL", "Ta1", "Tb0")]
    assert edge_tally(GOLD, read_edges(block)).score == 1.0


def test_a_wrong_end_is_a_wrong_edge() -> None:
    assert edge_tally(GOLD, read_edges("tRCD: T0 -> Ta2\nRL: Ta1 -> Tb0")) == Tally(2, 4)
    assert edge_tally(GOLD, []).score == 0.0
    assert edge_tally([], []).score is None


def test_saying_an_edge_twice_does_not_pay() -> None:
    assert edge_tally(GOLD, GOLD + GOLD).score < 1.0
