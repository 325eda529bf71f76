"""Which patches of a page look alike to the encoder: the cosine of one patch with all others.

Notable:
- A page is scaled down to at most 2,000 patches: one pass then takes about a second on two cores.
- Vectors are normalised once, when the page is encoded; a click costs one matrix-vector product.
- The patches of white paper that preparation adds at the right and bottom are part of the grid, as the encoder saw it.

Shapes: H and W rows and columns of the patch grid, E width of a vector.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import normalize

from fabeye.model import VisionEncoder, prepare_image
from fabeye.model.preprocess import fitted_size

PATCH_BUDGET = 2000


@dataclass(frozen=True, slots=True)
class PatchGrid:
    """A page's patch vectors, each of length 1, and how far apart patches are on the page.

    vectors_HWE: float32. step_x, step_y: pixels of the page's own picture per patch.
    """

    vectors_HWE: Tensor
    step_x: float
    step_y: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns, _ = self.vectors_HWE.shape
        return rows, columns

    def patch_at(self, x: float, y: float) -> tuple[int, int]:
        """(row, column) of the patch under a pixel of the page; the nearest one for a point outside."""
        rows, columns = self.shape
        return min(max(int(y / self.step_y), 0), rows - 1), min(max(int(x / self.step_x), 0), columns - 1)


def encode_page(encoder: VisionEncoder, picture: Image.Image, budget: int = PATCH_BUDGET) -> PatchGrid:
    """Encode a page scaled down to at most `budget` patches."""
    patch = encoder.config.patch
    side = math.isqrt(budget) * patch
    image_CHW = prepare_image(picture, patch, side)
    width, height = fitted_size(*picture.size, patch, math.isqrt(budget) ** 2)
    with torch.inference_mode():
        output = encoder([image_CHW])
    rows, columns = output.grids[0]
    vectors_HWE = normalize(output.tokens_TE.float(), dim=-1).reshape(rows, columns, -1)
    return PatchGrid(vectors_HWE, patch * picture.width / width, patch * picture.height / height)


def similarity(grid: PatchGrid, row: int, column: int) -> np.ndarray:
    """Cosine of one patch with every patch, (H, W), between -1 and 1. Raises IndexError outside the grid."""
    return (grid.vectors_HWE @ grid.vectors_HWE[row, column]).numpy()


def without_neighbours(cosines_HW: np.ndarray, row: int, column: int, radius: float) -> np.ndarray:
    """The same map with NaN at patches nearer than `radius` patches: a patch is always like its neighbours."""
    rows, columns = np.ogrid[: cosines_HW.shape[0], : cosines_HW.shape[1]]
    near = (rows - row) ** 2 + (columns - column) ** 2 < radius**2
    return np.where(near, np.nan, cosines_HW)
