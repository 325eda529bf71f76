"""The gold set: pages whose truth is known or that a person annotated, as OmniDocBench JSON with pictures.

Notable:
- What a person says wins over the generator's truth, page by page.
- A document with annotated pages is gold from then on, whatever its split was; training leaves out every document that
  evaluation.gold.gold_document_ids names.
- The folder appears whole or not at all.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fabeye.annotation.exports import Annotated, read_exports
from fabeye.evaluation.gold import WORDLESS
from fabeye.omnidoc import LINE, Record, page_record, write_records
from fabeye.schema import Document, Element, Entity, Origin, Page, Split, document_of
from fabeye.settings import AnnotateSettings
from fabeye.tables import find_rows, read_columns, read_table


@dataclass(slots=True)
class GoldSummary:
    """What the gold set holds.

    vanished: annotated pages that the corpus no longer has, so that nobody's work disappears unseen.
    """

    pages: int
    annotated: int
    elements: int
    documents: int
    vanished: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """The generator's truth by page_id."""

    elements: dict[str, list[Element]] = field(default_factory=lambda: defaultdict(list))
    entities: dict[str, list[Entity]] = field(default_factory=lambda: defaultdict(list))
    origins: dict[str, Origin] = field(default_factory=dict)


def write_gold(corpus: Path, exports: Path, out: Path, settings: AnnotateSettings) -> GoldSummary:
    """Write gold.json and images/<page_id>.png below `out`, in the corpus's order of pages.

    exports: folder of Label Studio's JSON exports, may be missing. Raises ExportError on a malformed export, TableError
    when the corpus is missing.
    """
    annotated = read_exports(exports)
    documents = {document.document_id: document for document in read_table(corpus / "documents", Document)}
    wanted = _wanted(corpus, documents, annotated)
    known = _known(corpus, wanted)
    summary = GoldSummary(0, len(set(annotated) & wanted), 0, 0, sorted(set(annotated) - wanted))
    draft = out.with_name(out.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "images").mkdir(parents=True)
    pages = (page for page in read_table(corpus / "pages", Page) if page.page_id in wanted)
    records = _records(pages, documents, known, annotated, draft / "images", settings.min_text)
    write_records(draft / "gold.json", _counted(records, summary))
    shutil.rmtree(out, ignore_errors=True)
    os.replace(draft, out)
    summary.documents = len({document_of(page) for page in wanted})
    return summary


def kept(elements: Sequence[Element], min_text: int) -> list[Element]:
    """Without the blocks that have nothing to read.

    min_text: characters a block needs to be kept; figures, and what has a notation of its own, are kept without.
    """
    return [one for one in elements if one.level == LINE or _is_kept(one, min_text)]


def _records(
    pages: Iterator[Page],
    documents: Mapping[str, Document],
    known: _Known,
    annotated: Mapping[str, Annotated],
    images: Path,
    min_text: int,
) -> Iterator[Record]:
    """The pages' records; their pictures are written on the way."""
    for page in pages:
        said = annotated.get(page.page_id)
        elements = said.on_page(page) if said else known.elements[page.page_id]
        (images / f"{page.page_id}.png").write_bytes(page.image)
        entities, origin = known.entities[page.page_id], known.origins.get(page.page_id)
        yield page_record(page, documents[page.document_id], kept(elements, min_text), entities, origin)


def _wanted(corpus: Path, documents: dict[str, Document], annotated: dict[str, Annotated]) -> set[str]:
    """Ids of the gold pages."""
    known = {one.document_id for one in documents.values() if one.generated and one.split == Split.GOLD}
    columns = read_columns(corpus / "pages", "page_id", "document_id").to_pylist()
    return {row["page_id"] for row in columns if row["document_id"] in known or row["page_id"] in annotated}


def _known(corpus: Path, wanted: set[str]) -> _Known:
    """What the generator knows of the wanted pages; nothing where nothing was generated."""
    known = _Known()
    if (corpus / "truth").is_dir():
        for element in find_rows(corpus / "truth", Element, "page_id", wanted):
            known.elements[element.page_id].append(element)
    if (corpus / "entities").is_dir():
        for entity in find_rows(corpus / "entities", Entity, "page_id", wanted):
            known.entities[entity.page_id].append(entity)
    if (corpus / "origins").is_dir():
        known.origins.update((one.page_id, one) for one in find_rows(corpus / "origins", Origin, "page_id", wanted))
    return known


def _is_kept(element: Element, min_text: int) -> bool:
    has_notation = bool(element.html or element.latex)
    return element.category in WORDLESS or has_notation or len(element.text.strip()) >= min_text


def _counted(records: Iterator[Record], summary: GoldSummary) -> Iterator[Record]:
    for record in records:
        summary.pages += 1
        summary.elements += len(record["layout_dets"])
        yield record
