"""The gold set: pages whose truth is known or that a person annotated, as OmniDocBench JSON with pictures.

Notable:
- What a person says wins over the generator's truth, page by page.
- Annotated pages of other documents make a second set, below own/, so that a score on the generated set means the same
  wherever it was measured.
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

from fabeye.annotation.agreement import compare_pages, disagreements, summary
from fabeye.annotation.datasheet import NAME, OWN_NAME, Hashes, write_datasheet
from fabeye.annotation.exports import FIELDS, Annotated, deciding, read_versions, settled
from fabeye.evaluation.gold import GOLD_FILE, OWN, WORDLESS
from fabeye.omnidoc import BLOCK, LINE, Record, page_record, write_records
from fabeye.schema import Document, Element, Entity, Origin, Page, document_of
from fabeye.settings import AnnotateSettings
from fabeye.tables import find_rows, read_columns, read_table, write_json

UNMOVED = 1.0  # pixels by which an edge may be off that nobody has moved: boxes were on the way in percent


@dataclass(slots=True)
class GoldSummary:
    """What the gold set holds, and how many pages the second one has, that of own documents.

    annotated: pages of both sets. vanished: annotated pages that the corpus no longer has, so that nobody's work
    disappears unseen.
    """

    pages: int
    annotated: int
    elements: int
    documents: int
    own: int = 0
    vanished: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """The generator's truth by page_id."""

    elements: dict[str, list[Element]] = field(default_factory=lambda: defaultdict(list))
    entities: dict[str, list[Entity]] = field(default_factory=lambda: defaultdict(list))
    origins: dict[str, Origin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Truth:
    """Where what is known of the pages comes from."""

    corpus: Path
    documents: Mapping[str, Document]
    versions: Mapping[str, Sequence[Annotated]]
    settings: AnnotateSettings
    frozen: Hashes


def write_gold(
    corpus: Path, exports: Path, out: Path, settings: AnnotateSettings, frozen: Hashes | None = None
) -> GoldSummary:
    """Write gold.json, images/<page_id>.png and DATASHEET.md below `out`, pages in the corpus's order; agreement.json.

    The same three below `out`/own for annotated pages of other documents, where there are any.

    exports: folder of Label Studio's JSON exports, may be missing. frozen: hashes of the evaluation set's documents,
    for the datasheet. Raises ExportError on a malformed export, TableError when the corpus is missing.
    """
    versions = read_versions(exports)
    annotated = deciding(versions)
    documents = {document.document_id: document for document in read_table(corpus / "documents", Document)}
    made, own = _wanted(corpus, documents, annotated)
    counted = GoldSummary(0, len(set(annotated) & (made | own)), 0, 0, len(own), sorted(set(annotated) - made - own))
    draft = out.with_name(out.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    truth = _Truth(corpus, documents, versions, settings, frozen or {})
    _write_set(draft, truth, made, NAME, counted)
    if own:
        _write_set(draft / OWN, truth, own, OWN_NAME)
    counted.documents = len({document_of(page) for page in made})
    _write_agreement(draft / "agreement.json", versions, settings.agreed)
    shutil.rmtree(out, ignore_errors=True)
    os.replace(draft, out)
    return counted


def kept(elements: Sequence[Element], min_text: int) -> list[Element]:
    """Without the blocks that have nothing to read.

    min_text: characters a block needs to be kept; figures, and what has a notation of its own, are kept without.
    """
    return [one for one in elements if one.level == LINE or _is_kept(one, min_text)]


def _write_set(folder: Path, truth: _Truth, wanted: set[str], name: str, counted: GoldSummary | None = None) -> None:
    """gold.json, images/ and DATASHEET.md of the wanted pages; counts what is in them."""
    (folder / "images").mkdir(parents=True)
    known, annotated = _known(truth.corpus, wanted), deciding(truth.versions)
    pages = (page for page in read_table(truth.corpus / "pages", Page) if page.page_id in wanted)
    records = _records(pages, truth.documents, known, annotated, folder / "images", truth.settings.min_text)
    write_records(folder / GOLD_FILE, _counted(records, counted) if counted else records)
    said = {page: versions for page, versions in truth.versions.items() if page in wanted}
    write_datasheet(folder, truth.frozen, said, truth.settings.agreed, name)


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
        said, truth = annotated.get(page.page_id), known.elements[page.page_id]
        elements = corrected(said.on_page(page), truth) if said else truth
        (images / f"{page.page_id}.png").write_bytes(page.image)
        entities, origin = _values(page, said, known), known.origins.get(page.page_id)
        yield page_record(page, documents[page.document_id], kept(elements, min_text), entities, origin)


def corrected(said: Sequence[Element], truth: Sequence[Element]) -> list[Element]:
    """What a person says; of blocks left as the generator made them also what only it knows.

    That is a figure's data, a table's cells, lines, the exact outline on a page that lies askew.
    """
    blocks = [one for one in truth if one.level == BLOCK]
    found: list[Element] = []
    for one in said:
        same = next((block for block in blocks if _is_same(one, block)), None)
        found.append(replace(same, order=one.order) if same else one)
        found += [line for line in truth if same and line.level == LINE and _lies_in(line, same)]
    return found


def _is_same(one: Element, block: Element) -> bool:
    edges = zip((one.x0, one.y0, one.x1, one.y1), (block.x0, block.y0, block.x1, block.y1), strict=True)
    words = zip((one.text, one.html, one.latex), (block.text, block.html, block.latex), strict=True)
    return (
        one.category == block.category
        and not one.detail
        and all(abs(mine - theirs) <= UNMOVED for mine, theirs in edges)
        and all(mine.strip() == theirs.strip() for mine, theirs in words)
    )


def _lies_in(line: Element, block: Element) -> bool:
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return line.category == block.category and block.x0 <= x <= block.x1 and block.y0 <= y <= block.y1


def _values(page: Page, said: Annotated | None, known: _Known) -> list[Entity]:
    """The form's values: those a person marked where one marked any, else the generator's.

    What nobody can mark, as the layout has no label for it, stays the generator's.
    """
    marked, made = said.values_on_page(page) if said else [], known.entities[page.page_id]
    if not marked:
        return made
    others = (replace(one, field="") if one.field in FIELDS else one for one in made)
    return [*marked, *(one for one in others if one.field or one.kind)]


def _write_agreement(path: Path, versions: Mapping[str, Sequence[Annotated]], least: float) -> None:
    """How far people agree, and what is still to be settled."""
    pages = compare_pages(versions)
    content = {"agreement": summary(pages), "to_settle": disagreements(pages, least, settled(versions))}
    write_json(path, content)


def _wanted(corpus: Path, documents: dict[str, Document], annotated: dict[str, Annotated]) -> tuple[set[str], set[str]]:
    """Ids of the gold pages: of generated gold documents, and of others that people have annotated."""
    known = {one.document_id for one in documents.values() if one.is_generated_gold}
    rows = read_columns(corpus / "pages", "page_id", "document_id").to_pylist()
    made = {row["page_id"] for row in rows if row["document_id"] in known}
    return made, {row["page_id"] for row in rows if row["page_id"] in annotated} - made


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
