"""A loss that is no number, or a spike, is never learned from, and what gave it is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from fabeye.model import PretrainModel
from fabeye.objectives.sums import LossSums
from fabeye.settings import GuardSettings, PretrainSettings
from fabeye.shards.batch import Batch
from fabeye.training.composer_model import ComposerPretrainModel
from fabeye.training.guard import Guard, LeftOut, LossError
from fabeye.training.runs import TrainingError
from fabeye.training.stages import train_stage
from fabeye.training.start import load_trained, model_config

BAD_STEP = 3

Change = Callable[[ComposerPretrainModel, Tensor], Tensor]  # of a step's text loss


def train(root: Path, shards: Path, settings: PretrainSettings) -> None:
    train_stage("base", shards, None, root / "out", root / "work", root / "reports", settings)


def spoilt(change: Change, steps: set[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the text loss of these steps be changed."""
    original = ComposerPretrainModel.forward

    def forward(self: ComposerPretrainModel, batch: Batch) -> LossSums:
        sums = original(self, batch)
        if batch.origin.step in steps and self.learns:
            return LossSums(change(self, sums.text), sums.image, sums.tokens, sums.patches)
        return sums

    monkeypatch.setattr(ComposerPretrainModel, "forward", forward)


def times(value: float) -> Change:
    return lambda _, text: text * value


def without_derivative(wrapped: ComposerPretrainModel, text: Tensor) -> Tensor:
    """The same loss, with a gradient that is no number."""
    return text + (next(wrapped.model.parameters()) * 0).abs().sqrt().sum()


def assert_weights_are_numbers(folder: Path) -> None:
    assert all(bool(weight.isfinite().all()) for weight in load_trained(folder).state_dict().values())


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 100.0])
def test_a_stage_goes_on_without_the_step_that_spoils_it(
    value: float,
    corpus_root: Path,
    tiny: PretrainSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoilt(times(value), {BAD_STEP}, monkeypatch)
    watchful = tiny.model_copy(update={"guard": GuardSettings(spike=3.0, memory=2, returns=1)})
    train(tmp_path, corpus_root / "shards", watchful)
    said = capsys.readouterr().out
    assert f"in step {BAD_STEP}, whose samples are" in said
    assert "from sample" in said, "it went back to a checkpoint and not to the start"
    assert_weights_are_numbers(tmp_path / "out")


def test_a_gradient_that_is_no_number_is_found_behind_a_good_loss(
    corpus_root: Path,
    tiny: PretrainSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoilt(without_derivative, {BAD_STEP}, monkeypatch)
    train(tmp_path, corpus_root / "shards", tiny)
    assert f"a gradient is no number in step {BAD_STEP}" in capsys.readouterr().out
    assert_weights_are_numbers(tmp_path / "out")


def test_it_stops_where_steps_go_wrong_again_and_again(
    corpus_root: Path, tiny: PretrainSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt(times(float("nan")), {2, 3, 4, 5}, monkeypatch)
    with pytest.raises(TrainingError, match=r"in step 4, whose samples are .*2 steps are left out already"):
        train(tmp_path, corpus_root / "shards", tiny)
    assert not (tmp_path / "out").exists()
    (run,) = (tmp_path / "work").iterdir()
    left_out = LeftOut(run / "left_out.json")
    assert 2 in left_out
    assert 3 in left_out
    assert any((run / "checkpoints").glob("step*"))


def test_what_is_left_out_survives_the_process(tmp_path: Path) -> None:
    first = LeftOut(tmp_path / "left_out.json")
    first.add(LossError("the loss is no number", 7, ("a", "b")))
    again = LeftOut(tmp_path / "left_out.json")
    assert 7 in again
    assert 6 not in again
    assert len(again) == 1


def test_a_message_names_some_samples_and_counts_the_rest() -> None:
    error = LossError("the loss is no number", 1, tuple(f"pair-{at}" for at in range(20)))
    assert "pair-0, pair-1" in str(error)
    assert str(error).endswith("and 12 more")


def test_the_memory_of_losses_is_part_of_the_checkpoint(tmp_path: Path) -> None:
    settings = GuardSettings(spike=3.0, memory=2, returns=1)
    guard = Guard(None, settings, LeftOut(tmp_path / "none.json"))  # type: ignore[arg-type]
    guard.load_state_dict({"losses": [1.0, 2.0, 3.0]})
    assert guard.state_dict() == {"losses": [2.0, 3.0]}


def test_a_step_left_out_moves_no_gradient(tiny: PretrainSettings) -> None:
    wrapped = ComposerPretrainModel(PretrainModel(model_config(tiny, 300, 64)), tiny, tiny.base)
    wrapped.learns = False
    sums = wrapped._nothing()
    (sums.text + sums.image).backward()
    gradients = [weight.grad for weight in wrapped.model.parameters()]
    assert all(one is not None and torch.equal(one, torch.zeros_like(one)) for one in gradients)
