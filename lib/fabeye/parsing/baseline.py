"""How good the teacher is on the gold set: whole pages, and the regions that the encoders read later."""

import os
import shutil
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image

from fabeye.evaluation.gold import GoldPage, load_gold
from fabeye.evaluation.regions import Region, choose_regions
from fabeye.evaluation.scoring import SCORE_DIGITS, score_pages
from fabeye.metrics.text import character_error_rate
from fabeye.ocr import TextRecogniser
from fabeye.parsing.writing import page_words
from fabeye.progress import track
from fabeye.schema import Element, Reading, Source
from fabeye.settings import BaselineSettings, ParseSettings
from fabeye.tables import read_table, write_json, write_table


def score_teacher(
    gold: Path,
    parses: Path,
    out: Path,
    metrics: Path,
    settings: BaselineSettings,
    parse: ParseSettings | None = None,
) -> dict[str, Any]:
    """Write predictions/<page_id>.md and the table readings below `out`, and the scores to the file `metrics`.

    parse: how many threads reading may use, workers times threads as it is one process here; default: every core.
    Returns the scores. Raises GoldError where there is no gold page, TableError where there is no parse.
    """
    pages = load_gold(gold)
    predictions = _predictions(pages, parses)
    shutil.rmtree(out / "predictions", ignore_errors=True)
    for page_id, text in predictions.items():
        _write_text(out / "predictions" / f"{page_id}.md", text)
    regions = choose_regions(pages, settings.regions)
    recogniser = TextRecogniser(parse.workers * parse.threads if parse else len(os.sched_getaffinity(0)))
    readings = list(track(_readings(regions, pages, gold, recogniser), "baseline", len(regions)))
    write_table(out / "readings", Reading, readings)
    scores = {
        "page_edit": score_pages(pages, predictions).as_metrics(),
        "region_cer": _region_errors(readings),
        "pages": len(pages),
        "regions": len(readings),
    }
    write_json(metrics, scores)
    return scores


def _predictions(pages: Sequence[GoldPage], parses: Path) -> dict[str, str]:
    """What the teacher read on each gold page, block by block; "" on a page it failed on."""
    found: dict[str, list[Element]] = {page.page_id: [] for page in pages}
    for element in read_table(parses / "elements", Element):
        if element.page_id in found:
            found[element.page_id].append(element)
    return {page_id: page_words(elements) for page_id, elements in found.items()}


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
    return round(character_error_rate((reading.truth, reading.text) for reading in readings), SCORE_DIGITS)


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n" if text else "", encoding="utf-8")
