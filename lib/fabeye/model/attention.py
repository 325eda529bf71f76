"""Attention over packed sequences: full, causal and prefix, without a custom kernel.

Notable:
- Sequences of any length lie one after another in q_THD, k_THD, v_THD; no token ever meets another sequence's.
- One number a sequence, its prefix M, makes all three kinds: M = N is full attention, M = 0 causal, and anything
  between is AIMv2's prefix attention, where a key is visible if it lies in the prefix or not after the query.
- Only attention ever pads, and only within a group: sequences of similar length are attended in one call, so that a
  step makes a few large calls instead of many small ones; on busy cores each call is a wait for every thread. Linear
  layers see the packed tokens alone.
- Tokens are brought into the groups' places all at once, and back all at once: gathered group by group, the backward
  pass would fill a tensor of all tokens for every group.
- On a GPU one FlexAttention call takes all sequences as they are packed, with a block mask made from the same spans;
  its blocks outside a sequence or above its diagonal are never computed. It has no backward on the CPU.

Shapes: T tokens of all sequences, B sequences of a group, N tokens of the longest of them, M a prefix, H heads, D width
of a head.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

PADDING = 1.15  # a group's longest sequence may be this much longer than its shortest
GROUP_SCORES = 1 << 24  # B * N * N of a group at most: bounds the memory of its mask and scores


@dataclass(frozen=True, slots=True)
class Group:
    """Sequences that are attended in one call, padded to the longest of them: B * N places.

    mask: (B, 1, N, N), True where a query sees a key; None where all sequences are full or causal and equally long.
    """

    sequences: int
    longest: int
    mask: Tensor | None
    causal: bool

    @property
    def places(self) -> int:
        """B * N."""
        return self.sequences * self.longest


@dataclass(frozen=True, slots=True)
class Spans:
    """Where packed sequences begin and how far each one sees: made once a forward pass, used by every block.

    lengths: tokens of each sequence, at least 1. prefixes: M of each, 0 to its length.
    groups: how they are attended on the CPU. block_mask: the same for FlexAttention, on a GPU.
    rows: the token of the pack that each place of the groups holds, group after group; padding repeats its sequence's
    first. back_T: the place of each token of the pack. Both None where the only group is the pack as it is.
    """

    lengths: tuple[int, ...]
    prefixes: tuple[int, ...]
    groups: tuple[Group, ...] = ()
    rows: Tensor | None = None
    back_T: Tensor | None = None
    block_mask: Any = None

    @classmethod
    def prefix(cls, lengths: Sequence[int], prefixes: Sequence[int], device: torch.device) -> "Spans":
        """Prefix attention. Raises ValueError when a prefix is longer than its sequence."""
        if len(lengths) != len(prefixes) or any(not 0 <= m <= n for n, m in zip(lengths, prefixes, strict=False)):
            raise ValueError(f"prefixes {list(prefixes)} do not fit sequences of {list(lengths)} tokens")
        if device.type == "cuda":
            return cls(tuple(lengths), tuple(prefixes), block_mask=flex_block_mask(lengths, prefixes, device))
        return cls(tuple(lengths), tuple(prefixes), *_grouped(lengths, prefixes, device))

    @classmethod
    def full(cls, lengths: Sequence[int], device: torch.device) -> "Spans":
        """Every token sees its whole sequence."""
        return cls.prefix(lengths, lengths, device)

    @classmethod
    def causal(cls, lengths: Sequence[int], device: torch.device) -> "Spans":
        """Every token sees itself and what lies before it."""
        return cls.prefix(lengths, [0] * len(lengths), device)


def attend(q_THD: Tensor, k_THD: Tensor, v_THD: Tensor, spans: Spans) -> Tensor:
    """Attention of every sequence on itself, as its span says; returns (T, H, D)."""
    if spans.block_mask is not None:
        return flex_attend(q_THD, k_THD, v_THD, spans.block_mask)
    if spans.rows is None or spans.back_T is None:
        return _attend_group(q_THD, k_THD, v_THD, spans.groups[0])
    places = [group.places for group in spans.groups]
    by_group = zip(*(x.index_select(0, spans.rows).split(places) for x in (q_THD, k_THD, v_THD)), strict=True)
    parts = [_attend_group(q, k, v, group) for (q, k, v), group in zip(by_group, spans.groups, strict=True)]
    return torch.cat(parts).index_select(0, spans.back_T)


def attention_weights(q_THD: Tensor, k_THD: Tensor, spans: Spans) -> list[Tensor]:
    """Softmax weights (H, N, N) of every sequence: for looking, not for training."""
    weights = []
    for q, k, n, m in zip(q_THD.split(spans.lengths), k_THD.split(spans.lengths), spans.lengths, spans.prefixes,
                          strict=True):  # fmt: skip
        scores_HNN = torch.einsum("nhd,mhd->hnm", q, k) / q.shape[-1] ** 0.5
        weights.append(scores_HNN.masked_fill(~dense_mask(n, m).to(q.device), float("-inf")).softmax(dim=-1))
    return weights


def dense_mask(length: int, prefix: int) -> Tensor:
    """The (N, N) mask of one sequence, True where row (query) may see column (key)."""
    at = torch.arange(length)
    return (at < prefix) | (at[:, None] >= at)


def visible_pairs(length: int, prefix: int) -> int:
    """How many of the N * N pairs of a query and a key dense_mask() lets through."""
    return prefix**2 + (length - prefix) * (length + prefix + 1) // 2


def split_in_two(q_NHD: Tensor, k_NHD: Tensor, v_NHD: Tensor, prefix: int) -> Tensor:
    """Prefix attention of one sequence as two calls without its mask: the form that varlen flash kernels take.

    The first M queries see the first M keys, all to all; the others see all keys causally, aligned bottom right.
    """
    q_HND, k_HND, v_HND = (x.transpose(0, 1) for x in (q_NHD, k_NHD, v_NHD))
    first = F.scaled_dot_product_attention(q_HND[:, :prefix], k_HND[:, :prefix], v_HND[:, :prefix])
    later = torch.ones(len(q_NHD) - prefix, len(q_NHD), dtype=torch.bool, device=q_NHD.device).tril(prefix)
    rest = F.scaled_dot_product_attention(q_HND[:, prefix:], k_HND, v_HND, attn_mask=later)
    return torch.cat([first, rest], dim=1).transpose(0, 1)


def flex_block_mask(lengths: Sequence[int], prefixes: Sequence[int], device: torch.device) -> Any:
    """FlexAttention's block mask of packed sequences; lengths and prefixes are data, so nothing is compiled again."""
    from torch.nn.attention.flex_attention import create_block_mask

    sizes = torch.tensor(lengths, device=device)
    sequence_T = torch.repeat_interleave(torch.arange(len(lengths), device=device), sizes)
    starts_B = sizes.cumsum(0) - sizes
    until_T = (starts_B + torch.tensor(prefixes, device=device))[sequence_T]  # first row behind the sequence's prefix

    def sees(_batch: Tensor, _head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        return (sequence_T[query] == sequence_T[key]) & ((key < until_T[query]) | (query >= key))

    total = sum(lengths)
    return create_block_mask(sees, None, None, total, total, device=str(device))


def flex_attend(q_THD: Tensor, k_THD: Tensor, v_THD: Tensor, block_mask: Any) -> Tensor:
    """All packed sequences in one FlexAttention call; returns (T, H, D)."""
    q, k, v = (x.transpose(0, 1)[None] for x in (q_THD, k_THD, v_THD))
    return _flex(q_THD.device.type)(q, k, v, block_mask=block_mask)[0].transpose(0, 1)


@cache
def _flex(device_type: str) -> Any:
    from torch.nn.attention.flex_attention import flex_attention

    return torch.compile(flex_attention) if device_type == "cuda" else flex_attention


def _attend_group(q: Tensor, k: Tensor, v: Tensor, group: Group) -> Tensor:
    """Attention in the places of a group, (B * N, H, D) in and out."""
    q, k, v = (x.unflatten(0, (group.sequences, -1)).transpose(1, 2) for x in (q, k, v))
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=group.mask, is_causal=group.causal)
    return out.transpose(1, 2).flatten(0, 1)


def _grouped(
    lengths: Sequence[int], prefixes: Sequence[int], device: torch.device
) -> tuple[tuple[Group, ...], Tensor | None, Tensor | None]:
    """Groups, and the rows and back_T of Spans."""
    starts = torch.tensor((0, *lengths)).cumsum(0)
    groups, rows, real = [], [], []
    for members in _similar(lengths):
        sizes, firsts = torch.tensor([lengths[i] for i in members]), starts[members]
        at = torch.arange(int(sizes.max()))
        real_BN = at < sizes[:, None]
        groups.append(_group(real_BN, torch.tensor([prefixes[i] for i in members]), device))
        rows.append(torch.where(real_BN, firsts[:, None] + at, firsts[:, None]).flatten())
        real.append(real_BN.flatten())
    row, kept = torch.cat(rows), torch.cat(real)
    if len(groups) == 1 and kept.all() and torch.equal(row, torch.arange(len(row))):
        return tuple(groups), None, None
    places = kept.nonzero()[:, 0]
    return tuple(groups), row.to(device), places[row[places].argsort()].to(device)


def _group(real_BN: Tensor, prefixes_B: Tensor, device: torch.device) -> Group:
    sequences, longest = real_BN.shape
    whole = bool(real_BN.all())
    causal, full = whole and not prefixes_B.any(), whole and bool((prefixes_B == longest).all())
    mask = None if causal or full else _group_mask(real_BN, prefixes_B).to(device)
    return Group(sequences, longest, mask, causal)


def _similar(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Sequences by their place, in groups of similar length; within a group in the pack's order."""
    by_length = sorted(range(len(lengths)), key=lambda i: lengths[i])
    group: list[int] = []
    for i in by_length:
        fits = not group or (
            lengths[i] <= PADDING * lengths[group[0]] and (len(group) + 1) * lengths[i] ** 2 <= GROUP_SCORES
        )
        if not fits:
            yield sorted(group)
            group = []
        group.append(i)
    yield sorted(group)


def _group_mask(real_BN: Tensor, prefixes_B: Tensor) -> Tensor:
    at = torch.arange(real_BN.shape[1])
    seen_BNN = (at < prefixes_B[:, None, None]) | (at[:, None] >= at)
    return (seen_BNN & real_BN[:, None, :])[:, None]
