"""Wording in two languages: every phrase is written in both, and a document says one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """The same said in English and in Chinese."""

    en: str
    zh: str

    def said(self, language: str) -> str:
        """The phrase in `language`, "en" or "zh"."""
        return self.zh if language == "zh" else self.en
