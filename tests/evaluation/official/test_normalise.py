"""The strings that OmniDocBench's evaluator compares, letter for letter."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.evaluation.official.normalise import official_formula, official_table, official_text
from fabeye.evaluation.official.version import Version

Oracle = Callable[[str], Any]
LATEX = st.text(alphabet="\\{}$^_ tag*phantombegin[]().&ab1\n", max_size=60)


@pytest.mark.parametrize("version", Version)
def test_texts_and_formulas_are_those_of_the_original(oracle: Oracle, version: Version) -> None:
    for case in oracle("normalise")["text"]:
        assert official_text(case["input"], version) == case[version], case["input"]
    for case in oracle("normalise")["formula"]:
        assert official_formula(case["input"], version) == case[version], case["input"]


@pytest.mark.parametrize("version", Version)
def test_tables_are_those_of_the_original(oracle: Oracle, version: Version) -> None:
    for case in oracle("tables"):
        for side in ("gt", "pred"):
            found = hashlib.sha256(official_table(case[side], version).encode()).hexdigest()
            assert found.startswith(case[version][f"norm_{side}"]), case["id"]


@given(LATEX, st.sampled_from(Version))
def test_nothing_is_refused(text: str, version: Version) -> None:
    official_text(text, version)
    official_formula(text, version)
    official_table(f"<table>{text}", version)


def test_what_opens_without_end_takes_no_time() -> None:
    for part in (r"\tag{", r"\(", "$ ", r"\begin{", r"\hat{"):
        official_formula(part * 20_000, Version.V15)
        official_text(part * 20_000, Version.V16)


def test_a_text_without_a_table_is_no_table() -> None:
    assert official_table("<p>1</p>", Version.V15) == ""
