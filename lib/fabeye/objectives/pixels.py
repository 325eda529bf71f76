"""Go on with the image patch by patch and say nothing: what can be learned from pages without text.

Notable:
- The text is still given to the decoder, after the image, so the model and its batches are the same; it comes too late
  to help, since attention is causal.
"""

from collections.abc import Sequence

from fabeye.model import PackedImages, PackedText, PretrainModel

from .sums import LossSums, pixel_loss, target_rows


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
