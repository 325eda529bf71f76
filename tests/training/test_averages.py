"""The running mean is what is published, and the branch is what the next stage starts from."""

from pathlib import Path

import pytest
import torch

from fabeye.model import PretrainModel, from_pretrained
from fabeye.settings import PretrainSettings
from fabeye.training import callbacks
from fabeye.training.averages import RunningMean
from fabeye.training.callbacks import Recorder
from fabeye.training.stages import train_stage
from fabeye.training.start import load_trained, model_config


def train(root: Path, shards: Path, settings: PretrainSettings, stage: str = "base", start: Path | None = None) -> Path:
    train_stage(stage, shards, start, root / stage, root / "work", root / "reports", settings)
    return root / stage


def with_base(settings: PretrainSettings, **changes: object) -> PretrainSettings:
    return settings.model_copy(update={"base": settings.base.model_copy(update=changes)})


def test_the_mean_lies_between_the_weights_it_saw(tiny: PretrainSettings) -> None:
    model = PretrainModel(model_config(tiny, 300, 64))
    mean = RunningMean(model, 0.5)
    weight = model.decoder.norm.weight
    for value in (1.0, 2.0, 4.0):
        torch.nn.init.constant_(weight, value)
        mean.batch_end(None, None)  # type: ignore[arg-type]
    again = RunningMean(PretrainModel(model_config(tiny, 300, 64)), 0.5)
    again.load_state_dict(mean.state_dict())
    mean.use()
    assert torch.equal(weight, torch.full_like(weight, 2.75))  # 1, then 1.5, then 2.75
    assert torch.equal(again.mean.module.decoder.norm.weight, weight)


def test_a_killed_run_publishes_the_same_mean(
    corpus_root: Path, tiny: PretrainSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    averaged = tiny.model_copy(update={"ema": 0.9})
    undisturbed = train(tmp_path / "whole", corpus_root / "shards", averaged)
    plain = train(tmp_path / "plain", corpus_root / "shards", tiny)
    original = Recorder.batch_end

    def interrupted(self: Recorder, state: callbacks.State, logger: callbacks.Logger) -> None:
        original(self, state, logger)
        if state.timestamp.batch.value == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "batch_end", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path / "killed", corpus_root / "shards", averaged)
    killed = train(tmp_path / "killed", corpus_root / "shards", averaged)
    assert (killed / "model.safetensors").read_bytes() == (undisturbed / "model.safetensors").read_bytes()
    assert (killed / "model.safetensors").read_bytes() != (plain / "model.safetensors").read_bytes()


def test_the_next_stage_starts_from_the_branch(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    settings = with_base(tiny, branch=0.5)
    base = train(tmp_path, corpus_root / "shards", settings)
    branch, end = from_pretrained(PretrainModel, base / "branch"), load_trained(base)
    name = "decoder.text_head.weight"
    assert not torch.equal(branch.state_dict()[name], end.state_dict()[name])
    still = settings.model_copy(
        update={"native": settings.native.model_copy(update={"lr": 1e-12, "weight_decay": 0.0})}
    )
    native = load_trained(train(tmp_path, corpus_root / "shards", still, "native", base))
    assert torch.allclose(native.state_dict()[name], branch.state_dict()[name], atol=1e-6)


def test_without_a_branch_there_is_no_folder_of_it(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    assert not (train(tmp_path, corpus_root / "shards", tiny) / "branch").exists()
