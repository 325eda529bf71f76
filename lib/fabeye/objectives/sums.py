"""Losses as sums and counts, and the two of which the generative objectives are made.

Notable:
- A step's loss is the global sum over the global count: a large page does not outweigh a small one through how samples
  are batched, split into microbatches or spread over processes. Objectives therefore return sums, never means.
- Rows are gathered before a head is applied, so that no row is projected in vain.

Shapes: T patches of all images, P numbers of a patch, K target patches, S text tokens, E width, V vocabulary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from fabeye.model import PackedImages, PackedText, PretrainModel


@dataclass(frozen=True, slots=True)
class LossSums:
    """Summed losses as scalar tensors, and over how many patches and tokens they were summed."""

    text: Tensor
    image: Tensor
    tokens: int
    patches: float


def text_loss(model: PretrainModel, text_SE: Tensor, text: PackedText) -> Tensor:
    """Summed cross entropy in nats of what the decoder says at each place of the text, in fp32.

    <eos> counts: the encoder is to be read by a decoder that must know when to stop. A text that was cut has no <eos>,
    since it does not end there.
    """
    logits_SV = model.decoder.text_head(text_SE)
    return F.cross_entropy(logits_SV.float(), text.targets_S, reduction="sum")


def pixel_loss(
    model: PretrainModel, image_KE: Tensor, patches_KP: Tensor, variance_floor: float, blank_weight: float = 1.0
) -> tuple[Tensor, float]:
    """Summed squared error of the foretold patches, a patch's being the mean over its P numbers.

    image_KE: hidden states of the tokens before the patches. blank_weight: what a patch counts whose own variance is
    below the floor, which is blank paper. Returns the sum and the weights' sum it is to be divided by.
    """
    errors_K = patch_errors(model, image_KE, patches_KP, variance_floor)
    if blank_weight == 1.0:
        return errors_K.sum(), float(len(errors_K))
    weights_K = blank_weights(patches_KP, variance_floor, blank_weight)
    return (errors_K * weights_K).sum(), float(weights_K.sum())


def patch_errors(model: PretrainModel, image_KE: Tensor, patches_KP: Tensor, variance_floor: float) -> Tensor:
    """Mean squared error of each foretold patch, (K,), in fp32."""
    foretold_KP = model.decoder.pixel_head(image_KE).float()
    return (foretold_KP - pixel_targets(patches_KP, variance_floor)).square().mean(dim=1)


def draw_prefixes(lengths: Sequence[int], generator: torch.Generator, progress: float = 1.0) -> tuple[int, ...]:
    """M ~ U{low..I-1} for each image of I patches; 1 where I is 1.

    progress: from 0 to 1, how far an encoder that was trained to see everything has been led to see prefixes: low falls
    from I-1 to 1. At 1 this is AIMv2's U{1..I-1}.
    """
    drawn_B = torch.rand(len(lengths), generator=generator, dtype=torch.float64).tolist()
    return tuple(_prefix(share, length, progress) for share, length in zip(drawn_B, lengths, strict=True))


def count_targets(lengths: Sequence[int], prefixes: Sequence[int]) -> int:
    """Patches whose pixels are foretold."""
    return sum(length - prefix for length, prefix in zip(lengths, prefixes, strict=True))


def weigh_targets(images: PackedImages, prefixes: Sequence[int], variance_floor: float, blank_weight: float) -> float:
    """What the foretold patches count together: their number, or less where blank paper counts less."""
    if blank_weight == 1.0:
        return float(count_targets(images.lengths, prefixes))
    targets_KP = images.patches_TP[target_rows(images.lengths, prefixes).to(images.patches_TP.device)]
    return float(blank_weights(targets_KP, variance_floor, blank_weight).sum())


def target_rows(lengths: Sequence[int], prefixes: Sequence[int]) -> Tensor:
    """Rows (K) of the patches after each image's prefix; the row before each is the one that foretells it."""
    starts = torch.tensor((0, *lengths)).cumsum(0).tolist()
    return torch.cat(
        [torch.arange(starts[i] + prefix, starts[i] + lengths[i]) for i, prefix in enumerate(prefixes)]
    )  # fmt: skip


def pixel_targets(patches_KP: Tensor, variance_floor: float) -> Tensor:
    """Each patch less its mean, over sqrt(variance + floor); in fp32.

    Documents are mostly blank paper: without a floor (the published recipe has 1e-6) its faint compression noise would
    weigh as much as a stroke.
    """
    patches_KP = patches_KP.float()
    centred_KP = patches_KP - patches_KP.mean(dim=1, keepdim=True)
    variance_K1 = centred_KP.square().mean(dim=1, keepdim=True)
    return centred_KP / torch.sqrt(variance_K1 + variance_floor)


def blank_weights(patches_KP: Tensor, variance_floor: float, blank_weight: float) -> Tensor:
    """1 for a patch with something on it, `blank_weight` for blank paper, (K,)."""
    variance_K = patches_KP.float().var(dim=1, correction=0)
    return torch.where(variance_K < variance_floor, blank_weight, 1.0)


def _prefix(share: float, length: int, progress: float) -> int:
    if length == 1:
        return 1
    low = 1 + int((1 - progress) * (length - 2))
    return low + int(share * (length - low))
