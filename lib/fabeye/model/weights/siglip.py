"""SigLIP's and SigLIP 2's encoder, in and out, as transformers stores them.

Notable:
- Both come with LayerNorm, GELU and biases, so they keep blocks of their own here (block: siglip), exact.
- SigLIP 2 for any aspect ratio (NaFlex) embeds flat patches, (row, column, channel), as we do; SigLIP and SigLIP 2 of
  one size use a convolution, which is the same matrix in another order.
- The pooling head is for comparing pictures with texts; it is passed over.

Source: Zhai et al., 2023; Tschannen et al., 2025; transformers 4.57, models/siglip and models/siglip2 (names, shapes).
"""

import math
from pathlib import Path
from typing import Any

from ..blocks import SIGLIP_EPS
from ..card import ModelCard
from ..checkpoint import CONFIG, CheckpointError
from ..encoder import EncoderConfig, VisionEncoder
from .folder import (
    Renaming,
    Weights,
    fill,
    fraction,
    preprocessing,
    read_description,
    read_weights,
    refuse_left,
    renamed,
    take,
    vision_part,
    whole,
    write_folder,
)
from .layout import PARTS, apart, fused, to_convolution, to_linear

MODEL_TYPES = ("siglip", "siglip_vision_model", "siglip2", "siglip2_vision_model")
PREFIX = "vision_model."
OTHER_USES = ("head.",)
GELU_NAMES = ("gelu_pytorch_tanh",)

BOTH: Renaming = [
    (f"{ours}.{part}", f"{theirs}.{part}")
    for ours, theirs in (
        ("blocks.{}.norm_1", "encoder.layers.{}.layer_norm1"),
        ("blocks.{}.norm_2", "encoder.layers.{}.layer_norm2"),
        ("blocks.{}.attention.proj", "encoder.layers.{}.self_attn.out_proj"),
        ("blocks.{}.mlp.fc1", "encoder.layers.{}.mlp.fc1"),
        ("blocks.{}.mlp.fc2", "encoder.layers.{}.mlp.fc2"),
        ("norm", "post_layernorm"),
    )
    for part in ("weight", "bias")
]


def is_siglip(folder: Path) -> bool:
    """Whether a folder describes a SigLIP or SigLIP 2 checkpoint. Raises CheckpointError when it describes nothing."""
    return read_description(folder).get("model_type") in MODEL_TYPES


def load_siglip(folder: Path) -> VisionEncoder:
    """The vision encoder of a SigLIP or SigLIP 2 checkpoint, with its own blocks.

    Raises CheckpointError naming what is wrong.
    """
    described = read_description(folder)
    kind = described.get("model_type")
    if kind not in MODEL_TYPES:
        raise CheckpointError(f"{folder} holds a {kind!r}, not a SigLIP encoder")
    vision = vision_part(described)
    if vision.get("hidden_act", GELU_NAMES[0]) not in GELU_NAMES:
        raise CheckpointError(f"{folder} uses {vision['hidden_act']!r} where SigLIP has {GELU_NAMES[0]!r}")
    found = {
        n.removeprefix(PREFIX): t
        for n, t in read_weights(folder).items()
        if not n.startswith(("text_model.", "logit_"))
    }
    config = _config(vision, found, folder)
    encoder = VisionEncoder(config)
    fill(encoder, _weights(found, config, folder), folder)
    return encoder.eval()


def save_siglip(encoder: VisionEncoder, folder: Path, card: ModelCard | None = None) -> None:
    """Write an encoder with SigLIP's blocks so that transformers' SiglipVisionModel gives the same features.

    Raises ValueError where that class has no place for a part of it; OSError when the disk is full.
    """
    _refuse_foreign(encoder)
    patch, side = encoder.config.patch, encoder.config.table[0] * encoder.config.patch
    theirs = _theirs(encoder)
    weight = encoder.patch_embed.weight.detach().cpu()
    theirs[f"{PREFIX}embeddings.patch_embedding.weight"] = to_convolution(weight, patch)
    described = _description(encoder) | {
        "architectures": ["SiglipVisionModel"],
        "model_type": "siglip_vision_model",
        "image_size": side,
    }
    write_folder(folder, encoder, card, described, theirs, preprocessing("SiglipImageProcessor", side))


def save_siglip2(encoder: VisionEncoder, folder: Path, card: ModelCard | None = None) -> None:
    """Write an encoder with SigLIP's blocks for transformers' Siglip2VisionModel, which takes any aspect ratio.

    Raises as save_siglip() does.
    """
    _refuse_foreign(encoder)
    places = encoder.config.table[0] ** 2
    theirs = _theirs(encoder)
    theirs[f"{PREFIX}embeddings.patch_embedding.weight"] = encoder.patch_embed.weight.detach().cpu()
    described = _description(encoder) | {
        "architectures": ["Siglip2VisionModel"],
        "model_type": "siglip2_vision_model",
        "num_patches": places,
    }
    processor = preprocessing("Siglip2ImageProcessor", encoder.config.table[0] * encoder.config.patch)
    del processor["size"]
    write_folder(
        folder,
        encoder,
        card,
        described,
        theirs,
        processor | {"patch_size": encoder.config.patch, "max_num_patches": places},
    )


def _config(described: dict[str, Any], found: Weights, folder: Path) -> EncoderConfig:
    table = found.get("embeddings.position_embedding.weight")
    places = 0 if table is None else len(table)
    side = math.isqrt(places)
    if not places or side * side != places:
        raise CheckpointError(f"the position table in {folder} has {places} places, which is no square grid")
    return EncoderConfig(
        patch=whole(described.get("patch_size", 16), "patch_size", folder),
        dim=whole(described.get("hidden_size", 768), "hidden_size", folder),
        depth=whole(described.get("num_hidden_layers", 12), "num_hidden_layers", folder),
        heads=whole(described.get("num_attention_heads", 12), "num_attention_heads", folder),
        hidden=whole(described.get("intermediate_size", 3072), "intermediate_size", folder),
        block="siglip",
        position="learned",
        table=(side, side),
        bias=True,
        patch_norm=False,
        eps=fraction(described.get("layer_norm_eps", SIGLIP_EPS), "layer_norm_eps", folder / CONFIG),
    )


def _weights(found: Weights, config: EncoderConfig, folder: Path) -> Weights:
    weights = {our: take(found, their, folder) for our, their in renamed(BOTH, config.depth).items()}
    for block in range(config.depth):
        for part in ("weight", "bias"):
            names = [f"encoder.layers.{block}.self_attn.{name}_proj.{part}" for name in PARTS]
            weights[f"blocks.{block}.attention.qkv.{part}"] = fused([take(found, name, folder) for name in names])
    patches = take(found, "embeddings.patch_embedding.weight", folder)
    weights["patch_embed.weight"] = to_linear(patches) if patches.dim() == 4 else patches
    weights["patch_embed.bias"] = take(found, "embeddings.patch_embedding.bias", folder)
    weights["positions.weight"] = take(found, "embeddings.position_embedding.weight", folder)
    refuse_left(found, OTHER_USES, folder)
    return weights


def _refuse_foreign(encoder: VisionEncoder) -> None:
    config = encoder.config
    if config.block != "siglip" or config.rotary or config.position != "learned" or config.table[0] != config.table[1]:
        raise ValueError(
            "transformers' SigLIP classes have no place for this encoder's parts (its blocks are AIMv2's, or its "
            "positions are not a square table); save_pretrained() keeps it as it is"
        )


def _theirs(encoder: VisionEncoder) -> Weights:
    """Weights under transformers' names, but for the patch embedding, which the two classes store differently."""
    ours = {name: tensor.detach().cpu() for name, tensor in encoder.state_dict().items()}
    depth = encoder.config.depth
    theirs = {PREFIX + their: ours[our] for our, their in renamed(BOTH, depth).items()}
    for block in range(depth):
        for part in ("weight", "bias"):
            name = f"{PREFIX}encoder.layers.{block}.self_attn.{{}}_proj.{part}"
            theirs |= apart(ours[f"blocks.{block}.attention.qkv.{part}"], name)
    theirs[f"{PREFIX}embeddings.patch_embedding.bias"] = ours["patch_embed.bias"]
    theirs[f"{PREFIX}embeddings.position_embedding.weight"] = ours["positions.weight"]
    return theirs


def _description(encoder: VisionEncoder) -> dict[str, Any]:
    config = encoder.config
    return {
        "hidden_size": config.dim,
        "intermediate_size": config.hidden,
        "num_hidden_layers": config.depth,
        "num_attention_heads": config.heads,
        "num_channels": 3,
        "patch_size": config.patch,
        "hidden_act": GELU_NAMES[0],
        "layer_norm_eps": config.eps,
        "attention_dropout": 0.0,
        "vision_use_head": False,
    }
