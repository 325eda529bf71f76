"""The box check of a corpus folder, for documents that a test has in its hands."""

import pypdfium2 as pdfium

from fabeye.schema import Element, Entity, Source
from fabeye.synthesis.checks.boxes import Shown, page_faults
from fabeye.synthesis.truth import TrueEntity, TruePage, Truth

SIZE_PT = 0.02  # by which a page's size may differ from what is said of it


def check_document(pdf: bytes, pages: tuple[TruePage, ...]) -> None:
    """No page of a document has a fault."""
    document = pdfium.PdfDocument(pdf)
    assert len(document) == len(pages)
    for page, truth in zip(document, pages, strict=True):
        assert all(abs(a - b) < SIZE_PT for a, b in zip(page.get_size(), (truth.width, truth.height), strict=True))
        elements = tuple(element(one, order) for order, one in enumerate(truth.truths))
        assert list(page_faults(page, Shown(elements, tuple(map(entity, truth.entities)), scale=1.0))) == []


def element(one: Truth, order: int) -> Element:
    """A truth in points as a row of its table."""
    x0, y0, x1, y1 = one.box
    return Element(
        page_id="", order=order, category=one.category.value, level=one.level, x0=x0, y0=y0, x1=x1, y1=y1,
        text=one.text, html=one.html, latex=one.latex, score=1.0, source=Source.TRUTH.value, detail=one.detail,
    )  # fmt: skip


def entity(one: TrueEntity) -> Entity:
    """A value in points as a row of its table."""
    x0, y0, x1, y1 = one.box
    return Entity(
        page_id="", field=one.field, kind=one.kind, text=one.text, x0=x0, y0=y0, x1=x1, y1=y1, in_picture=one.in_picture
    )
