"""A stage ends with the same bytes however often it is killed on its way."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from fabeye.model import PretrainModel, VisionEncoder, from_pretrained
from fabeye.settings import PretrainSettings
from fabeye.shards.index import ShardsError
from fabeye.training import callbacks, stages
from fabeye.training.callbacks import Recorder
from fabeye.training.fingerprint import CODE, code_digests, fingerprint
from fabeye.training.history import History, StageSummary
from fabeye.training.stages import TrainingError, train_stage
from fabeye.training.start import Start

FILES = (
    "out/model.safetensors",
    "out/config.json",
    "out/training.json",
    "out/README.md",
    "out/encoder/model.safetensors",
    "out/encoder/config.json",
    "out/encoder/README.md",
    "reports/metrics/pretrain_base.json",
    "reports/plots/pretrain_base_train.csv",
    "reports/plots/pretrain_base_validation.csv",
)


def train(root: Path, shards: Path, settings: PretrainSettings, start: Path | None = None) -> StageSummary:
    return train_stage("base", shards, start, root / "out", root / "work", root / "reports", settings)


def contents(root: Path) -> dict[str, bytes]:
    return {name: (root / name).read_bytes() for name in FILES}


def samples_of(root: Path, kind: str) -> list[int]:
    lines = (root / f"reports/plots/pretrain_base_{kind}.csv").read_text().splitlines()
    return [int(line.split(",")[0]) for line in lines[1:]]


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, corpus_root: Path, tiny: PretrainSettings) -> Path:
    root = tmp_path_factory.mktemp("undisturbed")
    train(root, corpus_root / "shards", tiny)
    return root


def test_a_stage_writes_all_that_was_agreed(undisturbed: Path, tiny: PretrainSettings) -> None:
    metrics = json.loads((undisturbed / "reports/metrics/pretrain_base.json").read_text())
    assert set(metrics) == {"samples", "parameters", "damaged", "validation_first", "validation_last"}
    assert set(metrics["validation_first"]) == {"text", "image", "total"}
    assert metrics["samples"] == tiny.base.samples
    assert metrics["validation_last"]["total"] < metrics["validation_first"]["total"]
    assert samples_of(undisturbed, "train") == [4, 8, 12, 16, 20, 24]
    assert samples_of(undisturbed, "validation") == [0, 12, 24]
    model = from_pretrained(PretrainModel, undisturbed / "out")
    encoder = from_pretrained(VisionEncoder, undisturbed / "out" / "encoder")
    assert all(torch.equal(encoder.state_dict()[name], weight) for name, weight in model.encoder.state_dict().items())
    assert os.listdir(undisturbed / "work") == []


@pytest.mark.parametrize("step", [1, 3, 4])
def test_an_interrupted_stage_goes_on_to_the_same_bytes(
    undisturbed: Path,
    corpus_root: Path,
    tiny: PretrainSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    step: int,
) -> None:
    original = Recorder.batch_end

    def interrupted(self: Recorder, state: callbacks.State, logger: callbacks.Logger) -> None:
        original(self, state, logger)
        if state.timestamp.batch.value == step + 1:  # after the loss is written, before the checkpoint is
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "batch_end", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path, corpus_root / "shards", tiny)
    (run,) = (tmp_path / "work").iterdir()
    (run / "checkpoints" / f"step{step + 1}-rank0.pt").write_bytes(b"half written")
    assert not (tmp_path / "out").exists()
    train(tmp_path, corpus_root / "shards", tiny)
    assert f"from sample {4 * step}" in capsys.readouterr().out
    assert contents(tmp_path) == contents(undisturbed)


def test_a_stage_stopped_before_its_first_checkpoint_starts_anew(
    undisturbed: Path, corpus_root: Path, tiny: PretrainSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "batch_start", interrupt)
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path, corpus_root / "shards", tiny)
    train(tmp_path, corpus_root / "shards", tiny)
    assert contents(tmp_path) == contents(undisturbed)


def test_a_stage_stopped_after_its_last_checkpoint_only_publishes(
    undisturbed: Path, corpus_root: Path, tiny: PretrainSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(stages, "stage_card", interrupt)
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path, corpus_root / "shards", tiny)
    train(tmp_path, corpus_root / "shards", tiny)
    assert contents(tmp_path) == contents(undisturbed)


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.slow
def test_a_killed_stage_goes_on_to_the_same_bytes(
    undisturbed: Path, corpus_root: Path, tiny: PretrainSettings, tmp_path: Path
) -> None:
    script = (
        "import sys, pathlib; from fabeye.settings import PretrainSettings;"
        "from fabeye.training.stages import train_stage; root = pathlib.Path(sys.argv[1]);"
        "train_stage('base', pathlib.Path(sys.argv[2]), None, root / 'out', root / 'work', root / 'reports',"
        "PretrainSettings.model_validate_json(sys.argv[3]))"
    )
    settings = tiny.model_copy(update={"base": tiny.base.model_copy(update={"samples": 400})})
    arguments = [sys.executable, "-c", script, str(tmp_path), str(corpus_root / "shards"), settings.model_dump_json()]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(arguments, env=environment)
    history = History(tmp_path / "history.jsonl")
    while process.poll() is None and len(history.rows("train")) < 25:
        history.path = next(iter(tmp_path.glob("work/*/history.jsonl")), history.path)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    subprocess.run(arguments, env=environment, check=True)
    train(undisturbed.with_name("long"), corpus_root / "shards", settings)
    assert contents(tmp_path) == contents(undisturbed.with_name("long"))


def test_a_later_stage_starts_from_the_earlier_weights(
    undisturbed: Path, corpus_root: Path, tiny: PretrainSettings, tmp_path: Path
) -> None:
    args = (corpus_root / "shards", undisturbed / "out", tmp_path / "out", tmp_path / "work", tmp_path / "reports")
    summary = train_stage("native", *args, tiny)
    before = json.loads((undisturbed / "reports/metrics/pretrain_base.json").read_text())["validation_last"]
    assert summary.validation_first == before
    assert summary.validation_last != before


def test_whatever_decides_the_result_is_named(undisturbed: Path, corpus_root: Path, tiny: PretrainSettings) -> None:
    shards = corpus_root / "shards"
    other_stage = tiny.model_copy(update={"native": tiny.native.model_copy(update={"lr": 5.0})})
    first, later = Start.of(None, tiny, 300, 64), Start.of(undisturbed / "out", tiny, 300, 64)
    said = fingerprint
    assert said("base", shards, first, tiny) == said("base", shards, first, other_stage)
    different = [
        said("base", shards, first, tiny),
        said("native", shards, first, tiny),
        said("base", shards, later, tiny),
        said("base", shards, first, tiny.model_copy(update={"clip": 0.5})),
    ]
    assert len({json.dumps(one, sort_keys=True) for one in different}) == 4


def test_a_changed_source_file_changes_the_digest_of_its_part_alone(tmp_path: Path) -> None:
    for name in CODE:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        file = tmp_path / name if name.endswith(".py") else tmp_path / name / "deep" / "one.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("a = 1")
    before = code_digests(tmp_path)
    (tmp_path / "model" / "deep" / "one.py").write_text("a = 2")
    after = code_digests(tmp_path)
    assert {name for name in CODE if before[name] != after[name]} == {"model"}


def test_what_was_written_on_the_way_outlasts_the_run(undisturbed: Path) -> None:
    rows = History(undisturbed / "out" / "history.jsonl").rows()
    assert {row.kind for row in rows} == {"train", "validation"}
    said = json.loads((undisturbed / "out" / "training.json").read_text())
    assert said["rebuild"].startswith("dvc repro pretrain@base")
    assert set(said["code"]) == set(CODE)


def test_curves_are_there_after_each_validation(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    seen = []

    def watch() -> None:
        seen.append(len((tmp_path / "reports/plots/pretrain_base_validation.csv").read_text().splitlines()) - 1)

    args = (corpus_root / "shards", None, tmp_path / "out", tmp_path / "work", tmp_path / "reports", tiny)
    train_stage("base", *args, watch)
    assert seen[:3] == [1, 2, 3][: len(seen[:3])]
    assert len(seen) > 2


def test_the_status_line_says_all_that_one_wants_to_know(
    corpus_root: Path, tiny: PretrainSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train(tmp_path, corpus_root / "shards", tiny.model_copy(update={"peak_tflops": 0.05}))
    (last,) = [line for line in capsys.readouterr().out.splitlines() if "pretrain base" in line and "100 %" in line]
    wanted = ("step ", "text ", "image ", "validation ", "lr ", "tokens/s", "% of the peak", "% waiting for data")
    assert [part for part in wanted if part not in last] == []


def test_mistakes_are_told_before_anything_is_trained(
    undisturbed: Path, corpus_root: Path, tiny: PretrainSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(TrainingError, match="no GPU"):
        train(tmp_path, corpus_root / "shards", tiny.model_copy(update={"device": "cuda"}))
    with pytest.raises(ShardsError, match="there are no shards"):
        train(tmp_path, tmp_path / "nowhere", tiny)
    wider = tiny.model_copy(update={"encoder": tiny.encoder.model_copy(update={"dim": 32})})
    with pytest.raises(TrainingError, match="other sizes"):
        train(tmp_path, corpus_root / "shards", wider, start=undisturbed / "out")
    assert not (tmp_path / "work").exists()
