"""Where a patch lies in its image: three ways to say it, for the grid at hand, so that any resolution works.

Notable:
- Sine and cosine are computed in fp32 whatever the rest runs in: at 64 patches bf16 is off by 0.4 (of 1).
- A learned table is resized to each grid, antialiased where it shrinks; at the table's own grid it is itself, exactly.
  Resizing is two small matrix products, rows then columns, so that it can be exported with a grid yet unknown.
- Rotation (RoPE) turns queries and keys by their place, half of each head for the column, half for the row. It comes on
  top of either: MoonViT keeps SigLIP's table and adds it, because a stretched table tells neighbours apart less well.

Shapes: T patches of all images, E width, D width of a head.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

TEMPERATURE = 10_000.0  # longest wavelength over 2 pi, in patches; the value of ViT and AIMv2
TABLE_STD = 0.02

Grid = tuple[int, int]  # rows, columns
Rotation = tuple[Tensor, Tensor]  # cosine and sine of every patch's angles, (T, 1, D / 2) each


def grid_positions(grids: Sequence[Grid], dim: int, device: torch.device) -> Tensor:
    """Sine-cosine positions (T, E) of packed images with the given (rows, columns), row by row, in fp32.

    A quarter of the width each: sine and cosine of the column, then of the row, at integer coordinates.
    Raises ValueError when `dim` is not a multiple of 4.
    """
    if dim % 4:
        raise ValueError(f"the encoder's width must be a multiple of 4 for its positions, it is {dim}")
    angles = [coordinate[:, None] * frequencies(dim // 4, device) for coordinate in coordinates(grids, device)]
    return torch.cat([wave(angle) for angle in angles for wave in (torch.sin, torch.cos)], dim=1)


def grid_rotation(grids: Sequence[Grid], head_dim: int, device: torch.device) -> Rotation:
    """Angles by which packed patches turn their queries and keys, in fp32.

    Raises ValueError when `head_dim` is not a multiple of 4.
    """
    if head_dim % 4:
        raise ValueError(f"a head's width must be a multiple of 4 to be rotated, it is {head_dim}")
    turns = frequencies(head_dim // 4, device)
    angles_TA = torch.cat([coordinate[:, None] * turns for coordinate in coordinates(grids, device)], dim=1)
    return angles_TA.cos()[:, None], angles_TA.sin()[:, None]


def rotate(x_THD: Tensor, rotation: Rotation) -> Tensor:
    """Turn pairs (i, i + D / 2) of every head; dot products then depend on the difference of places alone."""
    cos, sin = rotation
    first, second = x_THD.float().chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1).to(x_THD.dtype)


class PositionTable(nn.Module):
    """A learned vector for each place of a grid, resized to other grids."""

    def __init__(self, grid: Grid, dim: int):
        super().__init__()
        self.grid = grid
        self.weight = nn.Parameter(torch.empty(grid[0] * grid[1], dim))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the first values."""
        nn.init.normal_(self.weight, std=TABLE_STD)

    def forward(self, grids: Sequence[Grid]) -> Tensor:
        """Positions (T, E) of packed images, row by row."""
        resized = {grid: self._resized(grid) for grid in dict.fromkeys(grids)}
        return torch.cat([resized[grid] for grid in grids])

    def _resized(self, grid: Grid) -> Tensor:
        if grid == self.grid:
            return self.weight
        rows, columns = (
            resizing(old, new, self.weight.device, torch.float32) for old, new in zip(self.grid, grid, strict=True)
        )
        table_HWE = self.weight.float().view(*self.grid, -1)
        resized_RCE = torch.einsum("rh,cw,hwe->rce", rows, columns, table_HWE)
        return resized_RCE.flatten(0, 1).to(self.weight.dtype)


def resizing(old: int, new: int, device: torch.device, dtype: torch.dtype) -> Tensor:
    """The matrix (new, old) that resizes a line of `old` numbers to `new`, bilinear and antialiased.

    A new place is the mean of the old ones under a triangle around it, as wide as the line shrinks: the rule of
    torch's interpolate(antialias=True).
    """
    scale = torch.as_tensor(old / new, dtype=dtype, device=device)
    centres = (torch.arange(new, dtype=dtype, device=device) + 0.5) * scale - 0.5
    distances = (torch.arange(old, dtype=dtype, device=device) - centres[:, None]).abs()
    weights = (1 - distances / scale.clamp(min=1)).clamp(min=0)
    return weights / weights.sum(dim=1, keepdim=True)


def frequencies(count: int, device: torch.device) -> Tensor:
    """Geometric series from 1 down towards 1 / TEMPERATURE, in fp32."""
    return TEMPERATURE ** -(torch.arange(count, dtype=torch.float32, device=device) / count)


def coordinates(grids: Sequence[Grid], device: torch.device) -> tuple[Tensor, Tensor]:
    """Column and row of every patch, (T,) each, in fp32."""
    columns_T = torch.cat([torch.arange(columns, device=device).repeat(rows) for rows, columns in grids])
    rows_T = torch.cat([torch.arange(rows, device=device).repeat_interleave(columns) for rows, columns in grids])
    return columns_T.float(), rows_T.float()
