"""Encoder, connector and decoder together: what pre-training trains, and what can read a region.

Shapes: T patches of all images, S text tokens of all samples, E width of the decoder, V vocabulary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from .blocks import init_weights
from .decoder import DecoderConfig, TextImageDecoder
from .encoder import EncoderConfig, VisionEncoder
from .packing import PackedImages


@dataclass(frozen=True, slots=True, kw_only=True)
class PretrainConfig:
    """Sizes of both halves; they agree on the patch."""

    encoder: EncoderConfig
    decoder: DecoderConfig


@dataclass(frozen=True, slots=True)
class PretrainOutput:
    """Hidden states of the decoder: image_TE foretells the next patch, text_SE the next token."""

    image_TE: Tensor
    text_SE: Tensor


class PretrainModel(nn.Module):
    """Reads an image and goes on: patch by patch, then token by token."""

    def __init__(self, config: PretrainConfig):
        super().__init__()
        if config.encoder.patch != config.decoder.patch:
            raise ValueError(
                f"the encoder's patch is {config.encoder.patch} pixels, the decoder's {config.decoder.patch}"
            )
        self.config = config
        self.encoder = VisionEncoder(config.encoder)
        self.connector = nn.Linear(config.encoder.dim, config.decoder.dim)
        self.decoder = TextImageDecoder(config.decoder)
        init_weights(self.connector)

    def forward(
        self,
        images: PackedImages,
        text_S: Tensor,
        text_lengths: Sequence[int],
        prefix: Sequence[int] | None = None,
    ) -> PretrainOutput:
        """Hidden states for both heads; `prefix` as in VisionEncoder. Raises ValueError as encoder and decoder do."""
        image_TE = self.connector(self.encoder(images, prefix).tokens_TE)
        return PretrainOutput(*self.decoder(image_TE, images.lengths, text_S, text_lengths))
