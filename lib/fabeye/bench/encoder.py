"""Our encoder beside transformers' own, of the same size, on the same pictures.

Notable:
- Both are timed in turn, A B A B ..., and the median of the pairwise ratios is given: on a noisy machine the ratio
  holds when the seconds do not.
"""

import statistics

import torch

from fabeye.bench.timing import RUNS, seconds
from fabeye.model import EncoderConfig, VisionEncoder
from fabeye.model.blocks import swiglu_width
from fabeye.settings import Settings

IMAGES = 16  # of 256 patches, in one training step of the encoder
SIDE = 224  # pixels


def measure_encoder(settings: Settings) -> dict[str, float]:
    """Forward and backward of our encoder and of transformers' Aimv2VisionModel, same size, same images, fp32."""
    size = settings.pretrain.encoder
    ours = VisionEncoder(EncoderConfig(patch=settings.pretrain.patch, **size.model_dump()))
    theirs = transformers_encoder(settings)
    images = torch.randn(IMAGES, 3, SIDE, SIDE)
    pairs = [
        (
            seconds(lambda: ours(list(images)).tokens_TE.square().mean().backward(), runs=1),
            seconds(lambda: theirs(images).last_hidden_state.square().mean().backward(), runs=1),
        )
        for _ in range(RUNS)
    ]
    return {
        "images_per_s": IMAGES / statistics.median(mine for mine, _ in pairs),
        "transformers_images_per_s": IMAGES / statistics.median(other for _, other in pairs),
        "ratio": statistics.median(other / mine for mine, other in pairs),
    }


def transformers_encoder(settings: Settings) -> torch.nn.Module:
    """transformers' AIMv2 of our size, hidden width of the feed-forward included, with random weights."""
    from transformers import Aimv2VisionConfig, Aimv2VisionModel

    size = settings.pretrain.encoder
    return Aimv2VisionModel(
        Aimv2VisionConfig(
            hidden_size=size.dim,
            intermediate_size=swiglu_width(size.dim),
            num_hidden_layers=size.depth,
            num_attention_heads=size.heads,
            image_size=SIDE,
            patch_size=settings.pretrain.patch,
            use_head=False,
            is_native=True,
        )
    )
