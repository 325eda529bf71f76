"""CDM's own program is asked for the pairs that we match; where it is not at hand, or fails, a sentence says so."""

import json
import sys
from pathlib import Path

import pytest

from fabeye.evaluation import cdm
from fabeye.evaluation.cdm import CdmError, cdm_values, score_cdm

FORMULA = r"t_{RFC} = \frac{1}{2} \cdot V_{DD}"
STAND_IN = """
import argparse, json, os
from pathlib import Path
asked = argparse.ArgumentParser()
for name in "iop":
    asked.add_argument(f"-{name}")
said = asked.parse_args()
pairs = json.loads(Path(said.i).read_text())
out = Path(said.o) / "formulas"
out.mkdir(parents=True)
assert os.environ["openin_any"] == "p" and os.environ["shell_escape"] == "f"
details = {one["img_id"]: {"F1_score": float(one["gt"] == one["pred"])} for one in pairs if one["gt"] != "unset"}
(out / "metrics_res.json").write_text(json.dumps({"details": details}))
"""


def page(name: str, *formulas: str) -> dict[str, object]:
    poly = [0, 0, 9, 0, 9, 9, 0, 9]
    blocks = [
        {"anno_id": at, "order": at, "category_type": "equation_isolated", "poly": poly, "latex": latex}
        for at, latex in enumerate(formulas)
    ]
    attribute = {"data_source": "book", "language": "english"}
    info = {"page_no": 0, "width": 10, "height": 10, "image_path": f"{name}.png", "page_attribute": attribute}
    return {"page_info": info, "layout_dets": blocks}


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    """A program that speaks as CDM's does, and takes two formulas for alike when their LaTeX is."""
    folder = tmp_path / "cdm"
    folder.mkdir()
    (folder / "evaluation.py").write_text(STAND_IN)
    return folder


def test_lost_and_invented_formulas_count_nothing(tool: Path, tmp_path: Path) -> None:
    (tmp_path / "gold.json").write_text(json.dumps([page("a", FORMULA, r"\alpha+\beta"), page("b"), page("c", "E=m")]))
    read = tmp_path / "read"
    read.mkdir()
    (read / "a.md").write_text(f"$$\n{FORMULA}\n$$\n\n$$\n\\sum_{{n}} 1000000\n$$\n")
    (read / "b.md").write_text("No formula here.")
    said = score_cdm(tmp_path / "gold.json", read, tool, sys.executable, 1)
    assert said["by_page"] == {"a": pytest.approx(1 / 3), "c": 0.0}
    assert said["formulas"] == 4
    assert said["cdm"] == pytest.approx(1 / 4)


def test_a_truth_that_cannot_be_set_is_left_out(tool: Path) -> None:
    assert cdm_values([("a", "a"), ("b", "c"), ("unset", "b")], tool, sys.executable) == [1.0, 0.0, None]
    assert cdm_values([], tool, sys.executable) == []
    with pytest.raises(CdmError, match="has set no formula; are pdflatex, node and magick all there"):
        cdm_values([("unset", "b")], tool, sys.executable)


def test_an_interpreter_may_be_named_from_where_one_stands(
    tool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    monkeypatch.chdir(tmp_path)
    assert cdm_values([("a", "a")], tool, "./python") == [1.0]


def test_a_program_that_hangs_is_ended_with_all_that_it_has_started(
    tool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tool / "evaluation.py").write_text(
        "import subprocess, sys, pathlib\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        f"pathlib.Path({str(tmp_path / 'child')!r}).write_text(str(child.pid))\n"
        "child.wait()\n"
    )
    monkeypatch.setattr(cdm, "SECONDS", 2)
    with pytest.raises(CdmError, match="took more than 2 s a formula"):
        cdm_values([("a", "a")], tool, sys.executable)
    child = int((tmp_path / "child").read_text())
    status = Path(f"/proc/{child}/status")
    assert not status.exists() or "Z (zombie)" in status.read_text()


def test_a_program_that_is_missing_or_fails_is_a_sentence(tool: Path, tmp_path: Path) -> None:
    with pytest.raises(CdmError, match=r"there is no .*evaluation\.py; give the folder cdm/"):
        cdm_values([("a", "a")], tmp_path, sys.executable)
    with pytest.raises(CdmError, match=r"CDM's program fails .*no-such-python"):
        cdm_values([("a", "a")], tool, "no-such-python")
    (tool / "evaluation.py").write_text("raise SystemExit('no TeX here')")
    with pytest.raises(CdmError, match=r"CDM's program fails .*no TeX here"):
        cdm_values([("a", "a")], tool, sys.executable)


def test_cdms_own_program(request: pytest.FixtureRequest) -> None:
    tool = request.config.getoption("--cdm")
    if tool is None:
        pytest.skip("CDM's program is not at hand; --cdm names its folder")
    pairs = [(FORMULA, FORMULA), (FORMULA, FORMULA.replace("{2}", "{3}")), (FORMULA, r"\broken{")]
    same, other, broken = cdm_values(pairs, tool, request.config.getoption("--cdm-python"), processes=2)
    assert (same, broken) == (1.0, 0.0)
    assert other is not None
    assert 0.8 < other < 1.0
