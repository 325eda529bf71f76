"""Every epoch of a source holds every sample once, in an order of its own, and few shards at a time."""

import numpy as np
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from fabeye.shards.order import SourceOrder

SIZES = [40, 30, 50, 20, 60, 10]


def order(seed: int = 5, window: int = 2, name: str = "domain-a", sizes: list[int] = SIZES) -> SourceOrder:
    return SourceOrder(name, sizes, seed, window)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(1, 4), st.integers(1, 25))
@examples(max_examples=50)
def test_every_epoch_holds_every_sample_once(sizes: list[int], window: int, stride: int) -> None:
    total, one = sum(sizes), order(window=window, sizes=sizes)
    taken = [one.take(start, min(stride, 3 * total - start)) for start in range(0, 3 * total, stride)]
    index, epoch = (np.concatenate(part) for part in zip(*taken, strict=True))
    for number in range(3):
        assert sorted(index[epoch == number]) == list(range(total))


def test_an_order_can_be_taken_up_anywhere() -> None:
    whole, epochs = order().take(0, 500)
    for start, count in ((0, 1), (77, 60), (150, 300), (499, 1)):
        index, epoch = order().take(start, count)
        np.testing.assert_array_equal(index, whole[start : start + count])
        np.testing.assert_array_equal(epoch, epochs[start : start + count])


def test_seeds_sources_and_epochs_have_orders_of_their_own() -> None:
    total = sum(SIZES)
    first, second = order().take(0, total)[0], order().take(total, total)[0]
    others = [order(seed=6).take(0, total)[0], order(name="domain-b").take(0, total)[0], np.arange(total), second]
    assert not any(np.array_equal(first, other) for other in others)


def test_few_shards_are_in_use_at_a_time() -> None:
    index, _ = order(window=2).take(0, sum(SIZES))
    shard = np.searchsorted(np.cumsum(SIZES), index, side="right")
    ends = [np.flatnonzero(shard == one)[[0, -1]] for one in range(len(SIZES))]
    in_use = [sum(first <= place <= last for first, last in ends) for place in range(len(index))]
    assert max(in_use) == 2
