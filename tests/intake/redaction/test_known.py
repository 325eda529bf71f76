"""What was found once is found again: respelt, misread, in file names; and nothing else is."""

from pathlib import Path

import pytest

from fabeye.intake.redaction.known import Known, known_from, load, save
from fabeye.schema import Sensitive

S = Sensitive
KNOWN = known_from(
    [
        (S.LOT, "TH8402B.03"),
        (S.PERSON, "王志强"),
        (S.PERSON, "Kevin Lin"),
        (S.CUSTOMER, "Northwind Devices Co., Ltd."),
        (S.EMAIL, "zhiqiang.wang@example-fab.com"),
        (S.PERSON, "I. Moreau"),
        (S.TOOL, "CH-A"),
        (S.WAFER, "#17"),
    ]
)


def found(text: str, recognised: bool = False, across: bool = False) -> set[str]:
    spans = [*KNOWN.find(text, across), *(KNOWN.nearly(text) if recognised else ())]
    return {text[span.start : span.end] for span in spans}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sent to Zhiqiang Wang", "Zhiqiang Wang"),
        ("login zhiqiang.wang", "zhiqiang.wang"),
        ("会议：王志强、李", "王志强"),
        ("with K. Lin, by", "K. Lin"),
        ("of Northwind Devices", "Northwind Devices"),
        ("by Ines Moreau", "Ines Moreau"),
        ("TH8402B_17_SEM_001", "TH8402B"),
        ("lot TH84O2B.03 fail", "TH84O2B.03"),
        ("lot TH8402B.11-C fail", "TH8402B.11-C"),
    ],
)
def test_it_is_found_again(text: str, value: str) -> None:
    assert value in found(text)


@pytest.mark.parametrize(
    "text", ["CH-A of the channel", "17 dies", "#17", "Linear", "K. Linear", "TH8402", "the moreau of it"]
)
def test_what_may_be_something_else_is_left(text: str) -> None:
    assert found(text) == set()


def test_one_wrong_letter_is_forgiven_in_recognised_text_alone() -> None:
    assert found("lot TH8472B fail") == set()
    assert found("lot TH8472B fail", recognised=True)


def test_a_line_end_parts_unless_one_may_read_across() -> None:
    assert found("TH84\n02B") == set()
    assert found("TH84\n02B", across=True) == {"TH84\n02B"}


def test_placeholders_are_not_searched() -> None:
    assert found("LOT-TH840.03 MAIL-KEV1N") == set()


def test_one_person_behind_many_spellings() -> None:
    assert KNOWN.persons["wang zhiqiang"] == "王志强"
    both = known_from([(S.PERSON, "王志强"), (S.PERSON, "王志刚"), (S.PERSON, "Kevin Lin"), (S.PERSON, "K. Lin")])
    assert "wang z" not in both.persons, "Z. Wang may be either"
    assert both.persons["k lin"] == "kevin lin"


def test_it_survives_the_disk(tmp_path: Path) -> None:
    save(KNOWN, tmp_path / "known.json")
    again = load(tmp_path / "known.json")
    assert (again.names, again.codes, again.persons) == (KNOWN.names, KNOWN.codes, KNOWN.persons)


def test_nothing_known_finds_nothing() -> None:
    assert [*Known().find("TH8402B.03 王志强"), *Known().nearly("TH8402B.03 王志强")] == []
