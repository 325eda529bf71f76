"""Unit tests of readings: what passes, what fails, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from fabeye.evaluation.fabeye_scores import LONGEST_READING
from fabeye.evaluation.olmocr import TestsError, read_tests, reading_files, score_tests, wilson
from fabeye.evaluation.olmocr_checks import occurrences

READING = """# Operating conditions

The rail is **1.2 V** at the “input” – always.

<table><tr><th></th><th colspan=2>4800</th></tr><tr><th>Symbol</th><th>Min</th><th>Max</th></tr>
<tr><td>tCK</td><td>0.416</td><td>0.454</td></tr><tr><td>tRFC</td><td>295</td><td>410</td></tr></table>

We have $\\int x^2 dx + t_{REFI}$ here. Second paragraph ends the page.
"""


def asked(kind: str, **more: Any) -> dict[str, Any]:
    return {"pdf": "scans/a.pdf", "page": 1, "id": f"{kind}-{len(more)}-{more}", "type": kind, **more}


def rate(tmp_path: Path, test: dict[str, Any], reading: str = READING) -> float:
    (tmp_path / "tests.jsonl").write_text(json.dumps(test) + "\n\n")
    (tmp_path / "read" / "scans").mkdir(parents=True, exist_ok=True)
    (tmp_path / "read" / "scans" / "a_pg1_repeat1.md").write_text(reading)
    scored = score_tests(read_tests(tmp_path / "tests.jsonl"), tmp_path / "read")
    return scored["by_type"][test["type"]]["rate"]


@pytest.mark.parametrize(
    "test",
    [
        asked("present", text="The rail is 1.2 V"),
        asked("present", text='"input" - always'),
        asked("present", text="THE RAIL", case_sensitive=False),
        asked("present", text="The rial is 1.2 V", max_diffs=2),
        asked("present", text="Operating", first_n=12),
        asked("absent", text="Operating", last_n=12),
        asked("absent", text="12 V"),
        asked("order", before="Operating", after="Second paragraph"),
        asked("table", cell="295", up="0.416", left="tRFC", right="410", left_heading="tRFC", top_heading="Min"),
        asked("table", cell="0.454", top_heading="4800", down="410"),
        asked("math", math="x^2"),
        asked("math", math=r"t_{\mathrm{REFI}}"),
        asked("baseline"),
    ],
)
def test_what_passes(tmp_path: Path, test: dict[str, Any]) -> None:
    assert rate(tmp_path, test) == 1.0


@pytest.mark.parametrize(
    "test",
    [
        asked("present", text="The rail is 12 V"),
        asked("present", text="THE RAIL"),
        asked("present", text="Operating", last_n=12),
        asked("absent", text="1.2 V"),
        asked("order", before="Second paragraph", after="Operating"),
        asked("order", before="missing", after="Operating"),
        asked("table", cell="295", up="0.454"),
        asked("table", cell="295", top_heading="Max"),
        asked("table", cell="nowhere"),
        asked("math", math="y^2"),
        asked("math", math="x_2"),
        asked("baseline", max_length=3),
    ],
)
def test_what_fails(tmp_path: Path, test: dict[str, Any]) -> None:
    assert rate(tmp_path, test) == 0.0


@pytest.mark.parametrize("reading", ["", " \n", "word " + "ab" * 40, "失效分析"])
def test_a_baseline_needs_sound_text(tmp_path: Path, reading: str) -> None:
    assert rate(tmp_path, asked("present", text="x"), reading) == 0.0
    scored = score_tests(read_tests(tmp_path / "tests.jsonl"), tmp_path / "read")
    assert scored["by_type"]["baseline"]["rate"] == 0.0


def test_chinese_is_sound_where_the_test_allows_it(tmp_path: Path) -> None:
    assert rate(tmp_path, asked("baseline", check_disallowed_characters=False), "失效分析") == 1.0
    assert rate(tmp_path, asked("baseline", max_length=0), "") == 1.0


def test_every_page_gets_one_baseline_and_missing_pages_fail(tmp_path: Path) -> None:
    lines = [asked("present", text="rail"), asked("absent", text="zzz") | {"page": 2}]
    (tmp_path / "tests.jsonl").write_text("\n".join(map(json.dumps, lines)))
    tests = read_tests(tmp_path / "tests.jsonl")
    assert [test.type for test in tests] == ["present", "absent", "baseline", "baseline"]
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a_pg1.md").write_text(READING)
    scored = score_tests(tests, tmp_path)
    assert scored["missing"] == ["scans/a.pdf#2"]
    assert scored["all"]["rate"] == 0.5
    assert len(scored["failed"]) == 2


def test_repeats_are_averaged(tmp_path: Path) -> None:
    (tmp_path / "read" / "scans").mkdir(parents=True)
    (tmp_path / "read" / "scans" / "a_pg1_repeat2.md").write_text("nothing of it")
    assert rate(tmp_path, asked("present", text="rail")) == 0.5


def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("x")
    (tmp_path / "read").mkdir()
    assert reading_files(tmp_path / "read", "../secret.pdf", 1) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2 is no JSON"),
        (json.dumps(asked("format", text="x")), "line 2"),
        (json.dumps(asked("present")), "line 2.*text"),
        (json.dumps(asked("present", text="x") | {"page": 0}), "line 2.*page"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "tests.jsonl").write_text(json.dumps(asked("present", text="x")) + "\n" + line)
    with pytest.raises(TestsError, match=said):
        read_tests(tmp_path / "tests.jsonl")


def test_a_file_without_tests_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tests.jsonl").write_text("\n")
    with pytest.raises(TestsError, match="no test"):
        read_tests(tmp_path / "tests.jsonl")
    with pytest.raises(TestsError, match="cannot be read"):
        read_tests(tmp_path)


@given(st.text("abc", min_size=1, max_size=4), st.text("abc", max_size=8), st.integers(0, 2))
def test_occurrences_are_those_of_every_window(sought: str, text: str, most: int) -> None:
    starts = {
        start
        for start in range(len(text) + 1)
        if min(Levenshtein.distance(sought, text[start:end]) for end in range(start, len(text) + 1)) <= most
    }
    assert set(occurrences(sought, text, most).tolist()) == starts


@pytest.mark.parametrize(("rate", "tests"), [(0.0, 10), (1.0, 10), (0.5, 4), (0.8, 1000)])
def test_wilson_holds_the_rate_and_narrows(rate: float, tests: int) -> None:
    low, high = wilson(rate, tests)
    assert 0 <= low <= rate <= high <= 1
    assert low < high
    wider = wilson(rate, tests // 2)
    assert wider[1] - wider[0] > high - low


def test_a_reading_too_large_for_a_page_fails_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fabeye.evaluation.olmocr.LARGEST_FILE", 2**20)
    asked = {"page": 1, "type": "absent", "text": "not there"}
    (tmp_path / "tests.jsonl").write_text("\n".join(json.dumps(asked | {"pdf": f"{n}.pdf", "id": n}) for n in "abc"))
    for name, size in (("a", 2**20 + 1), ("b", LONGEST_READING + 1), ("c", 9)):
        (tmp_path / f"{name}.md").write_text("word " * (size // 5) + "words"[: size % 5])
    scored = score_tests(read_tests(tmp_path / "tests.jsonl"), tmp_path)
    assert set(scored["problems"]) == {"a.md", "b.md"}
    assert scored["missing"] == []
    assert {"a", "b"} < set(scored["failed"])
    assert "c" not in scored["failed"]
