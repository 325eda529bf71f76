"""All pages of the corpus through the teacher, to be killed and continued at any time.

Notable:
- What was read on a page is kept in the work folder's ledger at once. A rerun reads only what is missing, also after
  pages were added or a killed run.
- Elements are made of what was read when the tables are written, so changing how (parse.min_score, our code) reads
  nothing again.
- A page on which the teacher fails goes to quarantine and the run goes on; the next run tries it again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fabeye.parsing.readings import Readings, reading_key
from fabeye.parsing.teacher import Failure, Parsed, Sheet, Teacher
from fabeye.parsing.teachers import make_teacher
from fabeye.progress import Progress
from fabeye.schema import Document, Element, Page, ParsedPage, Quarantined
from fabeye.settings import EngineSettings, ParseSettings
from fabeye.tables import count_rows, read_table, write_json, write_table

STAGE = "parse"
COST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class ParseSummary:
    """Pages seen, how many of them were read before, elements written, pages degraded, pages on which it failed."""

    pages: int
    reused: int
    elements: int
    degraded: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class _Task:
    """One page of the corpus, and under which key its reading is kept."""

    sheet: Sheet
    document_id: str
    number: int
    key: str


@dataclass(slots=True)
class _Run:
    """What a pass over the corpus came to: its pages in order, and why some could not be read, by key."""

    tasks: list[_Task] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    read: int = 0


def parse_corpus(
    corpus: Path, out: Path, work: Path, settings: ParseSettings, engine: EngineSettings, metrics: Path | None = None
) -> ParseSummary:
    """Write the tables elements, pages and quarantine and teacher.json below `out`, in the corpus's order of pages.

    work: folder of the finished readings; may be deleted at any time. metrics: JSON file for what it cost. Raises
    TableError when the corpus is missing, LedgerError when another run uses `work`, OSError when the disk is full, and
    what the teacher raises that can read no page at all.
    """
    teacher = make_teacher(settings, engine)
    with Readings(work) as readings:
        run = read_pages(corpus, teacher, readings)
        pages: list[ParsedPage] = []
        costs: list[dict[str, float]] = []
        elements = write_table(out / "elements", Element, _elements(run, teacher, readings, pages, costs))
    write_table(out / "pages", ParsedPage, pages)
    lost = write_table(out / "quarantine", Quarantined, _lost(corpus, run))
    write_json(out / "teacher.json", {"teacher": teacher.source, "parameters": teacher.parameters()})
    if metrics:
        write_json(metrics, {"pages": len(pages), "quarantined": lost, **_summed(costs)})
    degraded = sum(page.degraded for page in pages)
    return ParseSummary(len(run.tasks), len(run.tasks) - run.read, elements, degraded, lost)


def read_pages(corpus: Path, teacher: Teacher, readings: Readings) -> _Run:
    """Let the teacher read every page that it has not read yet, and keep each reading at once."""
    run = _Run()
    progress = Progress(f"parse: {teacher.source}", count_rows(corpus / "pages"))
    for key, found in teacher.read(_unread(corpus, teacher, readings, run, progress)):
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
    corpus: Path, teacher: Teacher, readings: Readings, run: _Run, progress: Progress
) -> Iterator[tuple[str, Page]]:
    """Pages that the teacher has not read yet, each content once; notes every page in `run`."""
    seen: set[str] = set()
    for page in read_table(corpus / "pages", Page):
        key = reading_key(teacher, page)
        run.tasks.append(_Task(Sheet(page.page_id, page.width, page.height), page.document_id, page.number, key))
        if key in seen or key in readings:
            progress.advance()
        else:
            yield key, page
        seen.add(key)


def _elements(
    run: _Run, teacher: Teacher, readings: Readings, pages: list[ParsedPage], costs: list[dict[str, float]]
) -> Iterator[Element]:
    for sheet, parsed in parsed_pages(run, teacher, readings):
        pages.append(
            ParsedPage(page_id=sheet.page_id, source=teacher.source, degraded=parsed.degraded, note=parsed.note)
        )
        costs.append(parsed.cost)
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
