"""The same numbers laid out as others store them: patches as a convolution, queries, keys and values apart."""

import torch
from torch import Tensor

from ..packing import CHANNELS

PARTS = ("q", "k", "v")


def to_linear(convolution: Tensor) -> Tensor:
    """A strided convolution (D, C, patch, patch) as a matrix on our patches, (row, column, channel)."""
    return convolution.permute(0, 2, 3, 1).flatten(1)


def to_convolution(matrix: Tensor, patch: int) -> Tensor:
    """The inverse of to_linear()."""
    return matrix.view(len(matrix), patch, patch, CHANNELS).permute(0, 3, 1, 2).contiguous()


def apart(fused: Tensor, name: str) -> dict[str, Tensor]:
    """Our fused projection as three tensors; `name` has a "{}" for q, k and v."""
    return {name.format(part): value.clone() for part, value in zip(PARTS, fused.chunk(3), strict=True)}


def fused(parts: list[Tensor]) -> Tensor:
    """The inverse of apart(), in the order of PARTS."""
    return torch.cat(parts)
