"""Composer's weighing of microbatches is undone, and decay spares what it shall spare."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from fabeye.model import PretrainModel
from fabeye.objectives.sums import count_targets
from fabeye.settings import PretrainSettings
from fabeye.shards.batch import Batch, Totals
from fabeye.training.composer_model import ComposerPretrainModel, make_optimizer
from fabeye.training.stage_data import StageData
from fabeye.training.start import model_config


@pytest.fixture
def wrapped(tiny: PretrainSettings) -> ComposerPretrainModel:
    torch.manual_seed(0)
    return ComposerPretrainModel(PretrainModel(model_config(tiny, 300, 64)), tiny, tiny.base)


@pytest.fixture
def batch(corpus_root: Path, tmp_path: Path, tiny: PretrainSettings) -> Batch:
    plain = next(iter(StageData("base", corpus_root / "shards", tmp_path, tiny).validation(at_most=5)))
    prefixes = tuple(1 for _ in range(len(plain)))
    totals = Totals(len(plain), sum(plain.text.lengths), count_targets(plain.images.lengths, prefixes))
    return replace(plain, prefixes=prefixes, totals=totals)


def gradient(wrapped: ComposerPretrainModel, parts: list[Batch], whole: int) -> torch.Tensor:
    """Accumulated as Composer's trainer does: each microbatch weighed by its share of the samples."""
    wrapped.zero_grad()
    wrapped.begin_step()
    for part in parts:
        (wrapped.loss(wrapped(part), part) * (len(part) / whole)).backward()
    return torch.cat([weight.grad.flatten() for weight in wrapped.parameters() if weight.grad is not None])


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_step_does_not_depend_on_its_microbatches(wrapped: ComposerPretrainModel, batch: Batch, size: int) -> None:
    wanted, losses = gradient(wrapped, [batch], len(batch)), wrapped.step_losses()
    got = gradient(wrapped, batch.split(size), len(batch))
    torch.testing.assert_close(got, wanted, rtol=1e-4, atol=1e-6)
    assert wrapped.step_losses().total == pytest.approx(losses.total, rel=1e-5)


@pytest.mark.parametrize("position", ["sincos", "learned"])
def test_biases_norms_and_positions_do_not_decay(tiny: PretrainSettings, position: str) -> None:
    config = model_config(tiny, 300, 64)
    table = (4, 4) if position == "learned" else (0, 0)
    model = PretrainModel(replace(config, encoder=replace(config.encoder, position=position, table=table)))
    decayed, spared = (group["params"] for group in make_optimizer(model, 1e-3, (0.9, 0.95), 1e-4).param_groups)
    names = {id(weight): name for name, weight in model.named_parameters()}
    assert len(decayed) + len(spared) == len(names)
    assert all(weight.ndim == 2 and "pos" not in names[id(weight)] for weight in decayed)
    assert all(weight.ndim == 1 or "pos" in names[id(weight)] for weight in spared)


def test_the_first_group_alone_decays(wrapped: ComposerPretrainModel) -> None:
    optimizer = make_optimizer(wrapped.model, 1e-3, (0.9, 0.95), 1e-4)
    assert [group["weight_decay"] for group in optimizer.param_groups] == [1e-4, 0.0]
