"""Validation shows pictures as the stage showed them."""

from pathlib import Path

import pytest
import torch

from fabeye.model import PretrainModel
from fabeye.objectives.captioning import captioning_losses
from fabeye.settings import PretrainSettings
from fabeye.training.stage_data import StageData
from fabeye.training.start import model_config
from fabeye.training.validation import validation_losses


def test_whole_pictures_for_a_model_that_learns_from_whole_pictures(
    corpus_root: Path, tiny: PretrainSettings, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    model = PretrainModel(model_config(tiny, 300, 64))
    batches = list(StageData("base", corpus_root / "shards", tmp_path, tiny).validation(at_most=8))
    stage = tiny.base.model_copy(update={"objective": "captioning"})
    said = validation_losses(model, batches, stage, tiny.variance_floor, seed=1)
    with torch.no_grad():
        sums = [captioning_losses(model.eval(), batch.images, batch.text) for batch in batches]
    assert said.text == pytest.approx(float(sum(one.text for one in sums) / sum(one.tokens for one in sums)), rel=1e-5)
    assert said.image == 0
    by_prefix = validation_losses(model, batches, tiny.base, tiny.variance_floor, seed=1)
    assert by_prefix.text != said.text
    assert by_prefix.image > 0
