"""Pages of drawn words, and small corpora of them, for the tests of signatures, duplicates, card and curation."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFont

from fabeye.schema import Document, Element, Origin, Page, Quarantined, page_id
from fabeye.tables import write_table

WIDTH, HEIGHT = 850, 1100
WORDS = (
    "cell", "wafer", "word", "line", "bit", "defect", "etch", "void", "bridge", "bank", "row", "column", "timing",
    "clock", "read", "write", "margin", "leak",
)  # fmt: skip


def sheet(seed: int) -> Image.Image:
    """A page of headings, paragraphs of differing widths and a box; another seed is another layout."""
    rng, page = Random(seed), Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw, y = ImageDraw.Draw(page), 70
    while y < HEIGHT - 120:
        left, wide = rng.choice((70, 70, 200, 420)), rng.randint(250, 700)
        for _ in range(rng.randint(1, 7)):
            draw.text((left, y), said(rng, wide // 12)[: wide // 9], fill="black", font=ImageFont.load_default(17))
            y += 22
        y += rng.choice((15, 40, 90))
        if rng.random() < 0.3:
            draw.rectangle((left, y, left + wide // 2, y + 60), fill=(90, 90, 90))
            y += 90
    return page


def said(rng: Random, words: int) -> str:
    """So many words, some of them numbers."""
    return " ".join(rng.choice(WORDS) if rng.random() < 0.7 else str(rng.randint(0, 9999)) for _ in range(words))


def png(page: Image.Image) -> bytes:
    buffer = io.BytesIO()
    page.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One document of a drawn corpus: its split, and each page's picture and text."""

    split: str
    pages: Sequence[tuple[Image.Image, str]]


def write_corpus(folder: Path, drawn: Sequence[Drawn]) -> list[str]:
    """Write documents, pages, truth, origins and quarantine; returns the documents' ids, in order."""
    names = [f"{number:016x}" for number in range(1, len(drawn) + 1)]
    documents = [
        Document(
            document_id=name, layer="domain", family="jedec", language="en", path=f"data/{name}.pdf", sha256=name * 4,
            pages=len(one.pages), split=one.split, generated=True,
        )
        for name, one in zip(names, drawn, strict=True)
    ]  # fmt: skip
    pages = [
        Page(
            page_id=page_id(name, number), document_id=name, number=number, width=picture.width, height=picture.height,
            dpi=100.0, image=png(picture), text_layer=text,
        )
        for name, one in zip(names, drawn, strict=True)
        for number, (picture, text) in enumerate(one.pages)
    ]  # fmt: skip
    truth = [
        Element(
            page_id=page.page_id, order=0, category="title", level="block", x0=0, y0=0, x1=9, y1=9, text="a", html="",
            latex="", score=1.0, source="truth",
        )
        for page in pages
    ]  # fmt: skip
    origins = [
        Origin(
            page_id=page.page_id, family="jedec", language="en", seed=1, index=0, scenario=-1, attributes="{}",
            operations='["scan", "jpeg"]', homography="[[1,0,0],[0,1,0],[0,0,1]]",
        )
        for page in pages
    ]  # fmt: skip
    lost = [Quarantined(path="data/lost.pdf", page=-1, stage="corpus", reason="the file is empty")]
    for name, noun, rows in (
        ("documents", Document, documents), ("pages", Page, pages), ("truth", Element, truth),
        ("origins", Origin, origins), ("quarantine", Quarantined, lost),
    ):  # fmt: skip
        write_table(folder / name, noun, rows)
    return names
