"""The benchmark compares like with like: the peers compute what our model computes."""

from pathlib import Path

import pytest
import torch
from transformers import Aimv2VisionModel

from fabeye.bench.model import pretrain_config, write_anew
from fabeye.bench.model_memory import measure_memory
from fabeye.bench.model_peers import PlainPretrain, naflex, naflex_tokens
from fabeye.model import PretrainModel, VisionEncoder, generate, pack, pack_text
from fabeye.model.weights import save_aimv2
from fabeye.objectives.captioning import captioning_losses

NAMES = {
    "token_embed": "tokens",
    "text_pos_embed": "places",
    "attention.proj": "out",
    "mlp.fc1": "gate",
    "mlp.fc3": "up",
    "mlp.fc2": "down",
}


def with_our_weights(plain: PlainPretrain, ours: PretrainModel, folder: Path) -> PlainPretrain:
    save_aimv2(ours.encoder, folder)
    weights = {}
    for name, weight in ours.decoder.state_dict().items():
        for our, their in NAMES.items():
            name = name.replace(our, their)
        parts = weight.chunk(3) if "attention.qkv" in name else (weight,)
        for part, value in zip(("query", "key", "value"), parts, strict=False):
            weights[name.replace("attention.qkv", part)] = value
    missing, unknown = plain.load_state_dict(weights, strict=False)
    assert not unknown
    assert all(name.startswith(("encoder.", "connector.")) for name in missing)
    plain.encoder = Aimv2VisionModel.from_pretrained(folder)
    plain.connector.load_state_dict(ours.connector.state_dict())
    return plain


def test_the_plain_model_has_our_loss(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = pretrain_config("nano")
    ours = PretrainModel(config)
    plain = with_our_weights(PlainPretrain(config), ours, tmp_path)
    images, text = torch.randn(2, 3, 28, 42), torch.randint(3, 99, (2, config.decoder.max_text))
    words = pack_text(text.tolist(), bos=1)
    wanted = captioning_losses(ours, pack(list(images), 14), words).text / len(words.targets_S)
    said = plain(images, words.inputs_S.view_as(text), text, torch.tensor([5, 5]), floor=0.01, alpha=0.0)
    torch.testing.assert_close(said, wanted, rtol=1e-4, atol=1e-4)


def test_the_padded_encoder_has_our_features(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = naflex(pretrain_config("nano").encoder)
    model.save_pretrained(tmp_path)
    images = [torch.randn(3, 28, 42), torch.randn(3, 14, 70)]
    wanted = VisionEncoder.from_siglip(tmp_path)(images).tokens_TE
    torch.testing.assert_close(naflex_tokens(model, images, 14), wanted, rtol=1e-4, atol=1e-4)


def test_with_and_without_a_cache_the_same_is_written() -> None:
    torch.manual_seed(0)
    model = PretrainModel(pretrain_config("nano")).eval()
    packed = pack([torch.randn(3, 28, 42)], 14)
    assert write_anew(model, packed, bos=1, most=12) == generate(model, packed, bos=1, eos=-1, most=12)[0]


@pytest.mark.slow
def test_memory_is_measured_in_processes_of_their_own() -> None:
    measured = measure_memory(layers=4, side=32)
    assert measured["tokens"] == 1024
    assert measured["recomputing_peak_mib"] > 50
    assert 0 < measured["share_above_the_idle_model"] < 1
