"""Our own model as a teacher: it reads what the detector finds; without weights it says so."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from fabeye.ocr import Line
from fabeye.parsing import own_model
from fabeye.parsing.own_model import OwnModel, OwnModelError
from fabeye.settings import EngineSettings, load_settings

ENGINE = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)


def test_without_weights_it_says_what_is_missing(tmp_path: Path) -> None:
    settings = load_settings().parse
    absent = settings.model.model_copy(update={"checkpoint": str(tmp_path)})
    with pytest.raises(OwnModelError, match=r"needs .*model\.safetensors; train first"):
        OwnModel(settings.model_copy(update={"model": absent}), ENGINE).parameters()


def test_lines_are_read_by_the_model_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    from tokenizers import Tokenizer, models

    import fabeye.model

    vocabulary = {"<bos>": 0, "<eos>": 1, **{f"w{n}": n + 2 for n in range(40)}}
    words = Tokenizer(models.WordLevel(vocabulary, unk_token="w0"))
    model = SimpleNamespace(config=SimpleNamespace(encoder=SimpleNamespace(patch=14)))
    widths = lambda _model, packed, *_: [[2 + length, 1, 9] for length in packed]  # noqa: E731
    monkeypatch.setattr(fabeye.model, "generate", widths)
    monkeypatch.setattr(fabeye.model, "prepare_image", lambda crop, *_: crop.width)
    monkeypatch.setattr(fabeye.model, "pack", lambda crops, _patch: crops)
    line = Line(10, 10, 20, 30, "", 0.9)
    lines = [replace(line, x1=10 + width) for width in range(5, 25)]
    texts = own_model._read(Image.new("RGB", (100, 50)), lines, (model, words), side=224, max_tokens=8)
    assert texts == [f"w{width + 4}" for width in range(5, 25)], "two pixels of margin on each side"
