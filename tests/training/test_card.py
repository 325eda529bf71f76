"""The card says what was done, not what was asked for at most."""

from typing import get_args

import pytest

from fabeye.settings import PretrainSettings, StageSettings
from fabeye.training.card import OBJECTIVES, stage_card
from fabeye.training.history import StageSummary

LOSSES = {"text": 1.5, "image": 0.4, "total": 1.66}


def card_text(settings: PretrainSettings) -> str:
    return stage_card(StageSummary("base", 1234, 5678, 0, LOSSES, LOSSES), settings).training


@pytest.mark.parametrize(
    ("objective", "said"), [("aimv2", "L_text + 0.4 * L_img"), ("captioning", "whole"), ("pixels", "Pixels alone")]
)
def test_samples_are_those_seen_and_the_objective_is_the_stages(
    tiny: PretrainSettings, objective: str, said: str
) -> None:
    base = tiny.base.model_copy(update={"objective": objective, "alpha": 0.4, "samples": 1_000_000})
    text = card_text(tiny.model_copy(update={"base": base}))
    assert "1,234 pairs" in text
    assert "5,678 weights" in text
    assert said in text


def test_every_objective_has_its_words() -> None:
    assert set(get_args(StageSettings.model_fields["objective"].annotation)) == set(OBJECTIVES)
