"""Whole evaluations against what OmniDocBench's evaluator answered."""

import json
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fabeye.evaluation.gold import GoldError, read_gold
from fabeye.evaluation.official.scores import score_like_omnidocbench
from fabeye.evaluation.official.tables import TablePair, score_table_pairs
from fabeye.evaluation.official.version import Version
from fabeye.evaluation.predictions import PredictionError
from fabeye.evaluation.results import MetricScore, Scores, page_groups

Oracle = Callable[[str], Any]
Evaluated = Callable[[Any, dict[str, str]], tuple[Path, Path]]
EDITS = {
    "text_block": "text_edit",
    "display_formula": "formula_edit",
    "table": "table_edit",
    "reading_order": "reading_order_edit",
}
TOLERANCE = 1e-9


def assert_same(metrics: dict[str, MetricScore], expected: dict[str, Any]) -> None:
    for theirs, ours in EDITS.items():
        edit = expected[theirs]["Edit_dist"]
        assert metrics[ours].overall == metrics[ours].page_mean == pytest.approx(edit["ALL_page_avg"], abs=TOLERANCE)
        assert metrics[ours].whole == pytest.approx(edit["edit_whole"], abs=TOLERANCE)
        assert metrics[ours].sample_mean == pytest.approx(edit["edit_sample_avg"], abs=TOLERANCE)
    for theirs, ours in (("TEDS", "teds"), ("TEDS_structure_only", "teds_structure")):
        assert metrics[ours].overall == pytest.approx(expected["table"][theirs]["all"], abs=TOLERANCE)


@pytest.mark.parametrize("version", Version)
def test_every_probe_scores_as_there(oracle: Oracle, evaluated: Evaluated, version: Version, tmp_path: Path) -> None:
    probe = oracle("probe")
    for name, predictions in probe["predictions"].items():
        for old in tmp_path.glob("predictions/*"):
            old.unlink()
        scores = score_like_omnidocbench(*evaluated(probe["gold"], predictions), version)
        assert_same(scores.metrics, probe["scores"][version][name])
        assert set(scores.problems) == ({"pageB"} if name == "missing_file" else set())


def test_v16_but_for_its_reading_order_fault(
    oracle: Oracle, evaluated: Evaluated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody publishes numbers of that mended code, so it is no mode: it shows that the fault is all that differs."""
    monkeypatch.setattr("fabeye.evaluation.official.pages.first_table_misplaced", lambda matches, _: matches)
    probe = oracle("probe")
    for name, predictions in probe["predictions"].items():
        for old in tmp_path.glob("predictions/*"):
            old.unlink()
        scores = score_like_omnidocbench(*evaluated(probe["gold"], predictions), Version.V16)
        assert_same(scores.metrics, probe["scores"]["v16patched"][name])


@pytest.mark.parametrize("version", Version)
def test_the_leaderboard_takes_the_mean_of_pages(oracle: Oracle, evaluated: Evaluated, version: Version) -> None:
    """A page with a table read and one lost, another with one read: (1 + 0) / 2 and 1 are 0.75, 1 + 0 + 1 are 2/3."""
    probe = oracle("probe")
    gold, read = probe["gold"], probe["predictions"]["exact"]
    table = next(one for one in gold[0]["layout_dets"] if one["category_type"] == "table")
    lost = table | {"html": "<table><tr><td>never</td><td>read</td></tr></table>", "anno_id": 99, "order": 99}
    gold[0]["layout_dets"].append(lost)
    for metric in ("teds", "teds_structure"):
        score = score_like_omnidocbench(*evaluated(gold, read), version).metrics[metric]
        assert score.page_mean == pytest.approx(0.75)
        assert score.overall == score.sample_mean == pytest.approx(2 / 3)
        assert score.by_page == {"pageA": (1.0, 2.0), "pageB": (1.0, 1.0)}


def test_damaged_pages_score_as_there(oracle: Oracle, evaluated: Evaluated) -> None:
    case = oracle("pages_v15")
    scores = score_like_omnidocbench(*evaluated(case["gold"], case["predictions"]), Version.V15)
    assert_same(scores.metrics, case["v15"])
    for theirs, ours in EDITS.items():
        expected = {page[:-4]: score for page, score in case["v15"][theirs]["pages"].items()}
        found = {page: got / of for page, (got, of) in scores.metrics[ours].by_page.items()}
        assert found == pytest.approx(expected, abs=TOLERANCE)
    assert set(scores.problems) == {"own05", "own06"}, "no file, and an empty one"


@pytest.mark.parametrize("version", Version)
def test_pages_of_formulas_score_as_there(oracle: Oracle, evaluated: Evaluated, version: Version) -> None:
    """Formulas cut, joined, sought in prose and in pictures' names: [wrong, length] of each page."""
    case = oracle("formulas")
    scores = score_like_omnidocbench(*evaluated(case["gold"], case["predictions"]), version)
    for metric, pages in case[version].items():
        known = {page: tuple(map(float, sums)) for page, sums in pages.items() if sums[1]}
        assert scores.metrics[metric].by_page == known, metric


def test_neither_the_order_of_pages_nor_who_measures_them_matters(oracle: Oracle, evaluated: Evaluated) -> None:
    def backwards(task: Any, items: Iterable[Any]) -> Iterator[Any]:
        return reversed([task(item) for item in reversed(list(items))])

    case = oracle("pages_v15")
    gold, folder = evaluated(case["gold"], case["predictions"])
    once = score_like_omnidocbench(gold, folder, Version.V16)
    assert score_like_omnidocbench(gold, folder, Version.V16, backwards) == once
    shuffled = list(case["gold"])
    random.Random(1).shuffle(shuffled)
    gold.write_text(json.dumps(shuffled), encoding="utf-8")
    again = score_like_omnidocbench(gold, folder, Version.V16)
    assert again.metrics == pytest.approx(once.metrics) or _close(again, once)


def _close(one: Scores, other: Scores) -> bool:
    """The same but for the order in which numbers were added."""
    pairs = [(one.metrics[name], other.metrics[name]) for name in one.metrics]
    return all(
        mine.by_page == theirs.by_page and (mine.overall or 0) == pytest.approx(theirs.overall or 0)
        for mine, theirs in pairs
    )


def test_what_cannot_be_used_is_empty_and_listed(oracle: Oracle, evaluated: Evaluated) -> None:
    gold, folder = evaluated(oracle("probe")["gold"], {"pageA.md": "<table>" * 3000})
    (folder / "pageB.md").write_bytes(b"caf\xe9")
    scores = score_like_omnidocbench(gold, folder, Version.V15)
    assert scores.problems == {
        "pageA": "it opens 3000 tables, more than the 2000 that are looked at",
        "pageB": "pageB.md is not UTF-8 at byte 3",
    }
    assert scores.metrics["text_edit"].overall == 1.0
    assert scores.metrics["teds"].overall == 0.0


def test_a_page_given_up_is_empty_and_listed(oracle: Oracle, evaluated: Evaluated) -> None:
    probe = oracle("probe")
    gold, folder = evaluated(probe["gold"], probe["predictions"]["exact"])

    def killed(task: Any, items: Iterable[Any]) -> Iterator[Any]:
        return (None if number else task(item) for number, item in enumerate(items))

    scores = score_like_omnidocbench(gold, folder, Version.V15, killed)
    assert "engine.seconds" in scores.problems["pageB"]
    assert scores.metrics["teds"].overall == 0.5


def test_layout_json_has_a_map_by_class(oracle: Oracle, evaluated: Evaluated, tmp_path: Path) -> None:
    gold = oracle("probe")["gold"][:1]
    names = {"title": "Title", "text_block": "Text", "equation_isolated": "Formula", "table": "Table"}
    regions = []
    for one in gold[0]["layout_dets"]:
        text = one.get("text") or one.get("html") or one.get("latex")
        box = [*one["poly"][:2], *one["poly"][4:6]]
        regions.append({"bbox": box, "category": names[one["category_type"]], "text": text})
    scores = score_like_omnidocbench(*evaluated(gold, {"pageA.json": json.dumps(regions)}), Version.V15)
    assert scores.metrics["layout_map"].overall == pytest.approx(1.0)
    assert set(scores.metrics["layout_map"].by_group) == {*names, *page_groups(read_gold(tmp_path / "gold.json")[0])}
    assert scores.metrics["layout_map"].by_page == {"pageA": (pytest.approx(1.0), 1.0)}
    assert scores.metrics["text_edit"].overall == scores.metrics["formula_edit"].overall == 0.0


def test_a_result_says_of_what_it_is(oracle: Oracle, evaluated: Evaluated) -> None:
    probe = oracle("probe")
    gold, folder = evaluated(probe["gold"], probe["predictions"]["exact"])
    scores = score_like_omnidocbench(gold, folder, Version.V16)
    assert Scores.model_validate_json(scores.model_dump_json()) == scores
    assert scores.provenance.evaluator == "v16"
    assert any("first table" in fault for fault in scores.known_faults)
    (folder / "pageB.md").write_text("other")
    assert score_like_omnidocbench(gold, folder, Version.V16).provenance.predictions != scores.provenance.predictions
    assert set(scores.metrics["teds"].by_group) >= {"ALL", "language: english"}


def test_missing_inputs_are_one_sentence(tmp_path: Path, oracle: Oracle, evaluated: Evaluated) -> None:
    gold, _ = evaluated(oracle("probe")["gold"], {})
    with pytest.raises(PredictionError, match="no folder of predictions"):
        score_like_omnidocbench(gold, tmp_path / "nowhere", Version.V15)
    with pytest.raises(GoldError, match=r"nowhere\.json"):
        score_like_omnidocbench(tmp_path / "nowhere.json", tmp_path, Version.V15)


@pytest.mark.slow
@pytest.mark.parametrize("version", Version)
def test_a_table_of_5000_cells_scores(oracle: Oracle, evaluated: Evaluated, version: Version) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{row}.{column}</td>" for column in range(10)) + "</tr>" for row in range(500))
    table = f"<table>{rows}</table>"
    read = table.replace("<td>7.3</td>", "<td>73</td>")
    gold = oracle("probe")["gold"][:1]
    gold[0]["layout_dets"] = [one for one in gold[0]["layout_dets"] if one["category_type"] == "table"]
    gold[0]["layout_dets"][0]["html"] = table
    scores = score_like_omnidocbench(*evaluated(gold, {"pageA.md": read}), version)
    bare = score_table_pairs([TablePair(id=0, gt=table, pred=read)], version)["mean"]
    assert 0.99 < bare["teds"] < 1
    assert bare["teds_structure"] == 1.0
    for metric in ("teds", "teds_structure"):
        assert scores.metrics[metric].overall == bare[metric]


def test_a_gold_table_beyond_measure_is_one_sentence(oracle: Oracle, evaluated: Evaluated) -> None:
    gold = oracle("probe")["gold"]
    next(one for one in gold[0]["layout_dets"] if one["category_type"] == "table")["html"] = "<table>" + "<td>" * 50_000
    with pytest.raises(GoldError, match="pageA: table 4 has more than 40000 tags"):
        score_like_omnidocbench(*evaluated(gold, {}), Version.V15)
