"""Symbols: rails and wires are told apart by their scripts and marks."""

import pytest

from fabeye.metrics.symbols import find_symbols, symbol_tally


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
    ],
)
def test_a_damaged_symbol_is_wrong(gold: str, read: str) -> None:
    assert symbol_tally(gold, gold).score == 1.0
    assert symbol_tally(gold, read).score < 1.0


def test_a_flat_gold_text_forgives_scripts() -> None:
    assert symbol_tally("tRCD and VDD", "t_{RCD} and V<sub>DD</sub>").score == 1.0
