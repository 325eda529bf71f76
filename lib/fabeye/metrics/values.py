"""Numbers with their sign, relation and unit, compared without any tolerance.

Notable:
- -40 read as 40, 1.2 V as 12 V, µA as mA, <= as >=, a dropped ±: each is a wrong value, however few characters it is.
- A number counts as printed: 1.20 is not 1.2, since digits state a precision. Thousands separators alone are dropped.
- `max(4 nCK, 7.5 ns)` is one value. In a cell of its own, a unit is a value, and so are a lone dash (not specified),
  TBD and N/A: none of them is 0, and none is an empty cell.
- A number inside a name, as in A17 or DDR5, is no value.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fabeye.metrics.notation import has_scripts, unified, without_scripts
from fabeye.metrics.tally import Tally, sequence_tally

DASHES = "-\u2010\u2012\u2013\u2014\u2212"  # hyphens, dashes and minus; in front of a number all of them are a minus
MARKS = {"tbd", "tbc", "n/a", "na", "rfu", "reserved", "保留", "待定", "无"}
NOT_SPECIFIED = "\u2013"

PREFIX = "[fpnμumkKMGT]"
BASES = "Hz|eV|Pa|bar|Torr|bits?|bytes?|ohm|Ω|V|A|W|F|H|s|m|g|J|N|K|T|b|B|C"
WHOLE = (
    "%RH|%|‰|°C|°F|°|Å|dBm|dB|ppm|ppb|DPPM|sccm|slm|rpm|RPM|psi|mil|cm|hours?|hrs?|hr|h|min|sec|cycles?|"
    "小时|分钟|纳秒|微秒|毫秒|秒|纳米|微米|毫米|次|片|颗|批"
)
SIMPLE = rf"(?:(?:{WHOLE})|{PREFIX}?(?:{BASES}))(?:\^?\{{?-?[1-9]\}}?)?(?![A-Za-z0-9_])"
SYMBOLIC = r"(?:[×*]\s?)?(?:nCK|UI|RZQ|t[A-Z][A-Za-z0-9_]*(?:\([A-Za-z,]+\))?|V[A-Z]{2,}[A-Z0-9]*)(?![A-Za-z0-9_])"
UNIT = rf"(?:{SYMBOLIC}|{SIMPLE}(?:\s?[/·]\s?(?:{SYMBOLIC}|{SIMPLE}))*)"
DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
EXPONENT = rf"(?:[eE][{DASHES}+]?\d+(?![A-Za-z0-9])|\s?[×x·*]\s?10\^\{{[{DASHES}+]?\d+\}})"
CALL = r"(?:max|min|MAX|MIN|Max|Min)\s?\((?=[^)]{0,60}\d)(?:[^()]|\([^()]{0,30}\)){1,80}\)"

VALUE = re.compile(
    rf"(?P<relation>[<>≤≥±∓≈~])?\s?"
    rf"(?:(?P<call>{CALL})|"
    rf"(?P<sign>(?<![\w)\]}}.%])[{DASHES}+]|(?<=^)[{DASHES}+]\s)?(?<![A-Za-z0-9_.])"
    rf"(?:(?P<hex>0[xX][0-9A-Fa-f]+)|(?P<digits>{DIGITS})(?P<exponent>{EXPONENT})?)"
    rf"\s?(?P<unit>{UNIT})?)"
)
ONLY_UNIT = re.compile(UNIT)
IN_LINE = re.compile(r"_\{([^{}]*)\}|(?<=[A-Za-zΩ])\^\{(-?[1-9])\}")  # subscripts, and powers of a unit
RAISED = re.compile(r"(?<!10)\^\{[^{}]*\}")  # what is left but powers of ten: references to notes


@dataclass(frozen=True, slots=True)
class Value:
    """relation: < > ≤ ≥ ± or ""; number: digits with their sign, a call such as max(...), a mark, or ""; unit or ""."""

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
    text = RAISED.sub(" ", IN_LINE.sub(lambda found: found[1] or found[2] or "", text))
    if cell and (alone := _alone(text)):
        return [alone]
    return [_value(found) for found in VALUE.finditer(text)]


def _alone(text: str) -> Value | None:
    """The value of a cell that holds a mark or a unit and nothing else."""
    if text and all(letter in DASHES for letter in text):
        return Value("", NOT_SPECIFIED, "")
    if text.lower() in MARKS:
        return Value("", text.lower(), "")
    return Value("", "", _compact(text)) if ONLY_UNIT.fullmatch(text) else None


def _value(found: re.Match[str]) -> Value:
    relation = found["relation"] or ""
    if found["call"]:
        name, _, inner = _minus(_compact(found["call"])).partition("(")
        return Value(relation, f"{name.lower()}({inner}", "")
    digits = found["hex"] or found["digits"].replace(",", "") + _exponent(found["exponent"] or "")
    return Value(relation, _minus((found["sign"] or "").strip()) + digits, _compact(found["unit"] or ""))


def _exponent(written: str) -> str:
    """ "e-9" for 1E-9 and for × 10^{-9} alike.

    >>> _exponent(" × 10^{-9}")
    'e-9'
    """
    if not written:
        return ""
    power = written.rpartition("{")[2].rstrip("}") if "{" in written else written[1:]
    return "e" + _minus(power).lstrip("+")


def _minus(text: str) -> str:
    return re.sub(f"[{DASHES}]", "-", text)


def _compact(text: str) -> str:
    return "".join(text.split())
