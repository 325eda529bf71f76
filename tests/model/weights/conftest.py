"""Small encoders of transformers' own classes with weights as wide as trained ones."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from transformers import (
    Aimv2VisionConfig,
    Aimv2VisionModel,
    Siglip2VisionConfig,
    Siglip2VisionModel,
    SiglipVisionConfig,
    SiglipVisionModel,
)

SIZE = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 3, "num_attention_heads": 4}
SIDE, PATCH = 56, 14
SIGLIP_PATCH = 16


def shaken(model: nn.Module) -> nn.Module:
    """Every weight moved, norms and biases too: with ones and zeros a mistake would not show."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in model.parameters():
            scale = 0.2 if parameter.dim() == 1 else parameter.shape[-1] ** -0.5
            parameter.add_(torch.randn(parameter.shape, generator=generator) * scale)
    return model.eval()


@pytest.fixture(params=["fixed", "native"])
def aimv2(request: pytest.FixtureRequest) -> Aimv2VisionModel:
    torch.manual_seed(0)
    native = request.param == "native"
    config = Aimv2VisionConfig(**SIZE, image_size=SIDE, patch_size=PATCH, use_head=False, is_native=native)
    return shaken(Aimv2VisionModel(config))


@pytest.fixture
def siglip() -> SiglipVisionModel:
    torch.manual_seed(0)
    return shaken(SiglipVisionModel(SiglipVisionConfig(**SIZE, image_size=64, patch_size=SIGLIP_PATCH)))


@pytest.fixture
def siglip2() -> Siglip2VisionModel:
    torch.manual_seed(0)
    return shaken(Siglip2VisionModel(Siglip2VisionConfig(**SIZE, num_patches=16, patch_size=SIGLIP_PATCH)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "checkpoint"


def picture(height: int, width: int, seed: int = 1) -> Tensor:
    return torch.randn(3, height, width, generator=torch.Generator().manual_seed(seed))
