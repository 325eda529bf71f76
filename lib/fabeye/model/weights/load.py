"""An encoder from whatever folder it came in."""

from pathlib import Path
from typing import Literal

from ..checkpoint import CheckpointError
from ..encoder import VisionEncoder
from .aimv2 import load_aimv2
from .folder import read_description
from .siglip import is_siglip


def load_encoder(folder: Path, block: Literal["siglip", "aimv2"] = "siglip", patch: int = 0) -> VisionEncoder:
    """The encoder of a folder that holds SigLIP, SigLIP 2, AIMv2 or one of ours.

    block: what SigLIP's blocks become; others keep theirs. patch: pixels that it must take, 0 for any; only SigLIP's
    embedding is resized. Raises CheckpointError naming what is wrong.
    """
    if not folder.is_dir():
        raise CheckpointError(f"there is no folder {folder}; put the checkpoint (config.json and safetensors) there")
    if is_siglip(folder):
        return VisionEncoder.from_siglip(folder, block, patch)
    ours = read_description(folder).get("architecture") == VisionEncoder.__name__
    encoder = VisionEncoder.from_pretrained(folder) if ours else load_aimv2(folder)
    if patch not in (0, encoder.config.patch):
        raise CheckpointError(f"{folder} takes patches of {encoder.config.patch} pixels, {patch} are asked for")
    return encoder
