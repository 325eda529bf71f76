"""The card that lies beside a checkpoint: what it is, how it was made, what it is good for."""

from pathlib import Path

from fabeye.model import PretrainConfig
from fabeye.settings import PretrainSettings

from .history import StageSummary

TEXT = """\
# Vision encoder for semiconductor documents, stage {stage}

An AIMv2-style encoder: {encoder.depth} blocks, width {encoder.dim}, {encoder.heads} heads, patches of {encoder.patch}
pixels, positions for any grid. Pre-training model with connector and decoder: {summary.parameters:,} weights.

## Files
- `encoder/`: the encoder alone, `VisionEncoder` as `config.json` and `model.safetensors`
- `model.safetensors`, `config.json`: encoder, connector and decoder, `PretrainModel`

## How it was trained
{samples:,} pairs of a region's picture and its text, in steps of {batch}; pictures scaled down to at most
{side} x {side} pixels' worth of patches. L = L_text + {alpha} * L_img; peak learning rate {lr:g}. Labels come from a
teacher that makes mistakes of its own, and from documents that are partly generated.

| validation loss | before | after |
|---|---|---|
| text, nats a token | {summary.validation_first[text]:.4f} | {summary.validation_last[text]:.4f} |
| image, normalised pixels | {summary.validation_first[image]:.4f} | {summary.validation_last[image]:.4f} |

## Use
Pixels in [0, 1] less 0.5, over 0.5, sides padded with white to multiples of {encoder.patch}
(`fabeye.model.prepare_image`). Meant for lines, cells and captions of standards, analysis reports and process
documents. Not tested on photographs; a small encoder trained for minutes reads short lines, not pages.
"""


def write_card(path: Path, summary: StageSummary, config: PretrainConfig, settings: PretrainSettings) -> None:
    """Write the card."""
    stage = settings.stage(summary.stage)
    text = TEXT.format(
        stage=summary.stage,
        encoder=config.encoder,
        summary=summary,
        samples=stage.samples,
        batch=stage.batch,
        side=stage.side,
        alpha=settings.alpha,
        lr=stage.lr,
    )
    path.write_text(text, encoding="utf-8")
