"""Bare pairs of tables, against the original's answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fabeye.evaluation.official.tables import TablePairsError, read_table_pairs, score_table_pairs
from fabeye.evaluation.official.version import Version


@pytest.mark.parametrize("version", Version)
def test_pairs_score_as_there(oracle: Callable[[str], Any], version: Version, tmp_path: Path) -> None:
    cases = oracle("tables")
    (tmp_path / "pairs.json").write_text(json.dumps(cases))
    scored = score_table_pairs(read_table_pairs(tmp_path / "pairs.json"), version)
    for case, found in zip(cases, scored["pairs"], strict=True):
        names = {"teds": "TEDS", "teds_structure": "TEDS_structure_only", "table_edit": "Edit_dist"}
        for ours, theirs in names.items():
            assert found[ours] == pytest.approx(case[version][theirs], abs=1e-9)
    assert scored["mean"]["teds"] == pytest.approx(sum(case[version]["TEDS"] for case in cases) / len(cases))


@pytest.mark.parametrize("content", ["{", "[1]", '[{"id": 1}]'])
def test_a_broken_file_is_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "pairs.json").write_text(content)
    with pytest.raises(TablePairsError, match=r"pairs\.json.*gt and pred"):
        read_table_pairs(tmp_path / "pairs.json")
