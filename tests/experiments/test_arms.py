"""An arm is a change of settings: what it does not name stays, what it misnames is an error."""

import pytest

from fabeye.experiments.arms import ExperimentError, trial_settings
from fabeye.settings import ExperimentsSettings, Settings, load_settings


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings()


def with_arm(settings: Settings, **change: object) -> ExperimentsSettings:
    return settings.experiments.model_copy(update={"arms": {"tried": change}})


def test_every_arm_of_the_project_is_a_trial(settings: Settings) -> None:
    for arm in settings.experiments.arms:
        for seed in settings.experiments.seeds:
            trial = trial_settings(arm, seed, settings.pretrain, settings.experiments)
            assert trial.seed == seed
            assert trial.base.most_flops == settings.experiments.shared["base"]["most_flops"]


def test_an_arm_changes_what_it_names_and_nothing_else(settings: Settings) -> None:
    plain = trial_settings("tried", 1, settings.pretrain, with_arm(settings))
    other = trial_settings("tried", 1, settings.pretrain, with_arm(settings, base={"alpha": 0.9}))
    assert other.base.alpha == 0.9
    assert other.model_copy(update={"base": plain.base}) == plain


def test_a_mixture_replaces_the_one_before(settings: Settings) -> None:
    mixture = {"general": [[0, 1], [1, 1]]}
    trial = trial_settings("tried", 1, settings.pretrain, with_arm(settings, base={"mixture": mixture}))
    assert list(trial.base.mixture) == ["general"]


def test_the_seed_may_stand_in_a_name(settings: Settings) -> None:
    trial = trial_settings("tried", 7, settings.pretrain, with_arm(settings, init={"encoder": "made/{seed}"}))
    assert trial.init.encoder == "made/7"


def test_what_is_not_there_is_named(settings: Settings) -> None:
    with pytest.raises(ExperimentError, match="there is no arm 'nobody'"):
        trial_settings("nobody", 1, settings.pretrain, settings.experiments)
    with pytest.raises(ExperimentError, match=r"experiments\.arms\.tried: base\.alhpa"):
        trial_settings("tried", 1, settings.pretrain, with_arm(settings, base={"alhpa": 1}))
