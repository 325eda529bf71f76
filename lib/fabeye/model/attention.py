"""Attention over packed sequences: full, causal and prefix, without a custom kernel.

Notable:
- Sequences of any length lie one after another in q_THD, k_THD, v_THD; no token ever meets another sequence's.
- One number a sequence, its prefix M, makes all three kinds: M = N is full attention, M = 0 causal, and anything
  between is AIMv2's prefix attention, where a key is visible if it lies in the prefix or not after the query.
- Only attention ever pads, and only within a group: sequences of similar length are attended in one call, so that a
  step makes a few large calls instead of many small ones; on busy cores each call is a wait for every thread. Linear
  layers see the packed tokens alone.
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
    """Sequences that are attended in one call.

    rows: (B * N,) where each place of the padded group lies in the pack; padding repeats the sequence's first token.
    back: where each real token lies in the padded group, in the order of `real`. real: its row in the pack.
    mask: (B, 1, N, N), True where a query sees a key; None where all sequences are full or causal and equally long.
    """

    sequences: int
    rows: Tensor
    back: Tensor
    real: Tensor
    mask: Tensor | None
    causal: bool


@dataclass(frozen=True, slots=True)
class Spans:
    """Where packed sequences begin and how far each one sees: made once a forward pass, used by every block.

    lengths: tokens of each sequence, at least 1. prefixes: M of each, 0 to its length.
    groups: how they are attended on the CPU. block_mask: the same for FlexAttention, on a GPU.
    """

    lengths: tuple[int, ...]
    prefixes: tuple[int, ...]
    groups: tuple[Group, ...] = ()
    block_mask: Any = None

    @classmethod
    def prefix(cls, lengths: Sequence[int], prefixes: Sequence[int], device: torch.device) -> "Spans":
        """Prefix attention. Raises ValueError when a prefix is longer than its sequence."""
        if len(lengths) != len(prefixes) or any(not 0 <= m <= n for n, m in zip(lengths, prefixes, strict=False)):
            raise ValueError(f"prefixes {list(prefixes)} do not fit sequences of {list(lengths)} tokens")
        if device.type == "cuda":
            return cls(tuple(lengths), tuple(prefixes), block_mask=flex_block_mask(lengths, prefixes, device))
        return cls(tuple(lengths), tuple(prefixes), tuple(_groups(lengths, prefixes, device)))

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
    parts = [_attend_group(q_THD, k_THD, v_THD, group) for group in spans.groups]
    if len(parts) == 1 and len(parts[0]) == len(q_THD):
        return parts[0]  # one group holds its sequences in the pack's own order
    order = torch.cat([group.real for group in spans.groups]).argsort()
    return torch.cat(parts).index_select(0, order)


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


def _attend_group(q_THD: Tensor, k_THD: Tensor, v_THD: Tensor, group: Group) -> Tensor:
    """Real tokens of a group's sequences, (tokens, H, D)."""
    padded = (
        [x.index_select(0, group.rows) for x in (q_THD, k_THD, v_THD)] if group.rows.numel() else [q_THD, k_THD, v_THD]
    )
    q, k, v = (x.view(group.sequences, -1, *x.shape[1:]).transpose(1, 2) for x in padded)
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=group.mask, is_causal=group.causal)
    flat = out.transpose(1, 2).flatten(0, 1)
    return flat.index_select(0, group.back) if group.back.numel() else flat


def _groups(lengths: Sequence[int], prefixes: Sequence[int], device: torch.device) -> Iterator[Group]:
    starts = torch.tensor((0, *lengths)).cumsum(0).tolist()
    for members in _similar(lengths):
        longest = max(lengths[i] for i in members)
        whole = longest == min(lengths[i] for i in members)
        in_order = whole and members == list(range(len(lengths)))
        at = torch.arange(longest)
        sizes = torch.tensor([lengths[i] for i in members])
        firsts = torch.tensor([starts[i] for i in members])
        real_BN = at < sizes[:, None]
        rows_BN = torch.where(real_BN, firsts[:, None] + at, firsts[:, None])
        causal = whole and all(prefixes[i] == 0 for i in members)
        full = whole and all(prefixes[i] == longest for i in members)
        nothing = torch.empty(0, dtype=torch.long, device=device)
        yield Group(
            sequences=len(members),
            rows=nothing if in_order else rows_BN.flatten().to(device),
            back=nothing if whole else real_BN.flatten().nonzero()[:, 0].to(device),
            real=rows_BN[real_BN].to(device),
            mask=None
            if causal or full
            else _group_mask(real_BN, torch.tensor([prefixes[i] for i in members])).to(device),
            causal=causal,
        )


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
