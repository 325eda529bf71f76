"""What a probe asks of an encoder: pictures in, one vector a patch out, whoever the encoder is.

Notable:
- `Features` is a plain function, so the probes know nothing of how an encoder was trained, loaded or packed.
- Beside a trained encoder stand its yardsticks: the same architecture untrained, the bare pixels, and any vision
  encoder of transformers that the user has on disk (safetensors only, no code from the folder is run).

Shapes: C channels, H and W pixels of a picture; N patches of it, D numbers a patch, rows x columns = N.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from fabeye.errors import FabeyeError
from fabeye.model import EncoderConfig, VisionEncoder, pack
from fabeye.model.preprocess import MEAN, STD

BATCH = 8  # pictures encoded at the same time; one of them may have thousands of patches


class FeatureError(FabeyeError):
    """A folder holds no vision encoder that can be compared; the text names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture as an encoder sees it: tokens_ND row by row, grid = (rows, columns)."""

    tokens_ND: Tensor
    grid: tuple[int, int]

    @property
    def mean(self) -> Tensor:
        """The mean token, in fp64 so that its sum does not depend on who else was in the batch."""
        return self.tokens_ND.double().mean(dim=0)


# CHW pictures as model.prepare_image() makes them -> one Seen each
Features = Callable[[Sequence[Tensor]], list[Seen]]


def encoder_features(encoder: VisionEncoder) -> Features:
    """The tokens of one of our encoders."""

    @torch.no_grad()
    def see(images: Sequence[Tensor]) -> list[Seen]:
        seen = []
        for start in range(0, len(images), BATCH):
            output = encoder(images[start : start + BATCH])
            seen += [Seen(*pair) for pair in zip(output.per_image(), output.grids, strict=True)]
        return seen

    return see


def untrained_features(config: EncoderConfig, seed: int) -> Features:
    """The same architecture with its first random weights, drawn from `seed`; torch's own generator is left alone."""
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        return encoder_features(VisionEncoder(config).eval())


def pixel_features(patch: int) -> Features:
    """Each patch's own pixels: what any encoder has to beat."""

    def see(images: Sequence[Tensor]) -> list[Seen]:
        packed = pack(images, patch)
        return [Seen(*pair) for pair in zip(packed.patches_TP.split(packed.lengths), packed.grids, strict=True)]

    return see


def transformers_features(folder: Path) -> Features:
    """A vision encoder that transformers can load from `folder`; each picture is scaled to the size it was made for.

    Colours are normalised as its preprocessor_config.json says, as ours are where there is none. Raises FeatureError
    when the folder holds no encoder, or only pickled weights.
    """
    from transformers import AutoModel

    try:
        model = AutoModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, trust_remote_code=False
        ).eval()
        model = getattr(model, "vision_model", model)
        vision = getattr(model.config, "vision_config", model.config)
        side, patch = int(vision.image_size), int(vision.patch_size)
        colours = _colours(folder)
    except (OSError, ValueError, AttributeError, TypeError, KeyError, RuntimeError) as error:
        raise FeatureError(
            f"{folder} holds no vision encoder to compare with ({error}); give a folder with config.json and "
            "model.safetensors of a vision model"
        ) from error
    return _fixed_size_features(model, side, side // patch, *colours)


def _colours(folder: Path) -> tuple[Tensor, Tensor]:
    """Mean and deviation of each colour that an encoder was trained with, (3, 1, 1)."""
    path = folder / "preprocessor_config.json"
    said = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    mean, std = said.get("image_mean", [MEAN] * 3), said.get("image_std", [STD] * 3)
    return torch.tensor(mean, dtype=torch.float32).view(3, 1, 1), torch.tensor(std, dtype=torch.float32).view(3, 1, 1)


def _fixed_size_features(model: Any, side: int, cells: int, mean: Tensor, std: Tensor) -> Features:
    @torch.no_grad()
    def see(images: Sequence[Tensor]) -> list[Seen]:
        seen = []
        for image in images:
            scaled = F.interpolate(image[None] * STD + MEAN, size=(side, side), mode="bicubic", antialias=True)
            tokens = model(pixel_values=(scaled.clamp(0, 1) - mean) / std).last_hidden_state[0]
            seen.append(Seen(tokens[-cells * cells :], (cells, cells)))  # a class token, where there is one, is first
        return seen

    return see
