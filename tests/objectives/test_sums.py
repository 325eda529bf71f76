"""Prefixes, targets and weights: what is counted in every generative objective."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from fabeye.objectives.sums import blank_weights, count_targets, draw_prefixes, pixel_targets, target_rows

FLOOR = 0.01


@given(st.lists(st.integers(1, 300), min_size=1, max_size=20), st.integers(0, 2**40))
def test_a_prefix_leaves_something_to_foretell(lengths: list[int], seed: int) -> None:
    prefixes = draw_prefixes(lengths, torch.Generator().manual_seed(seed))
    assert all(1 <= prefix <= max(1, length - 1) for prefix, length in zip(prefixes, lengths, strict=True))


def test_every_prefix_is_equally_likely() -> None:
    drawn = torch.tensor(draw_prefixes([5] * 8000, torch.Generator().manual_seed(0)))
    assert drawn.bincount(minlength=6).tolist()[0::5] == [0, 0]
    assert all(abs(count - 2000) < 150 for count in drawn.bincount()[1:].tolist())


def test_targets_are_the_patches_after_each_prefix() -> None:
    assert target_rows([6, 1, 3], [2, 1, 1]).tolist() == [2, 3, 4, 5, 8, 9]
    assert count_targets([6, 1, 3], [2, 1, 1]) == 6


def test_blank_paper_is_no_noise() -> None:
    faint = torch.full((1, 48), 1.0)
    faint[0, 0] -= 0.01
    assert pixel_targets(faint, FLOOR).abs().max() < 0.11
    strokes = torch.ones(1, 48)
    strokes[0, ::2] = -1
    torch.testing.assert_close(pixel_targets(strokes, FLOOR).abs(), torch.full((1, 48), 1 / 1.01**0.5))


@given(st.integers(2, 400), st.floats(0, 1), st.integers(0, 2**40))
def test_annealed_prefixes_start_long(length: int, progress: float, seed: int) -> None:
    (prefix,) = draw_prefixes([length], torch.Generator().manual_seed(seed), progress)
    assert 1 + int((1 - progress) * (length - 2)) <= prefix <= length - 1


def test_at_the_start_all_but_one_patch_is_seen() -> None:
    assert draw_prefixes([9, 2, 1], torch.Generator().manual_seed(0), progress=0.0) == (8, 1, 1)


def test_blank_paper_weighs_what_it_is_told_to() -> None:
    patches = torch.cat([torch.ones(2, 48), torch.linspace(-1, 1, 48)[None]])
    assert blank_weights(patches, FLOOR, 0.25).tolist() == [0.25, 0.25, 1.0]
