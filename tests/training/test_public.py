"""Benchmarks in their downloaded form go through every reader; a file that cannot be opened costs its page alone."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from fabeye.settings import PretrainSettings, Settings, load_settings
from fabeye.training.public import score_public
from tests.training.test_evaluate import write_checkpoint, write_gold

READERS = {"teacher", "v0.5", "v1.0"}
WORDS = "REFRESH COMMAND"


def settings_of(tiny: PretrainSettings) -> Settings:
    settings = load_settings()
    evaluate = settings.evaluate.model_copy(update={"published": "", "max_tokens": 4})
    return settings.model_copy(update={"pretrain": tiny, "evaluate": evaluate})


@pytest.fixture
def root(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> Path:
    (tmp_path / "corpus").symlink_to(corpus_root / "corpus")
    for stage in ("base", "native"):
        write_checkpoint(tmp_path / "checkpoints" / stage, corpus_root / "shards", tiny, stage)
    (tmp_path / "public").mkdir()
    return tmp_path


def run(root: Path, tiny: PretrainSettings) -> dict[str, Any]:
    folders = (root / "public", root / "checkpoints", root / "benchmarks", root / "work", root / "public.json")
    said = score_public(*folders, settings_of(tiny))
    assert json.loads((root / "public.json").read_text()) == said
    return said


def bring_omnidocbench(root: Path) -> Path:
    write_gold(root)
    folder = root / "public" / "odb"
    folder.mkdir()
    shutil.move(root / "gold" / "gold.json", folder / "OmniDocBench.json")
    shutil.move(root / "gold" / "images", folder / "images")
    return folder


def bring_olmocr(root: Path) -> Path:
    folder = root / "public" / "olm"
    (folder / "pdfs").mkdir(parents=True)
    page = Image.new("RGB", (800, 300), "white")
    ImageDraw.Draw(page).text((40, 100), WORDS, "black", ImageFont.load_default(48))
    page.save(folder / "pdfs" / "good.pdf", resolution=150)
    (folder / "pdfs" / "broken.pdf").write_bytes(b"%PDF-1.7 cut off")
    tests = [
        {"pdf": f"{name}.pdf", "page": 1, "id": name, "type": "present", "text": WORDS, "max_diffs": 2}
        for name in ("good", "broken")
    ]
    (folder / "tests.jsonl").write_text("\n".join(map(json.dumps, tests)))
    return folder


def test_without_a_benchmark_nothing_is_loaded(tiny: PretrainSettings, tmp_path: Path) -> None:
    assert run(tmp_path, tiny) == {}


@pytest.mark.slow
def test_omnidocbench_is_scored_by_ours_and_by_its_own(root: Path, tiny: PretrainSettings) -> None:
    bring_omnidocbench(root)
    said = run(root, tiny)["odb"]
    assert said["opened"] == said["pages"] > 0
    assert said["readers"].keys() == READERS
    for scores in said["readers"].values():
        assert 0 <= scores["composite"]["all"] <= 100
        assert {"text_edit", "reading_order_edit"} <= scores["v15"].keys() & scores["v16"].keys()
    assert said["readers"]["teacher"]["v15"]["text_edit"] < said["readers"]["v1.0"]["v15"]["text_edit"]
    assert said["kept"]["outcome"] in {"pass", "fail", "undecided"}


def test_a_broken_page_is_a_failed_test_and_not_a_failed_run(root: Path, tiny: PretrainSettings) -> None:
    bring_olmocr(root)
    said = run(root, tiny)["olm"]
    assert (said["opened"], said["pages"]) == (1, 2)
    assert said["readers"].keys() == READERS
    assert said["readers"]["teacher"]["by_type"]["present"]["rate"] == 0.5
    assert said["readers"]["v1.0"]["by_type"]["present"]["rate"] == 0.0
