"""The `fabeye` command: help, exit codes, messages; the work itself is tested with its package."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from fabeye.cli import main

ROOT = Path(__file__).resolve().parents[1]
FABEYE = str(Path(sys.executable).with_name("fabeye"))


def installed(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a shell starts it."""
    return subprocess.run([FABEYE, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300)


def fabeye(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command's entry point in this process, as a new process takes seconds to start."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.chdir(cwd)
        patch.setattr(sys, "argv", [FABEYE, *arguments])
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


@pytest.mark.parametrize(
    "command",
    [
        "corpus generate",
        "corpus ingest",
        "parse",
        "annotate",
        "evaluate",
        "evaluate olmocr",
        "evaluate verdict",
        "model convert",
        "model export",
        "plan",
        "bench",
        "notebook clean",
    ],
)
def test_every_command_explains_itself(command: str) -> None:
    done = fabeye(*command.split(), "--help")
    assert done.returncode == 0
    assert f"Usage: fabeye {command}" in done.stdout


def test_a_wrong_argument_is_exit_code_2() -> None:
    assert fabeye("corpus", "digest").returncode == 2
    assert fabeye("parse", "/nowhere", "--out", "x").returncode == 2


def test_outside_a_project_it_is_one_sentence(tmp_path: Path) -> None:
    done = fabeye("plan", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"fabeye: {tmp_path} is not in a fabeye project")
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_profile_is_one_sentence() -> None:
    done = installed("plan", "--profile", "tpu")
    assert done.returncode == 1
    assert done.stderr.strip() == "fabeye: there is no profile 'tpu'; conf/ has cluster, cpu, gpu, nano, smoke"


def test_generate_then_ingest(tmp_path: Path) -> None:
    asked = ["--family", "general", "--language", "zh", "--count", "1", "--pages", "--out", str(tmp_path)]
    made = installed("corpus", "generate", *asked)
    assert made.returncode == 0, made.stderr
    gold = json.loads((tmp_path / "gold.json").read_text())
    pictures = {path.name for path in (tmp_path / "images").iterdir()}
    assert pictures == {record["page_info"]["image_path"] for record in gold} != set()
    source = tmp_path / "raw" / "domain" / "standards"
    source.mkdir(parents=True)
    for pdf in (tmp_path / "generated").rglob("*.pdf"):
        pdf.rename(source / "标准 一.pdf")
    taken = installed("corpus", "ingest", str(tmp_path / "raw"), "--out", str(tmp_path / "corpus"))
    assert taken.returncode == 0, taken.stderr
    assert json.loads((tmp_path / "corpus" / "documents" / "manifest.json").read_text())["rows"] == 1


def test_an_unknown_family_or_language_is_a_wrong_argument(tmp_path: Path) -> None:
    for wrong in (["--family", "novel"], ["--language", "fr"]):
        assert fabeye("corpus", "generate", *wrong, "--out", str(tmp_path)).returncode == 2
    assert not list(tmp_path.iterdir())


def test_plan_counts_the_model_it_plans() -> None:
    planned = json.loads(fabeye("plan", "--profile", "cluster", "--json").stdout)
    assert 290e6 < planned["encoder_parameters"] < 320e6, "AIMv2-L has 309 M"
    assert planned["stages"]["native"]["tokens"] > planned["stages"]["highres"]["tokens"]


def test_an_unclean_notebook_fails_the_check(tmp_path: Path) -> None:
    path = tmp_path / "run.ipynb"
    notebook = json.loads((ROOT / "notebooks" / "01_corpus.ipynb").read_text())
    notebook["cells"][1]["execution_count"] = 7
    path.write_text(json.dumps(notebook))
    checked = fabeye("notebook", "clean", "--check", str(path))
    assert checked.returncode == 1
    assert "make format" in checked.stderr
    assert fabeye("notebook", "clean", str(path)).returncode == 0
    assert fabeye("notebook", "clean", "--check", str(path)).returncode == 0


@pytest.mark.slow
def test_evaluate_like_omnidocbench(tmp_path: Path) -> None:
    probe = json.loads((ROOT / "tests/evaluation/official/oracle/probe.json").read_text(encoding="utf-8"))
    (tmp_path / "gold.json").write_text(json.dumps(probe["gold"]), encoding="utf-8")
    (tmp_path / "read").mkdir()
    for name, text in probe["predictions"]["reordered"].items():
        (tmp_path / "read" / name).write_text(text, encoding="utf-8")
    done = fabeye("evaluate", str(tmp_path / "gold.json"), str(tmp_path / "read"), "--evaluator", "v15")
    assert done.returncode == 0, done.stderr
    expected = probe["scores"]["v15"]["reordered"]["reading_order"]["Edit_dist"]["ALL_page_avg"]
    assert json.loads(done.stdout)["metrics"]["reading_order_edit"]["overall"] == pytest.approx(expected)
