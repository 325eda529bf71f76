"""Weights of other people's encoders, in and out: AIMv2 and SigLIP as transformers or Apple store them."""

from .aimv2 import load_aimv2, save_aimv2
from .convert import resize_patch, to_aimv2_blocks
from .fidelity import LayerFidelity, compare_layers
from .load import load_encoder
from .siglip import is_siglip, load_siglip, save_siglip, save_siglip2

__all__ = [
    "LayerFidelity",
    "compare_layers",
    "is_siglip",
    "load_aimv2",
    "load_encoder",
    "load_siglip",
    "resize_patch",
    "save_aimv2",
    "save_siglip",
    "save_siglip2",
    "to_aimv2_blocks",
]
