"""Encoder, connector and decoder together: what pre-training trains, and what can read a region.

Shapes: T patches of all images, K of them that foretell the next, S text tokens of all samples, E width of the decoder,
V vocabulary.
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
    """Hidden states of the decoder: image_KE foretells the next patch, text_SE the next token."""

    image_KE: Tensor
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
        rows_K: Tensor | None = None,
    ) -> PretrainOutput:
        """Hidden states for both heads; `prefix` as in VisionEncoder, `rows_K` as in TextImageDecoder.

        Raises ValueError as they do.
        """
        image_TE = self.connector(self.encoder(images, prefix).tokens_TE)
        return PretrainOutput(*self.decoder(image_TE, images.lengths, text_S, text_lengths, rows_K))

    def flops(self, image_lengths: Sequence[int], text_lengths: Sequence[int], prefix: Sequence[int]) -> int:
        """Multiply-adds times two of one forward pass with AIMv2's objective; a training step costs three times it."""
        foretold = sum(image_lengths) - sum(prefix)
        connector = 2 * sum(image_lengths) * self.config.encoder.dim * self.config.decoder.dim
        decoder = self.decoder.flops(image_lengths, text_lengths, foretold)
        return self.encoder.flops(image_lengths, prefix) + connector + decoder
