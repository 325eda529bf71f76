"""The model card says what is known, and of the rest that nobody said it."""

from pathlib import Path

import torch
import yaml
from transformers import Aimv2VisionModel

from fabeye.model import EncoderConfig, ModelCard, VisionEncoder, save_pretrained
from fabeye.model.weights import save_aimv2

CARD = ModelCard(
    title="A tiny eye",
    training="Ten steps.",
    data="Generated pages.",
    evaluation={"character error": 0.1234567, "samples": 3},
    licence="Apache-2.0",
    base_model="google/siglip: base",
    languages=("en", "zh"),
)


def encoder() -> VisionEncoder:
    torch.manual_seed(0)
    return VisionEncoder(EncoderConfig(patch=14, dim=16, depth=1, heads=2))


def front_matter(text: str) -> dict[str, object]:
    return yaml.safe_load(text.split("---")[1])


def test_what_is_known_stands_in_the_card(tmp_path: Path) -> None:
    save_pretrained(encoder(), tmp_path, CARD)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    said = front_matter(text)
    assert (said["license"], said["language"], said["base_model"]) == (
        "Apache-2.0",
        ["en", "zh"],
        "google/siglip: base",
    )
    for wanted in ("# A tiny eye", "Ten steps.", "Generated pages.", "| character error | 0.1235 |", "| dim | 16 |"):
        assert wanted in text
    assert f"{sum(weight.numel() for weight in encoder().parameters()):,} parameters" in text


def test_what_nobody_said_is_said_to_be_unknown(tmp_path: Path) -> None:
    encoder().save_pretrained(tmp_path)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert front_matter(text)["license"] == "unknown"
    for heading in ("Training", "Data", "Evaluation", "Licence"):
        assert f"## {heading}\nNot recorded." in text


def test_the_card_names_the_class_that_loads_the_folder(tmp_path: Path) -> None:
    save_aimv2(encoder(), tmp_path, CARD)
    assert 'Aimv2VisionModel.from_pretrained("FOLDER")' in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert Aimv2VisionModel.from_pretrained(tmp_path).config.hidden_size == 16
