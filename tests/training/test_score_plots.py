"""Files of `dvc plots`: one scale each, a row a score or a page."""

import csv
from pathlib import Path

import pytest

from fabeye.evaluation.fabeye_page import page_tallies
from fabeye.evaluation.fabeye_scores import Measured, fabeye_scores
from fabeye.evaluation.results import Provenance, Scores
from fabeye.settings import load_settings
from fabeye.training.score_plots import write_page_plot, write_score_plots, write_standing_plot
from tests.evaluation.gold_pages import READING, gold_page

PAGES = [gold_page(f"d{number}-0000") for number in range(2)]
MADE = Provenance(evaluator="fabeye", revision="0", gold="g", predictions="p", software={})


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def scored(*readings: str) -> Scores:
    measured = [Measured("", page_tallies(page, text)) for page, text in zip(PAGES, readings, strict=True)]
    return fabeye_scores(PAGES, measured, MADE)


def test_every_kind_of_score_has_a_file_of_its_own(tmp_path: Path) -> None:
    found = {"reading": {"v1.0": {"cer": 2.5}}, "probes": {"chance": {"family": 0.5}}, "validation": {"v1.0": {"t": 7}}}
    write_score_plots(tmp_path / "plots", found)
    assert rows(tmp_path / "plots" / "reading.csv") == [{"score": "cer", "system": "v1.0", "value": "2.5"}]
    assert rows(tmp_path / "plots" / "probes.csv") == [{"score": "family", "system": "chance", "value": "0.5"}]
    assert rows(tmp_path / "plots" / "losses.csv") == [{"score": "t", "system": "v1.0", "value": "7"}]


def test_standings_are_on_one_scale_with_their_intervals(tmp_path: Path) -> None:
    said = {"composite": {"value": 80.0, "low": 70.0, "high": 90.0}, "teds": {"value": 0.5, "low": 0.4, "high": 0.6}}
    write_standing_plot(tmp_path / "standing.csv", {"teacher": {"all": said}})
    found = {row.pop("score"): row for row in rows(tmp_path / "standing.csv")}
    assert found["composite"] == {"reader": "teacher", "group": "all", "value": "0.8", "low": "0.7", "high": "0.9"}
    assert found["teds"]["value"] == "0.5"


def test_a_row_a_page_with_both_readers_points(tmp_path: Path) -> None:
    weights = load_settings().evaluate.composite
    write_page_plot(tmp_path / "pages.csv", PAGES, scored("", READING), scored(READING, READING), weights)
    found = rows(tmp_path / "pages.csv")
    assert [row["page"] for row in found] == [page.page_id for page in PAGES]
    assert [float(row["candidate"]) - float(row["baseline"]) for row in found] == pytest.approx([100.0, 0.0])
