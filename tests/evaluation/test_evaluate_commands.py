"""`fabeye evaluate olmocr` and `verdict`, as a user calls them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fabeye.cli import app
from fabeye.errors import FabeyeError
from fabeye.evaluation.fabeye_scores import score_fabeye
from fabeye.tables import write_json
from tests.evaluation.gold_pages import READING, gold_page


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).resolve().parents[2])


def evaluate(*arguments: Path | str) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def test_olmocr_tests(tmp_path: Path) -> None:
    (tmp_path / "read").mkdir()
    (tmp_path / "read" / "a.md").write_text(READING)
    test = {"pdf": "a.pdf", "page": 1, "id": "t1", "type": "present", "text": "operating conditions"}
    (tmp_path / "tests.jsonl").write_text(json.dumps(test))
    done = evaluate("olmocr", tmp_path / "tests.jsonl", tmp_path / "read")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["failed"] == ["t1"]
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
    assert verdict["domain"]["comparison"]["difference"] == pytest.approx(100)


def scores(gold: Path, folder: Path) -> dict[str, Any]:
    return score_fabeye(gold, folder).model_dump(mode="json")
