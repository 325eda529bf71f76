"""`fabeye evaluate olmocr` and `verdict`, as a user calls them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fabeye.cli import app
from fabeye.engine import mapping
from fabeye.errors import FabeyeError
from fabeye.evaluation.fabeye_scores import score_fabeye
from fabeye.evaluation.gold import GoldPage
from fabeye.evaluation.results import Provenance, Scores
from fabeye.settings import EngineSettings
from fabeye.tables import write_json
from tests.evaluation.gold_pages import READING, gold_page


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).resolve().parents[2])


def evaluate(*arguments: Path | str) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


@pytest.mark.slow
def test_neither_files_nor_workers_in_another_order_change_a_score(tmp_path: Path) -> None:
    pages = [gold_page(f"d{number}-0000").model_dump(mode="json") for number in range(6)]
    found = []
    for workers in (1, 2):
        gold, folder = tmp_path / f"gold{workers}.json", tmp_path / f"read{workers}"
        folder.mkdir()
        write_json(gold, pages[::-1] if workers == 2 else pages)
        for number in range(6) if workers == 1 else reversed(range(6)):
            (folder / f"d{number}-0000.md").write_text(READING.replace("-40", "40", number % 3))
        settings = EngineSettings(engine="processes", workers=workers, seconds=60, mib=4096)
        found.append(score_fabeye(gold, folder, mapping(settings)))
    assert found[0].metrics == found[1].metrics


@pytest.mark.parametrize("evaluator", ["v15", "v16", "fabeye"])
def test_pages_of_either_kind_with_options_anywhere(
    tmp_path: Path, evaluator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fabeye.engine.mapping", lambda _: map)  # starting processes takes longer than two pages
    gold, folder, out = tmp_path / "gold.json", tmp_path / "read", tmp_path / "scores.json"
    pages = [gold_page(f"d{number}-0000") for number in range(2)]
    write_json(gold, [page.model_dump(mode="json") for page in pages])
    folder.mkdir()
    (folder / "d0-0000.md").write_text(READING)
    (folder / "d1-0000.json").write_text(json.dumps(regions(pages[1])))
    done = evaluate("--evaluator", evaluator, gold, folder, "--out", out)
    assert done.exit_code == 0, done.output
    again = evaluate(gold, folder, "--evaluator", evaluator)
    scores = Scores.model_validate_json(out.read_bytes())
    assert json.loads(again.stdout) == json.loads(out.read_text())
    assert {"text_edit", "formula_edit", "teds", "teds_structure", "table_edit", "reading_order_edit"} < set(
        scores.metrics
    )
    assert scores.metrics["layout_map"].overall == pytest.approx(51 / 101), "half of COCO's 101 steps of recall"
    unboxed = {"d0-0000": (0.0, 1.0)} if evaluator == "fabeye" else {}
    assert scores.metrics["layout_map"].by_page == unboxed | {"d1-0000": (pytest.approx(1.0), 1.0)}
    assert scores.metrics["teds"].by_group["language: english"] == 1.0
    assert set(scores.provenance.software) >= {"fabeye", "python", "rapidfuzz"}


@pytest.mark.parametrize("skipped", ["missing", "empty", "undecodable", "unboxed"])
def test_a_page_without_boxes_gains_nothing(tmp_path: Path, skipped: str) -> None:
    gold, folder = tmp_path / "gold.json", tmp_path / "read"
    pages = [gold_page(f"d{number}-0000") for number in range(2)]
    write_json(gold, [page.model_dump(mode="json") for page in pages])
    folder.mkdir()
    (folder / "d0-0000.json").write_text(json.dumps(regions(pages[0])))
    contents = {"empty": b"[]", "undecodable": b"\xff", "unboxed": READING.encode()}
    if skipped in contents:
        (folder / f"d1-0000.{'md' if skipped == 'unboxed' else 'json'}").write_bytes(contents[skipped])
    found = score_fabeye(gold, folder)
    assert set(found.problems) == (set() if skipped == "unboxed" else {"d1-0000"})
    assert found.metrics["layout_f1"].overall == pytest.approx(2 / 3), "all boxes of one page, of two pages' boxes"
    assert (
        found.metrics["layout_f1"].by_page["d1-0000"][0] == found.metrics["layout_f1_mean"].by_page["d1-0000"][0] == 0
    )
    assert found.metrics["layout_map"].by_page == {"d0-0000": (pytest.approx(1.0), 1.0), "d1-0000": (0.0, 1.0)}
    assert found.metrics["figures"].overall == pytest.approx(1.0 if skipped == "unboxed" else 2 / 3)


def test_layout_f1_by_class(tmp_path: Path) -> None:
    gold, folder = tmp_path / "gold.json", tmp_path / "read"
    page = gold_page("d0-0000")
    write_json(gold, [page.model_dump(mode="json")])
    folder.mkdir()
    read = [one for one in regions(page) if one["category"] != "table"]
    (folder / "d0-0000.json").write_text(json.dumps(read))
    found = score_fabeye(gold, folder).metrics
    classes = {"title", "text_block", "equation_isolated", "table", "figure", "caption", "margin"}
    for metric in ("layout_f1", "layout_f1_mean", "layout_map"):
        by_group = found[metric].by_group
        assert {name: by_group[name] for name in classes} == pytest.approx(
            {name: float(name != "table") for name in classes}
        )
        assert by_group["language: english"] == pytest.approx(found[metric].overall)


def test_the_schema_is_that_of_the_scores() -> None:
    done = evaluate("schema")
    schema = json.loads(done.stdout)
    others = schema.pop("$comment")
    assert all(f"`{name}`" in others.replace("evaluate ", "") for name in ("tables", "cdm", "olmocr", "verdict"))
    assert schema == Scores.model_json_schema()


def test_bare_pairs_of_tables(tmp_path: Path) -> None:
    table = "<table><tr><td>1.2 V</td></tr></table>"
    write_json(tmp_path / "pairs.json", [{"id": 0, "gt": table, "pred": table.replace("1.2", "12")}])
    done = evaluate("tables", tmp_path / "pairs.json")
    scored = json.loads(done.stdout)
    assert 0.5 < scored["mean"]["teds"] < 1
    assert_says_of_what_it_is(scored, "v15")


def test_olmocr_tests(tmp_path: Path) -> None:
    (tmp_path / "read").mkdir()
    (tmp_path / "read" / "a.md").write_text(READING)
    test = {"pdf": "a.pdf", "page": 1, "id": "t1", "type": "present", "text": "operating conditions"}
    (tmp_path / "tests.jsonl").write_text(json.dumps(test))
    done = evaluate("olmocr", tmp_path / "tests.jsonl", tmp_path / "read")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["failed"] == ["t1"]
    assert_says_of_what_it_is(json.loads(done.stdout), "olmocr-style")
    (tmp_path / "tests.jsonl").write_text("{")
    broken = evaluate("olmocr", tmp_path / "tests.jsonl", tmp_path / "read")
    assert isinstance(broken.exception, FabeyeError)


def test_a_verdict_of_two_score_files(tmp_path: Path) -> None:
    gold = tmp_path / "gold.json"
    write_json(gold, [gold_page(f"d{number}-0000").model_dump(mode="json") for number in range(2)])
    for name, reading in (("one", ""), ("two", READING)):
        (tmp_path / name).mkdir()
        for number in range(2):
            (tmp_path / name / f"d{number}-0000.md").write_text(reading)
        write_json(tmp_path / f"{name}.json", scores(gold, tmp_path / name))
    done = evaluate("verdict", gold, tmp_path / "one.json", tmp_path / "two.json")
    assert done.exit_code == 0, done.output
    verdict = json.loads(done.stdout)
    assert verdict["outcome"] == "undecided"
    assert_says_of_what_it_is(verdict, "fabeye")
    assert verdict["domain"]["comparison"]["difference"] == pytest.approx(100)


def assert_says_of_what_it_is(content: dict[str, Any], evaluator: str) -> None:
    made = Provenance.model_validate(content["provenance"])
    assert (made.evaluator, len(made.gold), len(made.predictions)) == (evaluator, 64, 64)
    assert made.revision
    assert set(made.software) >= {"fabeye", "python"}


def regions(page: GoldPage) -> list[dict[str, Any]]:
    """A layout parser's perfect answer."""
    return [
        {"bbox": one.box, "category": one.category_type, "text": one.text or one.html or one.latex}
        for one in page.layout_dets
    ]


def scores(gold: Path, folder: Path) -> dict[str, Any]:
    return score_fabeye(gold, folder).model_dump(mode="json")
