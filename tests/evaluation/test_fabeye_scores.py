"""Scores of a set: sums by sums, nothing left out, and the file tells everything again."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fabeye.evaluation.fabeye_scores import (
    LONGEST_READING,
    Measured,
    ScoresError,
    pooled_score,
    read_scores,
    score_fabeye,
)
from fabeye.evaluation.gold import GoldError, GoldPage
from fabeye.evaluation.results import MetricScore
from fabeye.metrics.tally import Tally
from fabeye.tables import write_json
from tests.evaluation.gold_pages import FORMULA, READING, gold_page

NAMES = ["aa-0000", "aa-0001", "bb-0000", "cc-0000"]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A gold file of four pages of three documents."""
    pages = [gold_page(name, "general" if name == "cc-0000" else "fa_report") for name in NAMES]
    write_json(tmp_path / "gold.json", [page.model_dump(mode="json") for page in pages])
    (tmp_path / "read").mkdir()
    return tmp_path / "gold.json"


def write(gold: Path, readings: dict[str, str]) -> Path:
    for name, text in readings.items():
        (gold.parent / "read" / f"{name}.md").write_text(text)
    return gold.parent / "read"


def test_a_perfect_set(gold: Path) -> None:
    scores = score_fabeye(gold, write(gold, dict.fromkeys(NAMES, READING)))
    assert scores.problems == {}
    assert {scores.metrics[name].overall for name in ("values", "teds", "formulas", "figures")} == {1.0}
    assert {scores.metrics[name].overall for name in ("text_edit", "formula_edit", "table_edit")} == {0.0}
    assert set(scores.metrics["text_edit"].by_page) == set(NAMES)
    assert scores.metrics["values"].by_group["data_source: general"] == 1.0


def test_what_cannot_be_used_is_zero_and_named(gold: Path) -> None:
    folder = write(gold, {"aa-0000": READING, "aa-0001": " \n", "cc-0000": "x" * (LONGEST_READING + 1)})
    (folder / "bb-0000.md").write_bytes(b"\xff\xfe\x00")
    scores = score_fabeye(gold, folder)
    assert set(scores.problems) == {"aa-0001", "bb-0000", "cc-0000"}
    assert scores.metrics["teds"].overall == 0.25
    (folder / "aa-0000.md").unlink()
    assert "aa-0000" in score_fabeye(gold, folder).problems


def test_a_formula_that_cannot_be_set_is_listed(gold: Path) -> None:
    unknown = READING.replace(FORMULA, rf"\begin{{cases}} {FORMULA} \end{{cases}}")
    assert unknown != READING
    scores = score_fabeye(gold, write(gold, dict.fromkeys(NAMES, READING) | {"bb-0000": unknown}))
    assert list(scores.formulas_by_tokens) == ["bb-0000"]
    assert [one.startswith(r"\begin{cases}") for one in scores.formulas_by_tokens["bb-0000"]] == [True]


def test_the_file_holds_what_is_needed_to_score_again(gold: Path, tmp_path: Path) -> None:
    scores = score_fabeye(gold, write(gold, {"aa-0000": READING, "bb-0000": READING.replace("-40", "40")}))
    write_json(tmp_path / "scores.json", json.loads(scores.model_dump_json()))
    again = read_scores(tmp_path / "scores.json")
    assert again == scores
    for score in (score for name, score in again.metrics.items() if name != "layout_map"):
        sums = [sum(parts) for parts in zip(*score.by_page.values(), strict=True)] or [0, 0]
        assert score.overall == (pytest.approx(sums[0] / sums[1]) if sums[1] else None)


def test_the_order_of_pages_changes_nothing() -> None:
    tallies = {name: Tally(0.1 * number, 3) for number, name in enumerate(NAMES, 1)}
    groups = {name: ["all"] for name in NAMES}
    backwards = dict(reversed(tallies.items()))
    assert pooled_score(tallies, groups) == pooled_score(backwards, groups)


@settings(max_examples=10)
@given(st.data())
def test_neither_files_nor_workers_in_another_order_change_a_score(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Any part of the pages, gold and files written in any order, pages measured in any order."""
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    readings = {name: READING.replace("-40", "40", number % 3) for number, name in enumerate(NAMES)}
    readings["bb-0000"] = ""

    def measured(order: Sequence[str]) -> tuple[dict[str, MetricScore], dict[str, str]]:
        def shuffled(task: Callable[[GoldPage], Measured], pages: Iterable[GoldPage]) -> list[Measured]:
            known = list(pages)
            work = data.draw(st.permutations(range(len(known))))
            done = {index: task(known[index]) for index in work}
            return [done[index] for index in range(len(known))]

        folder = tmp_path_factory.mktemp("set")
        (folder / "read").mkdir()
        write_json(folder / "gold.json", [gold_page(name).model_dump(mode="json") for name in order])
        for name in data.draw(st.permutations(order)):
            (folder / "read" / f"{name}.md").write_text(readings[name])
        scores = score_fabeye(folder / "gold.json", folder / "read", shuffled)
        return scores.metrics, scores.problems

    assert measured(names) == measured(data.draw(st.permutations(names)))


def test_scores_that_are_none_are_named(tmp_path: Path, gold: Path) -> None:
    with pytest.raises(ScoresError, match="no scores at"):
        read_scores(tmp_path / "none.json")
    (tmp_path / "half.json").write_text('{"provenance": ')
    with pytest.raises(ScoresError, match="holds no scores"):
        read_scores(tmp_path / "half.json")
    write_json(gold, [])
    with pytest.raises(GoldError, match="no page"):
        score_fabeye(gold, gold.parent / "read")


def test_a_page_that_was_given_up_is_zero_and_named(gold: Path) -> None:
    scores = score_fabeye(gold, write(gold, dict.fromkeys(NAMES, READING)), lambda _, pages: [None for _ in pages])
    assert set(scores.problems) == set(NAMES)
    assert scores.metrics["text_edit"].overall == 1.0
