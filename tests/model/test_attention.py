"""Attention in two calls against the mask it stands for."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from fabeye.model.attention import (
    Spans,
    attend,
    attention_weights,
    dense_mask,
    flex_attend,
    flex_block_mask,
    split_in_two,
)

HEADS, WIDTH = 2, 8
SEQUENCE = st.integers(1, 9).flatmap(lambda length: st.tuples(st.just(length), st.integers(0, length)))
SEQUENCES = st.lists(SEQUENCE, min_size=1, max_size=4)


def random_qkv(tokens: int) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(tokens)
    return [torch.randn(tokens, HEADS, WIDTH, generator=generator, dtype=torch.float64) for _ in range(3)]


@settings(deadline=None, max_examples=40)
@given(SEQUENCES)
def test_two_calls_equal_the_dense_mask(sequences: list[tuple[int, int]]) -> None:
    lengths, prefixes = zip(*sequences, strict=True)
    q, k, v = random_qkv(sum(lengths))
    got = attend(q, k, v, Spans.prefix(lengths, prefixes, q.device)).split(lengths)
    parts = zip(q.split(lengths), k.split(lengths), v.split(lengths), lengths, prefixes, got, strict=True)
    for one_q, one_k, one_v, length, prefix, out in parts:
        hq, hk, hv = (x.transpose(0, 1)[None] for x in (one_q, one_k, one_v))
        wanted = F.scaled_dot_product_attention(hq, hk, hv, attn_mask=dense_mask(length, prefix))[0].transpose(0, 1)
        torch.testing.assert_close(out, wanted, rtol=1e-12, atol=1e-12)


def test_the_ends_of_the_prefix_are_causal_and_full_attention() -> None:
    lengths = (5, 3)
    q, k, v = random_qkv(8)
    causal = attend(q, k, v, Spans.prefix(lengths, (0, 0), q.device))
    torch.testing.assert_close(causal, attend(q, k, v, Spans.causal(lengths, q.device)))
    full = attend(q, k, v, Spans.prefix(lengths, lengths, q.device))
    torch.testing.assert_close(full, attend(q, k, v, Spans.full(lengths, q.device)))
    assert not torch.allclose(causal, full)


def test_a_prefix_longer_than_its_sequence_is_refused() -> None:
    with pytest.raises(ValueError, match=r"prefixes \[4\] do not fit sequences of \[3\]"):
        Spans.prefix([3], [4], torch.device("cpu"))


@settings(deadline=None, max_examples=25)
@given(SEQUENCES)
def test_flex_attention_and_two_calls_say_the_same(sequences: list[tuple[int, int]]) -> None:
    lengths, prefixes = zip(*sequences, strict=True)
    q, k, v = random_qkv(sum(lengths))
    wanted = attend(q, k, v, Spans.prefix(lengths, prefixes, q.device))
    flexible = flex_attend(q, k, v, flex_block_mask(lengths, prefixes, q.device))
    torch.testing.assert_close(flexible, wanted, rtol=1e-9, atol=1e-9)
    parts = zip(q.split(lengths), k.split(lengths), v.split(lengths), prefixes, strict=True)
    torch.testing.assert_close(torch.cat([split_in_two(*one) for one in parts]), wanted, rtol=1e-9, atol=1e-9)


def test_weights_are_what_attention_uses() -> None:
    lengths, prefixes = (5, 3), (2, 3)
    q, k, v = random_qkv(8)
    spans = Spans.prefix(lengths, prefixes, q.device)
    parts = zip(attention_weights(q, k, spans), v.split(lengths), strict=True)
    by_hand = torch.cat([torch.einsum("hnm,mhd->nhd", weights, values) for weights, values in parts])
    torch.testing.assert_close(attend(q, k, v, spans), by_hand, rtol=1e-9, atol=1e-9)
