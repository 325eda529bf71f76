"""The vision encoder: AIMv2's or SigLIP's, for images of any size.

Notable:
- AIMv2: patches -> Linear -> RMSNorm -> + positions of the image's own grid -> blocks -> RMSNorm. SigLIP has no norm
  before the blocks, and LayerNorm, GELU and biases in them; everything around the blocks is shared.
- Packed: images of different sizes go through together without a single padded patch between them.
- With `prefix`, attention is as in pre-training; without, every patch sees its whole image, as in use.
- Every block's tokens and attention on request, instead of hooks: probes and the app read them.

Shapes: T patches of all images, P numbers of a patch, E width, H heads, N patches of one image; C, H, W of an image.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from torch import Tensor, nn

from .attention import Spans, attention_weights, visible_pairs
from .blocks import (
    BLOCKS,
    NORM_EPS,
    ShiftedRMSNorm,
    TransformerBlock,
    init_weights,
    run_block,
    swiglu_width,
)
from .packing import CHANNELS, PackedImages, pack
from .positions import Grid, PositionTable, Rotation, grid_positions, grid_rotation

if TYPE_CHECKING:
    from .card import ModelCard


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderConfig:
    """What an encoder is made of.

    patch: pixels on its side. dim, depth, heads: width, blocks, attention heads. hidden: width inside a block's MLP, 0
    for AIMv2's rule. block: whose parts. position: computed, or a learned table for `table` = (rows, columns) patches.
    rotary: places turn queries and keys as well. bias: linear layers have one. patch_norm: patches are normalised
    before the blocks. shift: the last norm has an offset. eps: added to the mean square in norms.
    """

    patch: int
    dim: int
    depth: int
    heads: int
    hidden: int = 0
    block: Literal["aimv2", "siglip"] = "aimv2"
    position: Literal["sincos", "learned"] = "sincos"
    table: tuple[int, int] = (0, 0)
    rotary: bool = False
    bias: bool = False
    patch_norm: bool = True
    shift: bool = False
    eps: float = NORM_EPS

    @property
    def mlp_width(self) -> int:
        """Width inside a block's MLP."""
        return self.hidden or swiglu_width(self.dim)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "EncoderConfig":
        """From what JSON made of it: JSON knows no tuples, and what is compared with a grid must be one."""
        return cls(**{**content, "table": tuple(content.get("table", (0, 0)))})

    def __post_init__(self) -> None:
        if self.block not in BLOCKS or self.position not in ("sincos", "learned"):
            raise ValueError(f"there is no encoder with block {self.block!r} and position {self.position!r}")
        if self.position == "learned" and min(self.table) < 1:
            raise ValueError(f"learned positions need a table of (rows, columns), not {self.table}")
        if self.block == "siglip" and not self.hidden:
            raise ValueError("an encoder with SigLIP's blocks needs the width of their MLP (hidden)")


@dataclass(frozen=True, slots=True)
class EncoderOutput:
    """What the encoder sees.

    tokens_TE: one vector a patch, image after image, each row by row. grids: (rows, columns) of each image.
    blocks: tokens (T, E) after every block, before the last norm; empty unless asked for.
    attention: of every block, of every image: softmax weights (H, N, N); empty unless asked for.
    """

    tokens_TE: Tensor
    grids: tuple[tuple[int, int], ...]
    blocks: tuple[Tensor, ...] = ()
    attention: tuple[tuple[Tensor, ...], ...] = ()

    @property
    def lengths(self) -> tuple[int, ...]:
        """Patches of each image."""
        return tuple(rows * columns for rows, columns in self.grids)

    def per_image(self) -> tuple[Tensor, ...]:
        """Tokens of each image, (rows * columns, E)."""
        return self.tokens_TE.split(self.lengths)


class VisionEncoder(nn.Module):
    """Turns images into one vector a patch.

    recompute: keep only what goes into each block for the backward pass and run the block again (activation
    checkpointing): about a fifth of the memory for a third more work. No part of what the encoder is, so never saved.
    """

    recompute: bool = False

    def __init__(self, config: EncoderConfig):
        super().__init__()
        self.config = config
        self.patch_embed = nn.Linear(CHANNELS * config.patch**2, config.dim)
        self.patch_norm = nn.RMSNorm(config.dim, eps=config.eps) if config.patch_norm else nn.Identity()
        self.positions = PositionTable(config.table, config.dim) if config.position == "learned" else None
        block = BLOCKS[config.block]
        sizes = (config.dim, config.heads, config.mlp_width, config.bias, config.eps)
        self.blocks: Sequence[TransformerBlock] = nn.ModuleList(block(*sizes) for _ in range(config.depth))  # type: ignore[assignment]
        self.norm = _last_norm(config)
        init_weights(self)

    def forward(
        self,
        images: PackedImages | Sequence[Tensor],
        prefix: Sequence[int] | None = None,
        keep_blocks: bool = False,
        keep_attention: bool = False,
    ) -> EncoderOutput:
        """Encode CHW float images (or packed ones), normalised as prepare_image() does.

        prefix: patches of each image that see each other; the later ones see what lies before them. None: all see all.
        Raises ValueError as pack() does, and when a prefix is longer than its image.
        """
        packed = images if isinstance(images, PackedImages) else pack(images, self.config.patch)
        device = packed.patches_TP.device
        spans = Spans.full(packed.lengths, device) if prefix is None else Spans.prefix(packed.lengths, prefix, device)
        x_TE, rotation = self.embed(packed.patches_TP, packed.grids)
        kept, seen = [], []
        for block in self.blocks:
            if keep_attention:
                q_THD, k_THD, _ = block.project(x_TE, rotation)
                seen.append(tuple(attention_weights(q_THD, k_THD, spans)))
            x_TE = run_block(block, x_TE, spans, rotation, recompute=self.recompute)
            if keep_blocks:
                kept.append(x_TE)
        return EncoderOutput(self.norm(x_TE), packed.grids, tuple(kept), tuple(seen))

    def embed(self, patches_TP: Tensor, grids: Sequence[Grid]) -> tuple[Tensor, Rotation | None]:
        """Patches as the first block sees them, positions included, (T, E); and how far it turns queries and keys."""
        x_TE = self.patch_norm(self.patch_embed(patches_TP))
        device = x_TE.device
        places_TE = self.positions(grids) if self.positions else grid_positions(grids, self.config.dim, device)
        x_TE = (x_TE + places_TE).to(self.patch_embed.weight.dtype)  # under autocast the stream stays in fp32
        head_dim = self.config.dim // self.config.heads
        return x_TE, grid_rotation(grids, head_dim, device) if self.config.rotary else None

    def flops(self, lengths: Sequence[int], prefix: Sequence[int] | None = None) -> int:
        """Multiply-adds times two of one forward pass over images of these many patches.

        Of attention only the pairs that see each other count. Matrix products only: norms, positions and activations
        are a few per cent more. A training step costs about three times as much.
        """
        config, tokens = self.config, sum(lengths)
        mlp = (3 if config.block == "aimv2" else 2) * config.dim * config.mlp_width
        linear = CHANNELS * config.patch**2 * config.dim + config.depth * (4 * config.dim**2 + mlp)
        pairs = sum(visible_pairs(*one) for one in zip(lengths, prefix or lengths, strict=True))
        return 2 * (linear * tokens + 2 * config.depth * config.dim * pairs)

    @classmethod
    def from_pretrained(cls, folder: Path) -> "VisionEncoder":
        """The encoder that save_pretrained() wrote into `folder`. Raises CheckpointError."""
        from .checkpoint import from_pretrained

        return from_pretrained(cls, folder)

    @classmethod
    def from_aimv2(cls, folder: Path) -> "VisionEncoder":
        """AIMv2's encoder from a checkpoint in Hugging Face's or in Apple's form. Raises CheckpointError."""
        from .weights import load_aimv2

        return load_aimv2(folder)

    @classmethod
    def from_siglip(cls, folder: Path, block: Literal["siglip", "aimv2"] = "siglip", patch: int = 0) -> "VisionEncoder":
        """SigLIP's or SigLIP 2's encoder: with its own blocks (exact), or converted to AIMv2's.

        patch: pixels; where it differs from the checkpoint's, the patch embedding is resized. Raises CheckpointError.
        """
        from .weights import load_siglip, resize_patch, to_aimv2_blocks

        encoder = load_siglip(folder)
        if patch and patch != encoder.config.patch:
            encoder = resize_patch(encoder, patch)
        return to_aimv2_blocks(encoder) if block == "aimv2" else encoder

    def save_pretrained(self, folder: Path, card: "ModelCard | None" = None) -> None:
        """Write config.json, model.safetensors and a model card. Raises OSError when the disk is full.

        `import fabeye.model.hf` lets transformers' AutoModel load the same folder.
        """
        from .checkpoint import save_pretrained

        save_pretrained(self, folder, card)

    def export_onnx(self, path: Path) -> None:
        """Write an ONNX file for images of any size. Raises ExportError; OSError when the disk is full."""
        from .onnx import export_onnx

        export_onnx(self, path)


def _last_norm(config: EncoderConfig) -> nn.Module:
    if config.block == "siglip":
        return nn.LayerNorm(config.dim, eps=config.eps)
    return ShiftedRMSNorm(config.dim, config.eps) if config.shift else nn.RMSNorm(config.dim, eps=config.eps)
