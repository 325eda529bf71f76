"""Agreement of two people: numbers worked out by hand, and who is asked to settle what."""

from dataclasses import replace

import pytest

from fabeye.annotation.agreement import agree, compare_pages, disagreements, kappa, summary
from fabeye.annotation.exports import Annotated, deciding
from fabeye.schema import Element

PAGE = "0123456789abcdef-0000"


def element(order: int, box: tuple[float, float, float, float], text: str = "", **more: str) -> Element:
    x0, y0, x1, y1 = box
    common = {"category": "text_block", "html": "", "latex": "", **more}
    return Element(
        page_id=PAGE, order=order, level="block", x0=x0, y0=y0, x1=x1, y1=y1, text=text, score=1.0, source="person",
        **common,
    )  # fmt: skip


def said(who: str, *elements: Element, round_name: str = "first", page: str = PAGE) -> Annotated:
    return Annotated(page, tuple(elements), annotator=who, round=round_name)


def test_the_same_page_agrees_in_everything() -> None:
    table = "<table><tr><td>a</td></tr></table>"
    elements = (element(0, (0, 0, 10, 10), "a b"), element(1, (0, 20, 10, 30), "", category="table", html=table))
    found = summary([agree(said("a", *elements), said("b", *elements))])
    assert found == {
        "pages": 1, "region_f1_50": 1, "region_f1_75": 1, "label_kappa": 1, "text_edit": 0, "teds": 1, "order_edit": 0,
    }  # fmt: skip


def test_each_number_says_one_thing() -> None:
    mine = said("a", element(0, (0, 0, 10, 10), "abcd"), element(1, (0, 20, 10, 30), "x"), element(2, (0, 40, 9, 50)))
    theirs = said(
        "b",
        element(1, (0, 0, 10, 6), "abcx"),  # overlap 0.6, one letter of four
        element(0, (0, 20, 10, 30), "x", category="title"),  # another label, another place
    )
    page = agree(mine, theirs)
    assert page.regions.score == pytest.approx(2 * 2 / 5)
    assert page.regions_strict.score == pytest.approx(2 * 1 / 5)
    assert page.labels == (("text_block", "text_block"), ("text_block", "title"))
    assert page.text_edit.score == pytest.approx(1 / 5)
    assert page.order.score == 1
    assert page.tables.score is None
    assert page.weakest == ("order", 0.0)


def test_kappa_takes_chance_off() -> None:
    labels = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    assert kappa(labels) == pytest.approx(0.4)  # observed 0.7, by chance 0.5
    assert kappa([("a", "a")] * 3) is None
    assert kappa([]) is None


def test_pages_of_two_people_are_compared_and_settled_ones_are_not_asked_again() -> None:
    one, other = element(0, (0, 0, 10, 10), "abcd"), element(0, (0, 0, 10, 10), "wxyz")
    alone = replace(said("a", one), page_id="alone-0000")
    versions = {PAGE: [said("a", one), said("b", other, round_name="second")], "alone-0000": [alone, alone]}
    pages = compare_pages(versions)
    assert [page.page_id for page in pages] == [PAGE]
    assert [(found["page_id"], found["weakest"]) for found in disagreements(pages, 0.9)] == [(PAGE, "text")]
    assert disagreements(pages, 0.9, settled=[PAGE]) == []
    settling = [*versions[PAGE], said("c", one, round_name="adjudicated"), said("b", other)]
    assert deciding({PAGE: settling})[PAGE].annotator == "c"
