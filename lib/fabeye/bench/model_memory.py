"""Peak memory of one training step of a large encoder, in a process of its own: peaks never go down again.

`python -m fabeye.bench.model_memory LAYERS SIDE keep|recompute` prints the two figures as JSON.
"""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import torch

from fabeye.model import PackedImages, VisionEncoder, encoder_config
from fabeye.model.packing import CHANNELS

LAYERS = 16  # of the 24 of AIMv2's large, on both sides: without recomputing, all 24 take 11 GB
WARM_SIDE = 2  # the same of a first step that is not counted
SIDE = 64  # rows and columns of patches: 4,096 of them
KIB_PER_MIB = 1024
STATUS = Path("/proc/self/status")
RESET_PEAK = "5"  # what Linux wants to be told to forget a process's peak memory


def measure_memory(layers: int = LAYERS, side: int = SIDE) -> dict[str, float]:
    """MiB of one step, weights and gradients included, with and without activation checkpointing."""
    kept, recomputed = (_in_process(layers, side, way) for way in ("keep", "recompute"))
    return {
        "layers": layers,
        "tokens": side**2,
        "peak_mib": kept["peak_mib"],
        "recomputing_peak_mib": recomputed["peak_mib"],
        "share": recomputed["peak_mib"] / kept["peak_mib"],
        "share_above_the_idle_model": (recomputed["peak_mib"] - recomputed["idle_mib"])
        / (kept["peak_mib"] - kept["idle_mib"]),
    }


def _in_process(layers: int, side: int, way: str) -> dict[str, float]:
    command = [sys.executable, "-m", __name__, str(layers), str(side), way]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _step(layers: int, side: int, recompute: bool) -> dict[str, float]:
    encoder = VisionEncoder(replace(encoder_config("large"), depth=layers))
    encoder.recompute = recompute
    _train(encoder, WARM_SIDE)  # loads what torch loads late, and makes the gradients
    STATUS.with_name("clear_refs").write_text(RESET_PEAK)
    idle = _peak_mib()
    _train(encoder, side)
    return {"idle_mib": idle, "peak_mib": _peak_mib()}


def _train(encoder: VisionEncoder, side: int) -> None:
    images = PackedImages(torch.randn(side**2, CHANNELS * encoder.config.patch**2), ((side, side),))
    encoder(images, prefix=[side**2 // 2]).tokens_TE.square().mean().backward()


def _peak_mib() -> float:
    """Highest memory of this process since its peak was last reset."""
    (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / KIB_PER_MIB


if __name__ == "__main__":
    print(json.dumps(_step(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "recompute")))
