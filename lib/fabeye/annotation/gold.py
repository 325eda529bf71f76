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
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fabeye.annotation.agreement import compare_pages, disagreements, summary
from fabeye.annotation.datasheet import Hashes, write_datasheet
from fabeye.annotation.exports import Annotated, deciding, read_versions, settled
from fabeye.evaluation.gold import WORDLESS
from fabeye.omnidoc import LINE, Record, page_record, write_records
from fabeye.schema import Document, Element, Entity, Origin, Page, Split, document_of
from fabeye.settings import AnnotateSettings
from fabeye.tables import find_rows, read_columns, read_table, write_json


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


def write_gold(
    corpus: Path, exports: Path, out: Path, settings: AnnotateSettings, frozen: Hashes | None = None
) -> GoldSummary:
    """Write gold.json, images/<page_id>.png, agreement.json and DATASHEET.md below `out`, pages in the corpus's order.

    exports: folder of Label Studio's JSON exports, may be missing. frozen: hashes of the evaluation set's documents,
    for the datasheet. Raises ExportError on a malformed export, TableError when the corpus is missing.
    """
    versions = read_versions(exports)
    annotated = deciding(versions)
    documents = {document.document_id: document for document in read_table(corpus / "documents", Document)}
    wanted = _wanted(corpus, documents, annotated)
    known = _known(corpus, wanted)
    counted = GoldSummary(0, len(set(annotated) & wanted), 0, 0, sorted(set(annotated) - wanted))
    draft = out.with_name(out.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "images").mkdir(parents=True)
    pages = (page for page in read_table(corpus / "pages", Page) if page.page_id in wanted)
    records = _records(pages, documents, known, annotated, draft / "images", settings.min_text)
    write_records(draft / "gold.json", _counted(records, counted))
    counted.documents = len({document_of(page) for page in wanted})
    agreed = _write_agreement(draft / "agreement.json", versions, settings.agreed)
    write_datasheet(draft, frozen or {}, agreed, set(annotated))
    shutil.rmtree(out, ignore_errors=True)
    os.replace(draft, out)
    return counted


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
        entities, origin = _values(page, said, known), known.origins.get(page.page_id)
        yield page_record(page, documents[page.document_id], kept(elements, min_text), entities, origin)


def _values(page: Page, said: Annotated | None, known: _Known) -> list[Entity]:
    """The form's values: those a person marked where one marked any, else the generator's."""
    marked = said.values_on_page(page) if said else []
    if not marked:
        return known.entities[page.page_id]
    return [*marked, *(replace(one, field="") for one in known.entities[page.page_id] if one.kind)]


def _write_agreement(path: Path, versions: Mapping[str, Sequence[Annotated]], least: float) -> dict[str, Any]:
    """How far people agree, and what is still to be settled; returns the former."""
    pages = compare_pages(versions)
    agreed = summary(pages)
    write_json(path, {"agreement": agreed, "to_settle": disagreements(pages, least, settled(versions))})
    return agreed


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
