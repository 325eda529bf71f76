"""AIMv2's features come out as transformers computes them, in and out again, whichever form the weights have."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import Aimv2VisionModel

from fabeye.model import CheckpointError, EncoderConfig, VisionEncoder
from fabeye.model.weights import save_aimv2
from tests.model.weights.conftest import PATCH, SIDE, picture

CLOSE = {"rtol": 1e-4, "atol": 1e-4}


def features(model: Aimv2VisionModel, image: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return model(pixel_values=image[None]).last_hidden_state[0]


def test_features_are_transformers(aimv2: Aimv2VisionModel, folder: Path) -> None:
    aimv2.save_pretrained(folder)
    encoder = VisionEncoder.from_aimv2(folder)
    image = picture(SIDE, SIDE)
    torch.testing.assert_close(encoder([image]).tokens_TE, features(aimv2, image), **CLOSE)
    if aimv2.config.is_native:
        wide = picture(28, 84)
        torch.testing.assert_close(encoder([image, wide]).per_image()[1], features(aimv2, wide), **CLOSE)


def test_what_goes_out_is_what_came_in(aimv2: Aimv2VisionModel, folder: Path, tmp_path: Path) -> None:
    aimv2.save_pretrained(folder)
    save_aimv2(VisionEncoder.from_aimv2(folder), tmp_path / "out")
    again, report = Aimv2VisionModel.from_pretrained(tmp_path / "out", output_loading_info=True)
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    image = picture(SIDE, SIDE)
    torch.testing.assert_close(features(again.eval(), image), features(aimv2, image), rtol=0, atol=0)


def test_an_encoder_of_ours_loads_in_transformers(folder: Path) -> None:
    torch.manual_seed(1)
    encoder = VisionEncoder(EncoderConfig(patch=PATCH, dim=32, depth=2, heads=2)).eval()
    save_aimv2(encoder, folder)
    image = picture(28, 70)
    theirs = features(Aimv2VisionModel.from_pretrained(folder).eval(), image)
    torch.testing.assert_close(encoder([image]).tokens_TE, theirs, **CLOSE)


def test_apples_names_give_the_same_features(aimv2: Aimv2VisionModel, folder: Path, tmp_path: Path) -> None:
    aimv2.save_pretrained(folder)
    ours = VisionEncoder.from_aimv2(folder)
    apple = tmp_path / "apple"
    apple.mkdir()
    (apple / "config.json").write_bytes((folder / "config.json").read_bytes())
    state = ours.state_dict()
    renamed = {
        "preprocessor.patchifier.proj.weight": state["patch_embed.weight"].view(64, 14, 14, 3).permute(0, 3, 1, 2),
        "preprocessor.patchifier.proj.bias": state["patch_embed.bias"],
        "preprocessor.patchifier.norm.weight": state["patch_norm.weight"],
        "trunk.post_trunk_norm.weight": state["norm.weight"],
    }
    if "positions.weight" in state:
        renamed["preprocessor.pos_embed"] = state["positions.weight"][None]
    for name, tensor in state.items():
        if name.startswith("blocks."):
            renamed["trunk." + name.replace("attention.", "attn.")] = tensor
    save_file({name: tensor.contiguous() for name, tensor in renamed.items()}, apple / "model.safetensors")
    image = picture(SIDE, SIDE)
    theirs = VisionEncoder.from_aimv2(apple)([image]).tokens_TE
    torch.testing.assert_close(theirs, ours([image]).tokens_TE, rtol=0, atol=0)


def test_another_normalisation_of_pixels_goes_into_the_patch_embedding(aimv2: Aimv2VisionModel, folder: Path) -> None:
    aimv2.save_pretrained(folder)
    mean, std = torch.tensor([0.48, 0.45, 0.41]), torch.tensor([0.27, 0.26, 0.28])
    (folder / "preprocessor_config.json").write_text(
        json.dumps({"image_mean": mean.tolist(), "image_std": std.tolist()})
    )
    pixels = torch.rand(3, SIDE, SIDE, generator=torch.Generator().manual_seed(2))
    theirs = features(aimv2, (pixels - mean[:, None, None]) / std[:, None, None])
    torch.testing.assert_close(VisionEncoder.from_aimv2(folder)([(pixels - 0.5) / 0.5]).tokens_TE, theirs, **CLOSE)


def test_what_is_wrong_with_a_checkpoint_is_named(aimv2: Aimv2VisionModel, folder: Path) -> None:
    aimv2.save_pretrained(folder)
    weights = load_file(folder / "model.safetensors")
    gone = weights.pop("encoder.layers.1.ffn.up_proj.weight")
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"have no encoder\.layers\.1\.ffn\.up_proj\.weight"):
        VisionEncoder.from_aimv2(folder)
    save_file({**weights, "encoder.layers.1.ffn.up_proj.weight": gone[:5]}, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"misshapen weights blocks\.1\.mlp\.fc3\.weight"):
        VisionEncoder.from_aimv2(folder)
    stranger = {**weights, "encoder.layers.1.ffn.up_proj.weight": gone, "adapter.weight": gone.clone()}
    save_file(stranger, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"have adapter\.weight and 0 more that we have no place for"):
        VisionEncoder.from_aimv2(folder)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}", "holds a None"),
        ('{"model_type": "llama"}', "holds a 'llama'"),
        ("[1]", "holds no JSON object"),
        ("{", "cannot be read"),
    ],
)
def test_a_folder_of_something_else_is_refused(aimv2: Aimv2VisionModel, folder: Path, content: str, said: str) -> None:
    aimv2.save_pretrained(folder)
    (folder / "config.json").write_text(content)
    with pytest.raises(CheckpointError, match=said):
        VisionEncoder.from_aimv2(folder)


@pytest.mark.parametrize(
    ("file", "key", "value", "said"),
    [
        ("config.json", "rms_norm_eps", "x", r"config\.json says rms_norm_eps = 'x'"),
        ("config.json", "hidden_size", 64.5, r"config\.json says hidden_size = 64\.5"),
        ("preprocessor_config.json", "image_mean", [0.5], r"preprocessor_config\.json says image_mean = \[0\.5\]"),
        ("preprocessor_config.json", "image_std", [1, 0, 1], r"preprocessor_config\.json says image_std = \[1, 0, 1\]"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_file(
    aimv2: Aimv2VisionModel, folder: Path, file: str, key: str, value: object, said: str
) -> None:
    aimv2.save_pretrained(folder)
    before = json.loads((folder / file).read_text()) if (folder / file).exists() else {}
    (folder / file).write_text(json.dumps({**before, key: value}))
    with pytest.raises(CheckpointError, match=said):
        VisionEncoder.from_aimv2(folder)


def test_a_preprocessor_file_cut_short_is_named(aimv2: Aimv2VisionModel, folder: Path) -> None:
    aimv2.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text('{"image_mean": [0.5,')
    with pytest.raises(CheckpointError, match=r"preprocessor_config\.json cannot be read"):
        VisionEncoder.from_aimv2(folder)


def test_pickled_weights_are_never_opened(aimv2: Aimv2VisionModel, folder: Path) -> None:
    aimv2.save_pretrained(folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match=r"pickled weights \(pytorch_model\.bin\)"):
        VisionEncoder.from_aimv2(folder)


def test_an_encoder_that_no_class_fits_is_refused(folder: Path) -> None:
    turned = VisionEncoder(EncoderConfig(patch=PATCH, dim=32, depth=1, heads=2, rotary=True))
    with pytest.raises(ValueError, match="no place for this encoder's parts"):
        save_aimv2(turned, folder)
    assert not folder.exists()
