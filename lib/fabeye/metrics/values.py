"""Numbers with their sign, relation and unit, compared without any tolerance.

Notable:
- -40 read as 40, 1.2 V as 12 V, µA as mA, <= as >=, a dropped ±: each is a wrong value, however few characters it is.
- A number counts as printed: 1.20 is not 1.2, since digits state a precision. Thousands separators alone are dropped.
- `max(4 nCK, 7.5 ns)` is one value. In a cell of its own, a unit is a value, and so are a lone dash (not specified),
  TBD and N/A: none of them is 0, and none is an empty cell.
- A number inside a name, as in A17 or DDR5, is no value; a power of ten is one number.
- An offset keeps its sign, VDD - 0.3 V; the dash of a range, 5-10 V, and of a name, A-17, is none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fabeye.metrics.notation import has_scripts, unified, without_scripts
from fabeye.metrics.tally import Tally, sequence_tally
from fabeye.metrics.units import ONLY_UNIT, RAISED_MINUS, UNIT, compact_unit, powers_in_line

DASHES = "-\u2010\u2012\u2013\u2014\u2212"  # hyphens, dashes and minus; in front of a number all of them are a minus
MARKS = {"tbd", "tbc", "n/a", "na", "rfu", "reserved", "保留", "待定", "无"}
NOT_SPECIFIED = "\u2013"

DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
TEN = rf"10\^(?:\{{\s?[{DASHES}+]?\s?\d+\s?\}}|[{DASHES}+]?\d+)"
EXPONENT = rf"(?:[eE][{DASHES}+]?\d+(?![A-Za-z0-9])|\s?[×x·*]\s?{TEN})"
CALL = r"(?:max|min|MAX|MIN|Max|Min)\s?\((?=[^)]{0,60}\d)(?:[^()]|\([^()]{0,30}\)){1,80}\)"

VALUE = re.compile(
    rf"(?P<relation>[<>≤≥≪≫≠±∓≈~])?\s?(?P<sign>[{DASHES}+]\s?)?"
    rf"(?:(?P<call>{CALL})|(?<![A-Za-z0-9_.{RAISED_MINUS}])"
    rf"(?:(?P<hex>0[xX][0-9A-Fa-f]+)|(?P<ten>{TEN})|(?P<digits>{DIGITS})(?P<exponent>{EXPONENT})?)"
    rf"\s?(?P<unit>{UNIT})?)"
)
LONGEST_NAME = 40  # characters in front of a sign that are looked at
ENDS_WITH_NAME = re.compile(  # of a rail, current, time or temperature, whose offset has a sign
    r"(?:(?<![A-Za-z0-9])(?:t[A-Z]|T(?:_?[acj](?![A-Za-z0-9])|OPER|stg|STG)|"
    r"I(?:DD|CC|PP|SS|IN|OUT|IH|IL|OH|OL)|"
    r"V(?:DD|CC|EE|SS|PP|BB|TT|REF|ref|IN|in|OUT|out|IH|IL|IX|OH|OL|OX|TH|th|GS|DS|BAT))[A-Za-z0-9_]*|[)}])$"
)
JOINED = re.compile(r"[A-Za-z0-9_.%\]]")  # a dash right behind it joins a name or a range
SUBSCRIPT = re.compile(r"_\{([^{}]*)\}")
RAISED = re.compile(rf"(?!(?<=10)(?<![\d.]..)\^\{{[{DASHES}+ ]*\d+ ?\}})\^\{{[^{{}}]*\}}")  # references to notes


@dataclass(frozen=True, slots=True)
class Value:
    """relation: < > ≤ ≥ ≠ ± or ""; number: digits with their sign, a call as max(...), a mark, or ""; unit or ""."""

    relation: str
    number: str
    unit: str


def find_values(text: str, cell: bool = False) -> list[Value]:
    """The values of a text in its order; with `cell`, a text that is nothing but a unit or a mark is a value too.

    >>> find_values("V_{DD} = 1.2 V ± 0.06 V, -40 °C")
    [Value(relation='', number='1.2', unit='V'), Value(relation='±', number='0.06', unit='V'), \
Value(relation='', number='-40', unit='°C')]
    """
    return _found(unified(text), cell)


def value_tally(gold: str, read: str, cell: bool = False) -> Tally:
    """F1 of the values of two texts that stand for each other, in their order; symmetric where both tell scripts.

    Where the gold text holds no script, the scripts of the reading count as letters in line, as they do in the gold.
    """
    wanted, given = unified(gold), unified(read)
    if not has_scripts(wanted):
        given = without_scripts(given)
    return sequence_tally(_found(wanted, cell), _found(given, cell))


def lost_tally(texts: Sequence[str], cell: bool = False) -> Tally:
    """The tally of values that stand on one side alone: none got, each wanted (or invented)."""
    return Tally(0.0, float(sum(len(find_values(text, cell)) for text in texts)))


def _found(text: str, cell: bool) -> list[Value]:
    text = RAISED.sub(" ", powers_in_line(SUBSCRIPT.sub(r"\1", text)))
    if cell and (alone := _alone(text)):
        return [alone]
    values, last_end = [], 0
    for found in VALUE.finditer(text):
        values.append(_value(found, _sign(found, last_end)))
        last_end = found.end()
    return values


def _alone(text: str) -> Value | None:
    """The value of a cell that holds a mark or a unit and nothing else."""
    if text and all(letter in DASHES for letter in text):
        return Value("", NOT_SPECIFIED, "")
    if text.lower() in MARKS:
        return Value("", text.lower(), "")
    return Value("", "", compact_unit(text)) if ONLY_UNIT.fullmatch(text) else None


def _sign(found: re.Match[str], last_end: int) -> str:
    """ "+", "-", or "" where a dash is none: in the range 5-10 V and the name A-17, but not in VDD-0.3 V.

    last_end: where the value before it ends.
    """
    mark = (found["sign"] or "").strip()
    at = found.start("sign")
    before = found.string[max(0, at - LONGEST_NAME) : at]
    left = before.rstrip()
    if mark in ("", "+") or found["relation"] or not left or ENDS_WITH_NAME.search(left):
        return _minus(mark)
    apart, loose = before != left, found["sign"] != mark
    if apart and not loose:
        return "-"
    if at - len(before) + len(left) == last_end:
        return ""
    return "-" if (left[-1].isalpha() if apart else not JOINED.match(left[-1])) else ""


def _value(found: re.Match[str], sign: str) -> Value:
    relation = found["relation"] or ""
    if found["call"]:
        name, _, inner = _minus(_compact(found["call"])).partition("(")
        return Value(relation, f"{sign}{name.lower()}({inner}", "")
    if found["ten"]:
        digits = "10^" + _power(found["ten"])
    else:
        digits = found["hex"] or found["digits"].replace(",", "") + _exponent(found["exponent"] or "")
    return Value(relation, sign + digits, compact_unit(found["unit"] or ""))


def _exponent(written: str) -> str:
    """ "e-9" for 1E-9 and for × 10^{-9} alike.

    >>> _exponent(" × 10^{-9}")
    'e-9'
    """
    return "e" + _power(written if "^" in written else f"^{written[1:]}") if written else ""


def _power(written: str) -> str:
    """ "-9" of 10^{-9}."""
    return _minus(_compact(written.rpartition("^")[2].strip("{}"))).lstrip("+")


def _minus(text: str) -> str:
    return re.sub(f"[{DASHES}]", "-", text)


def _compact(text: str) -> str:
    return "".join(text.split())
