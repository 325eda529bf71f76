"""One training stage inside Composer's Trainer.

Notable:
- Resumes by itself: the same call with the same work folder goes on from its last checkpoint, bit by bit as if it had
  never stopped.
- The stage is one epoch of the loader, so Composer's clock, Streaming's position and ours agree.
- Checkpoints in the work folder are read back by the process that wrote them and by nothing else.
"""

import math
import os
import warnings
from dataclasses import dataclass
from pathlib import Path

from composer import Trainer
from composer.algorithms import GradientClipping
from composer.core import DataSpec
from composer.optim import CosineAnnealingWithWarmupScheduler
from torch.utils import deterministic

from fabeye.model import PretrainModel
from fabeye.settings import STAGES, PretrainSettings, StageSettings
from fabeye.shards.dataset import Batch, Collator, train_loader, validation_loader

from .callbacks import Recorder, StepTotals
from .composer_model import ComposerPretrainModel, make_optimizer
from .history import History

SAVES = 10  # checkpoints of one stage; only the last is kept
VALIDATION_PAIRS = 256  # seen each time at most, so that looking does not cost more than training
LATEST = "latest-rank{rank}.pt"
GPU_WORKERS = 8  # loader processes beside a GPU; on the CPU the trainer itself needs the cores


@dataclass(frozen=True, slots=True)
class StageFiles:
    """Where a stage reads and keeps what it needs: shards, folder for unpacked shards, folder to resume from."""

    shards: Path
    unpacked: Path
    run: Path


def fit(
    model: PretrainModel,
    name: str,
    files: StageFiles,
    collator: Collator,
    settings: PretrainSettings,
    weight_decay: float,
) -> History:
    """Train `model` in place for the stage `name`; returns its losses.

    Raises ShardsError when there is nothing to train on or to validate with.
    """
    stage = settings.stage(name)
    steps = math.ceil(stage.samples / stage.batch)
    wrapped = ComposerPretrainModel(model, settings.alpha, settings.variance_floor)
    history = History(files.run / "history.jsonl")
    validation = validation_loader(files.shards, files.unpacked, collator, stage.batch, VALIDATION_PAIRS)
    recorder = Recorder(
        wrapped, history, validation, _due(steps, stage.evaluations), stage.samples, f"pretrain {name}", settings.seed
    )
    trainer = _trainer(wrapped, recorder, name, files, collator, settings, weight_decay)
    # filling new memory with NaN costs time and only unmasks bugs
    deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    if trainer.state.timestamp.batch < steps:  # a run killed after its last checkpoint has nothing left to train
        trainer.fit()
    trainer.close()
    return history


def _trainer(
    wrapped: ComposerPretrainModel,
    recorder: Recorder,
    name: str,
    files: StageFiles,
    collator: Collator,
    settings: PretrainSettings,
    weight_decay: float,
) -> Trainer:
    stage = settings.stage(name)
    steps = math.ceil(stage.samples / stage.batch)
    checkpoints = files.run / "checkpoints"
    order = settings.seed + STAGES.index(name)  # a later stage sees the pairs in another order than the one before it
    _drop_unfinished(checkpoints)
    return Trainer(
        model=wrapped,
        train_dataloader=_train_data(files, collator, stage, order, settings),
        optimizers=make_optimizer(wrapped.model, stage.lr, settings.betas, weight_decay),
        schedulers=_schedule(steps, settings),
        algorithms=[GradientClipping(clipping_type="norm", clipping_threshold=settings.clip)],
        callbacks=[StepTotals(wrapped, order), recorder],
        max_duration=f"{steps}ba",
        device="gpu" if settings.device == "cuda" else "cpu",
        precision="fp32",
        seed=order,
        deterministic_mode=True,
        autoresume=True,
        run_name=files.run.name,
        save_folder=str(checkpoints),
        save_filename="step{batch}-rank{rank}.pt",
        save_latest_filename=LATEST,
        save_interval=f"{max(1, steps // SAVES)}ba",
        save_num_checkpoints_to_keep=1,
        progress_bar=False,
        log_to_console=False,
    )


def quiet() -> None:
    """Silence what Composer and torch warn of on every start and nobody here can change."""
    warnings.filterwarnings("ignore", module=r"(composer|torch|streaming)\..*")


def _train_data(
    files: StageFiles, collator: Collator, stage: StageSettings, order: int, settings: PretrainSettings
) -> DataSpec:
    workers = GPU_WORKERS if settings.device == "cuda" else 0
    loader = train_loader(files.shards, files.unpacked, collator, stage.batch, stage.samples, order, workers=workers)
    return DataSpec(
        loader,
        split_batch=lambda batch, size: batch.split(int(size)),
        get_num_samples_in_batch=len,
        get_num_tokens_in_batch=_tokens,
    )


def _tokens(batch: Batch) -> int:
    return sum(batch.images.lengths) + sum(batch.text.lengths)


def _schedule(steps: int, settings: PretrainSettings) -> CosineAnnealingWithWarmupScheduler:
    warmup = round(settings.warmup * steps)
    return CosineAnnealingWithWarmupScheduler(t_warmup=f"{warmup}ba", alpha_f=settings.final_lr)


def _due(steps: int, evaluations: int) -> frozenset[int]:
    """Steps after which to validate: `evaluations` of them, evenly spread, the last step always among them."""
    return frozenset(max(1, round(steps * part / evaluations)) for part in range(1, evaluations + 1))


def _drop_unfinished(checkpoints: Path) -> None:
    """Remove checkpoints that the link to the latest does not name: a killed process left them half written."""
    latest = {os.path.realpath(link) for link in checkpoints.glob(LATEST.format(rank="*"))}
    for file in checkpoints.glob("step*"):
        if os.path.realpath(file) not in latest:
            file.unlink()
