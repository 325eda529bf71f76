"""The section on public benchmarks: every reader's scores on one scale, and a sentence on what was kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from fabeye.paths import Paths
from fabeye.reporting.benchmarks import benchmark_bars, benchmarks
from fabeye.reporting.inputs import ReportError

OFFICIAL = {"v15": {"text_edit": 0.2}, "v16": {"text_edit": 0.1}}
RATE = {"tests": 4, "rate": 0.5, "low": 0.1, "high": 0.9}
SAID: dict[str, Any] = {
    "odb": {
        "form": "omnidocbench",
        "pages": 3,
        "opened": 2,
        "readers": {name: {"composite": {"all": points}, **OFFICIAL} for name, points in (("v0.5", 40), ("v1.0", 50))},
        "kept": {"outcome": "pass", "margin": -1.0, "difference": 10.0, "low": 4.0, "high": 16.0},
    },
    "olm": {
        "form": "olmocr",
        "pages": 1,
        "opened": 1,
        "readers": {name: {"all": RATE, "by_type": {"present": RATE}} for name in ("v0.5", "v1.0")},
    },
}


def said(tmp_path: Path, content: dict[str, Any]) -> Paths:
    paths = Paths(tmp_path)
    (paths.reports / "metrics").mkdir(parents=True)
    (paths.reports / "metrics" / "public.json").write_text(json.dumps(content))
    return paths


def test_each_benchmark_has_its_bars_and_its_sentence(tmp_path: Path) -> None:
    section = benchmarks(said(tmp_path, SAID))
    assert section["sentences"] == [
        "odb: 2 of 3 pages could be opened. General ability is kept: +10.0 points (+4.0 to +16.0) from v0.5 to v1.0, "
        "-1.0 allowed.",
        "olm: 1 of 1 pages could be opened.",
    ]
    first, *_, last = section["figure"].data
    assert dict(zip(first.x, first.y, strict=True)) == {"composite": 0.4, "text_edit v15": 0.2, "text_edit v16": 0.1}
    assert dict(zip(last.x, last.y, strict=True)) == {"all tests": 0.5, "present": 0.5}


def test_without_a_benchmark_the_report_says_how_to_bring_one(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"data/public/README\.md says how"):
        benchmarks(said(tmp_path, {}))
    assert "README.md" in benchmark_bars({}).layout.annotations[0].text
