"""A reader of whole pages scored on the gold set, and the folder in which that is kept.

Notable:
- The folder holds predictions/<page>.json as layout parsers write them, scores.json with every page's sums, and
  standing.json: every score with its interval, group by group.
- A page without blocks is written as an empty list: it scores as read empty and is named in scores.json.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from fabeye.evaluation.fabeye_scores import Mapped, score_fabeye
from fabeye.evaluation.gold import GoldPage
from fabeye.evaluation.results import Scores
from fabeye.evaluation.standing import standing
from fabeye.parsing.writing import page_regions
from fabeye.schema import Element
from fabeye.settings import CompositeSettings, GateSettings
from fabeye.tables import read_table, write_json

PREDICTIONS, SCORES, STANDING = "predictions", "scores.json", "standing.json"


def score_reader(
    gold: Path,
    pages: Sequence[GoldPage],
    elements: Mapping[str, Sequence[Element]],
    out: Path,
    weights: CompositeSettings,
    gate: GateSettings,
    mapped: Mapped = map,
) -> Scores:
    """Write a reader's folder from the elements that it found on each page of the file `gold`.

    mapped: as score_fabeye() takes it. Raises GoldError without a gold page.
    """
    folder = out / PREDICTIONS
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for page in pages:
        write_json(folder / f"{page.page_id}.json", page_regions(elements.get(page.page_id, [])))
    scores = score_fabeye(gold, folder, mapped)
    write_json(out / SCORES, scores.model_dump(mode="json"))
    write_json(out / STANDING, standing(scores, pages, weights, gate))
    return scores


def elements_of(parses: Path, pages: Iterable[GoldPage]) -> dict[str, list[Element]]:
    """What a teacher found on each of these pages. Raises TableError where there is no parse."""
    found: dict[str, list[Element]] = {page.page_id: [] for page in pages}
    for element in read_table(parses / "elements", Element):
        if element.page_id in found:
            found[element.page_id].append(element)
    return found
