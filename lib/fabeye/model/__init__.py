"""The vision encoder and its pre-training decoder: plain PyTorch that imports nothing of this project."""

from .checkpoint import CheckpointError, from_pretrained, save_pretrained
from .decoder import DecoderConfig, TextImageDecoder
from .encoder import EncoderConfig, EncoderOutput, VisionEncoder
from .generation import generate
from .packing import PackedImages, PackedText, pack, pack_text
from .preprocess import prepare_image
from .pretrain import PretrainConfig, PretrainModel, PretrainOutput

__all__ = [
    "CheckpointError",
    "DecoderConfig",
    "EncoderConfig",
    "EncoderOutput",
    "PackedImages",
    "PackedText",
    "PretrainConfig",
    "PretrainModel",
    "PretrainOutput",
    "TextImageDecoder",
    "VisionEncoder",
    "from_pretrained",
    "generate",
    "pack",
    "pack_text",
    "prepare_image",
    "save_pretrained",
]
