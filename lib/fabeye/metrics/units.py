"""Units as patterns: which letters behind a number are one, and how its power is written.

Notable:
- A unit that stands in no list here compares as none, so a change of it goes unseen: better one too many.
- A raised minus stays apart from one in line: cm⁻² has a power, 1 V-2 V is a range.
"""

import re

RAISED_MINUS = "\u207b"

PREFIX = "[fpnμumkKMGT]"
BASES = (
    "Hz|eV|Pa|bar|Torr|bits?|bytes?|bps|Bps|ohm|Ω|Vpp|Vp-p|Vpk|Vrms|Vdc|Vac|VA|Arms|Ah|Wh|V|A|W|F|H|S|s|m|g|J|N|K|T|"
    r"b|B|C|L|l|G|Gy|Sv|Wb|Oe|mol|cal|psi|cps|rad(?:\(Si(?:O2)?\))?"
)
WHOLE = (
    r"%RH|(?:wt|at|vol|mol)\.?\s?%|%|‰|°C|°F|°|Å|dBm|dBc|dBV|dBi|dB|ppm|ppb|ppt|DPPM|FITs?|LSBs?|sccm|slm|rpm|RPM|wph|"
    "ksi|kgf|mils?|inch(?:es)?|cm|dm|dL|aF|sq|hours?|hrs?|hr|h|min|minutes?|sec|seconds?|days?|weeks?|wks?|months?|"
    "years?|yrs?|cycles?|pcs|dpi|px|pixels?"
)
HAN = (
    "小时|分钟|皮秒|纳秒|微秒|毫秒|秒|天|日|周|个月|月|年|纳米|微米|毫米|厘米|毫升|升|次|片|颗|批|"
    "毫伏|伏特|微安|毫安|安培|欧姆|兆赫|吉赫|赫兹|摄氏度"
)
PER = "sq(?:uare)?|□|wafer|die|chip|pin|ball|lot|device|unit|shift|site|channel|bank|row"  # only behind a stroke
ENDS = r"(?![A-Za-z0-9_]|\.\d)"

KNOWN = rf"(?:{WHOLE}|{PREFIX}?(?:{BASES}))"
IN_RANGE = rf"\s?{KNOWN}(?![A-Za-z0-9_^{RAISED_MINUS}-])"  # behind the 2 of 1 V-2 V, but not of 5 cm-2 s-1
POWER = rf"(?:\^?{RAISED_MINUS}?[1-9]|\^-[1-9]|-[1-4](?!{IN_RANGE}))"
SIMPLE = rf"(?:{KNOWN}{POWER}?{ENDS}|(?:{HAN}))"
DIVIDING = rf"{KNOWN}(?:\^?{RAISED_MINUS}|\^?-)[1-9]{ENDS}"  # as s⁻¹ in cm⁻² s⁻¹
RAIL = r"V[A-Z]{2,}[A-Z0-9]*"
SYMBOLIC = rf"(?:[×*]\s?)?(?:nCK|UI|RZQ|t[A-Z][A-Za-z0-9_]*(?:\([A-Za-z,]+\))?|{RAIL})(?![A-Za-z0-9_])"
UNIT = rf"(?:{SYMBOLIC}|{SIMPLE})(?:\s?[/·]\s?(?:{SYMBOLIC}|{SIMPLE}|(?:{PER}){ENDS})|\s{DIVIDING})*"

ONLY_UNIT = re.compile(UNIT)
SURE_POWER = re.compile(rf"(?<![A-Za-z])(?:({KNOWN})\^\{{-[1-9]\}}|([fpnμumkcd]?m|mils?|inch|s)\^\{{[2-4]\}})")
RAISED_POWER = re.compile(r"(?<=[A-Za-zΩ□])\^\{(-?)([1-9])\}")


def powers_in_line(text: str) -> str:
    """A unified text with the powers of its units in line, each minus still raised.

    >>> powers_in_line("5 cm^{-2}")
    '5 cm⁻2'
    """
    return RAISED_POWER.sub(lambda found: RAISED_MINUS * len(found[1]) + found[2], text)


def without_powers(text: str) -> str:
    """A unified text without those powers of units that cannot be references to notes.

    >>> without_powers("5 mm^{2}, 3 V^{2}, 1 s^{-1}")
    '5 mm, 3 V^{2}, 1 s'
    """
    return SURE_POWER.sub(lambda found: found[1] or found[2], text)


def compact_unit(written: str) -> str:
    """A unit as two are compared: without spaces, its powers in line.

    >>> compact_unit("cm⁻2 s⁻1")
    'cm-2s-1'
    """
    return "".join(written.split()).replace(RAISED_MINUS, "-").replace("^", "")
