"""The runner and the notebooks it runs: parameters are checked, failures name their cell, opening changes nothing."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from fabeye.notebook import NotebookError, clean, cleaned_text, main, run_notebook
from fabeye.settings import SettingsError

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one small notebook that shows what it was given."""
    (tmp_path / "conf").mkdir()
    (tmp_path / "notebooks").mkdir()
    for name in ["params.yaml", "conf/cpu.yaml"]:
        (tmp_path / name).write_text((ROOT / name).read_text())
    (tmp_path / "dvc.yaml").write_text("stages: {}\n")
    write(tmp_path, 'parse = {}\nmode = "x"', "print('mode', mode, parse['workers'], globals().get('corpus'))")
    return tmp_path


def write(project: Path, parameters: str, *code: str) -> Path:
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(cells=[first, *(nbformat.v4.new_code_cell(source) for source in code)])
    path = project / "notebooks" / "01_show.ipynb"
    path.write_text(nbformat.writes(clean(notebook)) + "\n")
    return path


def test_a_stage_gets_its_own_sections_only(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = run_notebook("01_show", ["parse"], {"mode": "fast"}, project)
    assert report == project / "reports" / "notebooks" / "01_show-fast.html"
    assert "mode fast 2 None" in capfd.readouterr().out
    assert "mode fast 2 None" in report.read_text()


def test_undeclared_parameters_and_unknown_sections_are_named(project: Path) -> None:
    with pytest.raises(NotebookError, match=r"01_show.ipynb declares no parameter 'corpus'.*'parse', 'mode'"):
        run_notebook("01_show", ["parse", "corpus"], {}, project)
    with pytest.raises(NotebookError, match="declares no parameter 'stage'"):
        run_notebook("01_show", [], {"stage": "base"}, project)
    with pytest.raises(SettingsError, match="no section 'parsing'"):
        run_notebook("01_show", ["parsing"], {}, project)
    with pytest.raises(NotebookError, match=r"no notebook 02_none\.ipynb; notebooks/ has 01_show"):
        run_notebook("02_none", [], {}, project)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ValueError('first line\\nlast line')", "notebooks/01_show.ipynb, cell 4: last line"),
        ("raise OSError(28, 'No space left on device')", "cell 4: the disk is full; free some space"),
    ],
)
def test_a_failing_cell_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: str, said: str
) -> None:
    write(project, "parse = {}", "1 + 1", code)
    monkeypatch.chdir(project)
    assert main(["01_show", "parse"]) == 1
    assert said in capsys.readouterr().err
    assert "Traceback" in (project / "reports" / "notebooks" / "01_show.html").read_text()


def test_figures_are_alive_without_internet(project: Path, fetched: Callable[[str], list[str]]) -> None:
    write(project, "parse = {}", "import plotly.graph_objects as go\ngo.Figure(go.Bar(y=[1, 2]))")
    page = run_notebook("01_show", ["parse"], {}, project).read_text()
    assert "Plotly.newPlot" in page
    assert "plotly.js v" in page, "the library itself is in the page"
    assert not [source for source in fetched(page) if source.startswith(("http", "//"))]


def test_cleaning_twice_changes_nothing_more() -> None:
    for path in NOTEBOOKS:
        once = cleaned_text(path)
        assert nbformat.writes(clean(nbformat.reads(once, as_version=4))) + "\n" == once


def test_what_is_not_a_notebook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text("{")
    with pytest.raises(NotebookError, match=r"broken\.ipynb is not a notebook"):
        cleaned_text(path)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_thin_and_clean(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert path.read_text() == cleaned_text(path), "run `make format`"
    assert len(notebook.cells) <= 20
    assert sum(len(source.splitlines()) for source in code) <= 130
    assert not any(
        line.lstrip().startswith(("def ", "class ", "for ", "while ")) for s in code for line in s.splitlines()
    )
    assert notebook.cells[0].cell_type == "markdown"


def test_nothing_after_curation_sees_the_pages_as_they_came() -> None:
    """What must not leave the house lies in data/corpus: only the stages that fill and clean it may open it."""
    opening = {path.stem for path in NOTEBOOKS if "paths.corpus" in path.read_text()}
    assert opening == {"01_corpus", "02_curate"}
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    assert {name for name, stage in stages.items() if "data/corpus" in stage.get("deps", [])} == {"curate"}


def test_working_in_jupyterlab_does_not_make_a_stage_stale(project: Path) -> None:
    """Run and save a notebook as JupyterLab does, clean it, and ask DVC whether anything changed."""
    path = project / "notebooks" / "01_show.ipynb"

    def run(*command: str) -> str:
        return subprocess.run(command, cwd=project, capture_output=True, text=True, check=True, timeout=120).stdout

    dvc = str(Path(sys.executable).with_name("dvc"))
    (project / "dvc.yaml").write_text(
        "stages:\n  show:\n    cmd: echo shown > out.txt\n    deps: [notebooks/01_show.ipynb]\n    outs: [out.txt]\n"
    )
    run("git", "init", "-q")
    run(dvc, "init", "-q")
    run(dvc, "repro")
    assert "up to date" in run(dvc, "status")

    opened = nbformat.read(path, as_version=4)
    opened.cells[1].source = "print('run by hand')"
    NotebookClient(opened, kernel_name="python3").execute()
    opened.cells[1].source = "print('mode', mode, parse['workers'], globals().get('corpus'))"
    opened.metadata.kernelspec.display_name = "Python 3 (ipykernel)"
    opened.metadata["toc"] = {"base_numbering": 1}
    for cell in opened.cells:
        cell["id"] = f"lab-{cell['id']}"
        cell.metadata["collapsed"] = True
    path.write_text(json.dumps(opened, indent=1))
    assert opened.cells[1].outputs
    assert "language_info" in opened.metadata
    assert "modified" in run(dvc, "status"), "saved from the browser, not yet cleaned"

    path.write_text(cleaned_text(path))
    assert "up to date" in run(dvc, "status")
