"""The pre-training model as Composer trains it, with its objective and its optimizer.

Notable:
- A step's loss is the global sum over the global count. Composer weighs each microbatch by its share of the samples
  and averages over processes, which would bias that; both weights are divided out again here.
- Composer casts to bf16 on GPUs only; the cast is made here, the same on every device.
- Weight decay as AIMv2's: decoupled from the learning rate, none on biases, norms and positions.
"""

from typing import Any

import torch
from composer.models import ComposerModel
from composer.optim import DecoupledAdamW
from composer.utils import dist
from torch import Tensor, nn

from fabeye.model import PretrainModel
from fabeye.objectives.sums import LossSums
from fabeye.settings import PretrainSettings, StageSettings
from fabeye.shards.batch import Batch

from .objective import objective
from .sharding import whole_sum
from .validation import Losses

EPS = 1e-8  # of AdamW
UNDECAYED = ("bias", "norm", "pos_embed", "positions")  # parts of names of weights that do not decay


class ComposerPretrainModel(ComposerModel):
    """PretrainModel with a stage's objective; batches come with their prefixes and totals set.

    learns: False for a step that is left out; its losses and gradients are zero then.
    """

    def __init__(self, model: PretrainModel, settings: PretrainSettings, stage: StageSettings):
        super().__init__()
        self.model = model
        self.alpha, self.variance_floor = stage.alpha, settings.variance_floor
        self.blank_weight, self.bf16 = settings.blank_weight, settings.precision == "bf16"
        self.learns = True
        self._losses = objective(stage.objective, settings.variance_floor, settings.blank_weight)
        self._text = self._image = 0.0  # of the step under way, this process's share
        self._step: Losses | None = None  # of the step under way, once somebody has asked for them

    def forward(self, batch: Batch) -> LossSums:
        """Summed losses of a batch."""
        batch = batch.to(self.device)
        assert batch.prefixes is not None, "StepTotals draws the prefixes"
        if not self.learns:
            return self._nothing()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            return self._losses(self.model, batch.images, batch.text, batch.prefixes)

    def loss(self, outputs: LossSums, batch: Batch, *args: Any, **kwargs: Any) -> Tensor:  # noqa: ARG002
        """This microbatch's share of the step's loss, scaled against what Composer does to it."""
        assert batch.totals is not None, "StepTotals counts the step"
        text = outputs.text / max(batch.totals.tokens, 1)
        image = outputs.image / max(batch.totals.patches, 1)
        self._text += text.item()
        self._image += image.item()
        return (text + self.alpha * image) * batch.totals.samples / len(batch)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.model.parameters()).device

    def _nothing(self) -> LossSums:
        """No losses, of which every weight's gradient is zero."""
        zero = torch.stack([whole_sum(weight) for weight in self.model.parameters()]).sum() * 0.0
        return LossSums(zero, zero, 0, 0.0)

    def begin_step(self) -> None:
        """Forget the losses of the step before."""
        self._text = self._image = 0.0
        self._step = None

    def step_losses(self) -> Losses:
        """Losses of the step over all its microbatches and processes; a collective call, the first time."""
        if self._step is None:
            shares = torch.tensor([self._text, self._image], dtype=torch.float64, device=self.device)
            dist.all_reduce(shares)
            text, image = shares.tolist()
            self._step = Losses.of(text, image, self.alpha)
        return self._step


def make_optimizer(model: nn.Module, lr: float, betas: tuple[float, float], weight_decay: float) -> DecoupledAdamW:
    """AdamW with decoupled decay, in two groups: what decays and what does not."""
    named = list(model.named_parameters())
    groups = [
        {"params": [weight for name, weight in named if not _is_undecayed(name)], "weight_decay": weight_decay},
        {"params": [weight for name, weight in named if _is_undecayed(name)], "weight_decay": 0.0},
    ]
    return DecoupledAdamW(groups, lr=lr, betas=betas, eps=EPS)


def _is_undecayed(name: str) -> bool:
    return any(part in name for part in UNDECAYED)
