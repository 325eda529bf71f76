"""A generated document as rows: pixels of the page that a reader would render."""

import json

import numpy as np
import pypdfium2 as pdfium
import pytest

from fabeye.schema import Split
from fabeye.settings import FinishSettings
from fabeye.synthesis.generate import GeneratedDocument, generate_document
from fabeye.synthesis.orders import Order
from fabeye.synthesis.rows import document_id_of, elements, entities, origins

DPI = 150
ORDER = Order("general", "en", 3, Split.TRAIN)


@pytest.fixture(scope="module")
def document() -> GeneratedDocument:
    return generate_document("general", "en", 3, 3)


def test_elements_are_in_pixels_of_the_rendered_page(document: GeneratedDocument) -> None:
    found = list(elements(document, DPI))
    first = document.pages[0].truths[0]
    assert (found[0].x0, found[0].y1) == pytest.approx((first.box[0] * DPI / 72, first.box[3] * DPI / 72))
    pages = pdfium.PdfDocument(document.pdf)
    for number, truth in enumerate(document.pages):
        mine = [one for one in found if one.page_id.endswith(f"-{number:04d}")]
        width, height = (side * DPI / 72 for side in pages[number].get_size())
        assert all(-1 <= one.x0 < one.x1 <= width + 1 and -1 <= one.y0 < one.y1 <= height + 1 for one in mine)
        assert [one.order for one in mine] == list(range(len(truth.truths)))


def test_every_page_has_an_origin_and_its_values_are_on_it(document: GeneratedDocument) -> None:
    found = list(origins(document, ORDER, 3, DPI))
    pages = [one.page_id for one in found]
    assert pages == [f"{document_id_of(document.pdf)}-{number:04d}" for number in range(len(document.pages))]
    assert {one.page_id for one in entities(document, DPI)} <= set(pages)
    assert all(json.loads(one.homography) == np.eye(3).tolist() and one.operations == "[]" for one in found)
    assert all(json.loads(one.attributes)["fuzzy_scan"] is False for one in found)


def test_a_scan_says_what_was_done_to_it() -> None:
    scan = generate_document("general", "en", 3, 3, FinishSettings(scan=1, severity=0.6))
    for one in origins(scan, ORDER, 3, DPI):
        assert json.loads(one.operations)[0] == "scan"
        assert json.loads(one.attributes)["fuzzy_scan"] is True
        skewed = json.loads(one.homography) != pytest.approx(np.eye(3))
        assert skewed == ("skew" in json.loads(one.operations))
