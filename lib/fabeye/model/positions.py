"""Two-dimensional sine-cosine positions, computed for the grid at hand, so that any resolution works.

Shapes: T patches of all images, D width.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

TEMPERATURE = 10_000.0  # longest wavelength over 2 pi, in patches; the value of ViT and AIMv2


def grid_positions(grids: Sequence[tuple[int, int]], dim: int, device: torch.device) -> Tensor:
    """Positions (T, D) of packed images with the given (rows, columns), row by row, in fp32.

    A quarter of the width each: sine and cosine of the column, then of the row, at integer coordinates.
    Raises ValueError when `dim` is not a multiple of 4.
    """
    if dim % 4:
        raise ValueError(f"the encoder's width must be a multiple of 4 for its positions, it is {dim}")
    steps = torch.arange(dim // 4, dtype=torch.float32, device=device) / (dim // 4)
    frequencies = TEMPERATURE**-steps
    columns_T = torch.cat([torch.arange(columns, device=device).repeat(rows) for rows, columns in grids])
    rows_T = torch.cat([torch.arange(rows, device=device).repeat_interleave(columns) for rows, columns in grids])
    angles = [coordinate[:, None].float() * frequencies for coordinate in (columns_T, rows_T)]
    return torch.cat([wave(angle) for angle in angles for wave in (torch.sin, torch.cos)], dim=1)
