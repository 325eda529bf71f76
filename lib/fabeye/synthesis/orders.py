"""Which documents the settings ask for, and what each may be used for.

Notable:
- Gold documents are the first ones of a frozen set, with a seed, languages and finishes of its own: a larger corpus has
  more of them, up to the whole set, and no setting of the training documents changes one.
- In the frozen set languages and difficulties are crossed, and each family begins with another of them.
"""

import math
from dataclasses import dataclass

from fabeye.schema import Split
from fabeye.settings import CorpusSettings, FinishSettings, GoldSetSettings

LEAST_FOR_EVERY_SPLIT = 3  # documents of a family from which on every split has one


@dataclass(frozen=True, slots=True)
class Order:
    """A document that the settings ask for.

    difficulty: of a document of the frozen set, a key of corpus.gold.difficulties; "" for every other document.
    """

    family: str
    language: str
    index: int
    split: Split
    difficulty: str = ""

    @property
    def name(self) -> str:
        """File name, such as "jedec-zh-00007.pdf"."""
        return f"{self.family}-{self.language}-{self.index:05d}.pdf"


def ordered(settings: CorpusSettings) -> list[Order]:
    """The documents that the settings ask for, languages in turn, so every split of a family has its share of each."""
    spoken = settings.languages
    return [
        frozen_order(family, index, settings.gold)
        if split == Split.GOLD and settings.gold
        else Order(family, spoken[index % len(spoken)], index, split)
        for family, count in settings.documents.items()
        for index, split in enumerate(split_of(count, settings, _most(family, count, settings)))
    ]


def frozen_order(family: str, index: int, gold: GoldSetSettings) -> Order:
    """Document number `index` of a family in the frozen set."""
    place = index + list(gold.documents).index(family)  # type: ignore[arg-type]  # families are plain words here
    names = tuple(gold.difficulties)
    difficulty = names[(place + place // len(gold.languages)) % len(names)]
    return Order(family, gold.languages[place % len(gold.languages)], index, Split.GOLD, difficulty)


def whole_set(settings: CorpusSettings) -> CorpusSettings:
    """Settings that ask for the frozen set, all of it and nothing else. Raises ValueError where there is none."""
    if settings.gold is None:
        raise ValueError("corpus.gold is not set, so there is no frozen set; `git checkout params.yaml` brings it back")
    return settings.model_copy(update={"documents": settings.gold.documents, "gold_share": 1.0})


def seed_of(order: Order, settings: CorpusSettings) -> int:
    """Start of the document's random draws."""
    return settings.gold.seed if order.difficulty and settings.gold else settings.seed


def finish_of(order: Order, settings: CorpusSettings) -> FinishSettings:
    """What may become of the document after typesetting."""
    return settings.gold.difficulties[order.difficulty] if order.difficulty and settings.gold else settings.finish


def split_of(count: int, settings: CorpusSettings, most: int | None = None) -> list[Split]:
    """The splits of a family of `count` documents: gold first, validation next. most: gold documents at most."""
    least = int(count >= LEAST_FOR_EVERY_SPLIT)
    gold = min(count if most is None else most, count, max(_rounded(settings.gold_share * count), least))
    validation = min(count - gold, max(_rounded(settings.validation_share * count), least))
    kinds = [Split.GOLD] * gold + [Split.VALIDATION] * validation
    return kinds + [Split.TRAIN] * (count - len(kinds))


def _most(family: str, count: int, settings: CorpusSettings) -> int:
    return count if settings.gold is None else dict(settings.gold.documents).get(family, 0)  # type: ignore[call-overload]


def _rounded(value: float) -> int:
    """Round half up: 0.5 -> 1, 1.5 -> 2, 2.5 -> 3."""
    return math.floor(value + 0.5)
