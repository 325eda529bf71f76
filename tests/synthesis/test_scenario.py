"""A case must be possible: names that the picture generators know, tools that fit, dates in order."""

from random import Random

import pytest

from fabeye.synthesis.imagery.bitmap import MODES
from fabeye.synthesis.imagery.sem import MAKERS
from fabeye.synthesis.imagery.wafer import PATTERNS
from fabeye.synthesis.scenario import SCENARIOS, Scenario, draw_case

STEP_TOOLS = {"ETCH": "ETC", "CMP": "CMP", "DEP": "CVD", "FILL": "CVD", "PHOTO": "PHO"}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.key)
def test_a_scenario_names_what_can_be_drawn(scenario: Scenario) -> None:
    assert scenario.bitmap in MODES
    assert set(scenario.patterns) <= set(PATTERNS)
    assert (scenario.structure, scenario.defect) in MAKERS
    assert STEP_TOOLS[scenario.step.split()[-1]] == scenario.tool


def test_there_are_scenarios_enough_and_all_are_drawn() -> None:
    drawn = {draw_case(Random(seed), "en").scenario.key for seed in range(200)}
    assert drawn == {scenario.key for scenario in SCENARIOS}
    assert len(drawn) >= 6


@pytest.mark.parametrize("language", ["en", "zh"])
def test_dates_are_in_order_and_people_are_different(language: str) -> None:
    for seed in range(50):
        case = draw_case(Random(seed), language)
        assert case.requested < case.tested < case.observed < case.closed
        first, *later = case.actions
        assert case.observed < first.due < case.closed < later[0].due < later[1].due
        people = {case.requester, case.analyst, case.reviewer, *(action.owner for action in case.actions)}
        assert len(people) == 6
        assert case.tool in first.text
        assert case.number.startswith(f"FA{case.requested:%y%m}-")
