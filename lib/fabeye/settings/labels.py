"""Sections on labels: who reads the pages, who checks it, and the pairs that come of it."""

from typing import Literal, Self

from pydantic import Field, model_validator

from .section import Section


class DotsOcrSettings(Section):
    """Where dots.ocr is served, how it is asked, and how much is tried before a page is given up."""

    endpoints: tuple[str, ...]
    model: str = Field(min_length=1)
    key_variable: str = Field(min_length=1)
    prompts: str
    upscale: bool
    cleaner: Literal["recover", "official"]
    temperature: float = Field(ge=0, le=2)
    retry_temperature: float = Field(ge=0, le=2)
    top_p: float = Field(gt=0, le=1)
    max_tokens: int = Field(ge=1)
    regions: int = Field(ge=0)
    concurrency: int = Field(ge=1)
    attempts: int = Field(ge=1)
    seconds: float = Field(gt=0)

    @model_validator(mode="after")
    def _asks_again_otherwise(self) -> Self:
        if self.retry_temperature == self.temperature:
            raise ValueError(
                "retry_temperature must differ from temperature: the same question has the same broken answer"
            )
        return self


class OwnModelSettings(Section):
    """Which trained model reads, and how."""

    checkpoint: str = Field(min_length=1)
    side: int = Field(ge=14)
    max_tokens: int = Field(ge=1)


class QualitySettings(Section):
    """Below what a reading is doubted, and with which second teacher it is compared."""

    second: Literal["", "rapidocr", "dots_ocr", "text_layer", "model"]
    confidence: float = Field(ge=0, le=1)
    likeness: float = Field(ge=0, le=1)
    letters: int = Field(ge=1)
    coverage: float = Field(ge=0, le=1)


class ParseSettings(Section):
    engine: Literal["rapidocr", "dots_ocr", "text_layer", "model"]
    dots_ocr: DotsOcrSettings
    model: OwnModelSettings
    quality: QualitySettings
    min_score: float = Field(ge=0, le=1)
    workers: int = Field(ge=1)
    threads: int = Field(ge=1)


class AnnotateSettings(Section):
    min_text: int = Field(ge=0)
    twice: float = Field(default=0.1, ge=0, le=1)
    agreed: float = Field(default=0.9, ge=0, le=1)
    check_gold: float = Field(default=0.0, ge=0, le=1)


class BaselineSettings(Section):
    regions: int = Field(ge=1)


class ShardsSettings(Section):
    seed: int
    vocabulary: int = Field(ge=300)
    tokenizer: str = ""
    max_text: int = Field(ge=2)
    longest: int = Field(ge=0)
    min_side: int = Field(ge=1)
    levels: tuple[Literal["line", "block"], ...] = Field(default=("line", "block"), min_length=1)
    compression: str
