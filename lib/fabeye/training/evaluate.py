"""The evaluation stage: both encoders against the teacher, an untrained encoder, bare pixels and chance.

Notable:
- v0.5 is the checkpoint of the stage `base`, v1.0 that of `native`; each sees pictures at the side it was trained with.
- Readings are of the gold regions the teacher has read, chosen by the same function.
- v1.0 also reads the gold pages whole, in the teacher's lines, and is judged against the teacher by its composite.
- The probes need pictures whose truth is known: those of generated documents, train to learn and gold to test.
"""

import csv
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from fabeye.errors import FabeyeError
from fabeye.evaluation.fabeye_scores import read_scores
from fabeye.evaluation.gold import GoldPage, load_gold
from fabeye.evaluation.probes.features import (
    encoder_features,
    pixel_features,
    transformers_features,
    untrained_features,
)
from fabeye.evaluation.reading import prepared_crops, read_regions
from fabeye.evaluation.regions import choose_regions
from fabeye.evaluation.results import Scores
from fabeye.evaluation.standing import summary
from fabeye.evaluation.verdict import Gate, judge
from fabeye.metrics.text import character_error_rate
from fabeye.model import PretrainModel
from fabeye.parsing.reader_scores import SCORES, elements_of, score_reader
from fabeye.schema import Reading
from fabeye.settings import EvaluateSettings, PretrainSettings, ProbeSettings
from fabeye.shards.tokenizer import TextTokenizer
from fabeye.tables import write_json, write_table

from .page_reading import read_pages
from .pixel_map import write_pixel_map
from .probing import gather_tasks, probe, probe_chance, probe_robustness
from .stages import load_trained

VERSIONS = {"v0.5": "base", "v1.0": "native"}
NEWEST, TEACHER = "v1.0", "rapidocr"
SCORE_COLUMNS = ("score", "system", "value")


class EvaluationError(FabeyeError):
    """The encoders cannot be evaluated; the text says what is missing and what to do."""


def evaluate_encoders(
    checkpoints: Path,
    shards: Path,
    corpus: Path,
    gold: Path,
    parses: Path,
    baseline: Path,
    out: Path,
    work: Path,
    reports: Path,
    settings: EvaluateSettings,
    pretrain: PretrainSettings,
) -> dict[str, Any]:
    """Score both versions; writes readings, predictions, scores, verdict and pixels of v1.0 below `out`,
    `reports`/metrics/evaluate.json and `reports`/plots/scores.csv.

    The teacher's error rate is taken from `reports`/metrics/baseline.json. Returns what evaluate.json says.
    Raises EvaluationError, TrainingError, GoldError, ScoresError, ShardsError or TableError.
    """
    teacher = _teacher_rate(reports / "metrics" / "baseline.json")
    torch.set_num_threads(pretrain.threads)
    models = {version: load_trained(checkpoints / stage) for version, stage in VERSIONS.items()}
    readings = _readings(models, shards, gold, settings, pretrain)
    write_table(out / "readings", Reading, readings)
    scores = {
        **_pages(models[NEWEST], shards, gold, parses, baseline, out, settings, pretrain),
        "validation": _validation(models, shards, work, pretrain),
        "reading": {TEACHER: {"region_cer": teacher}, **_error_rates(readings)},
        **_probes(models, corpus, settings.probe, pretrain),
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


def _pages(
    model: PretrainModel,
    shards: Path,
    gold: Path,
    parses: Path,
    baseline: Path,
    out: Path,
    settings: EvaluateSettings,
    pretrain: PretrainSettings,
) -> dict[str, Any]:
    """Whole gold pages read by v1.0: its scores beside the teacher's, and the verdict."""
    pages, tokenizer = load_gold(gold), TextTokenizer.load(shards / "tokenizer.json")
    found = elements_of(parses, pages)
    read = read_pages(model, tokenizer, pages, gold, found, _side(NEWEST, pretrain), settings.max_tokens)
    write_pixel_map(model, pages[0], gold, _side(NEWEST, pretrain), pretrain.variance_floor, out)
    teacher = read_scores(baseline / SCORES)
    ours = score_reader(gold, pages, read, out, settings.composite, settings.gate)
    verdict = judge(pages, teacher, ours, settings.composite, settings.gate)
    write_json(out / "verdict.json", verdict.as_json())
    print(f"evaluate: {verdict.en}", flush=True)
    gates = {gate.name: _gate(gate) for gate in (verdict.domain, verdict.general)}
    return {
        "pages": {name: _summary(side, pages, settings) for name, side in ((TEACHER, teacher), (NEWEST, ours))},
        "verdict": {"outcome": verdict.outcome.value, **gates},
    }


def _summary(scores: Scores, pages: list[GoldPage], settings: EvaluateSettings) -> dict[str, Any]:
    return summary(scores, pages, settings.composite, settings.gate)


def _gate(gate: Gate) -> dict[str, Any]:
    """A gate as a metrics file says it."""
    found = gate.comparison
    names = ("difference", "low", "high", "better")
    return {"outcome": gate.outcome.value} | ({name: getattr(found, name) for name in names} if found else {})


def _error_rates(readings: list[Reading]) -> dict[str, dict[str, float]]:
    by_version = {version: [one for one in readings if one.reader == version] for version in VERSIONS}
    return {
        version: {"region_cer": character_error_rate((one.truth, one.text) for one in ours)}
        for version, ours in by_version.items()
    }


def _validation(
    models: dict[str, PretrainModel], shards: Path, work: Path, pretrain: PretrainSettings
) -> dict[str, dict[str, float]]:
    from .stage_data import StageData  # Streaming takes seconds to load
    from .validation import validation_losses

    losses, unpacked = {}, work / "evaluate"
    for version, model in models.items():
        pairs = StageData(VERSIONS[version], shards, unpacked, pretrain).validation()
        alpha = pretrain.stage(VERSIONS[version]).alpha
        means = validation_losses(model, pairs, alpha, pretrain.variance_floor, pretrain.seed)
        losses[version] = asdict(means)
    shutil.rmtree(unpacked, ignore_errors=True)
    return losses


def _probes(
    models: dict[str, PretrainModel], corpus: Path, settings: ProbeSettings, pretrain: PretrainSettings
) -> dict[str, dict[str, dict[str, float]]]:
    """What can be read off each encoder's frozen features, and what damaged pictures cost it."""
    patch = pretrain.patch
    tasks = gather_tasks(corpus, settings, patch, settings.side)
    systems = {version: encoder_features(model.encoder) for version, model in models.items()}
    newest = next(reversed(models.values()))
    systems["untrained"] = untrained_features(newest.encoder.config, settings.seed)
    systems["pixels"] = pixel_features(patch)
    if settings.compare:
        systems[Path(settings.compare).name] = transformers_features(Path(settings.compare))
    scores, robustness = {}, {}
    for name, features in systems.items():
        scores[name] = probe(features, tasks, settings)
        robustness[name] = probe_robustness(features, tasks, settings, patch)
        print(f"evaluate: probed {name}", flush=True)
    return {"probes": {**scores, "chance": probe_chance(tasks, settings)}, "robustness": robustness}


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
    for system, probes in scores["probes"].items():
        rows += [(f"probe_{task}", system, value) for task, value in probes.items()]
    for system, said in scores["pages"].items():
        rows += [(f"composite_{group}", system, value) for group, value in said["composite"].items()]
    for version, losses in scores["validation"].items():
        rows += [(f"validation_{name}", version, value) for name, value in losses.items()]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(SCORE_COLUMNS)
        table.writerows(rows)
