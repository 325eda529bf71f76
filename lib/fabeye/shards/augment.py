"""What may happen to a document's picture before the encoder sees it, drawn anew in every epoch.

Notable:
- A picture keeps its size, so batches can be planned before it is touched; it is never mirrored, and nothing of it is
  cut off: what is laid askew is also made smaller, so that its corners stay inside.
- Damage that would make a picture illegible is left out: a text that cannot be read any more teaches guessing.
- Only figures may be hidden in part, since a line without a word is a line with another text.
- The generator is a function of (seed, source, sample, epoch): whoever works on the sample, it comes out the same.

Shapes: H, W rows and columns of the picture.
"""

import math
import zlib

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image as Pictures

from fabeye.degrade import OPERATIONS, Image, legible, warp
from fabeye.geometry import Matrix
from fabeye.schema import Category
from fabeye.settings import AugmentSettings

MOST_RISE = 0.25  # of a picture's height: how far the ends of a long line may rise or fall
SMALLEST = 8  # pixels; a picture with a shorter side is left as it is
DAMAGES = {"low_dpi": "resolution", "blur": "blur", "noise": "noise", "jpeg": "jpeg"}  # fabeye.degrade's names -> ours
WORK = {operation.name: operation.work for operation in OPERATIONS if operation.name in DAMAGES}


def sample_generator(seed: int, source: str, index: int, epoch: int) -> Generator:
    """The generator of one sample in one epoch."""
    return np.random.default_rng((seed, zlib.crc32(source.encode()), index, epoch))


def augment(
    picture: Pictures.Image, kind: str, category: str, settings: AugmentSettings, rng: Generator
) -> Pictures.Image:
    """The picture as it may have come from a printer, a scanner or a camera; as large as before, RGB.

    kind, category: of its Pair.
    """
    clean = np.asarray(picture.convert("RGB"))
    if min(clean.shape[:2]) < SMALLEST:
        return picture
    moved = _skewed(clean, settings, rng) if rng.random() < settings.skew else clean
    if rng.random() < settings.occlusion and _may_be_hidden(kind, category):
        moved = _partly_hidden(moved, settings.hidden, rng)
    return Pictures.fromarray(_damaged(moved, settings, rng))


def _damaged(clean: Image, settings: AugmentSettings, rng: Generator) -> Image:
    done = clean
    for name, ours in DAMAGES.items():
        if rng.random() < getattr(settings, ours):
            done = WORK[name](done, rng, settings.severity)
    return done if done is clean or legible(clean, done) else clean


def _skewed(image: Image, settings: AugmentSettings, rng: Generator) -> Image:
    height, width = image.shape[:2]
    steepest = math.degrees(math.atan(MOST_RISE * height / width))
    degrees = rng.uniform(-1, 1) * min(settings.skew_deg, steepest)
    return warp(image, _turned_inside(width, height, degrees), _paper(image))


def _turned_inside(width: int, height: int, degrees: float) -> Matrix:
    """Turns a sheet about its middle and shrinks it until it lies wholly inside its old outline."""
    cos, sin = math.cos(math.radians(degrees)), abs(math.sin(math.radians(degrees)))
    scale = min(width / (width * cos + height * sin), height / (width * sin + height * cos))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    return np.asarray(np.vstack([turn, [0, 0, 1]]), np.float64)


def _paper(image: Image) -> int:
    """Grey of the picture's edge, which is what lies around it."""
    return int(np.median(np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])))


def _partly_hidden(image: Image, share: float, rng: Generator) -> Image:
    """One grey rectangle over at most `share` of the area."""
    height, width = image.shape[:2]
    area = rng.uniform(0, share)
    tall = rng.uniform(area, 1)
    rows, columns = max(1, int(height * tall)), max(1, int(width * area / tall))
    top, left = int(rng.integers(0, height - rows + 1)), int(rng.integers(0, width - columns + 1))
    done = image.copy()
    done[top : top + rows, left : left + columns] = rng.integers(0, 256)
    return done


def _may_be_hidden(kind: str, category: str) -> bool:
    return kind == "caption" or (kind == "region" and category == Category.FIGURE)
