"""The ONNX file says what torch says, for pictures of any size."""

from pathlib import Path

import onnxruntime
import pytest
import torch

from fabeye.model import EncoderConfig, ExportError, VisionEncoder
from fabeye.model.onnx import export_onnx

PATCH = 14
TABLE = {"position": "learned", "table": (4, 4)}
KINDS = {
    "aimv2": {},
    "fixed": TABLE,
    "the table has the grid that is recorded": {"position": "learned", "table": (3, 5)},
    "rotary": {"rotary": True},
    "siglip": {
        "block": "siglip",
        "hidden": 48,
        "bias": True,
        "position": "learned",
        "table": (4, 4),
        "patch_norm": False,
    },
    "converted": {"bias": True, "patch_norm": False, "shift": True, **TABLE},
}
SIZES = [(1, 1, 1), (1, 4, 4), (3, 7, 2), (1, 16, 16), (2, 1, 40), (1, 33, 9)]  # images, rows and columns of patches


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_says_what_torch_says(kind: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    encoder = VisionEncoder(EncoderConfig(patch=PATCH, dim=32, depth=2, heads=2, **KINDS[kind])).train()
    encoder.export_onnx(tmp_path / "encoder.onnx")
    assert encoder.training
    session = onnxruntime.InferenceSession(tmp_path / "encoder.onnx", providers=["CPUExecutionProvider"])
    for images, rows, columns in SIZES:
        pixels = torch.randn(images, 3, PATCH * rows, PATCH * columns)
        (said,) = session.run(["last_hidden_state"], {"pixel_values": pixels.numpy()})
        wanted = encoder(list(pixels)).tokens_TE.view(images, rows * columns, -1)
        torch.testing.assert_close(torch.from_numpy(said), wanted, rtol=1e-4, atol=1e-4)
    assert [file.name for file in tmp_path.iterdir()] == ["encoder.onnx"]


def test_what_cannot_be_written_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise torch.onnx.errors.OnnxExporterError("Module onnx is not installed!")

    monkeypatch.setattr(torch.onnx, "export", refuse)
    with pytest.raises(ExportError, match=r"cannot be written as ONNX \(Module onnx is not installed!\)"):
        export_onnx(VisionEncoder(EncoderConfig(patch=PATCH, dim=8, depth=1, heads=2)), tmp_path / "encoder.onnx")
    assert not (tmp_path / "encoder.onnx").exists()
