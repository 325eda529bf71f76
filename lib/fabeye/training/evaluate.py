"""The evaluation stage: both encoders against the teacher, an untrained encoder, bare pixels and chance.

Notable:
- v0.5 is the checkpoint of the stage `base`, v1.0 that of `native`; beside them stand the weights that come with the
  project. Each reads with its own tokenizer and sees pictures at the side it was trained with.
- Readings are of the gold regions the teacher has read, chosen by the same function.
- v1.0 and the published weights also read the gold pages whole, in the teacher's lines; v1.0 is judged against the
  teacher by its composite.
- The probes need pictures whose truth is known: those of generated documents, train to learn and gold to test.
"""

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from fabeye.errors import FabeyeError
from fabeye.evaluation.fabeye_scores import read_scores
from fabeye.evaluation.gold import GOLD_FILE, GoldPage, load_gold
from fabeye.evaluation.probes.features import (
    encoder_features,
    pixel_features,
    transformers_features,
    untrained_features,
)
from fabeye.evaluation.reading import prepared_crops, read_regions
from fabeye.evaluation.regions import choose_regions, error_rate
from fabeye.evaluation.results import Scores
from fabeye.evaluation.standing import standing, summary
from fabeye.evaluation.verdict import Gate, judge
from fabeye.parsing.reader_scores import SCORES, elements_of, score_reader
from fabeye.schema import Reading
from fabeye.settings import EvaluateSettings, KindSettings, PretrainSettings, ProbeSettings
from fabeye.tables import read_table, write_json, write_table

from .page_reading import read_pages
from .pixel_map import write_pixel_map
from .probing import gather_tasks, probe, probe_chance, probe_robustness
from .readers import NEWEST, VERSIONS, Reader, load_readers
from .score_plots import write_page_plot, write_score_plots, write_standing_plot

TEACHER = "teacher"  # who has read the whole pages, whichever engine it was


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
    """Score all readers; writes readings, predictions, scores, verdict and pixels of v1.0 below `out`, those of the
    published weights below `out`/<their name>, `reports`/metrics/evaluate.json and the files of score_plots.py.

    The teacher's readings are those of `baseline`. Returns what evaluate.json says.
    Raises EvaluationError, TrainingError, TokenizerError, GoldError, ScoresError, ShardsError or TableError.
    """
    teacher = _teacher_readings(baseline)
    torch.set_num_threads(pretrain.threads)
    readers = load_readers(checkpoints, Path(settings.published) if settings.published else None)
    readings = _readings(readers, gold, settings)
    write_table(out / "readings", Reading, readings)
    scores = {
        **_pages(readers, gold, parses, baseline, out, reports / "plots", settings, pretrain),
        "validation": _validation(readers, shards, work, pretrain),
        "reading": _error_rates([*teacher, *readings], settings.kind),
        **_probes(readers, corpus, settings.probe, pretrain),
        "regions": len(readings) // len(readers),
    }
    write_json(reports / "metrics" / "evaluate.json", scores)
    write_score_plots(reports / "plots", scores)
    return scores


def _readings(readers: dict[str, Reader], gold: Path, settings: EvaluateSettings) -> list[Reading]:
    pages = load_gold(gold)
    regions = choose_regions(pages, settings.regions)
    if not regions:
        raise EvaluationError(
            f"{gold} has no region with a short text to read; raise corpus.gold_share or annotate pages"
        )
    readings = []
    for name, reader in readers.items():
        crops = prepared_crops(regions, pages, gold, reader.model.config.encoder.patch, reader.side)
        readings += read_regions(name, reader.model, reader.tokenizer, crops, settings.max_tokens)
        print(f"evaluate: {name} has read {len(crops)} regions", flush=True)
    return readings


def _pages(
    readers: dict[str, Reader],
    gold: Path,
    parses: Path,
    baseline: Path,
    out: Path,
    plots: Path,
    settings: EvaluateSettings,
    pretrain: PretrainSettings,
) -> dict[str, Any]:
    """Whole gold pages read by v1.0 and the published weights, beside the teacher; the verdict on v1.0."""
    pages, newest = load_gold(gold), readers[NEWEST]
    found = elements_of(parses, pages)
    write_pixel_map(newest.model, pages[0], gold, newest.side, pretrain.variance_floor, out)
    folders = {NEWEST: out} | {name: out / name for name in readers if name not in VERSIONS}
    scores = {TEACHER: read_scores(baseline / SCORES)}
    for name, folder in folders.items():
        reader = readers[name]
        read = read_pages(reader.model, reader.tokenizer, pages, gold, found, reader.side, settings.max_tokens)
        scores[name] = score_reader(gold / GOLD_FILE, pages, read, folder, settings.composite, settings.gate)
    stand = {name: standing(side, pages, settings.composite, settings.gate) for name, side in scores.items()}
    write_standing_plot(plots / "standing.csv", stand)
    write_page_plot(plots / "pages.csv", pages, scores[TEACHER], scores[NEWEST], settings.composite)
    verdict = judge(pages, scores[TEACHER], scores[NEWEST], settings.composite, settings.gate)
    write_json(out / "verdict.json", verdict.as_json())
    print(f"evaluate: {verdict.en}", flush=True)
    gates = {gate.name: _gate(gate) for gate in (verdict.domain, verdict.general)}
    return {
        "pages": {name: _summary(side, pages, settings) for name, side in scores.items()},
        "verdict": {"outcome": verdict.outcome.value, **gates},
    }


def _summary(scores: Scores, pages: list[GoldPage], settings: EvaluateSettings) -> dict[str, Any]:
    return summary(scores, pages, settings.composite, settings.gate)


def _gate(gate: Gate) -> dict[str, Any]:
    """A gate as a metrics file says it."""
    found = gate.comparison
    names = ("difference", "low", "high", "better")
    return {"outcome": gate.outcome.value} | ({name: getattr(found, name) for name in names} if found else {})


def _error_rates(readings: Sequence[Reading], kind: KindSettings) -> dict[str, dict[str, float]]:
    """Reader -> character error rate of all its regions, and of those of the kind of the published weights."""
    rates: dict[str, dict[str, float]] = {}
    for name in dict.fromkeys(one.reader for one in readings):
        ours = [one for one in readings if one.reader == name]
        some = [one for one in ours if one.language in kind.languages and len(one.truth) <= kind.longest]
        rates[name] = {"region_cer": error_rate(ours)} | ({"kind_cer": error_rate(some)} if some else {})
    return rates


def _validation(
    readers: dict[str, Reader], shards: Path, work: Path, pretrain: PretrainSettings
) -> dict[str, dict[str, float]]:
    from .stage_data import StageData  # Streaming takes seconds to load
    from .validation import validation_losses

    losses, unpacked = {}, work / "evaluate"
    for version, stage in VERSIONS.items():  # others have another tokenizer, so their losses mean something else
        pairs = StageData(stage, shards, unpacked, pretrain).validation()
        model, asked = readers[version].model, pretrain.stage(stage)
        losses[version] = asdict(validation_losses(model, pairs, asked, pretrain.variance_floor, pretrain.seed))
    shutil.rmtree(unpacked, ignore_errors=True)
    return losses


def _probes(
    readers: dict[str, Reader], corpus: Path, settings: ProbeSettings, pretrain: PretrainSettings
) -> dict[str, dict[str, dict[str, float]]]:
    """What can be read off each encoder's frozen features, and what damaged pictures cost it."""
    patch = pretrain.patch
    tasks = gather_tasks(corpus, settings, patch, settings.side)
    systems = {name: encoder_features(reader.model.encoder) for name, reader in readers.items()}
    systems["untrained"] = untrained_features(readers[NEWEST].model.encoder.config, settings.seed)
    systems["pixels"] = pixel_features(patch)
    if settings.compare:
        systems[Path(settings.compare).name] = transformers_features(Path(settings.compare))
    scores, robustness = {}, {}
    for name, features in systems.items():
        scores[name] = probe(features, tasks, settings)
        robustness[name] = probe_robustness(features, tasks, settings, patch)
        print(f"evaluate: probed {name}", flush=True)
    return {"probes": {**scores, "chance": probe_chance(tasks, settings)}, "robustness": robustness}


def _teacher_readings(baseline: Path) -> list[Reading]:
    """What the teacher read. Raises TableError where there is no such table."""
    return list(read_table(baseline / "readings", Reading))
