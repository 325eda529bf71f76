"""The decoder of pre-training: one causal transformer that goes on with patches and with text.

Notable:
- Each sample is a sequence [its image's tokens | <bos> its text]; samples are packed, attention is causal.
- Image tokens get no further position, they carry the encoder's; text tokens get a learned one.
- Two untied heads: pixels of the next patch, id of the next token. They are called by the objective on the rows it
  needs, so that no row is projected in vain; nor does the last block's MLP see an image token that foretells nothing.

Shapes: T image tokens, K of them that foretell a patch, S text tokens of all samples, L = T + S, E width, V vocabulary,
P numbers of a patch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .attention import Spans, visible_pairs
from .blocks import NORM_EPS, Block, init_weights, run_block, swiglu_width
from .packing import CHANNELS


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderConfig:
    """Size of a decoder: width, blocks, heads; patch in pixels; tokens it knows; longest text in tokens, <bos> too."""

    dim: int
    depth: int
    heads: int
    patch: int
    vocabulary: int
    max_text: int


class TextImageDecoder(nn.Module):
    """Goes on with a sequence of image tokens and text. recompute: as VisionEncoder's."""

    recompute: bool = False

    def __init__(self, config: DecoderConfig):
        super().__init__()
        self.config = config
        self.token_embed = nn.Embedding(config.vocabulary, config.dim)
        self.text_pos_embed = nn.Embedding(config.max_text, config.dim)
        self.blocks: Sequence[Block] = nn.ModuleList(Block(config.dim, config.heads) for _ in range(config.depth))  # type: ignore[assignment]
        self.norm = nn.RMSNorm(config.dim, eps=NORM_EPS)
        self.text_head = nn.Linear(config.dim, config.vocabulary, bias=False)
        self.pixel_head = nn.Linear(config.dim, CHANNELS * config.patch**2, bias=False)
        init_weights(self)

    def forward(
        self,
        image_TE: Tensor,
        image_lengths: Sequence[int],
        text_S: Tensor,
        text_lengths: Sequence[int],
        rows_K: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Last hidden state of the image tokens `rows_K`, (K, E), and of every text token (S, E), ready for the heads.

        rows_K: rows of image_TE, all of them where it is None. Raises ValueError when a text is longer than the
        positions the decoder has learned.
        """
        if max(text_lengths) > self.config.max_text:
            raise ValueError(f"a text of {max(text_lengths)} tokens; this decoder takes {self.config.max_text}")
        places_S = torch.cat([torch.arange(length, device=text_S.device) for length in text_lengths])
        text_SE = self.token_embed(text_S) + self.text_pos_embed(places_S)
        order_L = _interleaved(image_lengths, text_lengths, text_S.device)
        x_LE = torch.cat([image_TE, text_SE]).index_select(0, order_L)
        lengths = [image + text for image, text in zip(image_lengths, text_lengths, strict=True)]
        spans = Spans.causal(lengths, text_S.device)
        for block in self.blocks[:-1]:
            x_LE = run_block(block, x_LE, spans, recompute=self.recompute)
        back_L, images = order_L.argsort(), len(image_TE)
        images_K = back_L[:images] if rows_K is None else back_L.index_select(0, rows_K)
        wanted = torch.cat([images_K, back_L[images:]])
        hidden = self.norm(run_block(self.blocks[-1], x_LE, spans, rows_K=wanted, recompute=self.recompute))
        return hidden[: len(images_K)], hidden[len(images_K) :]

    def flops(self, image_lengths: Sequence[int], text_lengths: Sequence[int], foretold: int | None = None) -> int:
        """Multiply-adds times two of one forward pass, both heads included, counted as VisionEncoder.flops() does.

        foretold: patches whose pixels are foretold; every image token goes to the pixel head where it is None.
        """
        config, images, text = self.config, sum(image_lengths), sum(text_lengths)
        rows = images if foretold is None else foretold
        mlp = 3 * config.dim * swiglu_width(config.dim)
        behind = config.dim**2 + mlp  # what a block does behind attention
        linear = (images + text) * config.depth * (3 * config.dim**2 + behind) - (images - rows) * behind
        heads = config.dim * (text * config.vocabulary + rows * CHANNELS * config.patch**2)
        pairs = sum(visible_pairs(i + t, 0) for i, t in zip(image_lengths, text_lengths, strict=True))
        return 2 * (linear + heads + 2 * config.depth * config.dim * pairs)


def _interleaved(image_lengths: Sequence[int], text_lengths: Sequence[int], device: torch.device) -> Tensor:
    """Rows of [all images | all texts] in the order image 1, text 1, image 2, text 2, ..."""
    total = sum(image_lengths)
    images = torch.arange(total, device=device).split(list(image_lengths))
    texts = torch.arange(total, total + sum(text_lengths), device=device).split(list(text_lengths))
    return torch.cat([rows for pair in zip(images, texts, strict=True) for rows in pair])
