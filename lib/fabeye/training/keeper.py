"""Keeps a stage's plan in step with its training: in the checkpoint, in the learning rate, in what falls due.

Notable:
- The state that is saved is that of the batch that was trained on, not of those that the loader has made ahead.
- Progress from 0 to 1 is the stage's only clock. Whatever depends on how far a stage is asks for it here.
- Samples that were found damaged are named and counted; more of them than a share stops the run.
"""

import math
from typing import Any

from composer.core import Callback, Event, State
from composer.loggers import Logger

from fabeye.shards.batch import Batch
from fabeye.shards.index import ShardsError
from fabeye.shards.loader import TrainLoader
from fabeye.shards.plan import PlanState
from fabeye.shards.store import Damage

DAMAGED = 0.01  # share of a source's samples that may be damaged, one at least; more is no accident


class PlanKeeper(Callback):
    """Where the plan stands, as Composer's checkpoints keep it."""

    def __init__(self, loader: TrainLoader):
        self.loader = loader
        self.progress = self._before = 0.0  # after and before the step under way
        self.damaged: dict[str, dict[int, str]] = {}  # what is wrong with which sample of which source
        self._state = loader.state

    @property
    def state(self) -> PlanState:
        """Where the plan stands after the last whole step."""
        return self._state

    @property
    def finished(self) -> bool:
        """Whether the stage is over."""
        return self.progress >= 1

    def passes(self, times: int) -> bool:
        """Whether the step under way passes one of `times` evenly spaced points, the end among them."""
        return math.floor(self.progress * times) > math.floor(self._before * times)

    def crosses(self, share: float) -> bool:
        """Whether the step under way reaches `share` of the stage, which the one before it had not."""
        return self._before < share <= self.progress

    def after_dataloader(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        origin = _batch(state).origin
        self._before, self.progress = self.progress, origin.progress
        for damage in origin.damage:
            self._note(damage)

    def batch_end(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        after = _batch(state).origin.after
        assert after is not None, "a training batch says where the plan stands"
        self._state = after
        if self.finished:
            state.stop_training()

    def state_dict(self) -> dict[str, Any]:
        return {"plan": self._state.as_dict(), "progress": self.progress, "damaged": self.damaged}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._state = PlanState.from_dict(state["plan"])
        self.progress = state["progress"]
        self.damaged = state["damaged"]
        self.loader.resume(self._state)

    def _note(self, damage: Damage) -> None:
        known = self.damaged.setdefault(damage.source, {})
        if damage.index in known:
            return
        known[damage.index] = str(damage)
        print(f"pretrain: {damage}; another sample stands in for it", flush=True)
        total = self.loader.samples.counts[damage.source]
        if len(known) > max(1, DAMAGED * total):
            raise ShardsError(
                f"{len(known)} of {total:,} samples of {damage.source} are damaged, the last is {damage}; "
                f"run `dvc repro -f shards`, or fetch the shards anew"
            )


def learning_rate(progress: float, warmup: float, final: float) -> float:
    """Share of the peak learning rate: rises in a line over the first `warmup` of a stage, then half a cosine."""
    if progress < warmup:
        return progress / warmup
    return final + (1 - final) * (1 + math.cos(math.pi * (progress - warmup) / (1 - warmup))) / 2


def when_passing(keeper: PlanKeeper, times: int) -> Any:
    """For Composer's save_interval: true after the step that passes one of `times` evenly spaced points."""

    def due(state: State, event: Event) -> bool:  # noqa: ARG001
        return event == Event.BATCH_CHECKPOINT and keeper.passes(times)

    return due


def _batch(state: State) -> Batch:
    return state.batch
