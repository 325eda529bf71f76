"""What a trial is trained with: the settings of `pretrain`, then what all arms change, then what this arm changes.

Notable:
- An arm is a change of settings and nothing else, so whatever it does can be done by hand in params.yaml.
- "{seed}" in an arm's text becomes the trial's seed: arms may start from weights that were made with the same seed.
"""

from typing import Any

from omegaconf import OmegaConf
from pydantic import ValidationError

from fabeye.errors import FabeyeError
from fabeye.settings import ExperimentsSettings, PretrainSettings, first_mistake


class ExperimentError(FabeyeError):
    """An experiment cannot be run or read; the text says what is wrong and what to do."""


def trial_settings(arm: str, seed: int, pretrain: PretrainSettings, settings: ExperimentsSettings) -> PretrainSettings:
    """Settings of one trial. Raises ExperimentError for an arm that is not known or changes what there is not."""
    if arm not in settings.arms:
        raise ExperimentError(f"there is no arm {arm!r}; experiments.arms has {', '.join(settings.arms)}")
    changes = [pretrain.model_dump(mode="json"), settings.shared, _seeded(settings.arms[arm], seed), {"seed": seed}]
    merged: Any = OmegaConf.to_container(OmegaConf.merge(*changes))
    mixtures = [one[settings.stage]["mixture"] for one in changes if "mixture" in one.get(settings.stage, {})]
    merged[settings.stage]["mixture"] = mixtures[-1]  # replaces the ones before it, where merging would join them
    try:
        return PretrainSettings.model_validate(merged)
    except ValidationError as error:
        raise ExperimentError(f"experiments.arms.{arm}: {first_mistake(error)}") from error


def _seeded(change: Any, seed: int) -> Any:
    if isinstance(change, dict):
        return {key: _seeded(value, seed) for key, value in change.items()}
    return change.replace("{seed}", str(seed)) if isinstance(change, str) else change
