"""A small SigLIP of our own, for the question of what starting from one is worth.

Notable:
- Trained as SigLIP is: which text belongs to which picture, told pair by pair with a sigmoid, over each batch.
- On the very pairs that the trials see, so whatever it brings is the objective's doing, not more data's.
- Written in transformers' form and taken in again like anybody's checkpoint: the way a real SigLIP comes in is the
  one that is measured.

Shapes: B pairs, S text tokens of all of them, E width.
Source: Zhai et al., Sigmoid Loss for Language Image Pre-Training, 2023.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from fabeye.model import EncoderConfig, PackedText, VisionEncoder
from fabeye.model.attention import Spans
from fabeye.model.blocks import Block, init_weights, swiglu_width
from fabeye.model.weights import save_siglip2
from fabeye.objectives.contrastive import SIGLIP_BIAS, SIGLIP_SCALE, siglip_loss
from fabeye.progress import Progress
from fabeye.settings import ContrastiveSettings, PretrainSettings
from fabeye.shards.batch import Batch
from fabeye.training.keeper import learning_rate
from fabeye.training.stage_data import StageData

TABLE = (16, 16)  # places of the position table, as SigLIP has for 224 pixels and patches of 14
KEPT = 0.98  # share of the running mean of the loss that each step leaves


class ImageTextPair(nn.Module):
    """An encoder with SigLIP's blocks and a text tower of the same width; both are pooled to their mean."""

    def __init__(self, settings: PretrainSettings, contrastive: ContrastiveSettings, vocabulary: int, max_text: int):
        super().__init__()
        size = settings.encoder
        self.encoder = VisionEncoder(
            EncoderConfig(
                patch=settings.patch,
                **size.model_dump(),
                hidden=swiglu_width(size.dim),
                block="siglip",
                position="learned",
                table=TABLE,
                bias=True,
                patch_norm=False,
                eps=1e-6,
            )
        )
        self.token_embed = nn.Embedding(vocabulary, size.dim)
        self.place_embed = nn.Embedding(max_text, size.dim)
        self.blocks: Sequence[Block] = nn.ModuleList(Block(size.dim, size.heads) for _ in range(contrastive.depth))  # type: ignore[assignment]
        self.norm = nn.RMSNorm(size.dim)
        self.image_head, self.text_head = nn.Linear(size.dim, size.dim), nn.Linear(size.dim, size.dim)
        for part in (self.token_embed, self.place_embed, self.blocks, self.image_head, self.text_head):
            init_weights(part)  # type: ignore[arg-type]
        self.scale = nn.Parameter(torch.tensor(math.log(SIGLIP_SCALE)))
        self.bias = nn.Parameter(torch.tensor(SIGLIP_BIAS))

    def forward(self, batch: Batch) -> Tensor:
        """Mean loss of a picture over all texts of the batch."""
        output = self.encoder(batch.images)
        image_BE = self.image_head(pooled(output.tokens_TE, output.lengths))
        text_BE = self.text_head(pooled(self._read(batch.text), batch.text.lengths))
        return siglip_loss(image_BE, text_BE, self.scale.exp(), self.bias) / len(batch)

    def _read(self, text: PackedText) -> Tensor:
        places_S = torch.cat([torch.arange(length) for length in text.lengths])
        x_SE = self.token_embed(text.targets_S) + self.place_embed(places_S)
        spans = Spans.full(text.lengths, x_SE.device)
        for block in self.blocks:
            x_SE = block(x_SE, spans)
        return self.norm(x_SE)


def train_siglip(
    out: Path, shards: Path, work: Path, stage: str, settings: PretrainSettings, contrastive: ContrastiveSettings
) -> float:
    """Train on a stage's pairs and write the encoder to `out` as transformers' Siglip2VisionModel; the last loss.

    Raises ShardsError as training does. Minutes long and not resumed: killed, it begins anew.
    """
    data = StageData(stage, shards, work, _filled(settings, stage, contrastive))
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    model = ImageTextPair(settings, contrastive, data.tokenizer.vocabulary, data.max_text).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=contrastive.lr, betas=settings.betas, weight_decay=0.0)
    progress, mean = Progress("siglip", contrastive.samples), math.nan
    for batch in data.train():
        for group in optimizer.param_groups:
            group["lr"] = contrastive.lr * learning_rate(batch.origin.progress, settings.warmup, settings.final_lr)
        loss = model(batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
        optimizer.step()
        mean = loss.item() if math.isnan(mean) else KEPT * mean + (1 - KEPT) * loss.item()
        progress.advance(len(batch), f"loss {mean:.3f}")
    save_siglip2(model.encoder.eval(), out)
    return mean


def pooled(tokens_TE: Tensor, lengths: Sequence[int]) -> Tensor:
    """The mean of each sequence's tokens, (B, E)."""
    return torch.stack([tokens.mean(dim=0) for tokens in tokens_TE.split(list(lengths))])


def _filled(settings: PretrainSettings, stage: str, contrastive: ContrastiveSettings) -> PretrainSettings:
    """The stage with the batches and the length of contrastive training."""
    changes = {
        "samples": contrastive.samples,
        "batch": contrastive.batch,
        "tokens": 1 << 30,
        "most_flops": 0,
        "most_tokens": 0,
    }
    return settings.model_copy(update={stage: settings.stage(stage).model_copy(update=changes)})
