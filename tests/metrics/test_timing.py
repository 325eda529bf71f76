"""Timing edges: name and both ends."""

from fabeye.metrics.tally import Tally
from fabeye.metrics.timing import edge, edge_tally, read_edges

GOLD = [edge("t_{RCD}", "T0", "Ta1"), edge("RL", "Ta1", "Tb0")]


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
