"""What every section of params.yaml has in common."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fabeye.errors import FabeyeError


class SettingsError(FabeyeError):
    """params.yaml, a profile or a parameter is wrong; the text names the key."""


class Section(BaseModel):
    """Base of every section: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EngineSettings(Section):
    """Where the work of many pages runs, and what one item may take before its process is killed."""

    engine: Literal["processes", "ray"]
    workers: int = Field(ge=0)
    seconds: float = Field(gt=0)
    mib: int = Field(ge=256)


def first_mistake(error: ValidationError) -> str:
    """The first key that is wrong, and what is wrong with it."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    said = {"extra_forbidden": "is not a known key", "missing": "is missing"}.get(first["type"], first["msg"])
    return f"{key} {said}"
