"""Cutting Markdown as OmniDocBench's evaluator does, its mistakes included."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.evaluation.official.markdown import (
    FORMULA,
    HTML,
    MOST_TABLES,
    TEXT,
    OversizedError,
    by_kind,
    split_markdown,
)
from fabeye.evaluation.official.version import Version

Oracle = Callable[[str], Any]
PARTS = [
    "<table>",
    "</table>",
    "|",
    "| a | b |\n",
    "|-|\n",
    "$$",
    "$",
    r"\[",
    r"\]",
    r"\(",
    "```",
    "```py\n",
    "![",
    "](",
    ")",
]
SNIPPETS = st.lists(
    st.sampled_from([*PARTS, "\n\n", "\n", "text ", r"\begin{tabular}", r"\end{tabular}", r"\text{", "}"])
)


@pytest.mark.parametrize("version", Version)
def test_blocks_are_those_of_the_original(oracle: Oracle, version: Version) -> None:
    for case in oracle("normalise")["markdown"]:
        found = {
            kind: [(piece.start, piece.end, piece.content, piece.fine) for piece in pieces]
            for kind, pieces in by_kind(split_markdown(case["input"], version)).items()
        }
        expected = {
            kind: [(*one["position"], one["content"], one.get("fine_category_type", "")) for one in blocks]
            for kind, blocks in case[version].items()
        }
        assert found == expected


@given(SNIPPETS, st.sampled_from(Version))
def test_any_text_is_cut_and_blocks_stand_in_order(parts: list[str], version: Version) -> None:
    pieces = split_markdown("".join(parts), version)
    assert [piece.start for piece in pieces] == sorted(piece.start for piece in pieces)
    assert all(piece.content for piece in pieces if piece.kind in (HTML, FORMULA))


def test_a_cell_with_a_colon_vanishes_as_there() -> None:
    text = "lost line\n| Note: x | b |\n|---|---|\n| 1 | 2 |\n\nafter"
    pieces = by_kind(split_markdown(text, Version.V15))
    (table,) = pieces[HTML]
    assert "Note" not in table.content
    assert ">b<" in table.content
    assert [piece.content for piece in pieces[TEXT]] == ["after"]


def test_too_many_tables_are_refused_in_a_sentence() -> None:
    with pytest.raises(OversizedError, match=f"opens {MOST_TABLES + 1} tables"):
        split_markdown("<table>" * (MOST_TABLES + 1), Version.V15)


@pytest.mark.parametrize("part", ["![", r"\(", r"\text{", "```py\n", "|a", "$$ ", "<!--"])
def test_openings_without_end_take_no_time(part: str) -> None:
    split_markdown(part * 15_000, Version.V15)
