"""Which documents the settings ask for, and what each may be used for."""

import math
from dataclasses import dataclass

from fabeye.schema import Split
from fabeye.settings import CorpusSettings

LEAST_FOR_EVERY_SPLIT = 3  # documents of a family from which on every split has one


@dataclass(frozen=True, slots=True)
class Order:
    """A document that the settings ask for."""

    family: str
    language: str
    index: int
    split: Split

    @property
    def name(self) -> str:
        """File name, such as "jedec-zh-00007.pdf"."""
        return f"{self.family}-{self.language}-{self.index:05d}.pdf"


def ordered(settings: CorpusSettings) -> list[Order]:
    """The documents that the settings ask for, languages in turn, so every split of a family has its share of each."""
    spoken = settings.languages
    return [
        Order(family, spoken[index % len(spoken)], index, split)
        for family, count in settings.documents.items()
        for index, split in enumerate(split_of(count, settings))
    ]


def split_of(count: int, settings: CorpusSettings) -> list[Split]:
    """The splits of a family of `count` documents: gold first, validation next."""
    least = int(count >= LEAST_FOR_EVERY_SPLIT)
    gold = min(count, max(_rounded(settings.gold_share * count), least))
    validation = min(count - gold, max(_rounded(settings.validation_share * count), least))
    kinds = [Split.GOLD] * gold + [Split.VALIDATION] * validation
    return kinds + [Split.TRAIN] * (count - len(kinds))


def _rounded(value: float) -> int:
    """Round half up: 0.5 -> 1, 1.5 -> 2, 2.5 -> 3."""
    return math.floor(value + 0.5)
