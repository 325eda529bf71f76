"""Weights that are set aside on the way: their running mean, and the branch from which the next stage starts.

Notable:
- The mean is torch's own (AveragedModel); it is part of the checkpoint, so that a resumed run has the same one.
- A branch holds the weights as trained, not their mean: the next stage goes on training them.

Source: starting the next resolution from 95 % of a training, SigLIP 2, section 3.3.
"""

from pathlib import Path
from typing import Any

from composer.core import Callback, State
from composer.loggers import Logger
from composer.utils import dist
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from fabeye.model import PretrainModel, save_pretrained

from .keeper import PlanKeeper
from .sharding import gathered


class RunningMean(Callback):
    """An exponential running mean of the weights; decay: share that is kept at each step."""

    def __init__(self, model: PretrainModel, decay: float):
        self.model = model
        self.mean = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))

    def batch_end(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        self.mean.update_parameters(self.model)

    def use(self) -> None:
        """Put the mean in the place of the weights."""
        self.model.load_state_dict(self.mean.module.state_dict())

    def state_dict(self) -> dict[str, Any]:
        return self.mean.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.mean.load_state_dict(state)


class Branch(Callback):
    """Writes the weights to `folder` after the step in which the stage passes `share` of its way."""

    def __init__(self, model: PretrainModel, keeper: PlanKeeper, share: float, folder: Path):
        self.model, self.keeper, self.share, self.folder = model, keeper, share, folder

    def batch_end(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        if not self.keeper.crosses(self.share):
            return
        model = gathered(self.model)
        if dist.get_global_rank() == 0:
            save_pretrained(model, self.folder)
