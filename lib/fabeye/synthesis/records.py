"""Generated documents as a gold set: gold.json in OmniDocBench's form, and pictures of the pages where wanted.

Notable:
- The tables are in the documents' order, so they are read side by side, one document in memory at a time.
"""

import io
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from fabeye.omnidoc import Record, page_record, write_records
from fabeye.schema import Document, Element, Entity, Incoming, Origin, Page, document_of, page_id
from fabeye.synthesis.rows import POINTS_PER_INCH, document_digest, document_id_of
from fabeye.tables import read_table


def write_gold_json(out: Path, written: Sequence[Incoming], dpi: int, pictures: bool) -> int:
    """Write <out>/gold.json from the documents and tables that `write_documents` wrote there; returns its pages.

    pictures: also write <out>/images/<page_id>.png, rendered at `dpi`. Raises TableError when a table is missing.
    """
    images = out / "images"
    if pictures:
        images.mkdir(parents=True, exist_ok=True)
    return write_records(out / "gold.json", _records(out, written, dpi, images if pictures else None))


def _records(out: Path, written: Sequence[Incoming], dpi: int, images: Path | None) -> Iterator[Record]:
    truth, entities, origins = (
        _by_document(out / name, noun) for name, noun in (("truth", Element), ("entities", Entity), ("origins", Origin))
    )
    for one in written:
        pdf = one.path.read_bytes()
        document = _document(one, pdf)
        rows = [take(document.document_id) for take in (truth, entities, origins)]
        for page in _pages(pdf, document.document_id, dpi, with_pictures=images is not None):
            if images:
                (images / f"{page.page_id}.png").write_bytes(page.image)
            mine, values, origin = ([row for row in some if row.page_id == page.page_id] for some in rows)
            yield page_record(page, document, mine, values, origin[0])


def _document(one: Incoming, pdf: bytes) -> Document:
    return Document(
        document_id=document_id_of(pdf),
        layer=one.layer,
        family=one.family,
        language=one.language,
        path=one.name,
        sha256=document_digest(pdf),
        pages=len(pdfium.PdfDocument(pdf)),
        split=one.split,
        generated=True,
    )


def _pages(pdf: bytes, document_id: str, dpi: int, with_pictures: bool) -> Iterator[Page]:
    scale = dpi / POINTS_PER_INCH
    with pdfium.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            width, height = (math.ceil(side * scale) for side in page.get_size())
            yield Page(
                page_id=page_id(document_id, number),
                document_id=document_id,
                number=number,
                width=width,
                height=height,
                dpi=float(dpi),
                image=_png(page, scale) if with_pictures else b"",
                text_layer="",
            )


def _png(page: pdfium.PdfPage, scale: float) -> bytes:
    buffer = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(buffer, format="PNG")
    return buffer.getvalue()


def _by_document(folder: Path, noun: type[Any]) -> Callable[[str], list[Any]]:
    """A function that gives a document's rows; to be asked in the table's order of documents."""
    groups = groupby(read_table(folder, noun), key=lambda row: document_of(row.page_id))
    waiting = next(((key, list(rows)) for key, rows in groups), None)

    def take(document_id: str) -> list[Any]:
        nonlocal waiting
        if waiting is None or waiting[0] != document_id:
            return []
        rows, waiting = waiting[1], next(((key, list(rows)) for key, rows in groups), None)
        return rows

    return take
