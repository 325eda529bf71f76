"""A whole corpus without what is sensitive: the same tables in another folder.

Notable:
- Two passes. The first reads every page and gathers what is sensitive in the document set; the second seeks that on
  every page, hides it and checks. So a name beside a label on one page is hidden in a photograph of another.
- Pages come and go in the corpus's order, whatever the engine and the number of workers.
- The table `hidden` says what was painted over: kind, placeholder, box. What stood there is written nowhere.
- A killed run is taken up again by calling it again with the same work folder; no page is read twice.
"""

import json
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from fabeye.engine import run
from fabeye.intake.redaction.detect import Detector
from fabeye.intake.redaction.known import Known, known_from, save
from fabeye.intake.redaction.ledger import Readings
from fabeye.intake.redaction.page import Hidden, Job, gather, hide
from fabeye.intake.redaction.pseudonym import Pseudonyms
from fabeye.intake.redaction.strings import Strings, personal
from fabeye.progress import Progress
from fabeye.schema import Document, Element, Entity, Origin, Page, Quarantined, Sensitive
from fabeye.settings import EngineSettings, RedactSettings
from fabeye.tables import count_rows, find_rows, read_table, write_table

Row = TypeVar("Row")

STAGE = "redact"
PAGES_AT_ONCE = 64  # whose truth is in memory together
ROWS_PER_PART = 20_000  # of tables without pictures
SAFE_COLUMNS = (  # of documents and the quarantine: names of ours, numbers, hashes
    "document_id",
    "layer",
    "family",
    "language",
    "sha256",
    "split",
    "stage",
    "licence",
    "confidentiality",
)


@dataclass(frozen=True, slots=True)
class RedactSummary:
    """Pages that are left, among them those that passed as they are; pages in quarantine; things hidden, by kind."""

    pages: int
    passed: int
    quarantined: int
    hidden: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Spool:
    """Rows of a table that are written after the pages, on disk until then."""

    path: Path
    noun: type[Any]

    def extend(self, rows: Iterable[Any]) -> None:
        """Keep more rows."""
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)

    def rows(self) -> Iterator[Any]:
        """All rows kept, in order."""
        with self.path.open(encoding="utf-8") as file:
            yield from (self.noun(**json.loads(line)) for line in file)


@dataclass(slots=True)
class _Books:
    """What is written after the pages."""

    elements: _Spool
    entities: _Spool
    hidden: list[Entity] = field(default_factory=list)
    lost: list[Quarantined] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)  # document -> its pages that are left
    pages: set[str] = field(default_factory=set)
    passed: int = 0


@dataclass(frozen=True, slots=True)
class _Corpus:
    """The tables that come in, and what is done with their families."""

    folder: Path
    documents: dict[str, Document]
    settings: RedactSettings

    def is_touched(self, page: Page) -> bool:
        """False for a page whose layer, family or origin passes as it is."""
        document = self.documents[page.document_id]
        if document.generated and not self.settings.generated:
            return False
        return document.layer in self.settings.layers and document.family not in self.settings.spared

    def jobs(self, readings: Readings, with_truth: bool) -> Iterator[Job]:
        """Every page with what was read on it before and its truth, in the corpus's order."""
        for pages in _batched(read_table(self.folder / "pages", Page), PAGES_AT_ONCE):
            names = [page.page_id for page in pages]
            elements = self._of(names, "truth", Element) if with_truth else {}
            entities = self._of(names, "entities", Entity) if with_truth else {}
            for page in pages:
                strict = self.documents[page.document_id].family in self.settings.strict
                truth = tuple(elements.get(page.page_id, ())), tuple(entities.get(page.page_id, ()))
                key = readings.key(page)
                yield Job(page, key, readings.get(key), *truth, strict=strict)

    def _of(self, pages: Collection[str], table: str, noun: type[Row]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        if (self.folder / table).is_dir():
            for row in find_rows(self.folder / table, noun, "page_id", pages):
                found.setdefault(row.page_id, []).append(row)  # type: ignore[attr-defined]
        return found


def redact_corpus(
    corpus: Path, out: Path, work: Path, settings: RedactSettings, engine: EngineSettings, key: bytes
) -> RedactSummary:
    """Write the tables of `corpus` to `out` without anything sensitive, and the table `hidden`.

    work: folder of what was read; it holds clear text, so keep it where the corpus is, and delete it at any time. key:
    of the placeholders, see pseudonym.redaction_key. Raises TableError when the corpus is missing, OSError on a full
    disk.
    """
    documents = {row.document_id: row for row in read_table(corpus / "documents", Document)}
    source = _Corpus(corpus, documents, settings)
    detector = Detector(
        settings.kinds, settings.min_score, Path(settings.dictionaries) if settings.dictionaries else None
    )
    books = _Books(_spool(work / "truth.jsonl", Element), _spool(work / "entities.jsonl", Entity))
    known_file = work / "known.json"
    with Readings(work, f"page {settings.ocr_scale}") as readings:
        known, unreadable = _gathered(source, detector, readings, engine)
        save(known, known_file)
        jobs = source.jobs(readings, with_truth=True)
        write_table(out / "pages", Page, _hidden(source, jobs, known_file, key, unreadable, engine, books))
    strings = Strings(detector, known, Pseudonyms(key, known.persons, known.codes))
    _write_rest(source, out, strings, books)
    counts = {kind.value: sum(row.kind == kind for row in books.hidden) for kind in settings.kinds}
    return RedactSummary(len(books.pages), books.passed, len(books.lost), counts)


def _gathered(
    source: _Corpus, detector: Detector, readings: Readings, engine: EngineSettings
) -> tuple[Known, dict[str, str]]:
    """What is sensitive in the document set, and the pages that cannot be read, with the reason."""
    finds: set[tuple[Sensitive, str]] = set()
    unreadable: dict[str, str] = {}
    for document in source.documents.values():
        finds |= {(Sensitive.PERSON, name) for name in personal(json.loads(document.metadata or "{}"))}
        texts = [Path(document.path).stem, document.metadata]
        finds |= {(span.kind, text[span.start : span.end]) for text in texts for span in detector.find(text)}
    progress = Progress("redact, look", count_rows(source.folder / "pages"))
    jobs, items = _twice(job for job in source.jobs(readings, with_truth=False) if source.is_touched(job.page))
    for outcome in run(partial(gather, source.settings), items, engine):
        job = jobs.pop(0)
        if outcome.value is None:
            unreadable[job.page.page_id] = outcome.sentence("reading the page", engine)
        else:
            finds.update(outcome.value.finds)
            unreadable.update({job.page.page_id: outcome.value.reason} if outcome.value.reason else {})
            if job.reading is None:
                readings.add(job.key, outcome.value.reading)
        progress.advance()
    return known_from(finds), unreadable


def _hidden(
    source: _Corpus,
    drawn: Iterable[Job],
    known_file: Path,
    key: bytes,
    unreadable: dict[str, str],
    engine: EngineSettings,
    books: _Books,
) -> Iterator[Page]:
    """The clean pages in the corpus's order; the books are kept on the way."""
    progress = Progress("redact, hide", count_rows(source.folder / "pages"))
    jobs, items = _twice(drawn)
    task = partial(_hide_or_pass, source.settings, known_file, key)
    marked = ((job, source.is_touched(job.page), unreadable.get(job.page.page_id, "")) for job in items)
    for outcome in run(task, marked, engine):
        job = jobs.pop(0)
        progress.advance()
        hidden = outcome.value
        reason = outcome.sentence("hiding on the page", engine) if hidden is None else hidden.reason
        if reason or hidden is None:
            path = source.documents[job.page.document_id].path
            books.lost.append(Quarantined(path=path, page=job.page.number, stage=STAGE, reason=reason))
            continue
        _enter(hidden, books)
        books.passed += not source.is_touched(job.page)
        yield hidden.page


def _hide_or_pass(settings: RedactSettings, known_file: Path, key: bytes, marked: tuple[Job, bool, str]) -> Hidden:
    """Runs in a worker: a page that cannot be read or need not be touched comes back as it is."""
    job, touched, reason = marked
    if reason or not touched:
        return Hidden(job.page, job.elements, job.entities, (), reason)
    return hide(settings, known_file, key, job)


def _enter(hidden: Hidden, books: _Books) -> None:
    books.hidden += hidden.painted
    books.elements.extend(hidden.elements)
    books.entities.extend(hidden.entities)
    books.pages.add(hidden.page.page_id)
    books.kept[hidden.page.document_id] = books.kept.get(hidden.page.document_id, 0) + 1


def _write_rest(source: _Corpus, out: Path, strings: Strings, books: _Books) -> None:
    """The tables beside the pages; a document that lost all of its pages is left out."""
    kept = [row for row in source.documents.values() if row.document_id in books.kept]
    documents = [replace(strings.row(row, SAFE_COLUMNS), pages=books.kept[row.document_id]) for row in kept]
    write_table(out / "documents", Document, documents)
    write_table(out / "hidden", Entity, books.hidden, ROWS_PER_PART)
    earlier = source.folder / "quarantine"
    refused = list(read_table(earlier, Quarantined)) if earlier.is_dir() else []
    write_table(out / "quarantine", Quarantined, [strings.row(row, SAFE_COLUMNS) for row in [*refused, *books.lost]])
    for name, noun, rows in (("truth", Element, books.elements), ("entities", Entity, books.entities)):
        if (source.folder / name).is_dir():
            write_table(out / name, noun, rows.rows(), ROWS_PER_PART)
        rows.path.unlink()
    if (source.folder / "pairs").is_dir():  # of shards that anybody may fetch
        shutil.copytree(source.folder / "pairs", out / "pairs", dirs_exist_ok=True)
    if (source.folder / "origins").is_dir():
        origins = (row for row in read_table(source.folder / "origins", Origin) if row.page_id in books.pages)
        write_table(out / "origins", Origin, origins, ROWS_PER_PART)


def _spool(path: Path, noun: type[Any]) -> _Spool:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", encoding="utf-8")
    return _Spool(path, noun)


def _twice(jobs: Iterable[Job]) -> tuple[list[Job], Iterator[Job]]:
    """The jobs under way, without their pictures, and all jobs; the first list grows as the second is drawn."""
    under_way: list[Job] = []

    def drawn() -> Iterator[Job]:
        for job in jobs:
            under_way.append(replace(job, page=replace(job.page, image=b""), elements=(), entities=()))
            yield job

    return under_way, drawn()


def _batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
