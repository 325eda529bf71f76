"""Checkpoints come back as they were, and wrong ones are refused by name."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from fabeye.model import (
    CheckpointError,
    DecoderConfig,
    EncoderConfig,
    PretrainConfig,
    PretrainModel,
    VisionEncoder,
    from_pretrained,
    save_pretrained,
)

ENCODER = EncoderConfig(patch=4, dim=16, depth=1, heads=2)
DECODER = DecoderConfig(dim=16, depth=1, heads=2, patch=4, vocabulary=20, max_text=6)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    save_pretrained(PretrainModel(PretrainConfig(encoder=ENCODER, decoder=DECODER)), tmp_path / "model")
    return tmp_path / "model"


def test_weights_and_sizes_come_back(saved: Path, tmp_path: Path) -> None:
    model = from_pretrained(PretrainModel, saved)
    save_pretrained(model, tmp_path / "again")
    for name in ("config.json", "model.safetensors"):
        assert (saved / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert not model.training


def test_the_encoder_alone_sees_what_it_saw(saved: Path, tmp_path: Path) -> None:
    model = from_pretrained(PretrainModel, saved)
    save_pretrained(model.encoder, tmp_path / "encoder")
    image = torch.ones(3, 8, 8)
    alone = from_pretrained(VisionEncoder, tmp_path / "encoder")
    assert torch.equal(alone([image]).tokens_TE, model.encoder([image]).tokens_TE)


def test_missing_foreign_and_misshapen_weights_are_named(saved: Path) -> None:
    weights = load_file(saved / "model.safetensors")
    weights["stranger"] = weights.pop("connector.bias")
    weights["connector.weight"] = torch.zeros(3, 3)
    save_file(weights, saved / "model.safetensors")
    said = r"missing weights connector.bias; unknown weights stranger; misshapen weights connector.weight"
    with pytest.raises(CheckpointError, match=said):
        from_pretrained(PretrainModel, saved)


def test_another_class_is_refused(saved: Path) -> None:
    with pytest.raises(CheckpointError, match="describes a PretrainModel, not a VisionEncoder"):
        from_pretrained(VisionEncoder, saved)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"architecture": "PretrainModel", "encoder": {"patch": 4}}'])
def test_a_damaged_description_is_refused(saved: Path, content: str) -> None:
    (saved / "config.json").write_text(content)
    with pytest.raises(CheckpointError, match=r"config\.json"):
        from_pretrained(PretrainModel, saved)


def test_truncated_weights_and_a_missing_folder_are_refused(saved: Path) -> None:
    whole = (saved / "model.safetensors").read_bytes()
    (saved / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CheckpointError, match=r"model.safetensors cannot be read"):
        from_pretrained(PretrainModel, saved)
    with pytest.raises(CheckpointError, match="there is no model at"):
        from_pretrained(PretrainModel, saved / "nowhere")


def test_the_description_is_plain_json(saved: Path) -> None:
    assert json.loads((saved / "config.json").read_text())["encoder"]["dim"] == 16
