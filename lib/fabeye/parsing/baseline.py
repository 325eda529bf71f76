"""How good the teacher is on the gold set: whole pages, and the regions that the encoders read later."""

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image

from fabeye.evaluation.gold import GOLD_FILE, OWN, GoldPage, load_gold, load_own
from fabeye.evaluation.regions import Region, choose_regions, error_rate
from fabeye.evaluation.standing import DIGITS, means, summary
from fabeye.ocr import TextRecogniser
from fabeye.parsing.reader_scores import elements_of, score_reader
from fabeye.progress import track
from fabeye.schema import Reading, Source
from fabeye.settings import BaselineSettings, EvaluateSettings, ParseSettings
from fabeye.tables import write_json, write_table


def score_teacher(
    gold: Path,
    parses: Path,
    out: Path,
    metrics: Path,
    settings: BaselineSettings,
    evaluate: EvaluateSettings,
    parse: ParseSettings | None = None,
) -> dict[str, Any]:
    """Write predictions, scores and the table readings below `out`, and what is measured to the file `metrics`.

    What people annotated of their own documents is scored apart, below `out`/own and under "own".

    evaluate: weights of the composite and how intervals are drawn. parse: how many threads reading may use, workers
    times threads as it is one process here; default: every core. Returns what the file says. Raises GoldError where
    there is no gold page, TableError where there is no parse.
    """
    pages = load_gold(gold)
    scores = score_reader(gold / GOLD_FILE, pages, elements_of(parses, pages), out, evaluate.composite, evaluate.gate)
    regions = choose_regions(pages, settings.regions)
    recogniser = TextRecogniser(parse.workers * parse.threads if parse else len(os.sched_getaffinity(0)))
    readings = list(track(_readings(regions, pages, gold, recogniser), "baseline", len(regions)))
    write_table(out / "readings", Reading, readings)
    own = load_own(gold)
    measured = {
        **summary(scores, pages, evaluate.composite, evaluate.gate),
        "text_edit": means(scores, "text_edit", pages),
        "region_cer": _region_errors(readings),
        "pages": len(pages),
        "regions": len(readings),
    }
    if own:
        folder, read = gold / OWN / GOLD_FILE, elements_of(parses, own)
        theirs = score_reader(folder, own, read, out / OWN, evaluate.composite, evaluate.gate)
        measured[OWN] = {**summary(theirs, own, evaluate.composite, evaluate.gate), "pages": len(own)}
    write_json(metrics, measured)
    return measured


def _readings(
    regions: Sequence[Region], pages: Sequence[GoldPage], gold: Path, recogniser: TextRecogniser
) -> Iterator[Reading]:
    files = {page.page_id: page.image_file(gold) for page in pages}
    for page_id, group in groupby(regions, key=lambda region: region.page_id):
        with Image.open(files[page_id]) as picture:
            image = picture.convert("RGB")
        for region in group:
            yield region.reading(Source.RAPIDOCR.value, recogniser.read_crop(region.crop(image)))


def _region_errors(readings: Sequence[Reading]) -> dict[str, Any]:
    return {
        "all": _error_rate(readings),
        "by_language": _by_group([(reading.language, reading) for reading in readings]),
        "by_category": _by_group([(reading.category, reading) for reading in readings]),
    }


def _by_group(named: list[tuple[str, Reading]]) -> dict[str, float]:
    groups = sorted({name for name, _ in named})
    return {group: _error_rate([reading for name, reading in named if name == group]) for group in groups}


def _error_rate(readings: Sequence[Reading]) -> float:
    return round(error_rate(readings), DIGITS)
