"""AIMv2's objective: go on with the image patch by patch, then write its text; L = L_text + alpha * L_img.

Notable:
- Each image shows a prefix of M ~ U{1..I-1} patches all at once; the loss counts only the patches after it, so patch 0
  is never a target. An image of a single patch has M = 1 and no pixel loss; its text counts all the same.

Source: Fini et al., Multimodal Autoregressive Pre-training of Large Vision Encoders, 2024.
"""

from collections.abc import Sequence

from fabeye.model import PackedImages, PackedText, PretrainModel

from .sums import LossSums, pixel_loss, target_rows, text_loss


def aimv2_losses(
    model: PretrainModel,
    images: PackedImages,
    text: PackedText,
    prefixes: Sequence[int],
    variance_floor: float,
    blank_weight: float = 1.0,
) -> LossSums:
    """Run the model and sum both losses; see text_loss() and pixel_loss()."""
    targets_K = target_rows(images.lengths, prefixes).to(images.patches_TP.device)
    output = model(images, text.inputs_S, text.lengths, prefixes, rows_K=targets_K - 1)
    targets_KP = images.patches_TP.index_select(0, targets_K)
    image, patches = pixel_loss(model, output.image_KE, targets_KP, variance_floor, blank_weight)
    return LossSums(text_loss(model, output.text_SE, text), image, len(text.targets_S), patches)
