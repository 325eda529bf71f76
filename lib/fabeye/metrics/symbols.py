r"""Names of signals, rails and times, with the scripts and marks that tell one from another.

Notable:
- V_{DD}, V_{DDQ} and V_{DDSPD} are three rails; CK_t and CK_c are two wires; \bar{CS} is not CS.
- Where the gold text holds no script, scripts of the reading count as letters in line; where it does, a reading that
  lost them has lost the symbol.
"""

import re

from fabeye.metrics.notation import has_scripts, unified, without_scripts
from fabeye.metrics.tally import Tally, sequence_tally

SCRIPT = r"[_^]\{[^{}]*\}"
BUS = r"\[\d+(?::\d+)?\]"
BAR = r"\\bar\{[^{}]*\}"
SYMBOL = re.compile(
    rf"(?:{BAR}|[A-Za-zΑ-Ωα-ω]{{1,4}}(?:\([^()\s]*\)|{BUS})?)(?:{SCRIPT})+"  # t_{RCD}, σ^{2}
    rf"|{BAR}"
    rf"|(?<![A-Za-z0-9_])(?:"
    rf"(?:[A-Z][A-Z0-9]*|[a-z][a-z0-9]*)(?:{BUS})?_[a-z](?![A-Za-z0-9])"  # CK_t, cs_n, DQ[7:0]_c
    r"|t[A-Z][A-Za-z0-9]*(?:\([^()\s]*\))?"  # tRCD, tCK(avg)
    r"|[VIRC][A-Z]{2,}[A-Z0-9]*"  # VDDQ, IDD4R, RTT
    r"|[A-Z][A-Z0-9]+#"  # CS#
    r"|n(?:CK|RCD|RP|AA|RAS|WR)(?![A-Za-z0-9]))"
)


def find_symbols(text: str) -> list[str]:
    """The symbols of a text in its order, in the unified notation.

    >>> find_symbols("t<sub>RCD</sub> after CK_t, CK_c at VDDQ")
    ['t_{RCD}', 'CK_t', 'CK_c', 'VDDQ']
    """
    return SYMBOL.findall(unified(text))


def symbol_tally(gold: str, read: str) -> Tally:
    """F1 of the symbols of two texts that stand for each other, in their order."""
    wanted, given = unified(gold), unified(read)
    if not has_scripts(wanted):
        given = without_scripts(given)
    return sequence_tally(SYMBOL.findall(wanted), SYMBOL.findall(given))
