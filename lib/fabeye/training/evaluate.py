"""The evaluation stage: both encoders against the teacher, an untrained encoder and chance.

Notable:
- v0.5 is the checkpoint of the stage `base`, v1.0 that of `native`; each sees pictures at the side it was trained with.
- Readings are of the gold regions the teacher has read, chosen by the same function.
- The probe needs regions whose category is known: those of generated documents, train to learn and gold to test.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from fabeye.errors import FabeyeError
from fabeye.evaluation.gold import load_gold
from fabeye.evaluation.probe import LabelledCrops, chance_accuracy, probe_accuracy
from fabeye.evaluation.reading import prepared_crops, read_regions
from fabeye.evaluation.regions import choose_regions
from fabeye.metrics.text import character_error_rate
from fabeye.model import PretrainModel, VisionEncoder, prepare_image
from fabeye.schema import Document, Element, Page, Reading, Split
from fabeye.settings import EvaluateSettings, PretrainSettings
from fabeye.shards.index import read_index
from fabeye.shards.tokenizer import TextTokenizer
from fabeye.tables import read_table, write_json, write_table

from .stages import load_trained

VERSIONS = {"v0.5": "base", "v1.0": "native"}
TEACHER = "rapidocr"
PROBE_TRAIN, PROBE_TEST = 400, 200  # regions at most
SCORE_COLUMNS = ("score", "system", "value")


class EvaluationError(FabeyeError):
    """The encoders cannot be evaluated; the text says what is missing and what to do."""


def evaluate_encoders(
    checkpoints: Path,
    shards: Path,
    corpus: Path,
    gold: Path,
    out: Path,
    work: Path,
    reports: Path,
    settings: EvaluateSettings,
    pretrain: PretrainSettings,
) -> dict[str, Any]:
    """Score both versions; writes `out`/readings, `reports`/metrics/evaluate.json and `reports`/plots/scores.csv.

    The teacher's error rate is taken from `reports`/metrics/baseline.json. Returns what evaluate.json says.
    Raises EvaluationError, TrainingError, GoldError, ShardsError or TableError.
    """
    teacher = _teacher_rate(reports / "metrics" / "baseline.json")
    torch.set_num_threads(pretrain.threads)
    models = {version: load_trained(checkpoints / stage) for version, stage in VERSIONS.items()}
    readings = _readings(models, shards, gold, settings, pretrain)
    write_table(out / "readings", Reading, readings)
    scores = {
        "validation": _validation(models, shards, work, pretrain),
        "reading": {TEACHER: {"region_cer": teacher}, **_error_rates(readings)},
        "probe": _probe(models, corpus, settings, pretrain),
        "regions": len(readings) // len(VERSIONS),
    }
    write_json(reports / "metrics" / "evaluate.json", scores)
    _write_scores(reports / "plots" / "scores.csv", scores)
    return scores


def _readings(
    models: dict[str, PretrainModel], shards: Path, gold: Path, settings: EvaluateSettings, pretrain: PretrainSettings
) -> list[Reading]:
    pages, tokenizer = load_gold(gold), TextTokenizer.load(shards / "tokenizer.json")
    regions = choose_regions(pages, settings.regions)
    if not regions:
        raise EvaluationError(
            f"{gold} has no region with a short text to read; raise corpus.gold_share or annotate pages"
        )
    readings = []
    for version, model in models.items():
        crops = prepared_crops(regions, pages, gold, pretrain.patch, _side(version, pretrain))
        readings += read_regions(version, model, tokenizer, crops, settings.max_tokens)
        print(f"evaluate: {version} has read {len(crops)} regions", flush=True)
    return readings


def _error_rates(readings: list[Reading]) -> dict[str, dict[str, float]]:
    by_version = {version: [one for one in readings if one.reader == version] for version in VERSIONS}
    return {
        version: {"region_cer": character_error_rate((one.truth, one.text) for one in ours)}
        for version, ours in by_version.items()
    }


def _validation(
    models: dict[str, PretrainModel], shards: Path, work: Path, pretrain: PretrainSettings
) -> dict[str, dict[str, float]]:
    from fabeye.shards.dataset import Collator, unpacking_folder, validation_loader  # Streaming takes seconds to load

    from .validation import validation_losses

    tokenizer, index = TextTokenizer.load(shards / "tokenizer.json"), read_index(shards)
    losses = {}
    for version, model in models.items():
        collator = Collator(tokenizer, pretrain.patch, _side(version, pretrain), index.max_text)
        with unpacking_folder(work) as unpacked:
            loader = validation_loader(shards, unpacked, collator, pretrain.stage(VERSIONS[version]).batch)
            means = validation_losses(model, loader, pretrain.alpha, pretrain.variance_floor, pretrain.seed)
        losses[version] = asdict(means)
    return losses


def _probe(
    models: dict[str, PretrainModel], corpus: Path, settings: EvaluateSettings, pretrain: PretrainSettings
) -> dict[str, float]:
    scores = {}
    for version, model in models.items():
        side = _side(version, pretrain)
        train = _labelled(corpus, Split.TRAIN, PROBE_TRAIN, pretrain.patch, side)
        test = _labelled(corpus, Split.GOLD, PROBE_TEST, pretrain.patch, side)
        if len(set(train.categories)) < 2 or not test.categories:
            print("evaluate: no probe, it needs generated train and gold documents with regions of two categories")
            return {}
        scores[version] = probe_accuracy(model.encoder, train, test, settings.probe_l2)
    torch.manual_seed(pretrain.seed)
    scores["untrained"] = probe_accuracy(VisionEncoder(model.encoder.config).eval(), train, test, settings.probe_l2)
    scores["chance"] = chance_accuracy(train, test)
    return scores


def _labelled(corpus: Path, split: Split, count: int, patch: int, side: int) -> LabelledCrops:
    """At most `count` blocks of generated documents of a split, drawn by hash, in the order of their pages."""
    wanted = {one.document_id for one in read_table(corpus / "documents", Document) if one.split == split}
    blocks = [one for one in read_table(corpus / "truth", Element) if one.level == "block" and _of(one) in wanted]
    chosen: dict[str, list[Element]] = {}
    for block in sorted(blocks, key=_draw)[:count]:
        chosen.setdefault(block.page_id, []).append(block)
    crops = LabelledCrops([], [])
    for page in read_table(corpus / "pages", Page):
        for block, crop in _block_crops(page, chosen.get(page.page_id, [])):
            crops.images.append(prepare_image(crop, patch, side))
            crops.categories.append(block.category)
    return crops


def _block_crops(page: Page, blocks: list[Element]) -> Iterator[tuple[Element, Image.Image]]:
    if not blocks:
        return
    with Image.open(io.BytesIO(page.image)) as picture:
        for block in blocks:
            x0, y0 = max(0, int(block.x0)), max(0, int(block.y0))
            x1, y1 = min(picture.width, round(block.x1)), min(picture.height, round(block.y1))
            if x1 > x0 and y1 > y0:
                yield block, picture.crop((x0, y0, x1, y1))


def _of(element: Element) -> str:
    return element.page_id.rpartition("-")[0]


def _draw(element: Element) -> str:
    return hashlib.sha256(f"{element.page_id}-{element.order}".encode()).hexdigest()


def _side(version: str, pretrain: PretrainSettings) -> int:
    return pretrain.stage(VERSIONS[version]).side


def _teacher_rate(path: Path) -> float:
    try:
        return float(json.loads(path.read_text(encoding="utf-8"))["region_cer"]["all"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{path} does not say the teacher's region_cer ({error!r}); run `dvc repro`") from error


def _write_scores(path: Path, scores: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [("region_cer", system, value["region_cer"]) for system, value in scores["reading"].items()]
    rows += [("probe", system, value) for system, value in scores["probe"].items()]
    for version, losses in scores["validation"].items():
        rows += [(f"validation_{name}", version, value) for name, value in losses.items()]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(SCORE_COLUMNS)
        table.writerows(rows)
