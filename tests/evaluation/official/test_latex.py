"""The letters of formulas, against what pylatexenc gave the original."""

from collections.abc import Callable
from typing import Any

import pytest

from fabeye.evaluation.official.latex import LONGEST, letters
from fabeye.evaluation.official.normalise import official_words
from fabeye.evaluation.official.version import Version


@pytest.mark.parametrize("version", Version)
def test_letters_are_those_of_the_original(oracle: Callable[[str], Any], version: Version) -> None:
    for case in oracle("latex"):
        found = letters(case["input"], version)
        assert found is not None
        assert official_words(found, version) == official_words(case[version], version), case["input"]


@pytest.mark.parametrize("part", ["{", "}", r"\frac", r"\begin{a}", "x_", r"\hat{", r"\left("])
@pytest.mark.parametrize("version", Version)
def test_broken_formulas_end(part: str, version: Version) -> None:
    letters(part * (LONGEST // len(part)), version)
    assert letters("x" * LONGEST + "{", version) in (None, "x" * LONGEST + "{")
