"""Two processes that share a step's samples come to the gradients of one that has them all."""

from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

from fabeye.model import DecoderConfig, EncoderConfig, PretrainConfig, PretrainModel, pack, pack_text
from fabeye.objectives.aimv2 import aimv2_losses

PATCH, ALPHA, FLOOR, RANKS = 4, 0.4, 0.01, 2
SIZES = [(2, 3), (1, 1), (4, 2), (1, 5)]
TEXTS = [[5, 6, 7, 2], [2], [9, 2], [4, 4, 4]]
PREFIXES = [2, 1, 5, 1]
SHARES = [slice(0, 1), slice(1, 4)]  # unequal, as token budgets make them


def gradient(part: slice, ranks: int) -> torch.Tensor:
    """Of the global sums over the global counts, as every process holds it after a step."""
    torch.manual_seed(0)
    encoder = EncoderConfig(patch=PATCH, dim=16, depth=1, heads=2)
    decoder = DecoderConfig(dim=16, depth=2, heads=2, patch=PATCH, vocabulary=20, max_text=6)
    model = PretrainModel(PretrainConfig(encoder=encoder, decoder=decoder)).double()
    generator = torch.Generator().manual_seed(1)
    images = [torch.randn(3, PATCH * h, PATCH * w, generator=generator, dtype=torch.float64) for h, w in SIZES]
    sums = aimv2_losses(model, pack(images[part], PATCH), pack_text(TEXTS[part], bos=1), PREFIXES[part], FLOOR)
    counts = torch.tensor([sums.tokens, sums.patches])
    if ranks > 1:
        dist.all_reduce(counts)
    (sums.text / counts[0] + ALPHA * sums.image / counts[1]).backward()
    flat = torch.cat([weight.grad.flatten() for weight in model.parameters() if weight.grad is not None])
    if ranks > 1:
        dist.all_reduce(flat)
    return flat


def work(rank: int, folder: str) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=RANKS)
    torch.save(gradient(SHARES[rank], RANKS), f"{folder}/{rank}.pt")
    dist.destroy_process_group()


def test_two_processes_have_the_gradients_of_one(tmp_path: Path) -> None:
    whole = gradient(slice(None), 1)
    mp.spawn(work, args=(str(tmp_path),), nprocs=RANKS)
    for rank in range(RANKS):
        shared = torch.load(tmp_path / f"{rank}.pt", weights_only=True)
        torch.testing.assert_close(shared, whole, rtol=1e-4, atol=1e-7)
    assert whole.abs().max() > 1e-3
