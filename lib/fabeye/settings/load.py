"""params.yaml and a profile of conf/, read into typed settings."""

from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import MissingConfigException
from omegaconf import DictConfig, OmegaConf
from pydantic import ValidationError
from yaml import YAMLError

from fabeye.paths import Paths

from .documents import CorpusSettings, CurateSettings, RedactSettings
from .experiments import ExperimentsSettings
from .labels import AnnotateSettings, BaselineSettings, ParseSettings, ShardsSettings
from .measures import EvaluateSettings, ReportSettings
from .section import EngineSettings, Section, SettingsError, first_mistake
from .training import PlanSettings, PretrainSettings


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
    plan: PlanSettings
    evaluate: EvaluateSettings
    experiments: ExperimentsSettings
    report: ReportSettings


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
        raise SettingsError(f"params.yaml: {first_mistake(error)}") from error
