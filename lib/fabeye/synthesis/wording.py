"""Wording in two languages and their mixture: every phrase is written in both, and a document says one."""

import re
from dataclasses import dataclass

FORMULA = re.compile(
    r"(?<![A-Za-z0-9_{])(?:[SC][ie]O2|H2O2?|H2SO4|H3PO4|NH3|NH4OH|SiH4|N2O?|O2|H2|WF6|NF3|SF6|CF4|CHF3|C4F8|Cl2|CO2|AsH3|PH3|BF3|GeF4)"
    r"(?![A-Za-z0-9_}])"
)
COUNT = re.compile(r"\d+")


def spelt(text: str) -> str:
    """A text whose chemical formulae have their counts as subscripts, in the notation of markup.py.

    >>> spelt("H2SO4 and SiO2 slurry at 90 °C")
    'H_{2}SO_{4} and SiO_{2} slurry at 90 °C'
    """
    return FORMULA.sub(lambda found: COUNT.sub(lambda count: f"_{{{count[0]}}}", found[0]), text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """The same said in English and in Chinese; `mixed` is Chinese with English terms where that differs."""

    en: str
    zh: str
    mixed: str = ""

    def said(self, language: str) -> str:
        """The phrase in `language`: "en", "zh" or "mixed"."""
        if language == "en":
            return self.en
        return self.mixed or self.zh if language == "mixed" else self.zh
