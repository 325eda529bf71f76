"""params.yaml and a profile of conf/, as typed settings.

Notable:
- params.yaml says what an experiment is, conf/<profile>.yaml how much of it is run. Hydra composes the two, the
  profile first, so a key that stands in both is params.yaml's.
- An unknown key, a missing one or a wrong type is an error that names the key.
- `section("corpus", given)` is what a notebook calls: `given` is what the runner passed, or {} when a person opened
  the notebook, and then the settings come from the files.
"""

from pathlib import Path
from typing import Any, Literal

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import MissingConfigException
from omegaconf import DictConfig, OmegaConf
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from yaml import YAMLError

from fabeye.errors import FabeyeError
from fabeye.paths import Paths
from fabeye.schema import Confidentiality, Sensitive


class SettingsError(FabeyeError):
    """params.yaml, a profile or a parameter is wrong; the text names the key."""


class Section(BaseModel):
    """Base of every section: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class EngineSettings(Section):
    """Where the work of many pages runs, and what one item may take before its process is killed."""

    engine: Literal["processes", "ray"]
    workers: int = Field(ge=0)
    seconds: float = Field(gt=0)
    mib: int = Field(ge=256)


class TagSettings(Section):
    """What a brought file is held for where no SOURCES.yaml says more."""

    licence: str
    confidentiality: Confidentiality


class PairSettings(Section):
    """Which public pictures with captions are worth learning from."""

    min_text: int = Field(ge=0)
    max_text: int = Field(ge=1)
    min_side: int = Field(ge=1)


Family = Literal["jedec", "efa_pfa", "process", "design", "general"]
Language = Literal["en", "zh", "mixed"]


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


class BaselineSettings(Section):
    regions: int = Field(ge=1)


class ShardsSettings(Section):
    seed: int
    vocabulary: int = Field(ge=300)
    max_text: int = Field(ge=2)
    longest: int = Field(ge=0)
    min_side: int = Field(ge=1)
    levels: tuple[Literal["line", "block"], ...] = Field(default=("line", "block"), min_length=1)
    compression: str


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
    """The encoder that the first stage starts from, a folder; "" for random weights."""

    encoder: str
    block: Literal["aimv2", "siglip"]


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
    peak_tflops: float = Field(ge=0)
    threads: int = Field(ge=1)
    microbatch: int = Field(ge=1)
    data: DataSettings
    encoder: Trunk
    decoder: Trunk
    base: StageSettings
    highres: StageSettings
    native: StageSettings

    def stage(self, name: str) -> StageSettings:
        """Settings of the stage `base`, `highres` or `native`."""
        if name not in STAGES:
            raise SettingsError(f"there is no training stage {name!r}; the stages are {', '.join(STAGES)}")
        chosen: StageSettings = getattr(self, name)
        return chosen


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


class EvaluateSettings(Section):
    published: str
    regions: int = Field(ge=1)
    max_tokens: int = Field(ge=1)
    composite: CompositeSettings
    gate: GateSettings
    probe: ProbeSettings


class ReportSettings(Section):
    pages: int = Field(ge=0)
    worst: int = Field(ge=0)
    readings: int = Field(ge=0)


class Settings(Section):
    """Everything params.yaml and a profile say together."""

    profile: str
    engine: EngineSettings
    corpus: CorpusSettings
    curate: CurateSettings
    redact: RedactSettings
    parse: ParseSettings
    annotate: AnnotateSettings
    baseline: BaselineSettings
    shards: ShardsSettings
    pretrain: PretrainSettings
    evaluate: EvaluateSettings
    report: ReportSettings


STAGES = ("base", "highres", "native")


def load_settings(root: Path | None = None, overrides: dict[str, Any] | None = None) -> Settings:
    """Compose conf/<profile>.yaml, params.yaml and `overrides`, in this order of rising precedence.

    Raises SettingsError naming the first key that is unknown, missing or of a wrong type.
    """
    root = root or Paths.here().root
    given = overrides or {}
    params = _params(root / "params.yaml")
    profile = str(given.get("profile", params.get("profile", "cpu")))
    merged = OmegaConf.merge(_profile(root / "conf", profile), params, given)
    return _validated(OmegaConf.to_container(merged, resolve=True))


def section(name: str, given: dict[str, Any] | None = None, root: Path | None = None) -> Any:
    """The typed section `name`: `given` laid over the files. Raises SettingsError as load_settings does."""
    if name not in Settings.model_fields:
        raise SettingsError(f"params.yaml has no section {name!r}; it has {', '.join(Settings.model_fields)}")
    return getattr(load_settings(root, {name: given} if given else None), name)


def _params(path: Path) -> DictConfig:
    try:
        content = OmegaConf.load(path)
    except FileNotFoundError as error:
        raise SettingsError(f"{path} is missing; `git checkout params.yaml` brings it back") from error
    except YAMLError as error:
        raise SettingsError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, DictConfig):
        raise SettingsError(f"{path} is not a mapping of sections")
    return content


def _profile(folder: Path, name: str) -> DictConfig:
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(config_dir=str(folder), version_base="1.3"):
            composed = compose(config_name=name)
    except MissingConfigException as error:
        known = ", ".join(sorted(path.stem for path in folder.glob("*.yaml")))
        raise SettingsError(f"there is no profile {name!r}; conf/ has {known}") from error
    OmegaConf.set_struct(composed, False)
    return composed


def _validated(content: Any) -> Settings:
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        said = {"extra_forbidden": "is not a known key", "missing": "is missing"}.get(first["type"], first["msg"])
        raise SettingsError(f"params.yaml: {key} {said}") from error
