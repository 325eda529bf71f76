"""transformers loads what no class of its own fits; the folder is the same that VisionEncoder reads."""

from pathlib import Path

import pytest
import torch
from transformers import AutoConfig, AutoModel

import fabeye.model.hf
from fabeye.model import EncoderConfig, VisionEncoder

KINDS = {
    "rotary": {"rotary": True},
    "converted": {"bias": True, "patch_norm": False, "shift": True, "position": "learned", "table": (2, 2)},
    "siglip": {"block": "siglip", "hidden": 48, "position": "learned", "table": (2, 2), "bias": True},
}


@pytest.fixture(params=KINDS)
def encoder(request: pytest.FixtureRequest) -> VisionEncoder:
    torch.manual_seed(0)
    return VisionEncoder(EncoderConfig(patch=4, dim=16, depth=2, heads=2, **KINDS[request.param])).eval()


def test_the_auto_class_gives_our_features(encoder: VisionEncoder, tmp_path: Path) -> None:
    encoder.save_pretrained(tmp_path)
    model, report = AutoModel.from_pretrained(tmp_path, output_loading_info=True)
    assert not any(report.values())
    assert isinstance(model, fabeye.model.hf.FabeyeVisionModel)
    pixels = torch.randn(2, 3, 8, 12)
    said = model(pixels, output_hidden_states=True, output_attentions=True)
    ours = encoder(list(pixels), keep_blocks=True, keep_attention=True)
    assert said.last_hidden_state.flatten(0, 1).equal(ours.tokens_TE)
    assert len(said.hidden_states) == 3
    assert said.hidden_states[-1].flatten(0, 1).equal(ours.blocks[-1])
    assert said.attentions[0][1].equal(ours.attention[0][1])
    assert model(pixels).hidden_states is None


def test_both_classes_write_the_same_folder(encoder: VisionEncoder, tmp_path: Path) -> None:
    encoder.save_pretrained(tmp_path / "ours")
    AutoModel.from_pretrained(tmp_path / "ours").save_pretrained(tmp_path / "theirs")
    for file in (tmp_path / "ours").iterdir():
        assert file.read_bytes() == (tmp_path / "theirs" / file.name).read_bytes()
    assert VisionEncoder.from_pretrained(tmp_path / "theirs").config == encoder.config
    described = AutoConfig.from_pretrained(tmp_path / "ours")
    assert (described.hidden_size, described.num_hidden_layers, described.patch_size) == (16, 2, 4)


def test_half_precision_stays_near(encoder: VisionEncoder, tmp_path: Path) -> None:
    encoder.save_pretrained(tmp_path)
    pixels = torch.randn(1, 3, 8, 12)
    half = AutoModel.from_pretrained(tmp_path, dtype=torch.bfloat16)(pixels.bfloat16()).last_hidden_state
    assert half.dtype == torch.bfloat16
    near = torch.nn.functional.cosine_similarity(half[0].float(), encoder(list(pixels)).tokens_TE, dim=1)
    assert near.min() > 0.99
