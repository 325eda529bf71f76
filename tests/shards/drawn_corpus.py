"""A small corpus drawn with Pillow: documents, pages, truth, and what a perfect teacher would have read."""

import io
import random
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw

from fabeye.schema import Category, Document, Element, Page, Source, Split, page_id
from fabeye.settings import EngineSettings, ShardsSettings
from fabeye.shards.build import ShardsSummary, build_shards
from fabeye.tables import write_json, write_table

WORDS = ["gate", "oxide", "leakage", "VDD", "tRCD", "1.35", "V", "失效分析", "wafer", "<eos>", "min", "max", "void"]
CATEGORIES = (Category.TEXT, Category.TITLE)
FAMILIES = ("jedec", "efa_pfa")
UNDAMAGED = {
    "resolution": 0,
    "blur": 0,
    "noise": 0,
    "jpeg": 0,
    "severity": 0.5,
    "skew": 0,
    "skew_deg": 2,
    "occlusion": 0,
    "hidden": 0.3,
}
LINES = 6  # of a page
STEP = 20  # pixels from line to line


def write_corpus(root: Path, splits: list[Split], seed: int = 0) -> None:
    """One document of one page for each split given, the families taking turns; below root/corpus and root/parses.

    The gold set below root/gold is empty.
    """
    rng = random.Random(seed)
    documents = [_document(at, split) for at, split in enumerate(splits)]
    elements: list[Element] = []
    pages = [_page(document.document_id, rng, elements) for document in documents]
    write_table(root / "corpus" / "documents", Document, documents)
    write_table(root / "corpus" / "pages", Page, pages)
    write_table(root / "corpus" / "truth", Element, [_as(one, "block", Source.TRUTH) for one in elements])
    write_json(root / "gold" / "gold.json", [])
    write_table(root / "parses" / "elements", Element, [_as(one, "line", Source.RAPIDOCR) for one in elements])


def build_drawn(root: Path, settings: ShardsSettings, name: str = "shards") -> ShardsSummary:
    """Shards of what write_corpus() wrote, in root/<name>."""
    engine = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)
    folders = (root / "corpus", root / "parses", root / "gold", root / name, root / "work")
    return build_shards(*folders, settings, engine)


def _document(at: int, split: Split) -> Document:
    name = f"{at:016x}"
    return Document(
        document_id=name,
        layer="domain",
        family=FAMILIES[at % len(FAMILIES)],
        language="mixed",
        path=f"data/{at}.pdf",
        sha256=name * 4,
        pages=1,
        split=split.value,
        generated=True,
    )


def _page(document_id: str, rng: random.Random, elements: list[Element]) -> Page:
    picture = Image.new("RGB", (220, STEP * (LINES + 1)), "white")
    pen = ImageDraw.Draw(picture)
    name = page_id(document_id, 0)
    for order in range(LINES):
        text = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 4)))
        category = CATEGORIES[order % 2]
        x0, y0, x1, y1 = pen.textbbox((10, STEP * order + 5), text)
        pen.text((10, STEP * order + 5), text, fill="black" if category == Category.TEXT else "blue")
        elements.append(_element(name, order, category, (x0, y0, x1, y1), text))
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return Page(
        page_id=name,
        document_id=document_id,
        number=0,
        width=picture.width,
        height=picture.height,
        dpi=72.0,
        image=buffer.getvalue(),
        text_layer="",
    )


def _element(page: str, order: int, category: str, box: tuple[float, float, float, float], text: str) -> Element:
    x0, y0, x1, y1 = box
    return Element(
        page_id=page,
        order=order,
        category=category,
        level="line",
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        text=text,
        html="",
        latex="",
        score=1.0,
        source=Source.TRUTH,
    )


def _as(element: Element, level: str, source: str) -> Element:
    return replace(element, level=level, source=source)
