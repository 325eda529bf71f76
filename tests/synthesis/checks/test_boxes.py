"""The box check must see ink and letters that no box holds; a document as it is made has no fault."""

from dataclasses import replace
from functools import cache

import pypdfium2 as pdfium
import pytest

from fabeye.schema import Category
from fabeye.synthesis.checks.boxes import Shown, in_line, page_faults
from fabeye.synthesis.generate import GeneratedDocument, generate_document
from tests.synthesis.box_checks import element, entity


@cache
def letter() -> GeneratedDocument:
    return generate_document("process", "en", 56, 0)


def shown() -> Shown:
    page = letter().pages[0]
    return Shown(tuple(element(one, n) for n, one in enumerate(page.truths)), tuple(map(entity, page.entities)), 1.0)


def faults(page: Shown) -> list[str]:
    return list(page_faults(pdfium.PdfDocument(letter().pdf)[0], page))


def without(page: Shown, at: int) -> Shown:
    return replace(page, elements=page.elements[:at] + page.elements[at + 1 :])


def with_element(page: Shown, at: int, **said: object) -> Shown:
    changed = replace(page.elements[at], **said)
    return replace(page, elements=(*page.elements[:at], changed, *page.elements[at + 1 :]))


def test_a_page_as_it_is_made_has_no_fault() -> None:
    assert faults(shown()) == []


def test_a_page_whose_letters_cannot_be_asked_for_is_looked_at_for_ink() -> None:
    page = replace(shown(), legible=False)
    assert faults(with_element(page, 0, text="other")) == []
    assert any("dark pixels outside" in one for one in faults(without(page, 0)))


@pytest.mark.parametrize(("said", "fault"), [
    ({"text": "other"}, "reads"),
    ({"x1": 1e-3, "y1": 1e-3, "x0": 0.0, "y0": 0.0}, "nothing is drawn in the box"),
])  # fmt: skip
def test_a_changed_title_is_named(said: dict[str, object], fault: str) -> None:
    page = shown()
    at = next(n for n, one in enumerate(page.elements) if one.category == Category.TITLE)
    found = faults(with_element(page, at, **said))
    assert any(fault in one for one in found)


def test_a_cell_moved_by_its_width_reads_otherwise() -> None:
    page = shown()
    at = next(n for n, one in enumerate(page.elements) if one.level == "line" and one.category == Category.TABLE)
    cell = page.elements[at]
    width = cell.x1 - cell.x0
    assert any("reads" in one for one in faults(with_element(page, at, x0=cell.x0 + width, x1=cell.x1 + width)))


def test_a_value_beside_its_letters_is_named() -> None:
    page = shown()
    first = replace(page.entities[0], y0=0.0, y1=1.0)
    assert any(first.text in one for one in faults(replace(page, entities=(first, *page.entities[1:]))))


def test_scripts_and_bars_are_letters_in_line() -> None:
    assert in_line("V_{DDQ} 10^{−9} C\u0305S\u0305") == "VDDQ10−9CS"
