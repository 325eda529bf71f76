"""What our model is measured against: transformers' encoders, and a decoder as one writes it in plain PyTorch.

Shapes: B samples, C channels, H and W pixels, N patches of an image, S text tokens of a sample, L = N + S, E width.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import Aimv2VisionConfig, Aimv2VisionModel, Siglip2VisionConfig, Siglip2VisionModel

from fabeye.model import EncoderConfig, PretrainConfig, pack
from fabeye.model.blocks import NORM_EPS, swiglu_width
from fabeye.model.packing import CHANNELS, to_patches


def aimv2(config: EncoderConfig) -> Aimv2VisionModel:
    """transformers' AIMv2 of our size, with positions for any grid and random weights."""
    return Aimv2VisionModel(
        Aimv2VisionConfig(
            hidden_size=config.dim,
            intermediate_size=config.mlp_width,
            num_hidden_layers=config.depth,
            num_attention_heads=config.heads,
            patch_size=config.patch,
            use_head=False,
            is_native=True,
        )
    )


def naflex(config: EncoderConfig) -> Siglip2VisionModel:
    """transformers' SigLIP 2 for any aspect ratio, as wide and deep, its MLP with as many weights as our SwiGLU."""
    return Siglip2VisionModel(
        Siglip2VisionConfig(
            hidden_size=config.dim,
            intermediate_size=config.mlp_width * 3 // 2,
            num_hidden_layers=config.depth,
            num_attention_heads=config.heads,
            patch_size=config.patch,
            num_patches=256,
            vision_use_head=False,
        )
    )


def naflex_tokens(model: Siglip2VisionModel, images: Sequence[Tensor], patch: int) -> Tensor:
    """Features of the real tokens of images padded to the longest of them, (T, E)."""
    packed = pack(images, patch)
    padded = nn.utils.rnn.pad_sequence(list(packed.patches_TP.split(packed.lengths)), batch_first=True)
    real = torch.arange(padded.shape[1]) < torch.tensor(packed.lengths)[:, None]
    return model(padded, real.long(), torch.tensor(packed.grids)).last_hidden_state[real]


class PlainPretrain(nn.Module):
    """AIMv2's objective on images of one size: transformers' encoder, then a decoder without any trick."""

    def __init__(self, config: PretrainConfig):
        super().__init__()
        decoder = config.decoder
        self.patch = decoder.patch
        self.encoder = aimv2(config.encoder)
        self.connector = nn.Linear(config.encoder.dim, decoder.dim)
        self.tokens = nn.Embedding(decoder.vocabulary, decoder.dim)
        self.places = nn.Embedding(decoder.max_text, decoder.dim)
        self.blocks = nn.ModuleList(PlainBlock(decoder.dim, decoder.heads) for _ in range(decoder.depth))
        self.norm = nn.RMSNorm(decoder.dim, eps=NORM_EPS)
        self.text_head = nn.Linear(decoder.dim, decoder.vocabulary, bias=False)
        self.pixel_head = nn.Linear(decoder.dim, CHANNELS * decoder.patch**2, bias=False)

    def forward(
        self, images_BCHW: Tensor, text_BS: Tensor, targets_BS: Tensor, prefix_B: Tensor, floor: float, alpha: float
    ) -> Tensor:
        """The loss. The encoder sees whole images: its own forward() takes no mask, which makes it the faster."""
        features_BNE = self.encoder(images_BCHW).last_hidden_state
        patches = features_BNE.shape[1]
        x_BLE = torch.cat(
            [self.connector(features_BNE), self.tokens(text_BS) + self.places.weight[: text_BS.shape[1]]], dim=1
        )
        for block in self.blocks:
            x_BLE = block(x_BLE)
        x_BLE = self.norm(x_BLE)
        text = F.cross_entropy(self.text_head(x_BLE[:, patches:]).flatten(0, 1).float(), targets_BS.flatten())
        wanted = to_patches(images_BCHW, self.patch).view(len(images_BCHW), patches, -1)
        wanted = (wanted - wanted.mean(-1, keepdim=True)) / (wanted.var(-1, correction=0, keepdim=True) + floor).sqrt()
        foretold = self.pixel_head(x_BLE[:, : patches - 1]).float()
        errors_BN = (foretold - wanted[:, 1:]).square().mean(-1)
        counted_BN = torch.arange(1, patches) >= prefix_B[:, None]
        return text + alpha * (errors_BN * counted_BN).sum() / counted_BN.sum()


class PlainBlock(nn.Module):
    """Causal attention on padded batches, queries, keys and values from a projection each, SwiGLU."""

    def __init__(self, dim: int, heads: int):
        super().__init__()
        hidden = swiglu_width(dim)
        self.heads = heads
        self.norm_1, self.norm_2 = nn.RMSNorm(dim, eps=NORM_EPS), nn.RMSNorm(dim, eps=NORM_EPS)
        self.query, self.key, self.value, self.out = (nn.Linear(dim, dim, bias=False) for _ in range(4))
        self.gate, self.up = nn.Linear(dim, hidden, bias=False), nn.Linear(dim, hidden, bias=False)
        self.down = nn.Linear(hidden, dim, bias=False)

    def forward(self, x_BLE: Tensor) -> Tensor:
        normed = self.norm_1(x_BLE)
        q, k, v = (
            part(normed).unflatten(2, (self.heads, -1)).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
        x_BLE = x_BLE + self.out(seen)
        normed = self.norm_2(x_BLE)
        return x_BLE + self.down(F.silu(self.gate(normed)) * self.up(normed))
