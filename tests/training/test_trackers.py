"""Losses reach TensorBoard and MLflow as the history has them."""

from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from fabeye.model import PretrainModel
from fabeye.settings import PretrainSettings
from fabeye.training import trackers
from fabeye.training.fit import fit
from fabeye.training.history import History
from fabeye.training.stage_data import StageData
from fabeye.training.start import model_config
from fabeye.training.trackers import TrackerError


def test_losses_are_tracked(
    corpus_root: Path, tiny: PretrainSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # a folder in place of a server
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "mlflow").as_uri())
    settings = tiny.model_copy(update={"track": ("tensorboard", "mlflow")})
    run = tmp_path / "run"
    fit(PretrainModel(model_config(settings, 300, 64)), StageData("base", corpus_root / "shards", run, settings), run)
    (folder,) = {path.parent for path in (tmp_path / "tensorboard" / "run").rglob("events*")}
    events = EventAccumulator(str(folder)).Reload()
    losses = [row.text for row in History(run / "history.jsonl").rows("train")]
    assert [event.value for event in events.Scalars("train/text")] == pytest.approx(losses)
    assert events.Scalars("validation/total")
    (metric,) = (tmp_path / "mlflow").rglob("metrics/train/text")
    assert [float(line.split()[1]) for line in metric.read_text().splitlines()] == pytest.approx(losses)


def test_a_tracker_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(trackers, "find_spec", {}.get)
    with pytest.raises(TrackerError, match="uv sync --group tracking"):
        trackers.trackers(("tensorboard",), tmp_path)
    assert trackers.trackers((), tmp_path) == []


def test_a_server_must_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(TrackerError, match="MLFLOW_TRACKING_URI"):
        trackers.trackers(("mlflow",), tmp_path)
