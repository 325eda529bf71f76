"""A corpus of given pictures, as the intake leaves it."""

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from fabeye.schema import Document, Page, page_id
from fabeye.tables import write_table

DOCUMENT = "0123456789abcdef"


def write_corpus(folder: Path, images: Sequence[bytes], text_layers: Sequence[tuple[str, str]] = ()) -> Path:
    """Tables documents and pages of one document; text_layers: text and characters of each page, where there are."""
    document = Document(
        document_id=DOCUMENT,
        layer="domain",
        family="f",
        language="en",
        path="data/raw/domain/f/报告.pdf",
        sha256=hashlib.sha256(b"").hexdigest(),
        pages=len(images),
        split="train",
        generated=False,
    )
    write_table(folder / "documents", Document, [document])
    write_table(folder / "pages", Page, (_page(number, image, text_layers) for number, image in enumerate(images)))
    return folder


def _page(number: int, image: bytes, text_layers: Sequence[tuple[str, str]]) -> Page:
    try:
        width, height = Image.open(io.BytesIO(image)).size
    except OSError:
        width, height = 100, 100
    text, characters = text_layers[number] if text_layers else ("", "")
    return Page(
        page_id=page_id(DOCUMENT, number),
        document_id=DOCUMENT,
        number=number,
        width=width,
        height=height,
        dpi=150,
        image=image,
        text_layer=text,
        characters=characters,
    )
