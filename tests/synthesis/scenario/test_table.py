"""A scenario must be possible: pictures that can be drawn, tools that fit, light only where something shines."""

import pytest

from fabeye.synthesis.families.efa_pfa.exhibits import CALL_OUTS
from fabeye.synthesis.families.efa_pfa.measures import WATCH
from fabeye.synthesis.families.efa_pfa.phrases import METHODS
from fabeye.synthesis.imagery.bitmap import MODES
from fabeye.synthesis.imagery.defects import DEFECTS
from fabeye.synthesis.imagery.die import make_die
from fabeye.synthesis.imagery.die_view import LENSES
from fabeye.synthesis.imagery.emission import SHAPES
from fabeye.synthesis.imagery.wafer import PATTERNS
from fabeye.synthesis.scenario.kinds import CP, EMMI, OBIRCH, THERMAL, Scenario
from fabeye.synthesis.scenario.layers import LAYERS, STEPS
from fabeye.synthesis.scenario.table import SCENARIOS

# the family of tools that the last word of a step asks for
FAMILIES = {
    "ETCH": "ETC",
    "CMP": "CMP",
    "FILL": "CVD",
    "DEP": "CVD",
    "OX": "DIF",
    "IMP": "IMP",
    "PHOTO": "PHO",
    "PRECLEAN": "WET",
    "STRIP": "WET",
    "RINSE": "WET",
    "SEED": "PVD",
    "BARRIER": "PVD",
}


def test_all_fifteen_are_there() -> None:
    assert len(SCENARIOS) == len({scenario.key for scenario in SCENARIOS}) == 15


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.key)
def test_a_scenario_names_what_can_be_drawn(scenario: Scenario) -> None:
    assert scenario.bitmap in (*MODES, "")
    assert set(scenario.patterns) <= set(PATTERNS)
    assert set(scenario.methods) <= set(METHODS)
    for find in scenario.finds:
        assert find.structure in LAYERS[find.layer].structures
        assert find.defect in DEFECTS[find.structure]
        assert find.defect in CALL_OUTS
        assert STEPS[find.step].tool in WATCH


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.key)
def test_light_needs_a_current_and_a_place(scenario: Scenario) -> None:
    optical = {EMMI, OBIRCH, THERMAL} & set(scenario.methods)
    assert bool(optical) == (scenario.place is not None)
    if scenario.place:
        assert scenario.current == "leak"
        assert scenario.place.shape in SHAPES
        assert set(scenario.place.lenses) <= set(LENSES)
        die = make_die(1)
        assert die.of_kind(scenario.place.block) or die.block(scenario.place.block)
        assert (scenario.place.mechanism == "metal_short") == (EMMI not in scenario.methods)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.key)
def test_a_wafer_s_pattern_belongs_to_a_wafer_test(scenario: Scenario) -> None:
    assert bool(scenario.patterns) == bool(set(scenario.sources) & set(CP))


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_run_by_its_family_of_tools(step: str) -> None:
    assert STEPS[step].tool == FAMILIES[step.split()[-1]]
