"""The section `pretrain`: the recipe, its three stages, and how samples reach the trainer."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from .section import Section, SettingsError

STAGES = ("base", "highres", "native")


class Trunk(Section):
    """Size of a stack of transformer blocks."""

    dim: int = Field(ge=8)
    depth: int = Field(ge=1)
    heads: int = Field(ge=1)


class AugmentSettings(Section):
    """Chances that a training picture is damaged in some way, and how far the damage goes."""

    resolution: float = Field(ge=0, le=1)
    blur: float = Field(ge=0, le=1)
    noise: float = Field(ge=0, le=1)
    jpeg: float = Field(ge=0, le=1)
    severity: float = Field(ge=0, le=1)
    skew: float = Field(ge=0, le=1)
    skew_deg: float = Field(ge=0, le=10)
    occlusion: float = Field(ge=0, le=1)
    hidden: float = Field(ge=0, lt=1)


class StageSettings(Section):
    """One training stage: how large the pictures are, which sources they come from, what is learned, how long."""

    side: int = Field(ge=14)
    pictures: Literal["fitted", "square", "area"]
    mixture: dict[str, list[tuple[float, float]]]
    objective: Literal["aimv2", "prefix_text", "captioning", "pixels"]
    alpha: float = Field(ge=0)
    anneal: float = Field(ge=0, le=1)
    weight_decay: float = Field(ge=0)
    branch: float = Field(gt=0, le=1)
    lr: float = Field(gt=0)
    samples: int = Field(ge=1)
    most_tokens: float = Field(ge=0)
    most_flops: float = Field(ge=0)
    batch: int = Field(ge=1)
    tokens: int = Field(ge=1)
    evaluations: int = Field(ge=1)

    @field_validator("mixture")
    @classmethod
    def _points_rise(cls, mixture: dict[str, list[tuple[float, float]]]) -> dict[str, list[tuple[float, float]]]:
        for source, points in mixture.items():
            progress = [at for at, _ in points]
            if not points or progress != sorted(progress) or min(progress) < 0 or max(progress) > 1:
                raise ValueError(f"of {source} needs [progress, weight] with progress rising from 0 to 1")
            if min(weight for _, weight in points) < 0:
                raise ValueError(f"of {source} has a weight below 0")
        return mixture


class DataSettings(Section):
    """How samples reach the trainer; nothing of it changes which ones they are."""

    remote: str
    workers: int = Field(ge=0)
    cache: str
    cache_gib: float = Field(gt=0)


class GuardSettings(Section):
    """When a step's loss is no longer believed, and what then."""

    spike: float = Field(gt=1)
    memory: int = Field(ge=2)
    returns: int = Field(ge=0)


class InitSettings(Section):
    """What the first stage starts from: an encoder or a whole model of ours, each a folder; "" for random weights."""

    encoder: str
    block: Literal["aimv2", "siglip"]
    model: str

    @model_validator(mode="after")
    def _one_start(self) -> Self:
        if self.encoder and self.model:
            raise ValueError("encoder and model are both set; a whole model has an encoder, so leave one of them empty")
        return self


class PlanSettings(Section):
    """What `fabeye plan` reckons with; what it finds decides nothing."""

    processes: int = Field(ge=1)
    per_node: int = Field(ge=1)
    peak_tflops: float = Field(gt=0)
    utilisation: float = Field(gt=0, le=1)
    hour_price: float = Field(ge=0)
    pairs: float = Field(gt=0)
    pair_patches: float = Field(gt=0)
    pair_tokens: float = Field(gt=0)
    patch_bytes: float = Field(gt=0)


class PretrainSettings(Section):
    seed: int
    init: InitSettings
    variance_floor: float = Field(gt=0)
    blank_weight: float = Field(ge=0, le=1)
    patch: int = Field(ge=2)
    betas: tuple[float, float]
    clip: float = Field(gt=0)
    ema: float = Field(ge=0, lt=1)
    warmup: float = Field(ge=0, lt=1)
    final_lr: float = Field(ge=0, le=1)
    window: int = Field(ge=1)
    guard: GuardSettings
    track: tuple[Literal["tensorboard", "mlflow"], ...]
    augment: AugmentSettings
    device: Literal["cpu", "cuda"]
    precision: Literal["fp32", "bf16"]
    recompute: bool
    compile: bool
    fsdp: bool
    peak_tflops: float = Field(ge=0)
    threads: int = Field(ge=1)
    microbatch: int = Field(ge=1)
    data: DataSettings
    encoder: Trunk
    decoder: Trunk
    base: StageSettings
    highres: StageSettings
    native: StageSettings

    @model_validator(mode="after")
    def _mean_of_whole_weights(self) -> Self:
        if self.fsdp and self.ema:
            raise ValueError(
                "fsdp leaves no process whole weights to keep a running mean of; set ema to 0 or fsdp to false"
            )
        return self

    def stage(self, name: str) -> StageSettings:
        """Settings of the stage `base`, `highres` or `native`."""
        if name not in STAGES:
            raise SettingsError(f"there is no training stage {name!r}; the stages are {', '.join(STAGES)}")
        chosen: StageSettings = getattr(self, name)
        return chosen
