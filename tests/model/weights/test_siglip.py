"""SigLIP's features come out as transformers computes them; converted to AIMv2's blocks they stay what they were."""

from pathlib import Path

import pytest
import torch
from PIL import Image, ImageDraw
from torch import Tensor
from transformers import Siglip2VisionModel, SiglipConfig, SiglipModel, SiglipVisionConfig, SiglipVisionModel

from fabeye.model import CheckpointError, VisionEncoder, pack, prepare_image
from fabeye.model.weights import compare_layers, resize_patch, save_siglip, save_siglip2, to_aimv2_blocks
from tests.model.weights.conftest import SIGLIP_PATCH, SIZE, picture, shaken

CLOSE = {"rtol": 1e-4, "atol": 1e-4}


def features(model: SiglipVisionModel, image: Tensor) -> Tensor:
    with torch.no_grad():
        return model(pixel_values=image[None]).last_hidden_state[0]


def flexible_features(model: Siglip2VisionModel, images: list[Tensor]) -> list[Tensor]:
    """NaFlex takes patches padded to the longest picture."""
    packed = pack(images, SIGLIP_PATCH)
    patches = torch.nn.utils.rnn.pad_sequence(list(packed.patches_TP.split(packed.lengths)), batch_first=True)
    mask = torch.arange(patches.shape[1])[None] < torch.tensor(packed.lengths)[:, None]
    with torch.no_grad():
        out = model(patches, mask.long(), torch.tensor(packed.grids)).last_hidden_state
    return [row[:length] for row, length in zip(out, packed.lengths, strict=True)]


def test_features_are_transformers(siglip: SiglipVisionModel, folder: Path) -> None:
    siglip.save_pretrained(folder)
    image = picture(64, 64)
    ours = VisionEncoder.from_siglip(folder)([image]).tokens_TE
    torch.testing.assert_close(ours, features(siglip, image), **CLOSE)


def test_the_vision_half_of_a_whole_siglip_is_taken(folder: Path) -> None:
    torch.manual_seed(0)
    text = {**SIZE, "vocab_size": 50, "max_position_embeddings": 8}
    vision = {**SIZE, "image_size": 64, "patch_size": SIGLIP_PATCH}
    whole = shaken(SiglipModel(SiglipConfig(text_config=text, vision_config=vision)))
    whole.save_pretrained(folder)
    image = picture(64, 64)
    with torch.no_grad():
        theirs = whole.vision_model(pixel_values=image[None]).last_hidden_state[0]
    torch.testing.assert_close(VisionEncoder.from_siglip(folder)([image]).tokens_TE, theirs, **CLOSE)


def test_flexible_features_are_transformers_at_any_aspect_ratio(siglip2: Siglip2VisionModel, folder: Path) -> None:
    siglip2.save_pretrained(folder)
    images = [picture(64, 64), picture(32, 96), picture(16, 160), picture(96, 48)]
    ours = VisionEncoder.from_siglip(folder)(images).per_image()
    for mine, theirs in zip(ours, flexible_features(siglip2, images), strict=True):
        torch.testing.assert_close(mine, theirs, **CLOSE)


def test_what_goes_out_is_what_came_in(
    siglip: SiglipVisionModel, siglip2: Siglip2VisionModel, folder: Path, tmp_path: Path
) -> None:
    siglip.save_pretrained(folder)
    save_siglip(VisionEncoder.from_siglip(folder), tmp_path / "one")
    image = picture(64, 64)
    again, report = SiglipVisionModel.from_pretrained(tmp_path / "one", output_loading_info=True)
    assert not report["missing_keys"]
    torch.testing.assert_close(features(again.eval(), image), features(siglip, image), rtol=0, atol=0)
    siglip2.save_pretrained(folder)
    save_siglip2(VisionEncoder.from_siglip(folder), tmp_path / "two")
    images = [picture(32, 96), picture(64, 64)]
    flexible = Siglip2VisionModel.from_pretrained(tmp_path / "two").eval()
    for mine, theirs in zip(flexible_features(flexible, images), flexible_features(siglip2, images), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=0)


@pytest.mark.parametrize("shape", [[(64, 64)], [(32, 96), (64, 64), (128, 16)]])
def test_the_conversion_preserves_the_function(
    siglip: SiglipVisionModel, folder: Path, shape: list[tuple[int, int]]
) -> None:
    siglip.save_pretrained(folder)
    original = VisionEncoder.from_siglip(folder)
    converted = VisionEncoder.from_siglip(folder, block="aimv2")
    rows = compare_layers(original, converted, [picture(*one) for one in shape])
    assert [row.layer for row in rows] == [1, 2, 3, 4]
    assert all(row.cosine > 0.9999 for row in rows)
    assert all(row.relative_error < 0.02 for row in rows)


def test_all_but_the_gelu_is_exact(siglip: SiglipVisionModel, folder: Path) -> None:
    siglip.save_pretrained(folder)
    original = VisionEncoder.from_siglip(folder).double()
    with torch.no_grad():
        for block in original.blocks:
            block.mlp.fc2.weight.zero_()
    converted = to_aimv2_blocks(original.float()).double()
    image = picture(64, 64).double()
    # the computed fp32 weights of the conversion are the only rounding
    torch.testing.assert_close(converted([image]).tokens_TE, original.double()([image]).tokens_TE, rtol=1e-5, atol=1e-5)


def page() -> Tensor:
    """A white page with rules and words, as the model takes it."""
    sheet = Image.new("RGB", (480, 640), "white")
    draw = ImageDraw.Draw(sheet)
    for row in range(20):
        draw.text((30, 20 + 30 * row), f"tRCD min 14.{row:02d} ns, VDD = 1.1 V, bank group {row}", fill="black")
        draw.line((30, 40 + 30 * row, 450, 40 + 30 * row), fill="gray")
    return prepare_image(sheet, 16, side=448)


def test_twelve_layers_keep_four_nines(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = SiglipVisionConfig(
        hidden_size=384,
        intermediate_size=1536,
        num_hidden_layers=12,
        num_attention_heads=6,
        image_size=64,
        patch_size=16,
    )
    model = SiglipVisionModel(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.1)
            elif "mlp" in name or "self_attn" in name:
                parameter.copy_(torch.randn_like(parameter) * parameter.shape[-1] ** -0.5)
    model.save_pretrained(tmp_path)
    original = VisionEncoder.from_siglip(tmp_path)
    for images in ([picture(64, 64), picture(32, 128)], [page()]):
        assert min(row.cosine for row in compare_layers(original, to_aimv2_blocks(original), images)) >= 0.9999


def test_a_patch_of_another_size_sees_a_resized_picture_alike(siglip: SiglipVisionModel, folder: Path) -> None:
    siglip.save_pretrained(folder)
    original = VisionEncoder.from_siglip(folder)
    smaller = resize_patch(original, 14)
    assert smaller.config.patch == 14
    smooth = torch.nn.functional.interpolate(picture(4, 4)[None], size=(64, 64), mode="bicubic")[0]
    shrunk = torch.nn.functional.interpolate(pack_tiles(smooth, 16), size=(14, 14), mode="bilinear", antialias=True)
    tiles = shrunk.view(4, 4, 3, 14, 14).permute(2, 0, 3, 1, 4).reshape(3, 56, 56)
    one, other = original.patch_embed(pack([smooth], 16).patches_TP), smaller.patch_embed(pack([tiles], 14).patches_TP)
    assert torch.nn.functional.cosine_similarity(one, other, dim=1).min() > 0.99
    same = resize_patch(original, 16)
    torch.testing.assert_close(same.patch_embed.weight, original.patch_embed.weight, rtol=1e-5, atol=1e-6)


def pack_tiles(image: Tensor, patch: int) -> Tensor:
    return image.unfold(1, patch, patch).unfold(2, patch, patch).permute(1, 2, 0, 3, 4).flatten(0, 1)


def test_another_architecture_is_refused(folder: Path) -> None:
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "clip_vision_model"}')
    with pytest.raises(CheckpointError, match="holds a 'clip_vision_model', not a SigLIP encoder"):
        VisionEncoder.from_siglip(folder)


def test_converted_weights_are_kept_by_our_own_class(siglip: SiglipVisionModel, folder: Path, tmp_path: Path) -> None:
    siglip.save_pretrained(folder)
    converted = VisionEncoder.from_siglip(folder, block="aimv2", patch=14)
    converted.save_pretrained(tmp_path / "ours")
    again = VisionEncoder.from_pretrained(tmp_path / "ours")
    assert again.config == converted.config
    image = picture(28, 56)
    assert again([image]).tokens_TE.equal(converted([image]).tokens_TE)
    with pytest.raises(ValueError, match="no place for this encoder's parts"):
        save_siglip(converted, tmp_path / "theirs")
