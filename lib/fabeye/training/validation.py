"""Losses over every validation pair, the same before, during and after training.

Notable:
- Prefix lengths depend on the seed and the pair alone, so two validations of the same shards see the same ones.
- A model that was trained on whole pictures is shown whole pictures: prefix attention would be new to it.
- Sums over sums: neither the size of a batch nor the number of processes changes the result.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch

from fabeye.model import PretrainModel
from fabeye.objectives.aimv2 import aimv2_losses
from fabeye.settings import StageSettings
from fabeye.shards.batch import Batch

from .prefixes import keyed_prefixes
from .sharding import share_out

WHOLE_PICTURES = "captioning"  # the objective that shows them


@dataclass(frozen=True, slots=True)
class Losses:
    """Mean losses: text in nats a token, image in squared normalised pixel values, total = text + alpha * image."""

    text: float
    image: float
    total: float

    @classmethod
    def of(cls, text: float, image: float, alpha: float) -> "Losses":
        """Both losses and their weighted sum."""
        return cls(text, image, text + alpha * image)


@torch.no_grad()
def validation_losses(
    model: PretrainModel, batches: Iterable[Batch], stage: StageSettings, variance_floor: float, seed: int
) -> Losses:
    """Mean losses over all batches, pictures shown as in `stage`; the image loss is 0 where no patch is foretold."""
    was_training, device = model.training, next(model.parameters()).device
    model.eval()
    summed = torch.zeros(4, dtype=torch.float64, device=device)  # text, image, tokens, patches
    for batch in batches:
        lengths = batch.images.lengths
        whole = stage.objective == WHOLE_PICTURES
        prefixes = lengths if whole else keyed_prefixes(lengths, batch.origin.draws, seed)
        batch = batch.to(device)
        sums = aimv2_losses(model, batch.images, batch.text, prefixes, variance_floor)
        values = [sums.text.item(), sums.image.item(), sums.tokens, sums.patches]
        summed += torch.tensor(values, dtype=torch.float64, device=device)
    model.train(was_training)
    share_out(model)
    if torch.distributed.is_initialized():
        torch.distributed.all_reduce(summed)  # each process has read its own share of the pairs
    text, image, tokens, patches = summed.tolist()
    return Losses.of(text / max(tokens, 1), image / max(patches, 1), stage.alpha)
