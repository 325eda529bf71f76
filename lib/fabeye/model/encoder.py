"""The vision encoder: AIMv2's, for images of any size.

Notable:
- Patches -> Linear -> RMSNorm -> + sine-cosine positions of the image's own grid -> blocks -> RMSNorm.
- Packed: images of different sizes go through together without a single padded patch between them.
- With `prefix`, attention is as in pre-training; without, every patch sees its whole image, as in use.
- Every block's tokens on request, instead of hooks: probes and the app read them.

Shapes: T patches of all images, P numbers of a patch, E width; C, H, W of an image.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from .attention import Spans
from .blocks import NORM_EPS, Block, init_weights
from .packing import CHANNELS, PackedImages, pack
from .positions import grid_positions


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderConfig:
    """Size of an encoder: pixels on a patch's side, width, blocks, attention heads."""

    patch: int
    dim: int
    depth: int
    heads: int


@dataclass(frozen=True, slots=True)
class EncoderOutput:
    """What the encoder sees.

    tokens_TE: one vector a patch, image after image, each row by row. grids: (rows, columns) of each image.
    blocks: tokens (T, E) after every block, before the last norm; empty unless asked for.
    """

    tokens_TE: Tensor
    grids: tuple[tuple[int, int], ...]
    blocks: tuple[Tensor, ...] = ()

    @property
    def lengths(self) -> tuple[int, ...]:
        """Patches of each image."""
        return tuple(rows * columns for rows, columns in self.grids)

    def per_image(self) -> tuple[Tensor, ...]:
        """Tokens of each image, (rows * columns, E)."""
        return self.tokens_TE.split(self.lengths)


class VisionEncoder(nn.Module):
    """Turns images into one vector a patch."""

    def __init__(self, config: EncoderConfig):
        super().__init__()
        self.config = config
        self.patch_embed = nn.Linear(CHANNELS * config.patch**2, config.dim)
        self.patch_norm = nn.RMSNorm(config.dim, eps=NORM_EPS)
        self.blocks = nn.ModuleList(Block(config.dim, config.heads) for _ in range(config.depth))
        self.norm = nn.RMSNorm(config.dim, eps=NORM_EPS)
        init_weights(self)

    def forward(
        self,
        images: PackedImages | Sequence[Tensor],
        prefix: Sequence[int] | None = None,
        keep_blocks: bool = False,
    ) -> EncoderOutput:
        """Encode CHW float images (or packed ones), normalised as prepare_image() does.

        prefix: patches of each image that see each other; the later ones see what lies before them. None: all see all.
        Raises ValueError when an image is not made of whole patches or a prefix is longer than its image.
        """
        packed = images if isinstance(images, PackedImages) else pack(images, self.config.patch)
        device = packed.patches_TP.device
        spans = Spans.full(packed.lengths) if prefix is None else Spans.prefix(packed.lengths, prefix, device)
        x_TE = self.patch_norm(self.patch_embed(packed.patches_TP))
        x_TE = x_TE + grid_positions(packed.grids, self.config.dim, device)
        kept = []
        for block in self.blocks:
            x_TE = block(x_TE, spans)
            if keep_blocks:
                kept.append(x_TE)
        return EncoderOutput(self.norm(x_TE), packed.grids, tuple(kept))
