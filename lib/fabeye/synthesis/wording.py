"""Wording in two languages and their mixture: every phrase is written in both, and a document says one."""

from dataclasses import dataclass


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
