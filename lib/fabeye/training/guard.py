"""A loss that is no number, or a spike, is not learned from.

Notable:
- Looked at before the weights move, gradients too, so the weights that the last checkpoint holds are good ones.
- Such a step is written down by its number and its samples, the stage goes back to its last checkpoint and leaves the
  step out; after so many returns it stops and names the samples.
- The steps left out are a file of the run, so that a killed run leaves them out again.
"""

import json
import math
import statistics
from collections import deque
from pathlib import Path
from typing import Any

import torch
from composer.core import Callback, State
from composer.loggers import Logger
from composer.utils import dist

from fabeye.errors import FabeyeError
from fabeye.settings import GuardSettings
from fabeye.tables import write_json

from .composer_model import ComposerPretrainModel
from .processes import is_first, wait_for_all
from .sharding import own_part

NAMED = 8  # samples that a message names


class LossError(FabeyeError):
    """A step that is not to be learned from. step: its number; ids: its samples, of all processes."""

    def __init__(self, what: str, step: int, ids: tuple[str, ...]):
        more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
        super().__init__(f"{what} in step {step}, whose samples are {', '.join(ids[:NAMED])}{more}")
        self.step, self.ids = step, ids


class LeftOut:
    """Steps of a run that nothing is learned from, on disk with their samples."""

    def __init__(self, path: Path):
        self.path = path
        said: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        self._ids = {int(step): ids for step, ids in said.items()}

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, step: int) -> bool:
        return step in self._ids

    def add(self, error: LossError) -> None:
        """Leave this step out from now on; on disk when this returns."""
        self._ids[error.step] = list(error.ids)
        if is_first():
            write_json(self.path, {str(step): ids for step, ids in sorted(self._ids.items())})
        wait_for_all()


class Guard(Callback):
    """Raises LossError before the weights move."""

    def __init__(self, model: ComposerPretrainModel, settings: GuardSettings, left_out: LeftOut):
        self.model, self.settings, self.left_out = model, settings, left_out
        self._losses: deque[float] = deque(maxlen=settings.memory)

    def after_dataloader(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        self.model.learns = state.batch.origin.step not in self.left_out

    def after_train_batch(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        if not self.model.learns:
            return
        loss, origin = self.model.step_losses().total, state.batch.origin
        if fault := self._fault(loss):
            ids = tuple(one for some in dist.all_gather_object(origin.ids) for one in some)
            raise LossError(fault, origin.step, ids)
        self._losses.append(loss)

    def _fault(self, loss: float) -> str:
        """What is wrong with the step, the same in every process; "" if nothing is."""
        if not math.isfinite(loss):
            return "the loss is no number"
        if not self._gradients_are_numbers():
            return "a gradient is no number"
        if len(self._losses) == self._losses.maxlen and loss > self.settings.spike * statistics.median(self._losses):
            return f"the loss jumps to {loss:.3g} from a median of {statistics.median(self._losses):.3g}"
        return ""

    def _gradients_are_numbers(self) -> bool:
        """A finite loss may have a gradient that is none; clipping spreads it over all weights."""
        norms = torch.nn.utils.get_total_norm(own_part(w.grad) for w in self.model.parameters() if w.grad is not None)
        wrong = (~norms.isfinite()).int()
        dist.all_reduce(wrong, reduce_operation="MAX")
        return not wrong.item()

    def state_dict(self) -> dict[str, Any]:
        return {"losses": list(self._losses)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._losses = deque(state["losses"], maxlen=self.settings.memory)
