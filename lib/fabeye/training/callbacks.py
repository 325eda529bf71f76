"""What happens beside the steps: prefixes and counts before each, losses and a status line after it.

Notable:
- Composer's own loggers and progress bars stay off: they count differently in a notebook and flood its output.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace

import torch
from composer.core import Callback, State
from composer.loggers import Logger
from composer.utils import dist

from fabeye.objectives.sums import weigh_targets
from fabeye.progress import Progress
from fabeye.settings import StageSettings
from fabeye.shards.batch import Batch, Totals

from .composer_model import ComposerPretrainModel
from .history import History
from .keeper import PlanKeeper
from .prefixes import keyed_prefixes
from .validation import Losses, validation_losses

STEP_FLOPS = 3  # times those of a forward pass: the backward pass takes twice as many
BEFORE_ALL = -1  # a run killed before its first checkpoint starts anew, its first validation included


class StepTotals(Callback):
    """Draws a step's prefixes and counts what its losses are divided by, before it is split into microbatches.

    anneal: share of the stage in which prefixes shrink from whole pictures.
    """

    def __init__(self, model: ComposerPretrainModel, seed: int, anneal: float):
        self.model, self.seed, self.anneal = model, seed, anneal

    def after_dataloader(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        batch: Batch = state.batch
        lengths = batch.images.lengths
        shrunk = min(1.0, batch.origin.progress / self.anneal) if self.anneal else 1.0
        prefixes = keyed_prefixes(lengths, batch.origin.draws, self.seed, shrunk)
        patches = weigh_targets(batch.images, prefixes, self.model.variance_floor, self.model.blank_weight)
        totals = self._over_processes(len(batch), sum(batch.text.lengths), patches)
        state.batch = replace(batch, prefixes=prefixes, totals=totals)
        self.model.begin_step()

    def _over_processes(self, samples: int, tokens: int, patches: float) -> Totals:
        counts = torch.tensor([samples, tokens, patches], dtype=torch.float64, device=self.model.device)
        dist.all_reduce(counts)
        all_samples, all_tokens, all_patches = counts.tolist()
        return Totals(int(all_samples), int(all_tokens), all_patches)


class Recorder(Callback):
    """Writes the history, validates when it is due, and says how far the run is.

    The stage's validations are evenly spread, the last after the last step; one more comes before the first.
    peak: FLOPs a second of a device, 0 where it is not known. validated: called after each validation.
    """

    def __init__(
        self,
        model: ComposerPretrainModel,
        history: History,
        validation: Iterable[Batch],
        keeper: PlanKeeper,
        stage: StageSettings,
        what: str,
        seed: int,
        peak: float = 0.0,
        validated: Callable[[History], object] = lambda _: None,
    ):
        self.model, self.history, self.validation, self.keeper = model, history, validation, keeper
        self.stage, self.what, self.seed, self.peak = stage, what, seed, peak
        self.validated = validated
        self._lr, self._done, self._start = 0.0, 0, keeper.state
        self._asked = self._waited = self._flops = self.seconds = 0.0
        self._progress: Progress | None = None
        self._validated: Losses | None = None

    def fit_start(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        step, done = state.timestamp.batch.value, state.timestamp.sample.value
        if dist.get_global_rank() == 0:
            self.history.cut(step or BEFORE_ALL)
        what = f"{self.what} from sample {done}" if done else self.what
        self._progress, self._done = Progress(what, self.stage.samples - done), done
        self._start = self.keeper.state
        if step == 0:
            self._validate(0, 0)

    def before_dataloader(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        self._asked = time.perf_counter()

    def after_dataloader(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        self._waited += time.perf_counter() - self._asked

    def batch_start(self, state: State, logger: Logger) -> None:  # noqa: ARG002
        self._lr = state.optimizers[0].param_groups[0]["lr"]
        batch: Batch = state.batch
        assert batch.prefixes is not None, "StepTotals draws the prefixes"
        self._flops += STEP_FLOPS * self.model.model.flops(batch.images.lengths, batch.text.lengths, batch.prefixes)

    def batch_end(self, state: State, logger: Logger) -> None:
        step, done = state.timestamp.batch.value, state.timestamp.sample.value
        losses = self.model.step_losses()
        self.seconds += time.perf_counter() - self._asked  # from asking for the batch until its step is done
        if dist.get_global_rank() == 0:
            self.history.append("train", step, done, losses)
        logger.log_metrics({"train/text": losses.text, "train/image": losses.image, "train/lr": self._lr}, step)
        if self.keeper.passes(self.stage.evaluations):
            said = self._validate(step, done)
            logger.log_metrics({f"validation/{name}": value for name, value in asdict(said).items()}, step)
        self._tell(step, done, losses)

    @property
    def waited(self) -> float:
        """Share of the steps' time that went by waiting for batches, 0 to 1."""
        return self._waited / self.seconds if self.seconds else 0.0

    def _tell(self, step: int, done: int, losses: Losses) -> None:
        assert self._progress is not None
        advanced, before = self._progress.done + done - self._done, self._start.samples
        # where tokens or FLOPs end the stage, how many samples it will have is known by the way so far alone
        self._progress.total = max(advanced, round((before + advanced) / self.keeper.progress) - before)
        self._progress.advance(done - self._done, self._note(step, losses))
        self._done = done

    def _validate(self, step: int, done: int) -> Losses:
        model = self.model
        self._validated = validation_losses(model.model, self.validation, self.stage, model.variance_floor, self.seed)
        if dist.get_global_rank() == 0:
            self.history.append("validation", step, done, self._validated)
            self.validated(self.history)
        return self._validated

    def validate_last(self) -> None:
        """Validate once more in place of the last time, where other weights than the last step's are the result."""
        last = self.history.rows("validation")[-1]
        if dist.get_global_rank() == 0:
            self.history.drop("validation", last.step)
        self._validate(last.step, last.samples)

    def _note(self, step: int, losses: Losses) -> str:
        seen = f", validation {self._validated.text:.3f} / {self._validated.image:.3f}" if self._validated else ""
        used = self._flops / self.seconds  # of this process
        utilisation = f", {100 * used / self.peak:.1f} % of the peak" if self.peak else f", {used / 1e9:.0f} GFLOP/s"
        return (
            f"step {step}, text {losses.text:.3f} / image {losses.image:.3f}{seen}, lr {self._lr:.2e}, "
            f"{(self.keeper.state.tokens - self._start.tokens) / self.seconds:.0f} tokens/s{utilisation}, "
            f"{100 * self.waited:.1f} % waiting for data"
        )
