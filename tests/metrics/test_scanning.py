"""Scanning finds what the regular expression would find."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.scanning import blank, cut, replace_spans, spans

PAIRS = (("$$", "$$"), (r"\[", r"\]"), ("$", "$"), (r"\(", r"\)"))
TEXTS = st.text(alphabet="$\\[]()ab\n", max_size=40)


@pytest.mark.parametrize("within_line", [False, True])
@given(text=TEXTS)
def test_spans_are_those_of_the_expression(text: str, within_line: bool) -> None:
    pattern = "|".join(f"{re.escape(opening)}(?:.*?){re.escape(closing)}" for opening, closing in PAIRS)
    expected = [match.span() for match in re.finditer(pattern, text, 0 if within_line else re.DOTALL)]
    assert [(span.start, span.end) for span in spans(text, PAIRS, within_line=within_line)] == expected


@given(TEXTS)
def test_replacing_a_span_by_itself_changes_nothing(text: str) -> None:
    assert replace_spans(text, spans(text, PAIRS), lambda span: text[span.start : span.end]) == text


@given(TEXTS)
def test_cut_is_substitution(text: str) -> None:
    assert cut(text, "[", "]") == re.sub(r"\[.*?\]", "", text)


def test_blank_keeps_every_position() -> None:
    assert blank("abcdef", 1, 3) == "a  def"
