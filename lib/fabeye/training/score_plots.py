"""What `dvc plots` shows of an evaluation: files of one scale each, below reports/plots.

Notable:
- reading.csv holds character error rates, probes.csv shares right by chance or by learning, losses.csv nats.
- standing.csv holds every score of whole pages with its interval, from 0 to 1; the composite's points by 100.
- pages.csv holds a row a page: the composite of the teacher and of v1.0, in points, for a scatter of one by the other.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fabeye.evaluation.composite import POINTS, composite_of
from fabeye.evaluation.gold import GoldPage
from fabeye.evaluation.results import Scores
from fabeye.evaluation.standing import COMPOSITE
from fabeye.settings import CompositeSettings

SCORE_COLUMNS = ("score", "system", "value")
STANDING_COLUMNS = ("reader", "group", "score", "value", "low", "high")
PAGE_COLUMNS = ("page", "family", "language", "baseline", "candidate")

Standing = Mapping[str, Mapping[str, Mapping[str, float]]]  # group -> score -> its value and ends
Row = Sequence[object]  # texts and numbers


def write_score_plots(plots: Path, scores: Mapping[str, Any]) -> None:
    """reading.csv, probes.csv and losses.csv of what evaluate_encoders() has found."""
    files = {"reading": scores["reading"], "probes": scores["probes"], "losses": scores["validation"]}
    for name, systems in files.items():
        rows = [(score, system, value) for system, found in systems.items() for score, value in found.items()]
        _write(plots / f"{name}.csv", SCORE_COLUMNS, rows)


def write_standing_plot(path: Path, standings: Mapping[str, Standing]) -> None:
    """standing.csv. standings: reader -> how it stands."""
    rows = [
        (reader, group, score, *(said[end] / (POINTS if score == COMPOSITE else 1) for end in ("value", "low", "high")))
        for reader, groups in standings.items()
        for group, found in groups.items()
        for score, said in found.items()
    ]
    _write(path, STANDING_COLUMNS, rows)


def write_page_plot(
    path: Path, pages: Sequence[GoldPage], baseline: Scores, candidate: Scores, weights: CompositeSettings
) -> None:
    """pages.csv; a page that asks for nothing that is weighed is left out."""
    rows = []
    for page in pages:
        points = [composite_of(side, {page.page_id: page.page_id}, weights) for side in (baseline, candidate)]
        known = [one for one in points if one is not None]
        if len(known) == len(points):
            rows.append((page.page_id, page.family, page.language, *known))
    _write(path, PAGE_COLUMNS, rows)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)
