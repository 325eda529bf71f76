"""How large a step's pictures are, how many samples fill it, and who gets which.

Notable:
- Three ways to size pictures. `fitted`: scaled down to at most the patches of a square of `side` pixels, shape kept;
  with a large side this is native resolution. `square`: the same, then padded with white to exactly that square.
  `area`: as fitted, but to an area that is drawn anew for every step, as in AIMv2's native fine-tuning.
- Pictures are never scaled up, so AIMv2's "C / A pictures of area A" becomes "as many as fill C": a small picture is
  small at any A. Nothing is padded; sequences are packed.
- A step is planned for all processes together and then dealt out, largest first, to whoever has least: the number of
  processes changes who works on a sample and never which step it comes in.

Source: area sampling, AIMv2, section 2.4; longest processing time first, Graham 1969.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]

AREA_BITS = (7, 12)  # log2 of the smallest and the largest area, in patches
BISECTIONS = 40  # halvings of the scale, as in fabeye.model.preprocess
QUADRATIC = 9000  # patches of a picture from which on attention costs more than all else (24 blocks of width 1024)


@dataclass(frozen=True, slots=True)
class Frame:
    """What pictures are made to fit in one step: at most `patches`; or exactly a square of `side` pixels, if not 0."""

    patches: int
    side: int = 0


def frame_of(pictures: str, side: int, patch: int, seed: int, step: int) -> Frame:
    """The frame of a step. pictures: fitted, square or area. side: pixels. A function of its arguments alone."""
    most = (side // patch) ** 2
    if pictures == "square":
        return Frame(most, side // patch * patch)
    if pictures == "area":
        return Frame(min(most, _drawn_area(seed, step)))
    return Frame(most)


def count_patches(width: Counts, height: Counts, patch: int, frame: Frame) -> Counts:
    """Patches that pictures of these sizes (N,) take in a frame, as prepare_image() will make them."""
    if frame.side:
        return np.full(len(width), frame.patches)
    whole = _patches(width, height, patch)
    large = whole > frame.patches
    if large.any():
        whole[large] = _fitted(width[large], height[large], patch, frame.patches)
    return whole


def count_filling(tokens: Counts, samples: int, budget: int) -> int:
    """How many of the waiting samples make the next step: at most `samples` and at most `budget` tokens, at least one.

    0 when more samples must be drawn to know.
    """
    fit = int(np.searchsorted(tokens.cumsum(), budget, side="right"))
    if fit < min(len(tokens), samples):
        return max(1, fit)  # the next one would be too much
    return samples if len(tokens) >= samples else 0


def deal(tokens: Counts, patches: Counts, ranks: int) -> list[Counts]:
    """Places of the samples that each process gets, in rising order; the costliest are dealt first.

    A sample costs its tokens, and its attention's share, which grows with the square of its patches.
    """
    if ranks == 1:
        return [np.arange(len(tokens))]
    costs = tokens + patches.astype(np.float64) ** 2 / QUADRATIC
    hands: list[list[int]] = [[] for _ in range(ranks)]
    least = [(0.0, rank) for rank in range(ranks)]
    for at in np.argsort(-costs, kind="stable").tolist():
        spent, rank = least[0]
        hands[rank].append(at)
        heapq.heapreplace(least, (spent + float(costs[at]), rank))
    return [np.sort(np.array(hand, np.int64)) for hand in hands]


def cut_evenly(tokens: Sequence[int], parts: int) -> list[int]:
    """Where to cut samples into `parts` stretches of about as many tokens each; at least one sample in each."""
    ends = np.cumsum(tokens)
    wanted = ends[-1] * np.arange(1, parts) / parts
    cuts = np.searchsorted(ends, wanted, side="left") + 1
    lowest, highest = np.arange(1, parts), len(tokens) - np.arange(parts - 1, 0, -1)
    rising = np.maximum.accumulate(cuts - lowest) + lowest
    return [0, *np.minimum(rising, highest).tolist(), len(tokens)]


def _drawn_area(seed: int, step: int) -> int:
    rng = np.random.default_rng((seed, step))
    place = 2.0
    while abs(place) > 1:
        place = float(rng.standard_normal())
    low, high = AREA_BITS
    return round(2 ** (low + (high - low) * (place + 1) / 2))


def _fitted(width: Counts, height: Counts, patch: int, budget: int) -> Counts:
    low, high = np.zeros(len(width)), np.ones(len(width))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        fits = _patches(_scaled(width, middle), _scaled(height, middle), patch) <= budget
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return _patches(_scaled(width, low), _scaled(height, low), patch)


def _scaled(side: Counts, scale: NDArray[np.float64]) -> Counts:
    return np.maximum(1, (side * scale).astype(np.int64))


def _patches(width: Counts, height: Counts, patch: int) -> Counts:
    return -(-width.astype(np.int64) // patch) * -(-height.astype(np.int64) // patch)
