"""Texts, JSON, metadata and elements without what is sensitive."""

import json

import pytest

from fabeye.intake.redaction.detect import Detector
from fabeye.intake.redaction.known import Known
from fabeye.intake.redaction.pseudonym import Pseudonyms
from fabeye.intake.redaction.strings import Strings, personal
from fabeye.schema import Element, Sensitive

PSEUDONYMS = Pseudonyms(b"0123456789abcdef")
LOT = PSEUDONYMS.of(Sensitive.LOT, "TH8402B.03")


@pytest.fixture(scope="module")
def strings() -> Strings:
    return Strings(Detector(Sensitive, 0.5), Known(), PSEUDONYMS, ((Sensitive.CASE, "Zeta-9"),))


def element(text: str, html: str = "", detail: str = "", level: str = "block") -> Element:
    return Element(
        page_id="p", order=0, category="table", level=level, x0=0, y0=0, x1=9, y1=9, text=text, html=html, latex="",
        score=1.0, source="truth", detail=detail,
    )  # fmt: skip


def test_two_names_side_by_side_stay_two(strings: Strings) -> None:
    cleaned = strings.clean("by Kevin Lin, Grace Huang")
    assert cleaned.count("PER-") == 2


def test_what_the_page_hid_is_hidden_in_every_string(strings: Strings) -> None:
    assert strings.clean("see Zeta-9") == f"see {PSEUDONYMS.of(Sensitive.CASE, 'Zeta-9')}"


def test_json_keeps_its_form(strings: Strings) -> None:
    given = {"title": "map TH8402B.03", "values": [1, 2.5, None], "deep": [{"x": "plain"}]}
    cleaned = json.loads(strings.clean_json(json.dumps(given)))
    assert cleaned == {**given, "title": f"map {LOT}"}
    assert strings.clean_json("no json TH8402B.03") == f"no json {LOT}"
    assert strings.clean_json('{"a":  1}') == '{"a":  1}', "what is clean keeps its bytes"


def test_an_author_is_a_person_whatever_the_name(strings: Strings) -> None:
    cleaned = json.loads(strings.clean_json('{"info": {"Author": "xyz", "Producer": "xyz"}}'))
    assert cleaned["info"]["Author"].startswith("PER-")
    assert cleaned["info"]["Producer"] == "xyz"
    assert list(personal({"info": {"Author": "xyz"}})) == ["xyz"]


def test_an_element_with_its_html_and_its_figure(strings: Strings) -> None:
    detail = json.dumps({"chart_data": {"title": "TH8402B.03"}})
    cleaned = strings.element(
        element("Lot TH8402B.03", "<td>TH8402B.03</td><td>17</td>", detail), [("17", "WAF-00000")]
    )
    assert cleaned.text == f"Lot {LOT}"
    assert cleaned.html == f"<td>{LOT}</td><td>WAF-00000</td>"
    assert json.loads(cleaned.detail)["chart_data"]["title"] == LOT


def test_a_short_value_is_replaced_where_it_stands_alone(strings: Strings) -> None:
    assert strings.element(element("17", level="line"), [("17", "WAF-00000")]).text == "WAF-00000"
    assert strings.element(element("1.17 V", level="line"), [("17", "WAF-00000")]).text == "1.17 V"


def test_a_path_keeps_its_form(strings: Strings) -> None:
    assert strings.clean_path("data/raw/domain/efa/TH8402B.03.pdf") == f"data/raw/domain/efa/{LOT}.pdf"
    assert strings.clean_path("data/corpus/generated/jedec/jedec-zh-00007.pdf").endswith("/jedec-zh-00007.pdf")
    assert strings.clean_path("plain") == "plain"
