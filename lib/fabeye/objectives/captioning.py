"""Write the text of an image that is seen whole: no pixels, no prefix.

Notable:
- The baseline that AIMv2 is measured against (its paper calls it Cap): what the pixel loss and the prefix add is the
  difference to this.
"""

from fabeye.model import PackedImages, PackedText, PretrainModel

from .sums import LossSums, text_loss


def captioning_losses(model: PretrainModel, images: PackedImages, text: PackedText) -> LossSums:
    """Sum the text loss; every patch sees its whole image."""
    text_SE = model(images, text.inputs_S, text.lengths, rows_K=text.inputs_S.new_empty(0)).text_SE
    return LossSums(text_loss(model, text_SE, text), text_SE.new_zeros(()), len(text.targets_S), 0.0)
