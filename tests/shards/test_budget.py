"""How large pictures become, what fills a step, and who gets which of its samples."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PIL import Image

from fabeye.model.preprocess import prepare_within
from fabeye.shards.budget import AREA_BITS, Frame, count_filling, count_patches, cut_evenly, deal, frame_of

SIDES = st.integers(1, 400)


@given(st.lists(st.tuples(SIDES, SIDES), min_size=1, max_size=8), st.integers(1, 300))
@examples(max_examples=20)
def test_patches_are_counted_as_the_pictures_will_have_them(sizes: list[tuple[int, int]], budget: int) -> None:
    width, height = np.array(sizes).T
    made = [prepare_within(Image.new("RGB", size), 14, budget) for size in sizes]
    assert count_patches(width, height, 14, Frame(budget)).tolist() == [one[0].numel() // 14**2 for one in made]


def test_areas_are_drawn_anew_for_each_step_and_scatter_as_in_aimv2() -> None:
    areas = np.array([frame_of("area", 896, 14, 3, step).patches for step in range(2000)])
    low, high = (2**bits for bits in AREA_BITS)
    assert low <= areas.min() < 1.1 * low
    assert 0.9 * high < areas.max() <= high
    assert areas.mean() == pytest.approx(1090, rel=0.05)  # of a normal cut at one sigma, mapped to these bits
    assert np.median(areas) == pytest.approx(724, rel=0.05)
    assert frame_of("area", 896, 14, 3, 7) == frame_of("area", 896, 14, 3, 7)


def test_a_square_is_always_as_large() -> None:
    frame = frame_of("square", 224, 14, 0, 0)
    assert frame.side == 224
    assert count_patches(np.array([3, 900]), np.array([700, 2]), 14, frame).tolist() == [256, 256]


@pytest.mark.parametrize(
    ("tokens", "samples", "budget", "wanted"),
    [
        ([5, 5, 5, 5], 3, 100, 3),  # as many as were asked for
        ([5, 5, 5, 5], 9, 12, 2),  # the third would be too much
        ([5, 5], 9, 12, 0),  # not known yet
        ([50, 5], 9, 12, 1),  # too large for any step, so it comes alone
        ([], 9, 12, 0),
    ],
)
def test_a_step_is_filled_up_to_its_samples_or_its_tokens(
    tokens: list[int], samples: int, budget: int, wanted: int
) -> None:
    assert count_filling(np.array(tokens, np.int64), samples, budget) == wanted


TOKENS = st.lists(st.integers(1, 4200), min_size=8, max_size=300)


@given(TOKENS, st.integers(1, 8))
@examples(max_examples=50)
def test_every_sample_is_dealt_once_and_work_is_even(tokens: list[int], ranks: int) -> None:
    costs = np.array(tokens)
    hands = deal(costs, costs, ranks)
    assert sorted(np.concatenate(hands).tolist()) == list(range(len(tokens)))
    assert all(np.all(np.diff(hand) > 0) for hand in hands)
    work = costs + costs.astype(float) ** 2 / 9000
    loads = [work[hand].sum() for hand in hands]
    assert max(loads) <= sum(loads) / ranks + work.max()  # what longest-first can promise


@given(TOKENS, st.integers(1, 8))
@examples(max_examples=50)
def test_microbatches_are_even_and_none_is_empty(tokens: list[int], parts: int) -> None:
    cuts = cut_evenly(tokens, parts)
    assert (cuts[0], cuts[-1], len(cuts)) == (0, len(tokens), parts + 1)
    assert all(start < end for start, end in pairwise(cuts))
    if max(tokens) * parts < sum(tokens) / 4:
        sizes = [sum(tokens[start:end]) for start, end in pairwise(cuts)]
        assert max(sizes) - min(sizes) <= 2 * max(tokens)
