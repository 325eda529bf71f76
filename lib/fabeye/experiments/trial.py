"""One trial: one arm trained with one seed, then measured.

Notable:
- A trial is a JSON file that says all that is known of it; its weights are kept beside the other artifacts.
- What is measured is what the pipeline's evaluation measures, on the same gold set by the same functions, only less of
  it: a few regions, a few whole pages, the probes.
- Regions far from square are counted apart as well: they are what a fixed square picture harms.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from fabeye.evaluation.gold import GOLD_FILE, GoldPage, load_gold
from fabeye.evaluation.probes.features import encoder_features
from fabeye.evaluation.reading import prepared_crops, read_regions
from fabeye.evaluation.regions import choose_regions, error_rate
from fabeye.evaluation.standing import summary
from fabeye.parsing.reader_scores import elements_of, score_reader
from fabeye.paths import Paths
from fabeye.schema import Reading
from fabeye.settings import Settings
from fabeye.tables import write_json
from fabeye.training.page_reading import read_pages
from fabeye.training.probing import gather_tasks, probe
from fabeye.training.readers import Reader
from fabeye.training.stages import train_stage

from .arms import ExperimentError, trial_settings

CURVES = "plots"
DATA_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a trial.

    curve: (samples, text loss) of each validation. measures: name -> value. seconds: training and measuring.
    data: digest of the shards and the gold set, "" where nobody noted it; trials of other data are not compared.
    """

    arm: str
    seed: int
    samples: int
    parameters: int
    seconds: dict[str, float]
    curve: list[tuple[int, float]]
    measures: dict[str, float]
    data: str = ""

    @classmethod
    def load(cls, path: Path) -> "Trial":
        """From its JSON. Raises ExperimentError when it is damaged."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            return cls(**said | {"curve": [tuple(point) for point in said["curve"]]})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ExperimentError(f"{path} is no trial ({error!r}); run it again") from error


def run_trial(arm: str, seed: int, paths: Paths, settings: Settings) -> Trial:
    """Train and measure one trial; weights go to data/experiments/<arm>-<seed>, the numbers to reports/experiments.

    Raises ExperimentError, and whatever training and evaluation raise.
    """
    pretrain = trial_settings(arm, seed, settings.pretrain, settings.experiments)
    stage, name = settings.experiments.stage, f"{arm}-{seed}"
    out, began = paths.experiments / name, time.perf_counter()
    notes = paths.work / "experiments" / name  # where the stage writes what a trial says in its own words
    done = train_stage(stage, paths.shards, None, out, notes, notes, pretrain)
    trained = time.perf_counter()
    measures = {f"validation_{kind}": value for kind, value in done.validation_last.items()}
    measures |= measure(Reader.load(out), paths, settings)
    seconds = {"training": trained - began, "measuring": time.perf_counter() - trained}
    curve = _curve(notes / CURVES / f"pretrain_{stage}_validation.csv")
    trial = Trial(arm, seed, done.samples, done.parameters, seconds, curve, measures, data_digest(paths))
    write_json(paths.trials / f"{name}.json", asdict(trial))
    return trial


def measure(reader: Reader, paths: Paths, settings: Settings) -> dict[str, float]:
    """Readings of gold regions, whole gold pages, and probes. Raises GoldError or TableError when these are missing."""
    pages = load_gold(paths.gold)
    return {
        **_reading(reader, pages, paths, settings),
        **_composite(reader, pages, paths, settings),
        **_probes(reader, paths, settings),
    }


def data_digest(paths: Paths) -> str:
    """What a trial was trained and measured on, in DATA_DIGITS digits: every shard's hash, and the gold set."""
    digest = hashlib.sha256()
    for path in (*sorted(paths.shards.rglob("index.json")), paths.gold / GOLD_FILE):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:DATA_DIGITS]


def _reading(reader: Reader, pages: Sequence[GoldPage], paths: Paths, settings: Settings) -> dict[str, float]:
    longest = settings.shards.longest
    regions = [one for one in choose_regions(pages, settings.experiments.regions) if len(one.text) <= (longest or 1000)]
    crops = prepared_crops(regions, pages, paths.gold, reader.model.config.encoder.patch, reader.side)
    read = read_regions("", reader.model, reader.tokenizer, crops, settings.evaluate.max_tokens)
    general = settings.evaluate.gate.general_families
    groups = {
        "region_cer": read,
        "region_cer_domain": [one for one in read if one.family not in general],
        "region_cer_general": [one for one in read if one.family in general],
        "region_cer_extreme": [one for one in read if _is_extreme(one, settings.experiments.extreme)],
    }
    return {name: error_rate(some) for name, some in groups.items() if some}


def _composite(reader: Reader, pages: Sequence[GoldPage], paths: Paths, settings: Settings) -> dict[str, float]:
    chosen = some_pages(pages, settings.experiments.pages)
    found = elements_of(paths.parses, chosen)
    read = read_pages(
        reader.model, reader.tokenizer, chosen, paths.gold, found, reader.side, settings.evaluate.max_tokens
    )
    weights, gate = settings.evaluate.composite, settings.evaluate.gate
    with TemporaryDirectory() as out:
        scores = score_reader(paths.gold / GOLD_FILE, chosen, read, Path(out), weights, gate)
    said = summary(scores, chosen, weights, gate)["composite"]
    return {f"composite_{group}": value for group, value in said.items()}


def _probes(reader: Reader, paths: Paths, settings: Settings) -> dict[str, float]:
    asked = settings.evaluate.probe
    tasks = gather_tasks(paths.curated, asked, settings.pretrain.patch, asked.side)
    scores = probe(encoder_features(reader.model.encoder), tasks, asked)
    return {f"probe_{task}": value for task, value in scores.items()}


def some_pages(pages: Sequence[GoldPage], count: int) -> list[GoldPage]:
    """At most `count` pages of each family, in the set's order, spread over its documents."""
    chosen: list[GoldPage] = []
    for family in sorted({page.family for page in pages}):
        ours = [page for page in pages if page.family == family]
        chosen += ours[:: max(1, len(ours) // count)][:count]
    return chosen


def _is_extreme(one: Reading, ratio: float) -> bool:
    width, height = one.x1 - one.x0, one.y1 - one.y0
    return max(width, height) >= ratio * min(width, height)


def _curve(path: Path) -> list[tuple[int, float]]:
    rows = path.read_text(encoding="utf-8").splitlines()[1:]
    return [(int(samples), float(text)) for samples, text, *_ in (row.split(",") for row in rows)]
