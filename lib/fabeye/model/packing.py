"""Images and texts of different sizes, one after another in one tensor each.

Notable:
- A patch is a row of P = 3 * patch * patch numbers, (row, column, channel) within the patch: the order of AIMv2's
  pixel targets. A Linear on such rows is the usual strided convolution.
- Lengths stay on the host, so that splitting and counting never wait for a GPU.

Shapes: C channels, H and W pixels; T patches of all images, P numbers of a patch; S text tokens of all samples.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

CHANNELS = 3  # red, green, blue


@dataclass(frozen=True, slots=True)
class PackedImages:
    """Patches of several images: patches_TP, and (rows, columns) of each image's grid."""

    patches_TP: Tensor
    grids: tuple[tuple[int, int], ...]

    @property
    def lengths(self) -> tuple[int, ...]:
        """Patches of each image."""
        return tuple(rows * columns for rows, columns in self.grids)

    def to(self, device: torch.device) -> "PackedImages":
        """The same images on another device."""
        return PackedImages(self.patches_TP.to(device, non_blocking=True), self.grids)


@dataclass(frozen=True, slots=True)
class PackedText:
    """Token ids of several texts: what the decoder is given, and what it shall say at the same place.

    inputs_S: <bos> and the text, shifted by one against targets_S: the text and, unless it was cut, <eos>.
    """

    inputs_S: Tensor
    targets_S: Tensor
    lengths: tuple[int, ...]

    def to(self, device: torch.device) -> "PackedText":
        """The same texts on another device."""
        inputs_S, targets_S = (ids.to(device, non_blocking=True) for ids in (self.inputs_S, self.targets_S))
        return PackedText(inputs_S, targets_S, self.lengths)


def pack(images: Sequence[Tensor], patch: int, budget: int | None = None) -> PackedImages:
    """Cut CHW float images into patches and line them up.

    budget: patches that all of them may have together. Raises ValueError naming the image that is not made of whole
    patches, is smaller than one, or holds something else than finite floats; and when they are none, or too many.
    """
    if not len(images):
        raise ValueError("there is no image to pack")
    cut = [_patchify(image, patch, f"image {at}") for at, image in enumerate(images)]
    packed = PackedImages(torch.cat([patches for patches, _ in cut]), tuple(grid for _, grid in cut))
    if budget is not None and len(packed.patches_TP) > budget:
        raise ValueError(
            f"{len(images)} images of {len(packed.patches_TP)} patches do not fit a budget of {budget}; take fewer of "
            f"them, or let prepare_image() scale them down"
        )
    if not packed.patches_TP.isfinite().all():
        bad = next(at for at, (patches, _) in enumerate(cut) if not patches.isfinite().all())
        raise ValueError(f"image {bad} holds values that are no numbers (NaN or infinite); look where it was made")
    return packed


def pack_text(targets: Sequence[Sequence[int]], bos: int) -> PackedText:
    """Line up texts given as token ids with their <eos>; the inputs are the same, shifted behind `bos`.

    Raises ValueError when a text has no token.
    """
    if not all(targets):
        raise ValueError("a text needs at least one token, <eos> included")
    shifted = [token for text in targets for token in (bos, *text[:-1])]
    flat = [token for text in targets for token in text]
    return PackedText(torch.tensor(shifted), torch.tensor(flat), tuple(len(text) for text in targets))


def to_patches(image_BCHW: Tensor, patch: int) -> Tensor:
    """Images of one size as rows of pixels, (B * rows * columns, P)."""
    tiles = image_BCHW.unflatten(3, (-1, patch)).unflatten(2, (-1, patch))  # (B, C, rows, patch, columns, patch)
    return tiles.permute(0, 2, 4, 3, 5, 1).flatten(3).flatten(0, 2)


def _patchify(image_CHW: Tensor, patch: int, name: str) -> tuple[Tensor, tuple[int, int]]:
    shape = tuple(image_CHW.shape)
    if len(shape) != 3 or shape[0] != CHANNELS:
        raise ValueError(f"{name} must have the shape ({CHANNELS}, height, width), it has {shape}")
    if not image_CHW.is_floating_point():
        raise ValueError(f"{name} holds {image_CHW.dtype}, not floats around zero; prepare_image() makes them")
    _, height, width = shape
    if height < patch or width < patch:
        raise ValueError(
            f"{name} of {height} x {width} pixels is smaller than one patch of {patch} x {patch}; prepare_image() "
            f"pads it"
        )
    if height % patch or width % patch:
        raise ValueError(
            f"{name} of {height} x {width} pixels is not made of whole patches of {patch} x {patch}; prepare_image() "
            f"pads it"
        )
    return to_patches(image_CHW[None], patch), (height // patch, width // patch)
