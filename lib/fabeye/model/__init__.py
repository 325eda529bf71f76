"""The vision encoder and its pre-training decoder: plain PyTorch that imports nothing of this project."""

from .card import ModelCard
from .checkpoint import CheckpointError, from_pretrained, save_pretrained
from .connector import Connector, ConnectorConfig, ConnectorOutput
from .decoder import DecoderConfig, TextImageDecoder
from .encoder import EncoderConfig, EncoderOutput, VisionEncoder
from .generation import generate
from .multimodal import VisionLanguageModel
from .onnx import ExportError
from .packing import PackedImages, PackedText, pack, pack_text
from .preprocess import prepare_image
from .pretrain import PretrainConfig, PretrainModel, PretrainOutput
from .sizes import encoder_config

__all__ = [
    "CheckpointError",
    "Connector",
    "ConnectorConfig",
    "ConnectorOutput",
    "DecoderConfig",
    "EncoderConfig",
    "EncoderOutput",
    "ExportError",
    "ModelCard",
    "PackedImages",
    "PackedText",
    "PretrainConfig",
    "PretrainModel",
    "PretrainOutput",
    "TextImageDecoder",
    "VisionEncoder",
    "VisionLanguageModel",
    "encoder_config",
    "from_pretrained",
    "generate",
    "pack",
    "pack_text",
    "prepare_image",
    "save_pretrained",
]
