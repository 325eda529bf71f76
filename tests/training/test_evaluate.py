"""The evaluation stage on untrained models: everything is written, in the agreed form, and again the same."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from fabeye.evaluation.gold import load_gold
from fabeye.evaluation.regions import choose_regions
from fabeye.metrics.text import normalise
from fabeye.model import PretrainModel, save_pretrained
from fabeye.parsing.reader_scores import elements_of, score_reader
from fabeye.schema import Element, Page, Reading, Split
from fabeye.settings import KindSettings, PretrainSettings, ProbeSettings, load_settings
from fabeye.tables import TableError, read_table, write_json, write_table
from fabeye.training.evaluate import EvaluationError, evaluate_encoders
from fabeye.training.runs import TrainingError
from fabeye.training.start import model_config
from tests.shards.drawn_corpus import LINES
from tests.training.conftest import SPLITS

PROBE = ProbeSettings(seed=1, train=20, test=20, drawn_train=2, drawn_test=2, nearest=2, side=56, compare="")
KIND = KindSettings(languages=("en", "zh", "mixed"), longest=12)
SETTINGS = load_settings().evaluate.model_copy(update={"regions": 5, "max_tokens": 6, "probe": PROBE, "kind": KIND})


@pytest.fixture
def root(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> Path:
    """What the stage reads, for a test that changes it."""
    return write_inputs(corpus_root, tiny, tmp_path)


@pytest.fixture(scope="module")
def evaluated(
    corpus_root: Path, tiny: PretrainSettings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A folder in which the stage has run once, and the scores that it returned."""
    root = write_inputs(corpus_root, tiny, tmp_path_factory.mktemp("evaluated"))
    return root, evaluate(root, tiny)


def write_inputs(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> Path:
    """Checkpoints of two untrained models, a gold set made of the corpus' gold pages, and a baseline."""
    for name in ("corpus", "parses", "shards"):
        (tmp_path / name).symlink_to(corpus_root / name)
    for seed, stage in enumerate(("base", "native")):
        torch.manual_seed(seed)
        write_checkpoint(tmp_path / "checkpoints" / stage, corpus_root / "shards", tiny, stage)
    write_checkpoint(tmp_path / "published", corpus_root / "shards", tiny, "native")
    write_gold(tmp_path)
    pages = load_gold(tmp_path / "gold")
    chosen = choose_regions(pages, SETTINGS.regions)
    write_table(tmp_path / "baseline" / "readings", Reading, [one.reading("rapidocr", one.text[:-1]) for one in chosen])
    found = elements_of(tmp_path / "parses", pages)
    score_reader(tmp_path / "gold/gold.json", pages, found, tmp_path / "baseline", SETTINGS.composite, SETTINGS.gate)
    return tmp_path


def write_checkpoint(folder: Path, shards: Path, tiny: PretrainSettings, stage: str) -> None:
    save_pretrained(PretrainModel(model_config(tiny, 300, 64)), folder)
    shutil.copy(shards / "tokenizer.json", folder)
    write_json(folder / "training.json", {"stage": stage, "pretrain": {stage: {"side": tiny.stage(stage).side}}})


def write_gold(root: Path) -> None:
    """gold.json in OmniDocBench's form from the truth of the gold documents."""
    gold_ids = {f"{at:016x}" for at, split in enumerate(SPLITS) if split == Split.GOLD}
    truth = list(read_table(root / "corpus" / "truth", Element))
    content = []
    for page in read_table(root / "corpus" / "pages", Page):
        if page.document_id in gold_ids:
            (root / "gold" / "images").mkdir(parents=True, exist_ok=True)
            (root / "gold" / "images" / f"{page.page_id}.png").write_bytes(page.image)
            content.append(gold_page(page, [one for one in truth if one.page_id == page.page_id]))
    write_json(root / "gold" / "gold.json", content)


def gold_page(page: Page, elements: list[Element]) -> dict[str, Any]:
    attribute = {"data_source": "jedec", "language": "english"}
    info = {"page_no": 0, "width": page.width, "height": page.height, "image_path": f"{page.page_id}.png"}
    boxes = [
        {
            "category_type": one.category,
            "anno_id": one.order,
            "order": one.order,
            "poly": [one.x0, one.y0, one.x1, one.y0, one.x1, one.y1, one.x0, one.y1],
            "text": one.text,
        }
        for one in elements
    ]
    return {"page_info": {**info, "page_attribute": attribute}, "layout_dets": boxes}


def evaluate(root: Path, tiny: PretrainSettings) -> dict[str, Any]:
    names = ("checkpoints", "shards", "corpus", "gold", "parses", "baseline", "out", "work", "reports")
    settings = SETTINGS.model_copy(update={"published": str(root / "published")})
    return evaluate_encoders(*(root / name for name in names), settings, tiny)


def test_scores_readings_and_table_are_written_and_repeat(
    evaluated: tuple[Path, dict[str, Any]], tiny: PretrainSettings
) -> None:
    root, scores = evaluated
    path = root / "reports" / "metrics" / "evaluate.json"
    first = path.read_bytes()
    assert json.loads(first) == scores
    assert set(scores) == {"pages", "verdict", "validation", "reading", "probes", "robustness", "regions"}
    assert scores["pages"]["teacher"]["scores"]["text_edit"] == 0.0, "the drawn parses are perfect"
    assert scores["pages"]["v1.0"]["scores"]["text_edit"] > 0.5, "an untrained decoder is not"
    assert set(scores["pages"]) == {"teacher", "v1.0", "published"}
    assert (root / "out" / "published" / "predictions").is_dir()
    assert scores["verdict"]["domain"]["difference"] < 0
    assert json.loads((root / "out" / "verdict.json").read_text())["outcome"] == scores["verdict"]["outcome"]
    pixels = json.loads((root / "out" / "pixels.json").read_text())
    assert len(pixels["errors"]) == len(pixels["blank"]) == pixels["rows"] * pixels["columns"] - 1
    shares = list(pixels["shares"].values())
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0
    assert len(list((root / "out" / "predictions").iterdir())) == 2 + (SPLITS.count(Split.GOLD) - 2)
    assert set(scores["validation"]) == {"v0.5", "v1.0"}
    assert set(scores["validation"]["v1.0"]) == {"text", "image", "total"}
    lengths = [len(normalise(one.text)) for one in choose_regions(load_gold(root / "gold"), SETTINGS.regions)]
    assert scores["reading"]["rapidocr"]["region_cer"] == pytest.approx(len(lengths) / sum(lengths))
    short = [length for length in lengths if length <= KIND.longest]
    assert 0 < len(short) < len(lengths)
    assert scores["reading"]["rapidocr"]["kind_cer"] == pytest.approx(len(short) / sum(short))
    assert set(scores["probes"]) == {"v0.5", "v1.0", "published", "untrained", "pixels", "chance"}
    assert scores["probes"]["chance"]["category_linear"] == 0.5  # lines alternate between two categories
    assert set(scores["robustness"]) == {"v0.5", "v1.0", "published", "untrained", "pixels"}
    assert scores["regions"] == SETTINGS.regions < 2 * LINES
    readings = list(read_table(root / "out" / "readings", Reading))
    assert [one.reader for one in readings] == ["v0.5"] * 5 + ["v1.0"] * 5 + ["published"] * 5
    assert [one.region_id for one in readings[:5]] == [one.region_id for one in readings[5:10]]
    evaluate(root, tiny)
    assert path.read_bytes() == first


def test_the_table_of_scores_names_score_and_system(evaluated: tuple[Path, dict[str, Any]]) -> None:
    root, scores = evaluated
    rows = {
        name: list(csv.DictReader((root / "reports" / "plots" / f"{name}.csv").read_text().splitlines()))
        for name in ("reading", "probes", "losses", "standing", "pages")
    }
    values = {(row["score"], row["system"]): float(row["value"]) for row in [*rows["reading"], *rows["probes"]]}
    assert values["region_cer", "v1.0"] == scores["reading"]["v1.0"]["region_cer"]
    assert values["category_linear", "untrained"] == scores["probes"]["untrained"]["category_linear"]
    losses = {(row["score"], row["system"]): float(row["value"]) for row in rows["losses"]}
    assert losses["text", "v0.5"] == scores["validation"]["v0.5"]["text"]
    stand = {row["reader"]: float(row["value"]) for row in rows["standing"] if row["score"] == "composite"}
    assert set(stand) == set(scores["pages"])
    assert all(0 <= float(row["candidate"]) <= 100 for row in rows["pages"])


def test_a_missing_baseline_is_told(root: Path, tiny: PretrainSettings) -> None:
    shutil.rmtree(root / "baseline" / "readings")
    with pytest.raises(TableError, match="readings"):
        evaluate(root, tiny)


def test_an_empty_gold_set_is_told(root: Path, tiny: PretrainSettings) -> None:
    shutil.rmtree(root / "gold")
    write_json(root / "gold" / "gold.json", [])
    with pytest.raises(EvaluationError, match="no region with a short text"):
        evaluate(root, tiny)


def test_published_weights_that_are_not_whole_are_told(root: Path, tiny: PretrainSettings) -> None:
    (root / "published" / "training.json").write_text('{"stage": "native"}')
    with pytest.raises(TrainingError, match=r"training\.json does not say the side of pictures"):
        evaluate(root, tiny)
    (root / "published" / "tokenizer.json").unlink()
    (root / "published" / "model.safetensors").unlink()
    with pytest.raises(TrainingError, match="published"):
        evaluate(root, tiny)
