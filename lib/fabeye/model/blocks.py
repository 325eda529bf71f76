"""The transformer blocks that encoder and decoder are made of, and how every weight starts.

Notable:
- Block is AIMv2's: pre-norm, RMSNorm, SwiGLU, no query-key norm, no layer scale; biases only in converted weights.
- SiglipBlock is SigLIP's: LayerNorm, GELU, biases everywhere. Both have the same parts by the same names.
- Attention is told by Spans who sees whom; a block itself is the same for pixels and for text.

Shapes: T tokens of all sequences, E width, H heads, D = E / H.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .attention import Spans, attend
from .positions import Rotation, rotate

NORM_EPS = 1e-5  # AIMv2's
SIGLIP_EPS = 1e-6
HIDDEN_MULTIPLE = 64  # the SwiGLU's hidden width is rounded up to a multiple; 256 at AIMv2's sizes
EMBEDDING_STD = 0.02  # of token and position embeddings


class Block(nn.Module):
    """x + attention(norm(x)), then x + SwiGLU(norm(x))."""

    def __init__(self, dim: int, heads: int, hidden: int = 0, bias: bool = False, eps: float = NORM_EPS):
        super().__init__()
        self.norm_1 = nn.RMSNorm(dim, eps=eps)
        self.attention = SelfAttention(dim, heads, bias)
        self.norm_2 = nn.RMSNorm(dim, eps=eps)
        self.mlp = SwiGLU(dim, hidden or swiglu_width(dim), bias)

    def forward(self, x_TE: Tensor, spans: Spans, rotation: Rotation | None = None) -> Tensor:
        x_TE = x_TE + self.attention(self.norm_1(x_TE), spans, rotation)
        return x_TE + self.mlp(self.norm_2(x_TE))


class SiglipBlock(nn.Module):
    """The same with SigLIP's parts, so that its weights give its own features."""

    def __init__(self, dim: int, heads: int, hidden: int, bias: bool = True, eps: float = SIGLIP_EPS):
        super().__init__()
        self.norm_1 = nn.LayerNorm(dim, eps=eps)
        self.attention = SelfAttention(dim, heads, bias)
        self.norm_2 = nn.LayerNorm(dim, eps=eps)
        self.mlp = GeluMLP(dim, hidden, bias)

    def forward(self, x_TE: Tensor, spans: Spans, rotation: Rotation | None = None) -> Tensor:
        x_TE = x_TE + self.attention(self.norm_1(x_TE), spans, rotation)
        return x_TE + self.mlp(self.norm_2(x_TE))


BLOCKS: dict[str, Callable[..., Block | SiglipBlock]] = {"aimv2": Block, "siglip": SiglipBlock}


class SelfAttention(nn.Module):
    """Multi-head attention with one fused projection for queries, keys and values."""

    def __init__(self, dim: int, heads: int, bias: bool = False):
        super().__init__()
        if dim % heads:
            raise ValueError(f"a width of {dim} cannot be shared among {heads} heads")
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim, bias=bias)
        self.proj = nn.Linear(dim, dim, bias=bias)

    def forward(self, x_TE: Tensor, spans: Spans, rotation: Rotation | None = None) -> Tensor:
        q_THD, k_THD, v_THD = self.project(x_TE, rotation)
        return self.proj(attend(q_THD, k_THD, v_THD, spans).flatten(1))

    def project(self, x_TE: Tensor, rotation: Rotation | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, (T, H, D) each; queries and keys turned by their places where positions rotate."""
        q_THD, k_THD, v_THD = self.qkv(x_TE).view(len(x_TE), 3, self.heads, -1).unbind(1)
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
    return -(-(8 * dim // 3) // HIDDEN_MULTIPLE) * HIDDEN_MULTIPLE


def init_weights(module: nn.Module) -> None:
    """Give every weight its first value, from torch's global random numbers.

    | layer                                       | weight                  | bias |
    |---------------------------------------------|-------------------------|------|
    | Linear (patches, trunks, connector, heads)  | Xavier uniform          | 0    |
    | RMSNorm, LayerNorm                          | 1                       | 0    |
    | Embedding (text tokens, text positions)     | normal, EMBEDDING_STD   | -    |
    | positions of patches                        | sine and cosine, fixed  | -    |
    """
    for layer in module.modules():
        if isinstance(layer, nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.Embedding):
            nn.init.normal_(layer.weight, std=EMBEDDING_STD)
        elif isinstance(layer, nn.RMSNorm | nn.LayerNorm):
            layer.reset_parameters()
