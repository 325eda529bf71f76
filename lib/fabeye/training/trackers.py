"""Where losses go beside a run's own history: TensorBoard's files, or an MLflow server.

Notable:
- TensorBoard's files lie in data/work/tensorboard, where they outlast their run; the MLflow server is the one that
  MLFLOW_TRACKING_URI names, which is MLflow's own variable.
- They are an extra: `uv sync --group tracking` installs them.
"""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from composer.loggers import LoggerDestination, MLFlowLogger, TensorboardLogger

from fabeye.errors import FabeyeError


class TrackerError(FabeyeError):
    """A tracker that was asked for is not installed, or it is not known where its server is."""


def trackers(names: Sequence[str], run: Path) -> list[LoggerDestination]:
    """Composer's loggers by name: tensorboard, mlflow. Raises TrackerError."""
    for name in names:
        if not find_spec(name):
            raise TrackerError(f"pretrain.track names {name}, which is not installed; run `uv sync --group tracking`")
    return [_tracker(name, run) for name in names]


def _tracker(name: str, run: Path) -> LoggerDestination:
    if name == "tensorboard":
        return TensorboardLogger(log_dir=str(run.parent / name / run.name), flush_interval=10)
    uri = os.environ.get("MLFLOW_TRACKING_URI")
    if not uri:
        raise TrackerError("pretrain.track names mlflow and MLFLOW_TRACKING_URI names no server; set it")
    return MLFlowLogger(experiment_name="fabeye", run_name=run.name, tracking_uri=uri, model_registry_uri=uri)
