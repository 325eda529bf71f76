"""Whatever the encoder, a picture is one vector a patch; what cannot be compared is told."""

import json
from pathlib import Path

import pytest
import torch

from fabeye.evaluation.probes.features import (
    FeatureError,
    Features,
    pixel_features,
    transformers_features,
    untrained_features,
)
from tests.evaluation.probes.conftest import CONFIG, PATCH, pictures


def test_features_do_not_depend_on_the_batch(features: Features) -> None:
    images = pictures(11, 3, 0.0).images
    for image, seen in zip(images, features(images), strict=True):
        assert seen.grid == (1, image.shape[2] // PATCH)
        torch.testing.assert_close(features([image])[0].tokens_ND, seen.tokens_ND)


def test_pixels_are_the_patches_themselves() -> None:
    image = torch.arange(3 * 4 * 8, dtype=torch.float32).view(3, 4, 8)
    (seen,) = pixel_features(PATCH)([image])
    assert seen.grid == (1, 2)
    assert seen.tokens_ND[1].view(4, 4, 3).permute(2, 0, 1).equal(image[:, :, 4:])


def test_untrained_weights_come_from_the_seed_and_leave_torch_alone() -> None:
    images = pictures(3, 1, 0.0).images
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first, again, other = (untrained_features(CONFIG, seed)(images)[0].tokens_ND for seed in (1, 1, 2))
    assert first.equal(again)
    assert not first.allclose(other)
    assert torch.get_rng_state().equal(before)


@pytest.mark.parametrize("kind", ["siglip", "aimv2"])
def test_a_vision_encoder_of_transformers_is_compared(tmp_path: Path, kind: str) -> None:
    transformers = pytest.importorskip("transformers")
    size = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    shape = {"image_size": 28, "patch_size": 14}
    if kind == "siglip":
        model = transformers.SiglipVisionModel(transformers.SiglipVisionConfig(**size, **shape))
    else:
        model = transformers.Aimv2VisionModel(transformers.Aimv2VisionConfig(**size, **shape, use_head=False))
    model.save_pretrained(tmp_path)
    seen = transformers_features(tmp_path)([torch.zeros(3, 14, 42), torch.ones(3, 28, 28)])
    assert [(one.grid, tuple(one.tokens_ND.shape)) for one in seen] == [((2, 2), (4, 16))] * 2


def test_colours_are_normalised_as_the_folder_says(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    size = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = transformers.SiglipVisionConfig(**size, image_size=28, patch_size=14)
    transformers.SiglipVisionModel(config).save_pretrained(tmp_path)
    grey, tinted = torch.zeros(3, 28, 28), torch.tensor([0.2, 0.0, -0.2]).view(3, 1, 1).expand(3, 28, 28)
    (ours,) = transformers_features(tmp_path)([tinted])
    colours = {"image_mean": [0.4, 0.5, 0.6], "image_std": [0.5, 0.5, 0.5]}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(colours))
    (theirs,) = transformers_features(tmp_path)([grey])
    torch.testing.assert_close(theirs.tokens_ND, ours.tokens_ND)
    (tmp_path / "preprocessor_config.json").write_text('{"image_mean": [0.5]}')
    with pytest.raises(FeatureError, match="holds no vision encoder"):
        transformers_features(tmp_path)


def test_pickled_weights_and_empty_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FeatureError, match=r"holds no vision encoder"):
        transformers_features(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "siglip_vision_model", "image_size": 28, "patch_size": 14}')
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(FeatureError, match=r"holds no vision encoder"):
        transformers_features(tmp_path)
