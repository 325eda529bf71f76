"""A generated document's truth as rows of the tables truth, entities and origins.

Notable:
- The typesetter speaks of points, the tables of pixels at the resolution the pages are rendered at: one factor.
- The PDF's own text layer is never asked.
"""

import hashlib
import json
from collections.abc import Iterator

from fabeye.geometry import Box, rescaled
from fabeye.schema import Element, Entity, Origin, Source, page_id
from fabeye.synthesis.generate import GeneratedDocument
from fabeye.synthesis.orders import Order
from fabeye.synthesis.truth import TruePage, Truth

POINTS_PER_INCH = 72
ID_DIGITS = 16  # hex digits of the sha256 that name a document
SCAN = "scan"  # the operation that makes a page a picture


def elements(document: GeneratedDocument, dpi: int) -> Iterator[Element]:
    """What stands on the document's pages, in pixels at `dpi`, in reading order."""
    for page, truth in _pages(document):
        for order, one in enumerate(truth.truths):
            yield _element(one, page, order, dpi / POINTS_PER_INCH)


def entities(document: GeneratedDocument, dpi: int) -> Iterator[Entity]:
    """The values that forms ask for and those that must not leave the house, in pixels at `dpi`."""
    for page, truth in _pages(document):
        for one in truth.entities:
            x0, y0, x1, y1 = _scaled(one.box, dpi / POINTS_PER_INCH)
            yield Entity(
                page_id=page,
                field=one.field,
                kind=one.kind,
                text=one.text,
                x0=x0,
                y0=y0,
                x1=x1,
                y1=y1,
                in_picture=one.in_picture,
            )


def origins(document: GeneratedDocument, order: Order, seed: int, dpi: int) -> Iterator[Origin]:
    """How each page came to be; homographies in pixels at `dpi`."""
    for (page, _), done in zip(_pages(document), document.finished, strict=True):
        frozen = {"difficulty": order.difficulty} if order.difficulty else {}
        attributes = {
            **frozen,
            "fuzzy_scan": SCAN in done.operations,
            "layout": done.truth.layout,
            **document.attributes,
        }
        homography = rescaled(done.homography, dpi / POINTS_PER_INCH)
        yield Origin(
            page_id=page,
            family=order.family,
            language=order.language,
            seed=seed,
            index=order.index,
            scenario=document.scenario,
            attributes=json.dumps(attributes, ensure_ascii=False, sort_keys=True),
            operations=json.dumps(done.operations),
            homography=json.dumps(homography.tolist()),
        )


def document_digest(pdf: bytes) -> str:
    """sha256 of a file, in hex digits."""
    return hashlib.sha256(pdf).hexdigest()


def document_id_of(pdf: bytes) -> str:
    """The name that a file goes by once it is taken in."""
    return document_digest(pdf)[:ID_DIGITS]


def _pages(document: GeneratedDocument) -> Iterator[tuple[str, TruePage]]:
    document_id = document_id_of(document.pdf)
    for number, page in enumerate(document.pages):
        yield page_id(document_id, number), page


def _element(truth: Truth, page: str, order: int, scale: float) -> Element:
    x0, y0, x1, y1 = _scaled(truth.box, scale)
    return Element(
        page_id=page,
        order=order,
        category=truth.category.value,
        level=truth.level,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        text=truth.text,
        html=truth.html,
        latex=truth.latex,
        score=1.0,
        source=Source.TRUTH.value,
        detail=truth.detail,
    )


def _scaled(box: Box, scale: float) -> Box:
    x0, y0, x1, y1 = box
    return x0 * scale, y0 * scale, x1 * scale, y1 * scale
