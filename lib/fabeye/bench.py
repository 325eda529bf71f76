"""What the stages cost on this machine: `make bench`.

Notable:
- Each figure is the median of several runs after one that is not counted.
- Where there is a peer, both are timed in turn, A B A B ..., and the median of the pairwise ratios is given: on a noisy
  machine the ratio holds when the seconds do not.
"""

import io
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import pypdfium2
import torch
from PIL import Image

from fabeye.model import EncoderConfig, VisionEncoder
from fabeye.model.blocks import swiglu_width
from fabeye.ocr import TextRecogniser
from fabeye.settings import Settings
from fabeye.synthesis.generate import generate_document

RUNS = 5
IMAGES = 16  # of 256 patches, in one training step of the encoder
SIDE = 224  # pixels


def measure(settings: Settings) -> dict[str, Any]:
    """Figures of generator, renderer, teacher and encoder; keys end in their unit."""
    torch.set_num_threads(settings.pretrain.threads)
    document = generate_document("jedec", "en", settings.corpus.seed, 0)
    page = render(document.pdf, settings.corpus.dpi)
    reader = TextRecogniser(settings.parse.threads * settings.parse.workers)
    pages = len(document.pages)
    return {
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}",
        "generator_pages_per_s": pages / seconds(lambda: generate_document("jedec", "en", settings.corpus.seed, 0)),
        "render_pages_per_s": 1 / seconds(lambda: render(document.pdf, settings.corpus.dpi)),
        "teacher_s_per_page": seconds(lambda: reader.read(page)),
        "encoder_step": encoder_beside_transformers(settings),
    }


def encoder_beside_transformers(settings: Settings) -> dict[str, float]:
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


def render(pdf: bytes, dpi: int) -> Image.Image:
    """First page of a PDF as an RGB picture."""
    page = pypdfium2.PdfDocument(io.BytesIO(pdf))[0]
    return page.render(scale=dpi / 72).to_pil().convert("RGB")


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median seconds of `work` after one run that is not counted."""
    work()
    spent = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)
