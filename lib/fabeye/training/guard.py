"""A loss that is no number, or a spike, is not learned from.

Notable:
- Looked at before the weights move, so the weights that the last checkpoint holds are good ones.
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

from composer.core import Callback, State
from composer.loggers import Logger

from fabeye.errors import FabeyeError
from fabeye.settings import GuardSettings
from fabeye.tables import write_json

from .composer_model import ComposerPretrainModel
from .processes import is_first, wait_for_all

NAMED = 8  # samples that a message names


class LossError(FabeyeError):
    """A step whose loss is not to be learned from. step: its number; ids: its samples."""

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
        if not math.isfinite(loss):
            raise LossError("the loss is no number", origin.step, origin.ids)
        if len(self._losses) == self._losses.maxlen and loss > self.settings.spike * statistics.median(self._losses):
            median = statistics.median(self._losses)
            raise LossError(f"the loss jumps to {loss:.3g} from a median of {median:.3g}", origin.step, origin.ids)
        self._losses.append(loss)

    def state_dict(self) -> dict[str, Any]:
        return {"losses": list(self._losses)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._losses = deque(state["losses"], maxlen=self.settings.memory)
