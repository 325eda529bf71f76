"""What happens beside the steps: prefixes and counts before each, losses and a status line after it.

Notable:
- Prefixes are a function of (seed, step, process), never of a generator that lives on, so a resumed run draws what
  an undisturbed one would have drawn.
- Composer's own loggers and progress bars stay off: they count differently in a notebook and flood its output.
"""

import torch
from composer.core import Callback, State
from composer.loggers import Logger
from composer.utils import dist
from torch.utils.data import DataLoader

from fabeye.objectives.sums import count_targets, draw_prefixes
from fabeye.progress import Progress
from fabeye.shards.dataset import Batch, Totals

from .composer_model import ComposerPretrainModel
from .history import History
from .validation import Losses, validation_losses

BEFORE_ALL = -1  # a run killed before its first checkpoint starts anew, its first validation included
STEPS_PER_SEED = 1 << 32  # steps of one seed before the next seed's begin; no run is that long


class StepTotals(Callback):
    """Draws a step's prefixes and counts what its losses are divided by, before it is split into microbatches."""

    def __init__(self, model: ComposerPretrainModel, seed: int):
        self.model, self.seed = model, seed

    def after_dataloader(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        batch: Batch = state.batch
        step = self.seed * STEPS_PER_SEED + state.timestamp.batch.value
        generator = torch.Generator().manual_seed(step * dist.get_world_size() + dist.get_global_rank())
        lengths = batch.images.lengths
        prefixes = draw_prefixes(lengths, generator)
        totals = _over_processes(len(batch), sum(batch.text.lengths), count_targets(lengths, prefixes))
        state.batch = Batch(batch.images, batch.text, prefixes, totals)
        self.model.begin_step()


class Recorder(Callback):
    """Writes the history, validates when it is due, and says how far the run is.

    due: steps after which to validate; the first validation comes before the first step.
    """

    def __init__(
        self,
        model: ComposerPretrainModel,
        history: History,
        validation: DataLoader,
        due: frozenset[int],
        samples: int,
        what: str,
        seed: int,
    ):
        self.model, self.history, self.validation = model, history, validation
        self.due, self.samples, self.what, self.seed = due, samples, what, seed
        self._lr, self._done = 0.0, 0
        self._progress: Progress | None = None
        self._validated: Losses | None = None

    def fit_start(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        step, done = state.timestamp.batch.value, state.timestamp.sample.value
        self.history.cut(step or BEFORE_ALL)
        what = f"{self.what} from sample {done}" if done else self.what
        self._progress, self._done = Progress(what, self.samples - done), done
        if step == 0:
            self._validate(0, 0)

    def batch_start(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        self._lr = state.optimizers[0].param_groups[0]["lr"]

    def batch_end(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        step, done = state.timestamp.batch.value, state.timestamp.sample.value
        losses = self.model.step_losses()
        if dist.get_global_rank() == 0:
            self.history.append("train", step, done, losses)
        if step in self.due:
            self._validate(step, done)
        assert self._progress is not None
        self._progress.advance(done - self._done, self._note(losses))
        self._done = done

    def _validate(self, step: int, done: int) -> None:
        model = self.model
        self._validated = validation_losses(model.model, self.validation, model.alpha, model.variance_floor, self.seed)
        if dist.get_global_rank() == 0:
            self.history.append("validation", step, done, self._validated)

    def _note(self, losses: Losses) -> str:
        seen = f", validation {self._validated.text:.3f} / {self._validated.image:.3f}" if self._validated else ""
        return f"text {losses.text:.3f} / image {losses.image:.3f}{seen}, lr {self._lr:.2e}"


def _over_processes(samples: int, tokens: int, patches: int) -> Totals:
    """Tokens and patches summed over processes; the samples stand for the mean that Composer takes over processes."""
    counts = torch.tensor([tokens, patches])
    dist.all_reduce(counts)
    return Totals(samples * dist.get_world_size(), *counts.tolist())
