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


def pack(images: Sequence[Tensor], patch: int) -> PackedImages:
    """Cut CHW float images into patches and line them up.

    Raises ValueError when there is no image, or one whose sides are not multiples of `patch` pixels.
    """
    if not images:
        raise ValueError("there is no image to pack")
    cut = [_patchify(image, patch) for image in images]
    return PackedImages(torch.cat([patches for patches, _ in cut]), tuple(grid for _, grid in cut))


def pack_text(targets: Sequence[Sequence[int]], bos: int) -> PackedText:
    """Line up texts given as token ids with their <eos>; the inputs are the same, shifted behind `bos`.

    Raises ValueError when a text has no token.
    """
    if not all(targets):
        raise ValueError("a text needs at least one token, <eos> included")
    shifted = [token for text in targets for token in (bos, *text[:-1])]
    flat = [token for text in targets for token in text]
    return PackedText(torch.tensor(shifted), torch.tensor(flat), tuple(len(text) for text in targets))


def _patchify(image_CHW: Tensor, patch: int) -> tuple[Tensor, tuple[int, int]]:
    channels, height, width = image_CHW.shape
    if channels != CHANNELS or height % patch or width % patch or height == 0 or width == 0:
        raise ValueError(
            f"an image must be ({CHANNELS}, height, width) with sides that are multiples of {patch} pixels, "
            f"this one is {tuple(image_CHW.shape)}; prepare_image() makes it so"
        )
    rows, columns = height // patch, width // patch
    tiles = image_CHW.reshape(channels, rows, patch, columns, patch)
    return tiles.permute(1, 3, 2, 4, 0).reshape(rows * columns, patch * patch * channels), (rows, columns)
