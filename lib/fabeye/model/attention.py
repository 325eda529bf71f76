"""Attention over packed sequences: full, causal and prefix, without a custom kernel.

Notable:
- Sequences of any length lie one after another in q_THD, k_THD, v_THD; no token ever meets another sequence's.
- One number a sequence, its prefix M, makes all three kinds: M = N is full attention, M = 0 causal, and anything
  between is AIMv2's prefix attention, where a key is visible if it lies in the prefix or not after the query.
- Prefix attention splits exactly into two calls without that mask: the first M queries on the first M keys, all to
  all, and the other queries causally on all keys, aligned at the bottom right. Flash kernels take both calls as they
  are; here torch's own scaled dot product attention does.
- Sequences are attended one by one. On two cores and 32 crops of 10 to 250 patches that took 31 ms forward and
  backward (3 heads of 64), padding to equal lengths 27 ms in the best case (groups of 8) and 64 to 80 ms as one batch:
  the plainest way costs nothing, and a result cannot depend on its neighbours.

Shapes: T tokens of all sequences, N tokens of one sequence, M its prefix, H heads, D width of a head.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Spans:
    """Where packed sequences begin and how far each one sees: made once a forward pass, used by every block.

    lengths: tokens of each sequence, at least 1. prefixes: M of each, 0 to its length.
    masks: for each sequence (N - M, N), True where a later query sees a key; None where no mask is needed.
    """

    lengths: tuple[int, ...]
    prefixes: tuple[int, ...]
    masks: tuple[Tensor | None, ...]

    @classmethod
    def prefix(cls, lengths: Sequence[int], prefixes: Sequence[int], device: torch.device) -> "Spans":
        """Prefix attention. Raises ValueError when a prefix is longer than its sequence."""
        if len(lengths) != len(prefixes) or any(not 0 <= m <= n for n, m in zip(lengths, prefixes, strict=False)):
            raise ValueError(f"prefixes {list(prefixes)} do not fit sequences of {list(lengths)} tokens")
        masks = tuple(_later_mask(n, m, device) for n, m in zip(lengths, prefixes, strict=True))
        return cls(tuple(lengths), tuple(prefixes), masks)

    @classmethod
    def full(cls, lengths: Sequence[int]) -> "Spans":
        """Every token sees its whole sequence."""
        return cls(tuple(lengths), tuple(lengths), (None,) * len(lengths))

    @classmethod
    def causal(cls, lengths: Sequence[int]) -> "Spans":
        """Every token sees itself and what lies before it."""
        return cls(tuple(lengths), (0,) * len(lengths), (None,) * len(lengths))


def attend(q_THD: Tensor, k_THD: Tensor, v_THD: Tensor, spans: Spans) -> Tensor:
    """Attention of every sequence on itself, as its span says; returns (T, H, D)."""
    sequences = zip(
        q_THD.split(spans.lengths), k_THD.split(spans.lengths), v_THD.split(spans.lengths), spans.prefixes, spans.masks,
        strict=True,
    )  # fmt: skip
    return torch.cat([part for q, k, v, m, mask in sequences for part in _attend_one(q, k, v, m, mask)])


def dense_mask(length: int, prefix: int) -> Tensor:
    """The (N, N) mask the two calls stand for, True where row (query) may see column (key)."""
    at = torch.arange(length)
    return (at < prefix) | (at[:, None] >= at)


def _attend_one(q_NHD: Tensor, k_NHD: Tensor, v_NHD: Tensor, prefix: int, mask: Tensor | None) -> list[Tensor]:
    q_HND, k_HND, v_HND = (x.transpose(0, 1) for x in (q_NHD, k_NHD, v_NHD))
    parts = []
    if prefix > 0:
        parts.append(_sdpa(q_HND[:, :prefix], k_HND[:, :prefix], v_HND[:, :prefix]))
    if prefix < len(q_NHD):
        parts.append(_sdpa(q_HND[:, prefix:], k_HND, v_HND, mask=mask, causal=prefix == 0))
    return parts


def _sdpa(q_HND: Tensor, k_HND: Tensor, v_HND: Tensor, mask: Tensor | None = None, causal: bool = False) -> Tensor:
    out = F.scaled_dot_product_attention(q_HND[None], k_HND[None], v_HND[None], attn_mask=mask, is_causal=causal)
    return out[0].transpose(0, 1)


def _later_mask(length: int, prefix: int, device: torch.device) -> Tensor | None:
    if prefix in (0, length):
        return None
    return torch.ones(length - prefix, length, dtype=torch.bool, device=device).tril(prefix)
