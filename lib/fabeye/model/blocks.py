"""The transformer block that encoder and decoder share, and how every weight starts.

Notable:
- AIMv2's: pre-norm, RMSNorm, SwiGLU, no biases, no query-key norm, no layer scale.
- Attention is told by Spans who sees whom; the block itself is the same for pixels and for text.

Shapes: T tokens of all sequences, E width, H heads, D = E / H.
"""

import torch.nn.functional as F
from torch import Tensor, nn

from .attention import Spans, attend

NORM_EPS = 1e-5  # AIMv2's
HIDDEN_MULTIPLE = 64  # the SwiGLU's hidden width is rounded up to a multiple; 256 at AIMv2's sizes
EMBEDDING_STD = 0.02  # of token and position embeddings


class Block(nn.Module):
    """x + attention(norm(x)), then x + SwiGLU(norm(x))."""

    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.norm_1 = nn.RMSNorm(dim, eps=NORM_EPS)
        self.attention = SelfAttention(dim, heads)
        self.norm_2 = nn.RMSNorm(dim, eps=NORM_EPS)
        self.mlp = SwiGLU(dim)

    def forward(self, x_TE: Tensor, spans: Spans) -> Tensor:
        x_TE = x_TE + self.attention(self.norm_1(x_TE), spans)
        return x_TE + self.mlp(self.norm_2(x_TE))


class SelfAttention(nn.Module):
    """Multi-head attention with one fused projection for queries, keys and values."""

    def __init__(self, dim: int, heads: int):
        super().__init__()
        if dim % heads:
            raise ValueError(f"a width of {dim} cannot be shared among {heads} heads")
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.proj = nn.Linear(dim, dim, bias=False)

    def forward(self, x_TE: Tensor, spans: Spans) -> Tensor:
        q_THD, k_THD, v_THD = self.qkv(x_TE).view(len(x_TE), 3, self.heads, -1).unbind(1)
        return self.proj(attend(q_THD, k_THD, v_THD, spans).flatten(1))


class SwiGLU(nn.Module):
    """fc2(silu(fc1(x)) * fc3(x)), two thirds of four times as wide as the block."""

    def __init__(self, dim: int):
        super().__init__()
        hidden = -(-(8 * dim // 3) // HIDDEN_MULTIPLE) * HIDDEN_MULTIPLE
        self.fc1 = nn.Linear(dim, hidden, bias=False)
        self.fc3 = nn.Linear(dim, hidden, bias=False)
        self.fc2 = nn.Linear(hidden, dim, bias=False)

    def forward(self, x_TE: Tensor) -> Tensor:
        return self.fc2(F.silu(self.fc1(x_TE)) * self.fc3(x_TE))


def init_weights(module: nn.Module) -> None:
    """Give every weight its first value, from torch's global random numbers.

    | layer                                       | weight                  | bias |
    |---------------------------------------------|-------------------------|------|
    | Linear (patches, trunks, connector, heads)  | Xavier uniform          | 0    |
    | RMSNorm                                     | 1                       | -    |
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
        elif isinstance(layer, nn.RMSNorm):
            nn.init.ones_(layer.weight)
