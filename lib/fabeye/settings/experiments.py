"""The section `experiments`: questions asked of the recipe, and the trials that answer them."""

from typing import Any, Literal

from pydantic import Field, model_validator

from .section import Section


class ContrastiveSettings(Section):
    """The small SigLIP that an arm may start from."""

    samples: int = Field(ge=1)
    batch: int = Field(ge=2)
    lr: float = Field(gt=0)
    depth: int = Field(ge=1)


class QuestionSettings(Section):
    """Arms that are compared, the first of them with each other one, and by which measures."""

    arms: tuple[str, ...] = Field(min_length=2)
    measures: tuple[str, ...] = Field(min_length=1)


class ExperimentsSettings(Section):
    """One stage trained in several ways, each with several seeds, all with the same compute."""

    stage: Literal["base", "highres", "native"]
    seeds: tuple[int, ...] = Field(min_length=3)
    shared: dict[str, Any]
    arms: dict[str, dict[str, Any]]
    questions: dict[str, QuestionSettings]
    contrastive: ContrastiveSettings
    regions: int = Field(ge=1)
    pages: int = Field(ge=1)
    extreme: float = Field(gt=1)
    confidence: float = Field(gt=0, lt=1)

    @model_validator(mode="after")
    def _arms_exist(self) -> "ExperimentsSettings":
        for name, question in self.questions.items():
            if missing := set(question.arms) - set(self.arms):
                raise ValueError(f"ask in {name} for an arm {sorted(missing)[0]!r} that is not under arms")
        return self
