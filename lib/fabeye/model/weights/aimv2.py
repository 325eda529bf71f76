"""AIMv2's encoder, in and out: as transformers stores it, and in from Apple's own form.

Notable:
- Both forms hold the same numbers under other names; Apple's fuses queries, keys and values as we do.
- A native checkpoint has no position table; a fixed one has one, and its grid is a square.
- AIMv2 was trained on pixels normalised by other means than ours. Where the folder says which, the difference goes into
  the patch embedding, exactly, so that one way of preparing pictures serves every encoder.

Source: El-Nouby et al. and Fini et al., 2024; transformers 4.57, models/aimv2; apple/ml-aim, aim-v2 (names and shapes).
"""

import math
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..blocks import NORM_EPS
from ..card import ModelCard
from ..checkpoint import CONFIG, CheckpointError
from ..encoder import EncoderConfig, VisionEncoder
from ..packing import CHANNELS
from ..preprocess import MEAN, STD
from .folder import (
    PREPROCESSOR,
    Renaming,
    Weights,
    fill,
    fraction,
    preprocessing,
    read_description,
    read_object,
    read_weights,
    refuse_left,
    renamed,
    take,
    vision_part,
    whole,
    write_folder,
)
from .layout import PARTS, apart, fused, to_convolution, to_linear

MODEL_TYPES = ("aimv2", "aimv2_vision_model")
NORMALISATION = {"image_mean": MEAN, "image_std": STD}  # what a preprocessor's file says of pixels -> what ours are
NATIVE_SIDE = 224  # pixels; what a native checkpoint says of its size, which nothing depends on

TRANSFORMERS: Renaming = [
    ("patch_norm.weight", "embeddings.rms_norm.weight"),
    ("blocks.{}.norm_1.weight", "encoder.layers.{}.rms_norm1.weight"),
    ("blocks.{}.norm_2.weight", "encoder.layers.{}.rms_norm2.weight"),
    ("blocks.{}.attention.proj.weight", "encoder.layers.{}.attention.out_proj.weight"),
    ("blocks.{}.mlp.fc1.weight", "encoder.layers.{}.ffn.gate_proj.weight"),
    ("blocks.{}.mlp.fc3.weight", "encoder.layers.{}.ffn.up_proj.weight"),
    ("blocks.{}.mlp.fc2.weight", "encoder.layers.{}.ffn.down_proj.weight"),
    ("norm.weight", "rms_norm.weight"),
]
APPLE: Renaming = [
    ("patch_norm.weight", "preprocessor.patchifier.norm.weight"),
    ("blocks.{}.norm_1.weight", "trunk.blocks.{}.norm_1.weight"),
    ("blocks.{}.norm_2.weight", "trunk.blocks.{}.norm_2.weight"),
    ("blocks.{}.attention.qkv.weight", "trunk.blocks.{}.attn.qkv.weight"),
    ("blocks.{}.attention.proj.weight", "trunk.blocks.{}.attn.proj.weight"),
    ("blocks.{}.mlp.fc1.weight", "trunk.blocks.{}.mlp.fc1.weight"),
    ("blocks.{}.mlp.fc3.weight", "trunk.blocks.{}.mlp.fc3.weight"),
    ("blocks.{}.mlp.fc2.weight", "trunk.blocks.{}.mlp.fc2.weight"),
    ("norm.weight", "trunk.post_trunk_norm.weight"),
]
OTHER_USES = ("head.", "text_model.", "visual_projection", "text_projection", "logit_scale")


def load_aimv2(folder: Path) -> VisionEncoder:
    """AIMv2's encoder from a folder in Hugging Face's or Apple's form; heads for other uses are passed over.

    Raises CheckpointError naming what is wrong.
    """
    described, found = read_description(folder), read_weights(folder)
    kind = described.get("model_type")
    if kind not in MODEL_TYPES:
        raise CheckpointError(f"{folder} holds a {kind!r}, not an AIMv2 encoder")
    found = {name.removeprefix("vision_model."): tensor for name, tensor in found.items()}
    apple = any(name.startswith("trunk.") for name in found)
    config = _config(vision_part(described), found, folder)
    encoder = VisionEncoder(config)
    weights = _from_apple(found, config, folder) if apple else _from_transformers(found, config, folder)
    fill(encoder, _renormalised(weights, folder), folder)
    return encoder.eval()


def save_aimv2(encoder: VisionEncoder, folder: Path, card: ModelCard | None = None) -> None:
    """Write an encoder with AIMv2's blocks so that transformers' Aimv2VisionModel gives the same features.

    Raises ValueError where that class has no place for a part of it; OSError when the disk is full.
    """
    config = encoder.config
    if config.block != "aimv2" or not config.patch_norm or config.shift or config.rotary or config.bias:
        raise ValueError(
            "transformers' Aimv2VisionModel has no place for this encoder's parts (its blocks are SigLIP's, or were "
            "converted from SigLIP's, or its positions rotate); save_pretrained() keeps it as it is"
        )
    rows, columns = config.table
    if rows != columns:
        raise ValueError(f"transformers' Aimv2VisionModel knows square position tables, not {rows} x {columns}")
    ours = {name: tensor.detach().cpu() for name, tensor in encoder.state_dict().items()}
    theirs = {their: ours[our] for our, their in renamed(TRANSFORMERS, config.depth).items()}
    for block in range(config.depth):
        theirs |= apart(
            ours[f"blocks.{block}.attention.qkv.weight"], f"encoder.layers.{block}.attention.{{}}_proj.weight"
        )
    theirs["embeddings.patch_embed.weight"] = to_convolution(ours["patch_embed.weight"], config.patch)
    theirs["embeddings.patch_embed.bias"] = ours["patch_embed.bias"]
    if config.position == "learned":
        theirs["embeddings.position_embedding.weight"] = ours["positions.weight"]
    side = rows * config.patch or NATIVE_SIDE
    write_folder(folder, encoder, card, _description(encoder, side), theirs, preprocessing("CLIPImageProcessor", side))


def _config(described: dict[str, Any], found: Weights, folder: Path) -> EncoderConfig:
    table = next(
        (found[n] for n in ("embeddings.position_embedding.weight", "preprocessor.pos_embed") if n in found), None
    )
    places = table.shape[-2] if table is not None else 0
    side = math.isqrt(places)
    if side * side != places:
        raise CheckpointError(f"the position table in {folder} has {places} places, which is no square")

    def number(name: str) -> int:
        return whole(described.get(name), name, folder)

    return EncoderConfig(
        patch=number("patch_size"),
        dim=number("hidden_size"),
        depth=number("num_hidden_layers"),
        heads=number("num_attention_heads"),
        hidden=number("intermediate_size"),
        position="learned" if places else "sincos",
        table=(side, side),
        eps=fraction(described.get("rms_norm_eps", NORM_EPS), "rms_norm_eps", folder / CONFIG),
    )


def _from_transformers(found: Weights, config: EncoderConfig, folder: Path) -> Weights:
    weights = {our: take(found, their, folder) for our, their in renamed(TRANSFORMERS, config.depth).items()}
    for block in range(config.depth):
        parts = [take(found, f"encoder.layers.{block}.attention.{name}_proj.weight", folder) for name in PARTS]
        weights[f"blocks.{block}.attention.qkv.weight"] = fused(parts)
    weights |= _patches(found, "embeddings.patch_embed", folder)
    if config.position == "learned":
        weights["positions.weight"] = take(found, "embeddings.position_embedding.weight", folder)
    refuse_left(found, OTHER_USES, folder)
    return weights


def _from_apple(found: Weights, config: EncoderConfig, folder: Path) -> Weights:
    weights = {our: take(found, their, folder) for our, their in renamed(APPLE, config.depth).items()}
    weights |= _patches(found, "preprocessor.patchifier.proj", folder)
    if config.position == "learned":
        weights["positions.weight"] = take(found, "preprocessor.pos_embed", folder)[0]
    refuse_left(found, OTHER_USES, folder)
    return weights


def _patches(found: Weights, name: str, folder: Path) -> Weights:
    convolution = take(found, f"{name}.weight", folder)
    return {"patch_embed.weight": to_linear(convolution), "patch_embed.bias": take(found, f"{name}.bias", folder)}


def _renormalised(weights: Weights, folder: Path) -> Weights:
    """Patch embedding for pixels normalised as ours: theirs are (p - mean) / std, ours (p - MEAN) / STD."""
    path = folder / PREPROCESSOR
    if not path.is_file():
        return weights
    said = read_object(path)
    mean, std = (_of_channels(said.get(key, [ours] * 3), key, path) for key, ours in NORMALISATION.items())
    if not std.all():
        raise CheckpointError(f"{path} says image_std = {said['image_std']}; no part of it may be 0")
    scale_P, offset_P = (
        (value.repeat(weights["patch_embed.weight"].shape[1] // CHANNELS)) for value in (STD / std, (MEAN - mean) / std)
    )
    weight = weights["patch_embed.weight"]
    weights["patch_embed.bias"] = weights["patch_embed.bias"] + weight @ offset_P.to(weight.dtype)
    weights["patch_embed.weight"] = weight * scale_P.to(weight.dtype)
    return weights


def _of_channels(value: object, name: str, path: Path) -> Tensor:
    if not isinstance(value, list) or len(value) != CHANNELS or not all(isinstance(one, int | float) for one in value):
        raise CheckpointError(f"{path} says {name} = {value!r}; a number for each of {CHANNELS} channels is wanted")
    return torch.tensor(value, dtype=torch.float32)


def _description(encoder: VisionEncoder, side: int) -> dict[str, Any]:
    config = encoder.config
    return {
        "architectures": ["Aimv2VisionModel"],
        "model_type": "aimv2_vision_model",
        "hidden_size": config.dim,
        "intermediate_size": config.mlp_width,
        "num_hidden_layers": config.depth,
        "num_attention_heads": config.heads,
        "patch_size": config.patch,
        "image_size": side,
        "rms_norm_eps": config.eps,
        "hidden_act": "silu",
        "qkv_bias": False,
        "mlp_bias": False,
        "use_head": False,
        "is_native": config.position == "sincos",
    }
