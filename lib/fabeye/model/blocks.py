"""The transformer blocks that encoder and decoder are made of, and how every weight starts.

Notable:
- Block is AIMv2's: pre-norm, RMSNorm, SwiGLU, no query-key norm, no layer scale; biases only in converted weights.
- SiglipBlock is SigLIP's: LayerNorm, GELU, biases everywhere. Both have the same parts by the same names.
- Attention is told by Spans who sees whom; a block itself is the same for pixels and for text.
- What lies before attention and what lies behind it are a method each: generation puts its cache between the two, and
  compile_blocks() fuses each of them.

Shapes: T tokens of all sequences, K of them that go on, E width, H heads, D = E / H.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from .attention import Spans, attend
from .positions import PositionTable, Rotation, rotate

NORM_EPS = 1e-5  # AIMv2's
SIGLIP_EPS = 1e-6
AIMV2_SMALLEST = 768  # width from which on AIMv2's rule for the SwiGLU's hidden width holds to the letter
HIDDEN_MULTIPLE, SMALL_MULTIPLE = 256, 64  # that width is rounded up to a multiple; below, to a smaller one
EMBEDDING_STD = 0.02  # of token and position embeddings


class TransformerBlock(nn.Module):
    """x + attention(norm_1(x)), then x + mlp(norm_2(x))."""

    def __init__(self, norm_1: nn.Module, attention: "SelfAttention", norm_2: nn.Module, mlp: nn.Module):
        super().__init__()
        self.norm_1 = norm_1
        self.attention = attention
        self.norm_2 = norm_2
        self.mlp = mlp

    def forward(
        self, x_TE: Tensor, spans: Spans, rotation: Rotation | None = None, rows_K: Tensor | None = None
    ) -> Tensor:
        """Tokens after the block, (T, E); with `rows_K` those rows alone, (K, E): the others have been seen by then."""
        seen_TE = attend(*self.project(x_TE, rotation), spans).flatten(1)
        if rows_K is not None:
            x_TE, seen_TE = x_TE.index_select(0, rows_K), seen_TE.index_select(0, rows_K)
        return self.update(x_TE, seen_TE)

    def project(self, x_TE: Tensor, rotation: Rotation | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, (T, H, D) each."""
        return self.attention.project(self.norm_1(x_TE), rotation)

    def update(self, x_TE: Tensor, seen_TE: Tensor) -> Tensor:
        """Tokens after the block, given what their heads saw, (T, H * D); in mixed precision sums stay in full.

        The casts are said, not left to the sum: torch 2.7's compiler fuses product and sum of unequal types wrongly.
        """
        x_TE = x_TE + self.attention.proj(seen_TE).to(x_TE.dtype)
        return x_TE + self.mlp(self.norm_2(x_TE)).to(x_TE.dtype)


class Block(TransformerBlock):
    """AIMv2's: RMSNorm and SwiGLU."""

    def __init__(self, dim: int, heads: int, hidden: int = 0, bias: bool = False, eps: float = NORM_EPS):
        super().__init__(
            nn.RMSNorm(dim, eps=eps),
            SelfAttention(dim, heads, bias),
            nn.RMSNorm(dim, eps=eps),
            SwiGLU(dim, hidden or swiglu_width(dim), bias),
        )


class SiglipBlock(TransformerBlock):
    """SigLIP's: LayerNorm and GELU, so that its weights give its own features."""

    def __init__(self, dim: int, heads: int, hidden: int, bias: bool = True, eps: float = SIGLIP_EPS):
        super().__init__(
            nn.LayerNorm(dim, eps=eps),
            SelfAttention(dim, heads, bias),
            nn.LayerNorm(dim, eps=eps),
            GeluMLP(dim, hidden, bias),
        )


BLOCKS: dict[str, Callable[..., TransformerBlock]] = {"aimv2": Block, "siglip": SiglipBlock}


class SelfAttention(nn.Module):
    """Multi-head attention with one fused projection for queries, keys and values."""

    def __init__(self, dim: int, heads: int, bias: bool = False):
        super().__init__()
        if dim % heads:
            raise ValueError(f"a width of {dim} cannot be shared among {heads} heads")
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim, bias=bias)
        self.proj = nn.Linear(dim, dim, bias=bias)

    def project(self, x_TE: Tensor, rotation: Rotation | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, (T, H, D) each; queries and keys turned by their places where positions rotate."""
        q_THD, k_THD, v_THD = self.qkv(x_TE).unflatten(1, (3, self.heads, -1)).unbind(1)
        if rotation is not None:
            q_THD, k_THD = rotate(q_THD, rotation), rotate(k_THD, rotation)
        return q_THD, k_THD, v_THD


class SwiGLU(nn.Module):
    """fc2(silu(fc1(x)) * fc3(x))."""

    def __init__(self, dim: int, hidden: int, bias: bool = False):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden, bias=bias)
        self.fc3 = nn.Linear(dim, hidden, bias=bias)
        self.fc2 = nn.Linear(hidden, dim, bias=bias)

    def forward(self, x_TE: Tensor) -> Tensor:
        return self.fc2(F.silu(self.fc1(x_TE)) * self.fc3(x_TE))


class GeluMLP(nn.Module):
    """fc2(gelu(fc1(x))), GELU in its tanh form."""

    def __init__(self, dim: int, hidden: int, bias: bool = True):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden, bias=bias)
        self.fc2 = nn.Linear(hidden, dim, bias=bias)

    def forward(self, x_TE: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x_TE), approximate="tanh"))


class ShiftedRMSNorm(nn.RMSNorm):
    """RMSNorm and an offset: what a LayerNorm after centred blocks becomes (see weights/convert.py)."""

    def __init__(self, dim: int, eps: float):
        super().__init__(dim, eps=eps)
        self.shift = nn.Parameter(torch.zeros(dim))

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) + self.shift


def swiglu_width(dim: int) -> int:
    """Hidden width of AIMv2's SwiGLU: two thirds of four times the block's, rounded up."""
    multiple = HIDDEN_MULTIPLE if dim >= AIMV2_SMALLEST else SMALL_MULTIPLE
    return -(-(8 * dim // 3) // multiple) * multiple


def run_block(
    block: nn.Module,
    x_TE: Tensor,
    spans: Spans,
    rotation: Rotation | None = None,
    rows_K: Tensor | None = None,
    recompute: bool = False,
) -> Tensor:
    """block(x_TE, ...); with `recompute` only x_TE is kept for the backward pass, which runs the block once more."""
    if recompute and torch.is_grad_enabled():
        return checkpoint(block, x_TE, spans, rotation, rows_K, use_reentrant=False, preserve_rng_state=False)
    return block(x_TE, spans, rotation, rows_K)


def compile_blocks(model: nn.Module) -> None:
    """Compile what lies around attention in every block, in place; weights and their names stay what they are.

    Norms, activations and sums become one pass over memory each. The first step takes a minute and a C++ compiler; any
    number of tokens then runs without compiling anew.
    """
    for block in model.modules():
        if isinstance(block, TransformerBlock):
            for part in ("project", "update"):
                setattr(block, part, torch.compile(getattr(block, part), dynamic=True))


def init_weights(module: nn.Module) -> None:
    """Give every weight its first value, from torch's global random numbers.

    | layer                                       | weight                  | bias |
    |---------------------------------------------|-------------------------|------|
    | Linear (patches, trunks, connector, heads)  | Xavier uniform          | 0    |
    | RMSNorm, LayerNorm                          | 1                       | 0    |
    | Embedding (text tokens, text positions)     | normal, EMBEDDING_STD   | -    |
    | table of positions of patches               | normal, TABLE_STD       | -    |
    """
    for layer in module.modules():
        if isinstance(layer, nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.Embedding):
            nn.init.normal_(layer.weight, std=EMBEDDING_STD)
        elif isinstance(layer, nn.RMSNorm | nn.LayerNorm | PositionTable):
            layer.reset_parameters()
