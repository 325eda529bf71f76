"""What it costs to be killed at any moment: writing checkpoints, and going on from one.

Notable:
- A checkpoint's seconds are those of Composer's own saver, from the call to the file's place under its last name,
  rotation of the older one included. Against them stand the steps of the same training.
- A run is stopped in its middle by an error; going on is timed from the call of fit() to its first step, without
  Python's own start.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from composer.callbacks import CheckpointSaver

from fabeye.bench.stage import stage_data, stage_model
from fabeye.settings import Settings
from fabeye.training import fit
from fabeye.training.composer_model import ComposerPretrainModel
from fabeye.training.stage_data import StageData

STEPS = 20  # of the training; it saves ten times
STOPPED_IN = 11  # step in which the first of two runs ends
SAVING = "_save_checkpoint"  # Composer's method that does the work


def measure_checkpoint(settings: Settings) -> dict[str, float]:
    """Seconds of a checkpoint, of a step and of going on; a checkpoint in steps, and its MB."""
    with TemporaryDirectory(prefix="fabeye-") as name:
        data = stage_data(Path(name), settings, STEPS)
        with _timed_saves() as saves:
            fitted = fit.fit(stage_model(data), data, Path(name) / "whole")
        step = fitted.seconds / STEPS
        resumed = _resume(data, Path(name) / "stopped")
        (last,) = (Path(name) / "whole" / "checkpoints").glob("step*")
        megabytes = last.stat().st_size / 1e6
    return {
        "checkpoint_s": statistics.median(saves),
        "checkpoint_mb": megabytes,
        "step_s": step,
        "checkpoint_in_steps": statistics.median(saves) / step,
        "resume_s": resumed,
    }


@contextmanager
def _timed_saves() -> Iterator[list[float]]:
    """Seconds of every checkpoint that is written meanwhile."""
    save, spent = getattr(CheckpointSaver, SAVING), []

    def timed(*args: object) -> None:
        started = time.perf_counter()
        save(*args)
        spent.append(time.perf_counter() - started)

    with patch.object(CheckpointSaver, SAVING, timed):
        yield spent


class _StopError(Exception):
    """Ends a run as a fault would."""


class _Stopping(ComposerPretrainModel):
    """Stops the training in a step of its middle."""

    begun = 0

    def begin_step(self) -> None:
        """Count the steps."""
        super().begin_step()
        self.begun += 1
        if self.begun == STOPPED_IN:
            raise _StopError


class _Going(ComposerPretrainModel):
    """Stops the training as soon as it goes on."""

    def begin_step(self) -> None:
        """End it."""
        raise _StopError


def _resume(data: StageData, run: Path) -> float:
    with suppress(_StopError):
        fit.fit(stage_model(data), data, run, _Stopping)
    model = stage_model(data)
    started = time.perf_counter()
    with suppress(_StopError):
        fit.fit(model, data, run, _Going)
    return time.perf_counter() - started
