"""Which losses a stage learns from: its objective by name, each from a module of its own in fabeye.objectives.

Notable:
- All are called alike, with the prefixes that were drawn; one that shows pictures whole leaves them aside.
"""

from collections.abc import Callable, Sequence
from functools import partial

from fabeye.model import PackedImages, PackedText, PretrainModel
from fabeye.objectives.aimv2 import aimv2_losses
from fabeye.objectives.captioning import captioning_losses
from fabeye.objectives.pixels import pixel_losses
from fabeye.objectives.prefix_text import prefix_text_losses
from fabeye.objectives.sums import LossSums

Objective = Callable[[PretrainModel, PackedImages, PackedText, Sequence[int]], LossSums]


def objective(name: str, variance_floor: float, blank_weight: float) -> Objective:
    """The summed losses of aimv2, prefix_text, captioning or pixels. Raises KeyError for another name."""
    chosen: dict[str, Objective] = {
        "aimv2": partial(aimv2_losses, variance_floor=variance_floor, blank_weight=blank_weight),
        "prefix_text": prefix_text_losses,
        "captioning": lambda model, images, text, _: captioning_losses(model, images, text),
        "pixels": partial(pixel_losses, variance_floor=variance_floor, blank_weight=blank_weight),
    }
    return chosen[name]
