"""The gold set: pages whose truth is known or that a person annotated, as OmniDocBench JSON with pictures.

Notable:
- What a person says wins over the generator's truth, page by page.
- A document with annotated pages is gold from then on, whatever its split was; training leaves out every document that
  evaluation.gold.gold_document_ids names.
- The folder appears whole or not at all.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fabeye.annotation.exports import Annotated, read_exports
from fabeye.evaluation.gold import LANGUAGES, WORDLESS
from fabeye.schema import Category, Document, Element, Page, Split
from fabeye.settings import AnnotateSettings
from fabeye.tables import read_columns, read_table, write_json

BLOCK, LINE = "block", "line"


@dataclass(frozen=True, slots=True)
class GoldSummary:
    """What the gold set holds.

    vanished: annotated pages that the corpus no longer has, so that nobody's work disappears unseen.
    """

    pages: int
    annotated: int
    elements: int
    documents: int
    vanished: list[str] = field(default_factory=list)


def write_gold(corpus: Path, exports: Path, out: Path, settings: AnnotateSettings) -> GoldSummary:
    """Write gold.json and images/<page_id>.png below `out`, in the corpus's order of pages.

    exports: folder of Label Studio's JSON exports, may be missing. Raises ExportError on a malformed export, TableError
    when the corpus is missing.
    """
    annotated = read_exports(exports)
    documents = {document.document_id: document for document in read_table(corpus / "documents", Document)}
    wanted = _wanted(corpus, documents, annotated)
    truth = _truth(corpus, wanted)
    draft = out.with_name(out.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "images").mkdir(parents=True)
    pages = []
    for page in read_table(corpus / "pages", Page):
        if page.page_id in wanted:
            said = annotated.get(page.page_id)
            elements = said.on_page(page) if said else truth[page.page_id]
            pages.append(gold_page(page, documents[page.document_id], elements, settings.min_text))
            (draft / "images" / f"{page.page_id}.png").write_bytes(page.image)
    write_json(draft / "gold.json", pages)
    shutil.rmtree(out, ignore_errors=True)
    os.replace(draft, out)
    return _summary(pages, wanted, annotated)


def gold_page(page: Page, document: Document, elements: Sequence[Element], min_text: int) -> dict[str, Any]:
    """One page in OmniDocBench's form, with the cells of its tables and the lines of its paragraphs.

    min_text: characters a block needs to be kept; figures, and what has a notation of its own, are kept without.
    """
    blocks = sorted((one for one in elements if one.level == BLOCK), key=lambda one: one.order)
    kept = [one for one in blocks if _is_kept(one, min_text)]
    lines = [one for one in elements if one.level == LINE]
    return {
        "page_info": {
            "page_no": page.number,
            "width": page.width,
            "height": page.height,
            "dpi": page.dpi,
            "image_path": f"{page.page_id}.png",
            "page_attribute": {
                "data_source": document.family,
                "language": LANGUAGES.get(document.language, document.language),
            },
        },
        "layout_dets": _blocks(kept, lines),
        "extra": {"relation": []},
    }


def _wanted(corpus: Path, documents: dict[str, Document], annotated: dict[str, Annotated]) -> set[str]:
    """Ids of the gold pages."""
    known = {one.document_id for one in documents.values() if one.generated and one.split == Split.GOLD}
    columns = read_columns(corpus / "pages", "page_id", "document_id").to_pylist()
    return {row["page_id"] for row in columns if row["document_id"] in known or row["page_id"] in annotated}


def _truth(corpus: Path, wanted: set[str]) -> dict[str, list[Element]]:
    """The generator's elements of the wanted pages; none at all where nothing was generated."""
    truth: dict[str, list[Element]] = {page: [] for page in wanted}
    if (corpus / "truth").is_dir():
        for element in read_table(corpus / "truth", Element):
            if element.page_id in truth:
                truth[element.page_id].append(element)
    return truth


def _is_kept(element: Element, min_text: int) -> bool:
    has_notation = bool(element.html or element.latex)
    return element.category in WORDLESS or has_notation or len(element.text.strip()) >= min_text


def _blocks(blocks: Sequence[Element], lines: Iterable[Element]) -> list[dict[str, Any]]:
    """Blocks first, numbered from 0; their cells and lines go on counting, so an anno_id is unique on its page."""
    found = [{"anno_id": number, **_block(block)} for number, block in enumerate(blocks)]
    number = len(blocks)
    for line in sorted(lines, key=lambda one: (one.order, one.y0, one.x0)):
        owner = _owner(line, blocks)
        if owner is None:
            continue
        part = {"anno_id": number, "poly": _poly(line), "text": line.text}
        if found[owner]["category_type"] == Category.TABLE:
            found[owner].setdefault("cells", []).append(part)
        else:
            found[owner].setdefault("line_with_spans", []).append({"category_type": "text_span", **part})
        number += 1
    return found


def _block(element: Element) -> dict[str, Any]:
    notation = {name: value for name, value in (("html", element.html), ("latex", element.latex)) if value}
    return {
        "category_type": element.category,
        "poly": _poly(element),
        "order": element.order,
        "ignore": False,
        "text": element.text,
        **notation,
    }


def _owner(line: Element, blocks: Sequence[Element]) -> int | None:
    """Index of the smallest block of the line's category that holds its centre."""
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    around = [
        ((block.x1 - block.x0) * (block.y1 - block.y0), index)
        for index, block in enumerate(blocks)
        if block.category == line.category and block.x0 <= x <= block.x1 and block.y0 <= y <= block.y1
    ]
    return min(around)[1] if around else None


def _poly(element: Element) -> list[float]:
    x0, y0, x1, y1 = element.x0, element.y0, element.x1, element.y1
    return [x0, y0, x1, y0, x1, y1, x0, y1]


def _summary(pages: list[dict[str, Any]], wanted: set[str], annotated: dict[str, Annotated]) -> GoldSummary:
    vanished = sorted(set(annotated) - wanted)
    return GoldSummary(
        pages=len(pages),
        annotated=len(annotated) - len(vanished),
        elements=sum(len(page["layout_dets"]) for page in pages),
        documents=len({page["page_info"]["image_path"].rpartition("-")[0] for page in pages}),
        vanished=vanished,
    )
