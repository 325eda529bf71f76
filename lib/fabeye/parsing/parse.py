"""All pages of the corpus through the teacher, to be killed and continued at any time.

Notable:
- What was read on a page is kept in the work folder's ledger at once. A rerun reads only what is missing, also after
  pages were added or a killed run.
- Elements are made of what was read when the tables are written, so changing how (parse.min_score, our code) reads
  nothing again.
- A page on which the teacher fails goes to quarantine and to the head of the review queue, and the run goes on; the
  next run tries it again.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fabeye.parsing.quality import doubts, failure, letters_of, queue
from fabeye.parsing.readings import Readings, reading_key
from fabeye.parsing.teacher import Failure, Parsed, Sheet, Teacher
from fabeye.parsing.teachers import make_teacher
from fabeye.parsing.writing import page_words
from fabeye.progress import Progress
from fabeye.schema import Document, Doubt, Element, Page, ParsedPage, Quarantined, Review
from fabeye.settings import EngineSettings, ParseSettings
from fabeye.tables import count_rows, read_columns, read_table, write_json, write_table

STAGE = "parse"
COST_DIGITS = 3
CLOCKED = "seconds"  # a cost that no two runs share: it is said, and kept out of what DVC compares


@dataclass(frozen=True, slots=True)
class ParseSummary:
    """Pages seen, how many of them were read before, elements written, pages degraded, in doubt, and failed on.

    seconds: of reading in all, those of earlier runs included. No two runs share them, so nothing that DVC compares
    holds them.
    """

    pages: int
    reused: int
    elements: int
    degraded: int
    doubted: int
    quarantined: int
    seconds: float = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class _Task:
    """One page of the corpus, and under which key its reading is kept."""

    sheet: Sheet
    document_id: str
    number: int
    key: str


@dataclass(slots=True)
class _Notes:
    """What is written down of the pages on the way of their elements into the table."""

    pages: list[ParsedPage] = field(default_factory=list)
    costs: list[dict[str, float]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    letters: dict[tuple[str, int], int] = field(default_factory=dict)


@dataclass(slots=True)
class _Run:
    """What a pass over the corpus came to: its pages in order, and why some could not be read, by key."""

    tasks: list[_Task] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    read: int = 0


def parse_corpus(
    corpus: Path, out: Path, work: Path, settings: ParseSettings, engine: EngineSettings, metrics: Path | None = None
) -> ParseSummary:
    """Write the tables elements, pages, doubts, review and quarantine, and teacher.json, below `out`.

    Pages are in the corpus's order, in `review` those first that a person should look at first.

    work: folder of the finished readings; may be deleted at any time. metrics: JSON file for what it cost. Raises
    TableError when the corpus is missing, LedgerError when another run uses `work`, OSError when the disk is full, and
    what the teacher raises that can read no page at all.
    """
    teacher, notes = make_teacher(settings, engine), _Notes()
    with Readings(work) as readings:
        others = _other_readings(corpus, settings, engine, readings)
        run = read_pages(corpus, teacher, readings)
        rows = _elements(run, teacher, readings, notes, others, settings)
        elements = write_table(out / "elements", Element, rows)
    write_table(out / "pages", ParsedPage, notes.pages)
    failed = ((task.sheet.page_id, run.failures[task.key]) for task in run.tasks if task.key in run.failures)
    notes.doubts += [failure(*one) for one in failed]
    write_table(out / "doubts", Doubt, notes.doubts)
    review = queue(notes.doubts, notes.letters)
    write_table(out / "review", Review, review)
    lost = write_table(out / "quarantine", Quarantined, _lost(corpus, run))
    write_json(out / "teacher.json", {"teacher": teacher.source, "parameters": teacher.parameters()})
    cost = _summed(notes.costs)
    seconds = cost.pop(CLOCKED, 0.0)
    print(f"parse: {seconds:.0f} s of reading in all, that of earlier runs included", flush=True)
    if metrics:
        write_json(metrics, {"pages": len(notes.pages), "doubted": len(review), "quarantined": lost, **cost})
    degraded = sum(page.degraded for page in notes.pages)
    return ParseSummary(len(run.tasks), len(run.tasks) - run.read, elements, degraded, len(review), lost, seconds)


def read_pages(corpus: Path, teacher: Teacher, readings: Readings, only: Collection[str] | None = None) -> _Run:
    """Let the teacher read every page that it has not read yet, and keep each reading at once.

    only: ids of the pages that are wanted; default: all.
    """
    run = _Run()
    total = count_rows(corpus / "pages") if only is None else len(only)
    progress = Progress(f"parse: {teacher.source}", total)
    pages = (page for page in read_table(corpus / "pages", Page) if only is None or page.page_id in only)
    for key, found in teacher.read(_unread(pages, teacher, readings, run, progress)):
        run.read += 1
        if isinstance(found, Failure):
            run.failures[key] = found.reason
        else:
            readings.add(key, found)
        progress.advance()
    return run


def parsed_pages(run: _Run, teacher: Teacher, readings: Readings) -> Iterator[tuple[Sheet, Parsed]]:
    """What the teacher makes of every page that it could read, in the corpus's order."""
    for task in run.tasks:
        raw = readings.get(task.key)
        if raw is not None:
            yield task.sheet, teacher.parse(task.sheet, raw)


def _unread(
    pages: Iterable[Page], teacher: Teacher, readings: Readings, run: _Run, progress: Progress
) -> Iterator[tuple[str, Page]]:
    """Pages that the teacher has not read yet, each content once; notes every page in `run`."""
    seen: set[str] = set()
    for page in pages:
        key = reading_key(teacher, page)
        run.tasks.append(_Task(Sheet(page.page_id, page.width, page.height), page.document_id, page.number, key))
        if key in seen or key in readings:
            progress.advance()
        else:
            yield key, page
        seen.add(key)


def _other_readings(
    corpus: Path, settings: ParseSettings, engine: EngineSettings, readings: Readings
) -> dict[str, str]:
    """Another reading of each page: its text layer, or where it has none what a second teacher says.

    The text layer is no other reading where it is what the teacher itself has read.
    """
    layers = read_columns(corpus / "pages", "page_id", "text_layer").to_pylist()
    own = settings.engine == "text_layer"
    others = {row["page_id"]: row["text_layer"] for row in layers if row["text_layer"].strip() and not own}
    if settings.quality.second and settings.quality.second != settings.engine:
        second = make_teacher(settings, engine, settings.quality.second)
        alone = {row["page_id"] for row in layers} - set(others)
        for sheet, parsed in parsed_pages(read_pages(corpus, second, readings, alone), second, readings):
            others[sheet.page_id] = page_words(parsed.elements)
    return others


def _elements(
    run: _Run, teacher: Teacher, readings: Readings, notes: _Notes, others: dict[str, str], settings: ParseSettings
) -> Iterator[Element]:
    for sheet, parsed in parsed_pages(run, teacher, readings):
        page = sheet.page_id
        note = ParsedPage(page_id=page, source=teacher.source, degraded=parsed.degraded, note=parsed.note)
        notes.pages.append(note)
        notes.costs.append(parsed.cost)
        notes.doubts += doubts(page, parsed, others.get(page, ""), settings.quality)
        notes.letters |= letters_of(parsed, page)
        yield from parsed.elements


def _lost(corpus: Path, run: _Run) -> Iterator[Quarantined]:
    paths = {document.document_id: document.path for document in read_table(corpus / "documents", Document)}
    for task in run.tasks:
        if reason := run.failures.get(task.key):
            yield Quarantined(path=paths[task.document_id], page=task.number, stage=STAGE, reason=reason)


def _summed(costs: Iterable[dict[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for cost in costs:
        for name, amount in cost.items():
            total[name] = round(total.get(name, 0.0) + amount, COST_DIGITS)
    return total
