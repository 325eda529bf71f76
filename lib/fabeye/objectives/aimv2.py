"""AIMv2's objective: go on with the image patch by patch, then write its text; L = L_text + alpha * L_img.

Notable:
- Each image shows a prefix of M ~ U{1..I-1} patches all at once; the loss counts only the patches after it, so patch 0
  is never a target. An image of a single patch has M = 1 and no pixel loss; its text counts all the same.
- A target patch is normalised by its own mean and by sqrt(variance + floor). Documents are mostly blank paper: without
  a floor (the published recipe has 1e-6) its faint compression noise would weigh as much as a stroke.
- Text loss counts <eos>: the encoder is to be read by a decoder that must know when to stop. A text that was cut has
  no <eos>, since it does not end there.
- Losses come as sums and counts, so that a step's loss is the global sum over the global count: a large page does not
  outweigh a small one through how samples are batched, split or spread over processes.

Shapes: T patches of all images, P numbers of a patch, K target patches, S text tokens, E width, V vocabulary.
Source: Fini et al., Multimodal Autoregressive Pre-training of Large Vision Encoders, 2024.
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
    patches: int


def aimv2_losses(
    model: PretrainModel, images: PackedImages, text: PackedText, prefixes: Sequence[int], variance_floor: float
) -> LossSums:
    """Run the model and sum both losses; a patch's is the mean over its P numbers, a token's in nats."""
    output = model(images, text.inputs_S, text.lengths, prefixes)
    targets_K = target_rows(images.lengths, prefixes).to(images.patches_TP.device)
    foretold_KP = model.decoder.pixel_head(output.image_TE.index_select(0, targets_K - 1))
    wanted_KP = pixel_targets(images.patches_TP.index_select(0, targets_K), variance_floor)
    logits_SV = model.decoder.text_head(output.text_SE)
    return LossSums(
        text=F.cross_entropy(logits_SV.float(), text.targets_S, reduction="sum"),
        image=(foretold_KP.float() - wanted_KP).square().mean(dim=1).sum(),
        tokens=len(text.targets_S),
        patches=len(targets_K),
    )


def draw_prefixes(lengths: Sequence[int], generator: torch.Generator) -> tuple[int, ...]:
    """M ~ U{1..I-1} for each image of I patches; 1 where I is 1."""
    drawn_B = torch.rand(len(lengths), generator=generator, dtype=torch.float64)
    return tuple(1 + int(share * (length - 1)) for share, length in zip(drawn_B.tolist(), lengths, strict=True))


def count_targets(lengths: Sequence[int], prefixes: Sequence[int]) -> int:
    """Patches whose pixels are foretold."""
    return sum(length - prefix for length, prefix in zip(lengths, prefixes, strict=True))


def target_rows(lengths: Sequence[int], prefixes: Sequence[int]) -> Tensor:
    """Rows (K) of the patches after each image's prefix; the row before each is the one that foretells it."""
    starts = torch.tensor((0, *lengths)).cumsum(0).tolist()
    return torch.cat(
        [torch.arange(starts[i] + prefix, starts[i] + lengths[i]) for i, prefix in enumerate(prefixes)]
    )  # fmt: skip


def pixel_targets(patches_KP: Tensor, variance_floor: float) -> Tensor:
    """Each patch less its mean, over sqrt(variance + floor); in fp32."""
    patches_KP = patches_KP.float()
    centred_KP = patches_KP - patches_KP.mean(dim=1, keepdim=True)
    variance_K1 = centred_KP.square().mean(dim=1, keepdim=True)
    return centred_KP / torch.sqrt(variance_K1 + variance_floor)
