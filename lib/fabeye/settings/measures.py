"""Sections on what is measured and shown."""

from pydantic import Field, model_validator

from .documents import Language
from .section import Section


class ProbeSettings(Section):
    seed: int
    train: int = Field(ge=2)
    test: int = Field(ge=2)
    drawn_train: int = Field(ge=2)
    drawn_test: int = Field(ge=2)
    nearest: int = Field(ge=1)
    side: int = Field(ge=1)
    compare: str


class CompositeSettings(Section):
    """Weights of the composite score's components; only their ratios matter."""

    text: float = Field(ge=0)
    elements: float = Field(ge=0)
    key_information: float = Field(ge=0)

    @model_validator(mode="after")
    def _something_counts(self) -> "CompositeSettings":
        if self.text + self.elements + self.key_information == 0:
            raise ValueError("has weight 0 everywhere; give one component a weight")
        return self


class GateSettings(Section):
    """When a reader counts as better than the baseline: margins in points of the composite."""

    domain_gain: float
    general_loss: float = Field(ge=0)
    general_families: tuple[str, ...]
    documents: int = Field(ge=1)
    draws: int = Field(ge=100)
    seed: int
    confidence: float = Field(gt=0, lt=1)


class KindSettings(Section):
    """Gold regions that the published weights were made for: their languages, and how long they are at most."""

    languages: tuple[Language, ...] = Field(min_length=1)
    longest: int = Field(ge=1)


class EvaluateSettings(Section):
    published: str
    kind: KindSettings
    regions: int = Field(ge=1)
    max_tokens: int = Field(ge=1)
    composite: CompositeSettings
    gate: GateSettings
    probe: ProbeSettings


class ReportSettings(Section):
    pages: int = Field(ge=0)
    worst: int = Field(ge=0)
    readings: int = Field(ge=0)
