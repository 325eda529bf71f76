"""Symbols: rails and wires are told apart by their scripts and marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.symbols import find_symbols, symbol_tally

SYMBOLS = ["V_{DD}", "V_{DDQ}", "t_{RCD}", "tCK(avg)", "CK_t", "ck_c", "DQ[7:0]_t", "CS_n", "CS#", r"\bar{CS}", "IDD4R"]


@given(st.lists(st.sampled_from(SYMBOLS), min_size=1, max_size=5), st.sampled_from(["{} low", "{}为低", "; {};"]))
def test_each_symbol_is_found_whole_and_identity_is_perfect(symbols: list[str], frame: str) -> None:
    text = ", ".join(frame.format(symbol) for symbol in symbols)
    assert find_symbols(text) == symbols
    assert symbol_tally(text, text).score == 1.0


@given(st.lists(st.sampled_from(SYMBOLS), max_size=5), st.lists(st.sampled_from(SYMBOLS), max_size=5))
def test_perfect_only_on_the_same_symbols(one: list[str], other: list[str]) -> None:
    texts = [" and ".join(["V_{SS}", *side]) for side in (one, other)]
    assert symbol_tally(*texts) == symbol_tally(*reversed(texts))
    assert (symbol_tally(*texts).score == 1.0) == (one == other)


def test_what_is_a_symbol() -> None:
    text = "t<sub>RCD</sub> after CK_t, CK_c; V_{REFCA}, VDDQ, IDD4R, tCK(avg), CS#, C\u0305S\u0305. The pad is At 5 V."
    assert find_symbols(text) == [
        "t_{RCD}",
        "CK_t",
        "CK_c",
        "V_{REFCA}",
        "VDDQ",
        "IDD4R",
        "tCK(avg)",
        "CS#",
        r"\bar{CS}",
    ]


@pytest.mark.parametrize(
    ("gold", "read"),
    [
        ("V_{DD} rail", "V_{DDQ} rail"),
        ("V_{REFCA}", "V ."),
        ("t_{RCD}", "tRCD"),
        ("CK_t, CK_c", "CK_i, CK_o"),
        ("C\u0305S\u0305", "CS"),
        ("CS_n", "CS"),
        ("ck_t", "ck_c"),
        ("DQ[7:0]_t", "DQ[7:0]_c"),
    ],
)
def test_a_damaged_symbol_is_wrong(gold: str, read: str) -> None:
    assert symbol_tally(gold, gold).score == 1.0
    assert symbol_tally(gold, read).score < 1.0


def test_a_flat_gold_text_forgives_scripts() -> None:
    assert symbol_tally("tRCD and VDD", "t_{RCD} and V<sub>DD</sub>").score == 1.0
