"""Pictures that the defect probes are asked, drawn for them alone: micrographs and wafer maps of one size each.

Notable:
- A corpus of a few documents has too few pictures of each class to judge an encoder by. These are drawn from a seed of
  their own with the generator's own code, so that every experiment is asked the same, whatever its corpus.
- Every class is shown equally often, at one size and one scale, without letters, legend or information bar: neither the
  size of a picture nor a word in it tells its class.
- A micrograph is a window around the defect, off its centre; all are of one structure, so the structure tells nothing.
  A nuisance (the frame of an earlier scan) and a sound specimen are classes too.

Shapes: H, W pixels of a picture.
"""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from PIL import Image

from fabeye.evaluation.probes.linear import Labelled
from fabeye.model import prepare_image
from fabeye.synthesis.imagery.defects import DEFECTS, nuisance
from fabeye.synthesis.imagery.microscope import draw_faults, exposed
from fabeye.synthesis.imagery.picture import box_of
from fabeye.synthesis.imagery.specimen import HEIGHT, STRUCTURES, WIDTH
from fabeye.synthesis.imagery.wafer import PATTERNS, draw_die, draw_fails, inside

STRUCTURE = "lines"
MICROGRAPHS = ("none", "nuisance", "bridge", "open", "necking", "wiggling", "scratch", "particle")
SIDE = 126  # pixels of a picture: nine patches of 14
OFF_CENTRE = 30  # pixels that a defect may lie off the middle of its window
DIE = 4  # pixels of a die of a wafer map
PAPER = 255

Drawer = Callable[[np.random.Generator, str], np.ndarray]


def draw_task(name: str, train: int, test: int, seed: int, patch: int) -> tuple[Labelled, Labelled]:
    """`train` and `test` pictures of each class of the task "sem" or "wafer", prepared; the same for a seed."""
    draw, classes = {"sem": (micrograph, MICROGRAPHS), "wafer": (wafer_map, PATTERNS)}[name]
    parts = Labelled([], []), Labelled([], [])
    for number, label in enumerate(classes):
        for place, picture in enumerate(_pictures(draw, label, train + test, (seed, number))):
            part = parts[place >= train]
            part.images.append(prepare_image(Image.fromarray(picture).convert("RGB"), patch, SIDE))
            part.labels.append(label)
    return parts


def micrograph(rng: np.random.Generator, defect: str) -> np.ndarray:
    """uint8[H, W]: a window of SIDE pixels around a defect in lines, or anywhere where there is none."""
    specimen = STRUCTURES[STRUCTURE](rng)
    mask_HW = np.zeros((HEIGHT, WIDTH), bool)
    if defect != "none":
        mask_HW = {"nuisance": nuisance, **DEFECTS[STRUCTURE]}[defect](rng, specimen)
    grey_HW, map_x_HW, map_y_HW = exposed(rng, specimen, draw_faults(rng))
    moved_HW = cv2.remap(mask_HW.astype(np.float32), map_x_HW, map_y_HW, cv2.INTER_LINEAR) > 0.5
    x, y = _middle(rng, moved_HW)
    left = int(np.clip(x + rng.uniform(-OFF_CENTRE, OFF_CENTRE) - SIDE / 2, 0, WIDTH - SIDE))
    top = int(np.clip(y + rng.uniform(-OFF_CENTRE, OFF_CENTRE) - SIDE / 2, 0, HEIGHT - SIDE))
    return grey_HW[top : top + SIDE, left : left + SIDE]


def wafer_map(rng: np.random.Generator, pattern: str) -> np.ndarray:
    """uint8[H, W, 3]: good and failing dies in two colours drawn anew, on white, without a legend."""
    fails_HW = draw_fails(rng, [pattern], draw_die(rng, pattern))
    good, bad = rng.integers(110, 230, 3), rng.integers(0, 100, 3)
    map_HWC = np.full((*fails_HW.shape, 3), PAPER, np.uint8)
    map_HWC[inside()] = good
    map_HWC[fails_HW] = bad
    large_HWC = map_HWC.repeat(DIE, axis=0).repeat(DIE, axis=1)
    room = SIDE - large_HWC.shape[0]
    sides = (room // 2, room - room // 2)
    return np.pad(large_HWC, (sides, sides, (0, 0)), constant_values=PAPER)


def _pictures(draw: Drawer, label: str, count: int, seed: tuple[int, int]) -> Iterator[np.ndarray]:
    for number in range(count):  # each by its own generator: more of them change none that was there
        yield draw(np.random.default_rng((*seed, number)), label)


def _middle(rng: np.random.Generator, mask_HW: np.ndarray) -> tuple[float, float]:
    """The middle of a defect that fits into a window, a place on it of a longer one, any place without one."""
    if not mask_HW.any():
        return float(rng.uniform(0, WIDTH)), float(rng.uniform(0, HEIGHT))
    x0, y0, x1, y1 = box_of(mask_HW)
    if max(x1 - x0, y1 - y0) <= SIDE:
        return (x0 + x1) / 2, (y0 + y1) / 2
    rows, columns = np.nonzero(mask_HW)
    chosen = int(rng.integers(len(rows)))
    return float(columns[chosen]), float(rows[chosen])
