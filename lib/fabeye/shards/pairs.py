"""Pairs of a region's picture and its text, cut from parsed pages.

Notable:
- Cut at the page's own resolution around what is printed, with a small margin.
- Only documents of the wanted split are opened, so no page of the gold set can come in.
- Order is the pages' and then the reading order: the same parses give the same pairs.
- A page gives elements of one level: lines where its teacher read lines, else blocks. What has a notation of its own
  is written in it: a table as HTML, a formula as LaTeX.
"""

import io
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from fabeye.model.preprocess import cut_region
from fabeye.schema import Document, Element, Page, Pair
from fabeye.tables import read_table

KINDS = {"line": "line", "block": "region"}  # of the pairs, by the level of their elements


def find_documents(corpus: Path, splits: Collection[str], kept_out: Collection[str] = ()) -> dict[str, Document]:
    """Documents of the given splits by their id, without those `kept_out`.

    Raises TableError when the corpus has no documents table.
    """
    documents = read_table(corpus / "documents", Document)
    wanted = (one for one in documents if one.split in splits and one.document_id not in kept_out)
    return {document.document_id: document for document in wanted}


def find_lines(parses: Path, levels: Sequence[str]) -> dict[str, list[Element]]:
    """Elements that can become pairs, by page and in reading order, with what they are to be read as for their text.

    levels: a page gives elements of the first of these that it has. Raises TableError when the parses are missing.
    """
    found: dict[str, dict[str, list[Element]]] = {}
    for element in read_table(parses / "elements", Element):
        text = _notation(element)
        if element.level in levels and text:
            of_page = found.setdefault(element.page_id, {})
            of_page.setdefault(element.level, []).append(replace(element, text=text))
    return {page: by_level[min(by_level, key=levels.index)] for page, by_level in found.items()}


def find_captions(corpus: Path, documents: Container[str]) -> Iterator[Pair]:
    """Pairs of these documents that came as pairs; none where the corpus has no such table."""
    if (corpus / "pairs").is_dir():
        yield from (pair for pair in read_table(corpus / "pairs", Pair) if pair.document_id in documents)


def cut_pairs(page: Page, lines: Iterable[Element], min_side: int) -> Iterator[Pair]:
    """Pairs of one page; regions with a side shorter than `min_side` pixels on the page are left out.

    Raises what PIL raises when the page's picture cannot be decoded: OSError, SyntaxError, DecompressionBombError.
    """
    with Image.open(io.BytesIO(page.image)) as picture:
        picture = picture.convert("RGB")
        for line in lines:
            if min(_inner_sides(line, picture.width, picture.height)) >= min_side:
                yield _pair(page, line, cut_region(picture, (line.x0, line.y0, line.x1, line.y1)))


def _pair(page: Page, line: Element, crop: Image.Image) -> Pair:
    buffer = io.BytesIO()
    crop.save(buffer, format="PNG")
    return Pair(
        pair_id=f"{page.page_id}-{line.order}",
        document_id=page.document_id,
        kind=KINDS[line.level],
        category=line.category,
        width=crop.width,
        height=crop.height,
        image=buffer.getvalue(),
        text=line.text.strip(),
    )


def _notation(element: Element) -> str:
    """What a reader should write for an element."""
    return (element.html or element.latex or element.text).strip()


def _inner_sides(line: Element, width: int, height: int) -> tuple[float, float]:
    """Width and height of the part of the region that lies on the page; negative where it lies outside."""
    return min(width, line.x1) - max(0, line.x0), min(height, line.y1) - max(0, line.y0)
