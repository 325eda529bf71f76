"""Sections on documents: what is generated or brought, what is hidden and left out of it."""

from typing import Literal

from pydantic import Field, model_validator

from fabeye.schema import Confidentiality, Sensitive

from .section import Section

Family = Literal["jedec", "efa_pfa", "process", "design", "general"]
Language = Literal["en", "zh", "mixed"]


class FinishSettings(Section):
    """Chances that a generated document is finished in some way; nothing is done unless it is asked for."""

    scan: float = Field(default=0, ge=0, le=1)
    searchable: float = Field(default=0, ge=0, le=1)
    broken_text: float = Field(default=0, ge=0, le=1)
    resized: float = Field(default=0, ge=0, le=1)
    rotated: float = Field(default=0, ge=0, le=1)
    bookmarks: float = Field(default=0, ge=0, le=1)
    metadata: float = Field(default=0, ge=0, le=1)
    annotations: float = Field(default=0, ge=0, le=1)
    attachments: float = Field(default=0, ge=0, le=1)
    password: float = Field(default=0, ge=0, le=1)
    severity: float = Field(default=0, ge=0, le=1)


class TagSettings(Section):
    """What a brought file is held for where no SOURCES.yaml says more."""

    licence: str
    confidentiality: Confidentiality


class PairSettings(Section):
    """Which public pictures with captions are worth learning from."""

    min_text: int = Field(ge=0)
    max_text: int = Field(ge=1)
    min_side: int = Field(ge=1)


class GoldSetSettings(Section):
    """The frozen set that generated gold documents are taken from, the first of each family first."""

    version: str = Field(min_length=1)
    seed: int
    languages: tuple[Language, ...] = Field(min_length=1)
    documents: dict[Family, int]
    difficulties: dict[str, FinishSettings] = Field(min_length=1)


class CorpusSettings(Section):
    seed: int
    dpi: int = Field(ge=36, le=600)
    languages: list[Language] = Field(min_length=1)
    gold_share: float = Field(ge=0, le=1)
    validation_share: float = Field(ge=0, le=1)
    max_side: int = Field(ge=100)
    max_pages: int = Field(ge=1)
    tags: TagSettings
    pairs: PairSettings
    documents: dict[Family, int]
    finish: FinishSettings = FinishSettings()
    gold: GoldSetSettings | None = None

    @model_validator(mode="after")
    def _gold_is_drawn_apart(self) -> "CorpusSettings":
        if self.gold and self.gold.seed == self.seed:
            raise ValueError("draws gold documents and training documents from one seed; give corpus.seed another one")
        return self


class DuplicateSettings(Section):
    picture: float = Field(ge=0, le=0.5)
    words: float = Field(gt=0, lt=1)
    same_words: float = Field(gt=0, le=1)
    same_words_picture: float = Field(ge=0, le=0.5)
    alone: float = Field(ge=0, le=0.5)
    read: bool
    min_ink: float = Field(ge=0, le=1)
    min_letters: int = Field(ge=0)


class CurateSettings(Section):
    duplicates: DuplicateSettings
    samples: int = Field(ge=1)


class RedactSettings(Section):
    """What is hidden, in which documents, and how text in pictures is sought."""

    kinds: tuple[Sensitive, ...] = Field(min_length=1)
    min_score: float = Field(gt=0, le=1)
    layers: tuple[Literal["general", "domain"], ...]
    spared: tuple[str, ...]
    generated: bool
    audit: int = Field(ge=0)
    strict: tuple[str, ...]
    key_variable: str = Field(min_length=1)
    dictionaries: str
    ocr_scale: float = Field(ge=1, le=4)
