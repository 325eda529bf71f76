"""`fabeye model` on small checkpoints of transformers' own classes, as a newcomer would call it."""

import json
from pathlib import Path

import onnxruntime
import pytest
import torch
from PIL import Image, ImageDraw
from transformers import (
    Aimv2VisionConfig,
    Aimv2VisionModel,
    AutoModel,
    Siglip2VisionModel,
    SiglipVisionConfig,
    SiglipVisionModel,
)
from typer.testing import CliRunner

import fabeye.model.hf  # noqa: F401
from fabeye.cli import app
from fabeye.cli_model import ModelError

SIZE = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2}


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, ["model", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def siglip(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    SiglipVisionModel(SiglipVisionConfig(**SIZE, image_size=64, patch_size=16)).save_pretrained(tmp_path / "siglip")
    return tmp_path / "siglip"


def test_siglip_is_converted_with_its_fidelity_and_exported(siglip: Path, tmp_path: Path) -> None:
    page = Image.new("L", (300, 200), 255)
    ImageDraw.Draw(page).text((20, 30), "tRCD 13.75 ns", fill=0)
    page.save(tmp_path / "page.png")
    out, report = tmp_path / "ours", tmp_path / "fidelity.json"
    asked = ["--block", "aimv2", "--patch", 14, "--page", tmp_path / "page.png", "--report", report]
    said = run("convert", siglip, "--out", out, *asked)
    assert "random: after block" in said
    written = json.loads(report.read_text())
    assert {kind: [row["layer"] for row in rows] for kind, rows in written.items()} == {
        "random": [1, 2, 3],
        "pages": [1, 2, 3],
    }
    assert min(row["cosine"] for rows in written.values() for row in rows) > 0.9999
    assert AutoModel.from_pretrained(out).config.patch_size == 14
    run("export", out, "--out", tmp_path / "eye.onnx")
    assert onnxruntime.InferenceSession(tmp_path / "eye.onnx").get_inputs()[0].name == "pixel_values"
    with pytest.raises(ModelError, match="no place for this encoder's parts"):
        run("export", out, "--out", tmp_path / "x", "--form", "aimv2")


def test_what_was_taken_in_goes_out_in_its_own_class(siglip: Path, tmp_path: Path) -> None:
    run("convert", siglip, "--out", tmp_path / "ours")
    run("export", tmp_path / "ours", "--out", tmp_path / "theirs", "--form", "siglip2")
    assert Siglip2VisionModel.from_pretrained(tmp_path / "theirs").config.hidden_size == 32
    native = Aimv2VisionConfig(**SIZE, image_size=56, patch_size=14, use_head=False, is_native=True)
    Aimv2VisionModel(native).save_pretrained(tmp_path / "aimv2")
    assert "AIMv2's already" in run("convert", tmp_path / "aimv2", "--out", tmp_path / "again")
    run("export", tmp_path / "again", "--out", tmp_path / "out", "--form", "aimv2")
    assert (tmp_path / "out" / "README.md").is_file()


def test_what_is_no_checkpoint_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no checkpoint at .*: it has no config\.json"):
        run("convert", tmp_path, "--out", tmp_path / "x")
    with pytest.raises(ModelError, match="there is no model at"):
        run("export", tmp_path, "--out", tmp_path / "x")
