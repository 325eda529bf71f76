"""Where a patch lies in its image: three ways to say it, for the grid at hand, so that any resolution works.

Notable:
- Sine and cosine are computed in fp32 whatever the rest runs in: at 64 patches bf16 is off by 0.4 (of 1).
- A learned table is resized to each grid, antialiased where it shrinks; at the table's own grid it is itself, exactly.
- Rotation (RoPE) turns queries and keys by their place, half of each head for the column, half for the row. It comes on
  top of either: MoonViT keeps SigLIP's table and adds it, because a stretched table tells neighbours apart less well.

Shapes: T patches of all images, E width, D width of a head.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
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
        self.weight = nn.Parameter(torch.randn(grid[0] * grid[1], dim) * TABLE_STD)

    def forward(self, grids: Sequence[Grid]) -> Tensor:
        """Positions (T, E) of packed images, row by row."""
        resized = {grid: self._resized(grid) for grid in dict.fromkeys(grids)}
        return torch.cat([resized[grid] for grid in grids])

    def _resized(self, grid: Grid) -> Tensor:
        if grid == self.grid:
            return self.weight
        table_1EHW = self.weight.float().view(1, *self.grid, -1).permute(0, 3, 1, 2)
        table_1EHW = F.interpolate(table_1EHW, size=grid, mode="bilinear", align_corners=False, antialias=True)
        return table_1EHW[0].flatten(1).T.to(self.weight.dtype)


def frequencies(count: int, device: torch.device) -> Tensor:
    """Geometric series from 1 down towards 1 / TEMPERATURE, in fp32."""
    return TEMPERATURE ** -(torch.arange(count, dtype=torch.float32, device=device) / count)


def coordinates(grids: Sequence[Grid], device: torch.device) -> tuple[Tensor, Tensor]:
    """Column and row of every patch, (T,) each, in fp32."""
    columns_T = torch.cat([torch.arange(columns, device=device).repeat(rows) for rows, columns in grids])
    rows_T = torch.cat([torch.arange(rows, device=device).repeat_interleave(columns) for rows, columns in grids])
    return columns_T.float(), rows_T.float()
