"""One training stage inside Composer's Trainer.

Notable:
- Resumes by itself: the same call with the same run folder goes on from its last checkpoint, bit by bit as if it had
  never stopped.
- The loader begins where the checkpoint's plan stands, so Composer has nothing to skip; both end a stage with the step
  in which it reaches its samples.
- Checkpoints in the run folder are read back by the process that wrote them and by nothing else.
"""

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from composer import Trainer
from composer.algorithms import GradientClipping
from composer.core import Callback, DataSpec
from composer.utils import dist
from torch.utils import deterministic

from fabeye.model import PretrainModel
from fabeye.model.blocks import compile_blocks
from fabeye.shards.loader import TrainLoader

from .averages import Branch, RunningMean
from .callbacks import Recorder, StepTotals
from .composer_model import ComposerPretrainModel, make_optimizer
from .guard import Guard, LeftOut
from .history import HISTORY, History
from .keeper import PlanKeeper, learning_rate, when_passing
from .runs import BRANCH, LEFT_OUT
from .sharding import gathered, sharded_blocks
from .stage_data import StageData
from .trackers import trackers

TERA = 1e12
SAVES = 10  # checkpoints of one stage; only the last is kept
VALIDATION_PAIRS = 256  # seen each time, or one a process: few, so that looking costs less than training
FOREVER = f"{1 << 62}ba"  # longer than any stage
LATEST = "latest-rank{rank}.pt"


@dataclass(frozen=True, slots=True)
class Fitted:
    """What came of a stage: the model, its losses, and how many samples were damaged and stood in for.

    model: with whole weights, in the first process at least.
    seconds, waited: spent on steps in this process, validations apart, and the share of them spent waiting for data.
    """

    model: PretrainModel
    history: History
    damaged: int
    seconds: float
    waited: float


def fit(
    model: PretrainModel,
    data: StageData,
    run: Path,
    kind: type[ComposerPretrainModel] = ComposerPretrainModel,
    validated: Callable[[History], object] = lambda _: None,
) -> Fitted:
    """Train `model` on a stage's data, in place or in shares.

    run: the folder to resume from. kind: what Composer makes of the model. validated: called after each validation in
    the first process.

    Raises LossError for a loss that is not to be learned from; ShardsError when there is nothing to train on or to
    validate with, or when too much of it is damaged.
    """
    settings, rank, ranks = data.settings, dist.get_global_rank(), dist.get_world_size()
    model.encoder.recompute = model.decoder.recompute = settings.recompute
    if settings.compile:
        compile_blocks(model)
    wrapped = kind(model, settings, data.stage)
    history = History(run / HISTORY)
    loader, validation = data.train(rank, ranks), data.validation(max(VALIDATION_PAIRS, ranks), rank, ranks)
    keeper = PlanKeeper(loader)
    peak, what = settings.peak_tflops * TERA, f"pretrain {data.name}"
    recorder = Recorder(wrapped, history, validation, keeper, data.stage, what, settings.seed, peak, validated)
    mean = RunningMean(model, settings.ema) if settings.ema else None
    trainer = _trainer(wrapped, data, keeper, [recorder, *([mean] if mean else [])], run)
    # filling new memory with NaN costs time and only unmasks bugs
    deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    try:
        if not keeper.finished:  # a run killed after its last checkpoint has nothing left to train
            trainer.fit()
    finally:
        trainer.close()
    if mean:
        mean.use()
        recorder.validate_last()  # the weights that are published
    damaged = sum(len(indices) for indices in keeper.damaged.values())
    return Fitted(gathered(model), history, damaged, recorder.seconds, recorder.waited)


def quiet() -> None:
    """Silence what Composer and torch warn of on every start and nobody here can change."""
    warnings.filterwarnings("ignore", module=r"(composer|torch|streaming)\..*")


def _trainer(
    wrapped: ComposerPretrainModel,
    data: StageData,
    keeper: PlanKeeper,
    more: list[Callback],
    run: Path,
) -> Trainer:
    settings, stage, checkpoints = data.settings, data.stage, run / "checkpoints"
    guard = Guard(wrapped, settings.guard, LeftOut(run / LEFT_OUT))
    branches = [Branch(wrapped.model, keeper, stage.branch, run / BRANCH)] if stage.branch < 1 else []
    if dist.get_global_rank() == 0:
        _drop_unfinished(checkpoints)
    return Trainer(
        model=wrapped,
        train_dataloader=_data_spec(keeper.loader),
        device_train_microbatch_size=1,  # of no effect: a batch knows its own parts
        optimizers=make_optimizer(wrapped.model, stage.lr, settings.betas, stage.weight_decay),
        schedulers=lambda state, ssr=1.0: learning_rate(keeper.progress, settings.warmup, settings.final_lr),  # noqa: ARG005
        algorithms=[GradientClipping(clipping_type="norm", clipping_threshold=settings.clip)],
        callbacks=[keeper, StepTotals(wrapped, data.seed, stage.anneal), guard, *branches, *more],
        loggers=trackers(settings.track, run),
        max_duration=FOREVER,  # the plan knows when a stage is over
        spin_dataloaders=False,
        parallelism_config={"fsdp": sharded_blocks(wrapped.model)} if settings.fsdp else None,
        device="gpu" if settings.device == "cuda" else "cpu",
        precision="fp32",
        seed=data.seed,
        deterministic_mode=True,
        autoresume=True,
        run_name=run.name,
        save_folder=str(checkpoints),
        save_filename="step{batch}-rank{rank}.pt",
        save_latest_filename=LATEST,
        save_interval=when_passing(keeper, SAVES),
        save_num_checkpoints_to_keep=1,
        progress_bar=False,
        log_to_console=False,
    )


def _data_spec(loader: TrainLoader) -> DataSpec:
    return DataSpec(
        loader,
        split_batch=lambda batch, _: batch.split(batch.origin.parts),
        get_num_samples_in_batch=len,
        get_num_tokens_in_batch=lambda batch: sum(batch.lengths),
    )


def _drop_unfinished(checkpoints: Path) -> None:
    """Remove checkpoints that the link to the latest does not name: a killed process left them half written."""
    latest = {os.path.realpath(link) for link in checkpoints.glob(LATEST.format(rank="*"))}
    for file in checkpoints.glob("step*"):
        if os.path.realpath(file) not in latest:
            file.unlink()
