"""Go on with the image patch by patch and say nothing: what can be learned from pages without text.

Notable:
- The text is still given to the decoder, after the image, so the model and its batches are the same; it comes too late
  to help, since attention is causal.
- patch_losses() says where on a page the loss lies, and what of it is spent on blank paper.

Shapes: C channels, H and W pixels of an image; K foretold patches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from fabeye.model import PackedImages, PackedText, PretrainModel, pack, pack_text

from .sums import LossSums, blank_weights, patch_errors, pixel_loss, target_rows


def pixel_losses(
    model: PretrainModel,
    images: PackedImages,
    text: PackedText,
    prefixes: Sequence[int],
    variance_floor: float,
    blank_weight: float = 1.0,
) -> LossSums:
    """Sum the pixel loss alone; see pixel_loss()."""
    targets_K = target_rows(images.lengths, prefixes).to(images.patches_TP.device)
    image_KE = model(images, text.inputs_S, text.lengths, prefixes, rows_K=targets_K - 1).image_KE
    targets_KP = images.patches_TP.index_select(0, targets_K)
    image, patches = pixel_loss(model, image_KE, targets_KP, variance_floor, blank_weight)
    return LossSums(image.new_zeros(()), image, 0, patches)


@dataclass(frozen=True, slots=True)
class PatchLosses:
    """Of one picture's foretold patches, all but the first: errors_K, and blank_K, True where there is only paper."""

    errors_K: Tensor
    blank_K: Tensor

    def blank_share(self, blank_weight: float = 1.0) -> float:
        """Share of the loss that blank paper has when it weighs this much, 0 to 1."""
        weights_K = torch.where(self.blank_K, blank_weight, 1.0)
        losses_K = weights_K * self.errors_K
        return float(losses_K[self.blank_K].sum() / losses_K.sum())


@torch.no_grad()
def patch_losses(model: PretrainModel, image_CHW: Tensor, variance_floor: float) -> PatchLosses:
    """Where on a picture the pixel loss lies, each patch foretold from all before it.

    Raises ValueError as pack() does.
    """
    images = pack([image_CHW], model.config.encoder.patch)
    text = pack_text([[0]], bos=0)  # comes after the picture and is not seen by it
    rows_K = target_rows(images.lengths, [1])
    image_KE = model(images, text.inputs_S, text.lengths, [1], rows_K=rows_K - 1).image_KE
    patches_KP = images.patches_TP.index_select(0, rows_K)
    blank_K = blank_weights(patches_KP, variance_floor, 0.0) == 0
    return PatchLosses(patch_errors(model, image_KE, patches_KP, variance_floor), blank_K)
