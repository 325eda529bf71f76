"""How many patches of each image are shown at once.

Notable:
- A prefix is a function of the seed and of the sample's number in the stage, never of a generator that lives on: a
  resumed run draws what an undisturbed one would have drawn, and so does a run on another number of processes.
"""

import hashlib
from collections.abc import Sequence

import torch

from fabeye.objectives.sums import draw_prefixes

KEY_BYTES = 8


def keyed_prefixes(lengths: Sequence[int], draws: Sequence[int], seed: int, progress: float = 1.0) -> tuple[int, ...]:
    """A prefix for each image of these many patches; draws: the samples' numbers. progress: as draw_prefixes()'s."""
    generator = torch.Generator()
    prefixes: list[int] = []
    for length, draw in zip(lengths, draws, strict=True):
        key = hashlib.blake2b(f"{seed} {draw}".encode(), digest_size=KEY_BYTES).digest()
        generator.manual_seed(int.from_bytes(key) >> 1)
        prefixes += draw_prefixes((length,), generator, progress)
    return tuple(prefixes)
