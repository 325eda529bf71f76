"""A picture of any size as the encoder wants it.

Notable:
- Scaled down, never up, and with its aspect ratio: paper and pixels cannot gain what they do not show.
- Padded with white at the right and the bottom up to whole patches, as paper would go on.
- One place for training, reading, probes and the app, so that all of them see the same pixels.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor

MEAN, STD = 0.5, 0.5  # of pixel values between 0 and 1, as SigLIP's: the encoder sees -1 to 1
WHITE = (255, 255, 255)
MARGIN = 2  # pixels kept around what is printed in a region
INK = 48  # grey levels of 255 from which on a pixel that differs from a region's paper is print
BISECTIONS = 40  # halvings of the scale: more than a float32 can tell apart


def cut_region(page: Image.Image, box: Sequence[float]) -> Image.Image:
    """The region (x0, y0, x1, y1) of a page as a reader sees it: what is printed there with MARGIN around it.

    A box may be drawn tightly around the letters or with a line's leading; what is cut is the same. Where everything is
    blank or everything is ink, the box itself is cut. Never empty.
    """
    x0, y0, x1, y1 = box
    left, top = max(0, int(x0) - MARGIN), max(0, int(y0) - MARGIN)
    right, bottom = min(page.width, round(x1) + MARGIN), min(page.height, round(y1) + MARGIN)
    cut = page.crop((left, top, max(right, left + 1), max(bottom, top + 1))).convert("RGB")
    pixels_HWC = np.asarray(cut, dtype=np.int16)
    edge_N3 = np.concatenate([pixels_HWC[0], pixels_HWC[-1], pixels_HWC[:, 0], pixels_HWC[:, -1]])
    ink_HW = np.abs(pixels_HWC - np.median(edge_N3, axis=0)).max(axis=2) > INK
    if not ink_HW.any():
        return cut
    rows, columns = (np.flatnonzero(ink_HW.any(axis=axis)) for axis in (1, 0))
    first = max(0, columns[0] - MARGIN), max(0, rows[0] - MARGIN)
    return cut.crop((*first, min(cut.width, columns[-1] + 1 + MARGIN), min(cut.height, rows[-1] + 1 + MARGIN)))


def prepare_image(image: Image.Image, patch: int, side: int) -> Tensor:
    """The picture as a CHW float tensor with no more patches than a square of `side` pixels.

    Raises ValueError when a square of `side` pixels does not hold a single patch.
    """
    budget = (side // patch) ** 2
    if budget < 1:
        raise ValueError(f"a side of {side} pixels holds no patch of {patch} pixels")
    return prepare_within(image, patch, budget)


def prepare_within(image: Image.Image, patch: int, budget: int) -> Tensor:
    """The picture as a CHW float tensor of at most `budget` patches, one at least."""
    rgb = image.convert("RGB")
    width, height = fitted_size(rgb.width, rgb.height, patch, budget)
    if (width, height) != rgb.size:
        rgb = rgb.resize((width, height), Image.Resampling.BICUBIC)
    canvas = Image.new("RGB", (_whole(width, patch), _whole(height, patch)), WHITE)
    canvas.paste(rgb)
    pixels_HWC = torch.from_numpy(np.array(canvas))
    return ((pixels_HWC.float() / 255 - MEAN) / STD).permute(2, 0, 1)


def fitted_size(width: int, height: int, patch: int, budget: int) -> tuple[int, int]:
    """Largest width and height of the same shape, at most the given ones, that take `budget` patches or fewer."""
    if _patches(width, height, patch) <= budget:
        return width, height
    low, high = 0.0, 1.0  # low always fits, high never does
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if _patches(*_scaled(width, height, middle), patch) <= budget:
            low = middle
        else:
            high = middle
    return _scaled(width, height, low)


def _scaled(width: int, height: int, scale: float) -> tuple[int, int]:
    return max(1, int(width * scale)), max(1, int(height * scale))


def _patches(width: int, height: int, patch: int) -> int:
    return math.ceil(width / patch) * math.ceil(height / patch)


def _whole(pixels: int, patch: int) -> int:
    return math.ceil(pixels / patch) * patch
