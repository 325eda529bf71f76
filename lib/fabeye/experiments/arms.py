"""What a trial is trained with: the settings of `pretrain`, then what all arms change, then what this arm changes.

Notable:
- An arm is a change of settings and nothing else, so whatever it does can be done by hand in params.yaml.
- "{seed}" in an arm's text becomes the trial's seed: arms may start from weights that were made with the same seed.
"""

from typing import Any

from omegaconf import OmegaConf
from pydantic import ValidationError

from fabeye.errors import FabeyeError
from fabeye.settings import ExperimentsSettings, PretrainSettings


class ExperimentError(FabeyeError):
    """An experiment cannot be run or read; the text says what is wrong and what to do."""


def trial_settings(arm: str, seed: int, pretrain: PretrainSettings, settings: ExperimentsSettings) -> PretrainSettings:
    """Settings of one trial. Raises ExperimentError for an arm that is not known or changes what there is not."""
    if arm not in settings.arms:
        raise ExperimentError(f"there is no arm {arm!r}; experiments.arms has {', '.join(settings.arms)}")
    changes = [pretrain.model_dump(mode="json"), settings.shared, _seeded(settings.arms[arm], seed), {"seed": seed}]
    merged = OmegaConf.to_container(OmegaConf.merge(*_without_mixture(changes, settings.stage)))
    try:
        return PretrainSettings.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ExperimentError(f"experiments.arms.{arm}: {key}: {first['msg']}") from error


def _seeded(change: Any, seed: int) -> Any:
    if isinstance(change, dict):
        return {key: _seeded(value, seed) for key, value in change.items()}
    return change.replace("{seed}", str(seed)) if isinstance(change, str) else change


def _without_mixture(changes: list[dict[str, Any]], stage: str) -> list[dict[str, Any]]:
    """The changes with all mixtures but the last one left out: a mixture replaces another, it is not merged into it."""
    last = max(at for at, one in enumerate(changes) if "mixture" in one.get(stage, {}))
    return [
        one if at == last or "mixture" not in one.get(stage, {}) else {**one, stage: _dropped(one[stage])}
        for at, one in enumerate(changes)
    ]


def _dropped(stage: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in stage.items() if key != "mixture"}
