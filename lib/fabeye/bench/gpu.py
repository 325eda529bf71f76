"""A large encoder's training step on a GPU, packed pictures of many sizes, bf16: the share of what the card can do.

Notable:
- The peak is measured, not read off a data sheet: a large product of bf16 matrices on the same card, in the same run.
- FLOPs are the model's own count; what compiling takes is in the step that is not counted.
- Where there is no GPU, it says so and measures nothing.
"""

import random
from collections.abc import Callable

import torch

from fabeye.bench.timing import seconds
from fabeye.model import EncoderConfig, VisionEncoder, encoder_config, pack
from fabeye.model.blocks import compile_blocks
from fabeye.settings import Settings

SIZE = "large"
IMAGES = 64
SIDES = (16, 40)  # patches a side of a picture, fewest and most
MATRIX = 8192  # rows and columns of the product that stands for the peak
SEED = 5


def measure_gpu(settings: Settings) -> dict[str, object]:  # noqa: ARG001, every subject is given them
    """Tokens a second, TFLOP/s, and their share of the card's measured peak."""
    if not torch.cuda.is_available():
        return {"measured": False, "why": "torch sees no GPU here"}
    said = measure_device(torch.device("cuda"), encoder_config(SIZE), IMAGES, MATRIX)
    return {"measured": True, "card": torch.cuda.get_device_name(), **said}


def measure_device(device: torch.device, config: EncoderConfig, images: int, matrix: int) -> dict[str, float]:
    """The same on any device, of any encoder."""
    one = torch.randn(matrix, matrix, device=device, dtype=torch.bfloat16)
    peak = 2 * matrix**3 / seconds(_finished(lambda: one @ one, device))
    encoder = VisionEncoder(config).to(device)
    if device.type == "cuda":
        compile_blocks(encoder)
    drawn = random.Random(SEED)
    grids = [(drawn.randint(*SIDES), drawn.randint(*SIDES)) for _ in range(images)]
    pictures = [torch.randn(3, rows * config.patch, columns * config.patch) for rows, columns in grids]
    packed = pack(pictures, config.patch).to(device)
    optimizer = torch.optim.AdamW(encoder.parameters(), fused=True)

    def step() -> None:
        optimizer.zero_grad()
        with torch.autocast(device.type, torch.bfloat16):
            encoder(packed).tokens_TE.float().square().mean().backward()
        optimizer.step()

    spent = seconds(_finished(step, device))
    lengths = [rows * columns for rows, columns in grids]
    rate = 3 * encoder.flops(lengths) / spent
    return {
        "tokens_per_s": sum(lengths) / spent,
        "tflops_per_s": rate / 1e12,
        "peak_tflops_per_s": peak / 1e12,
        "share_of_peak": rate / peak,
    }


def _finished(work: Callable[[], object], device: torch.device) -> Callable[[], None]:
    """The same work, over only when the device is done with it."""

    def whole() -> None:
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()

    return whole
