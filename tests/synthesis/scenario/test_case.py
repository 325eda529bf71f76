"""A case must agree with itself: dates in order, people different, an address inside its bank and its window."""

import re
from datetime import timedelta
from random import Random

import pytest

from fabeye.schema import Sensitive
from fabeye.synthesis.markup import to_plain, values
from fabeye.synthesis.scenario.case import COLUMNS, MARGIN, ROWS, WINDOW, draw_case
from fabeye.synthesis.scenario.facts import DATE_FORMS, SENSITIVE, article, facts_of, term
from fabeye.synthesis.scenario.kinds import CP
from fabeye.synthesis.scenario.layers import LAYERS, STEPS
from fabeye.synthesis.scenario.names import draw_people
from fabeye.synthesis.scenario.table import SCENARIOS
from fabeye.synthesis.wording import Phrase

LANGUAGES = ("en", "zh", "mixed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_people_and_addresses_fit(language: str) -> None:
    for seed in range(60):
        case = draw_case(Random(seed), language)
        days = case.schedule
        assert days.requested < days.tested <= days.located < days.observed < days.closed
        assert days.closed - days.requested < timedelta(days=30)
        assert len({person.name for person in case.people.values()}) == 7
        assert case.number.startswith(f"FA{days.requested:%y%m}-")
        address = case.address
        assert 0 <= address.window_row <= address.row - MARGIN <= address.row < ROWS
        assert 0 <= address.window_column <= address.column - MARGIN <= address.column < COLUMNS
        assert address.column - address.window_column <= WINDOW - MARGIN
        assert bool(case.pattern) == (case.source in CP)


def test_tool_recipe_and_pitch_follow_from_step_and_layer() -> None:
    for seed in range(60):
        case = draw_case(Random(seed), "en")
        if case.find:
            assert case.tool.startswith(STEPS[case.find.step].tool)
            assert case.recipe.startswith(STEPS[case.find.step].recipe)
            low, high = LAYERS[case.find.layer].pitch_nm
            assert low <= case.pitch_nm <= high
        else:
            assert not case.tool


def test_all_scenarios_are_drawn_and_each_can_be_asked_for() -> None:
    drawn = {draw_case(Random(seed), "zh").index for seed in range(300)}
    assert drawn == set(range(len(SCENARIOS)))
    assert all(draw_case(Random(1), "zh", scenario).scenario is scenario for scenario in SCENARIOS)


def test_values_are_marked_with_their_kinds() -> None:
    case = draw_case(Random(5), "en", SCENARIOS[3])
    facts = facts_of(case, {"fbc": "737"}, "%Y-%m-%d")
    text = facts.fill(Phrase("$lot_id on $tool by $analyst: ${a_defect_type}, $fbc bits", ""))
    found = {value.field: value for value in values(text)}
    assert found["lot_id"].text == case.lot
    assert {name: found[name].kind for name in ("lot_id", "tool", "analyst", "fbc")} == {
        "lot_id": "LOT",
        "tool": "TOOL",
        "analyst": "PERSON",
        "fbc": "",
    }
    assert re.search(r": an? \w", to_plain(text))
    with pytest.raises(KeyError, match="no_such"):
        facts.fill(Phrase("$no_such", ""))


def test_every_sensitive_value_has_a_known_kind() -> None:
    assert all(kind in Sensitive for kind in SENSITIVE.values())
    assert {"PERSON", "EMPLOYEE", "EMAIL", "PHONE", "LOT", "WAFER", "PRODUCT", "CUSTOMER", "TOOL"} <= set(
        SENSITIVE.values()
    )


def test_a_mixed_document_says_terms_in_english() -> None:
    phrase = Phrase("void in the contact", "接触内空洞")
    assert [term(language, phrase) for language in LANGUAGES] == [phrase.en, phrase.zh, phrase.en]
    assert term("mixed", Phrase("a", "b", "c")) == "c"
    assert article("open via") == "an"


def test_addresses_are_reserved_ones_and_dates_differ_by_document() -> None:
    for language in LANGUAGES:
        for person in draw_people(Random(3), language, 9):
            assert person.mail.endswith("@example-fab.com")
            assert re.fullmatch(r"[EWT]\d{6}", person.number)
            assert person.login.isascii()
    assert len(DATE_FORMS["en"]) > 2
