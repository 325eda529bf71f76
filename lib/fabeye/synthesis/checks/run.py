"""A folder of generated documents checked document by document, and what was found.

Notable:
- The folder is what `fabeye corpus generate` writes, or the corpus of the pipeline: PDF files below generated/, and the
  tables truth, entities and origins.
- Boxes of a scan are not compared with its pixels, which are noise and skew by intent; its facts are checked. Scans
  are counted, so that nobody takes them for checked.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium

from fabeye.engine import run
from fabeye.errors import FabeyeError
from fabeye.progress import Progress
from fabeye.schema import Element, Entity, Origin, document_of
from fabeye.settings import EngineSettings
from fabeye.synthesis.checks.boxes import Shown, page_faults
from fabeye.synthesis.checks.made import Made
from fabeye.synthesis.checks.manuals import design_faults, invoice_faults, manual_faults
from fabeye.synthesis.checks.references import reference_faults
from fabeye.synthesis.checks.reports import report_faults
from fabeye.synthesis.checks.standards import standard_faults
from fabeye.synthesis.checks.tables import table_faults
from fabeye.tables import read_table

POINTS_PER_INCH = 72
ID_DIGITS = 16
OF_FAMILY: dict[str, Callable[[Made], Iterator[str]]] = {
    "jedec": standard_faults,
    "efa_pfa": report_faults,
    "process": manual_faults,
    "design": design_faults,
    "general": invoice_faults,
}


class CheckError(FabeyeError):
    """The folder does not hold what can be checked; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Job:
    """A document to be checked: its file, its rows in order, and the dots per inch of their boxes."""

    path: Path
    elements: tuple[Element, ...]
    entities: tuple[Entity, ...]
    origins: tuple[Origin, ...]
    dpi: int


@dataclass(slots=True)
class Report:
    """What was checked and what is wrong. scans: pages that are pictures, whose boxes nobody compared."""

    documents: int = 0
    pages: int = 0
    scans: int = 0
    faults: list[str] = field(default_factory=list)

    def as_text(self) -> str:
        """The counts in a sentence."""
        scans = f", {self.scans} of them scans whose boxes were left out" if self.scans else ""
        return f"{self.documents} documents of {self.pages} pages{scans}: {len(self.faults)} faults"


def check_corpus(folder: Path, dpi: int, engine: EngineSettings) -> Report:
    """Check every generated document below a folder; `dpi`: of the truth's boxes. Raises CheckError, TableError."""
    report = Report()
    paths = _paths(folder)
    progress = Progress("check", len(paths))
    jobs = list(_jobs(folder, paths, dpi))
    for job, outcome in zip(jobs, run(check, jobs, engine), strict=True):
        said = outcome.value if outcome.trouble is None else [outcome.sentence("the document", engine)]
        report.documents += 1
        report.pages += len(job.origins)
        report.scans += sum(map(_is_scan, job.origins))
        report.faults += [f"{job.path.name}: {fault}" for fault in said or []]
        progress.advance()
    return report


def check(job: Job) -> list[str]:
    """What is wrong with one document, a sentence each."""
    scale = POINTS_PER_INCH / job.dpi
    legible = _legible(job.path)
    pages = tuple(
        Shown(
            tuple(one for one in job.elements if one.page_id == origin.page_id),
            tuple(one for one in job.entities if one.page_id == origin.page_id),
            scale,
            legible,
        )
        for origin in job.origins
    )
    first = job.origins[0]
    made = Made(job.path.name, first.family, first.language, first.scenario, pages)
    return [*_box_faults(job, pages), *fact_faults(made)]


def fact_faults(made: Made) -> list[str]:
    """What disagrees in a document, whatever its family."""
    return [*reference_faults(made), *table_faults(made), *OF_FAMILY[made.family](made)]


def _box_faults(job: Job, pages: tuple[Shown, ...]) -> list[str]:
    with pdfium.PdfDocument(job.path) as document:
        if len(document) != len(pages):
            return [f"it has {len(document)} pages, the truth {len(pages)}"]
        return [
            f"page {number + 1}: {fault}"
            for number, (page, shown, origin) in enumerate(zip(document, pages, job.origins, strict=True))
            if not _is_scan(origin)
            for fault in page_faults(page, shown)
        ]


def _is_scan(origin: Origin) -> bool:
    return origin.operations != "[]"


def _legible(path: Path) -> bool:
    """Whether all fonts of a file say which letters they show."""
    with pikepdf.open(io.BytesIO(path.read_bytes())) as document:
        fonts = [font for page in document.pages for font in page.Resources.get("/Font", {}).values()]
        return all("/ToUnicode" in font for font in fonts)


def _paths(folder: Path) -> dict[str, Path]:
    """The generated files by their document_id."""
    files = sorted((folder / "generated").rglob("*.pdf"))
    if not files:
        raise CheckError(f"there is no generated document below {folder / 'generated'}; run `fabeye corpus generate`")
    return {hashlib.sha256(path.read_bytes()).hexdigest()[:ID_DIGITS]: path for path in files}


def _jobs(folder: Path, paths: dict[str, Path], dpi: int) -> Iterator[Job]:
    """One job a document, in the order of the table of origins; rows are read side by side."""
    elements, entities, origins = (
        _grouped(folder / name, noun) for name, noun in (("truth", Element), ("entities", Entity), ("origins", Origin))
    )
    for document_id, own in origins.items():
        if document_id not in paths:
            raise CheckError(f"{folder} has the truth of {document_id} and not its file; generate it again")
        yield Job(paths[document_id], elements.get(document_id, ()), entities.get(document_id, ()), own, dpi)


def _grouped(folder: Path, noun: type[Any]) -> dict[str, tuple[Any, ...]]:
    rows = groupby(read_table(folder, noun), key=lambda row: document_of(row.page_id))
    return {document: tuple(group) for document, group in rows}
