"""What hiding costs: pages of a report a second; one page read with its text layer and without it, in pairs."""

import statistics
import tempfile
from pathlib import Path

from fabeye.bench.timing import RUNS, seconds
from fabeye.intake.file_pages import GoodPage
from fabeye.intake.pdf import PdfFile
from fabeye.intake.redaction.known import Known, known_from, save
from fabeye.intake.redaction.layer import layer_of
from fabeye.intake.redaction.page import Job, gather, hide, pixels, runs_of, tools
from fabeye.intake.redaction.search import search_page
from fabeye.schema import Page
from fabeye.settings import RedactSettings, Settings
from fabeye.synthesis.generate import generate_document

FAMILY = "efa_pfa"
KEY = b"a key for measuring only"


def measure_redact(settings: Settings) -> dict[str, float]:
    """Figures of one generated report in one process; keys end in their unit, `layer_saves` is a ratio."""
    pages = _pages(settings)
    page = pages[0]
    detector, reader = tools(settings.redact)
    image, layer = pixels(page.image), layer_of(page)
    runs = runs_of(layer, reader.page(image, layer))
    pairs = [
        (seconds(lambda: reader.page(image, layer), runs=1), seconds(lambda: reader.whole(image), runs=1))
        for _ in range(RUNS)
    ]
    return {
        "pages_per_s": len(pages) / seconds(lambda: _redacted(settings.redact, pages), runs=1),
        "read_with_layer_s": statistics.median(with_layer for with_layer, _ in pairs),
        "read_whole_page_s": statistics.median(whole for _, whole in pairs),
        "layer_saves": statistics.median(whole / with_layer for with_layer, whole in pairs),
        "search_s": seconds(lambda: search_page(runs, detector, Known())),
    }


def _redacted(settings: RedactSettings, pages: list[Page]) -> None:
    """Both passes over some pages."""
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "known.json"
        seen = [gather(settings, Job(page)) for page in pages]
        save(known_from(find for one in seen for find in one.finds), known)
        for page, one in zip(pages, seen, strict=True):
            hide(settings, known, KEY, Job(page, reading=one.reading))


def _pages(settings: Settings) -> list[Page]:
    """The pages of a generated report, with the places of their letters."""
    document = generate_document(FAMILY, "zh", settings.corpus.seed, 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.pdf"
        path.write_bytes(document.pdf)
        file = PdfFile(path)
        read = [file.page(number, settings.corpus.dpi, settings.corpus.max_side) for number in range(file.pages)]
    return [page.of(FAMILY) for page in read if isinstance(page, GoodPage)]
