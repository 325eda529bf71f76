"""Reading order as a tally."""

from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.order import order_tally
from fabeye.metrics.tally import Tally

ORDERS = st.lists(st.integers(0, 9), max_size=8)


@given(ORDERS, ORDERS)
def test_symmetric_and_nothing_for_the_same(gold: list[int], read: list[int]) -> None:
    assert order_tally(gold, read) == order_tally(read, gold)
    assert order_tally(gold, gold) == Tally(0, len(gold))


def test_two_swapped_and_one_lost() -> None:
    assert order_tally([1, 2, 3, 4], [2, 1, 3]) == Tally(3, 4)
