"""What hiding costs: reading a page with its text layer and without it, in pairs, and searching it."""

import statistics
import tempfile
from pathlib import Path

from fabeye.bench.timing import RUNS, seconds
from fabeye.intake.file_pages import GoodPage
from fabeye.intake.pdf import PdfFile
from fabeye.intake.redaction.detect import Detector
from fabeye.intake.redaction.known import Known
from fabeye.intake.redaction.layer import layer_of
from fabeye.intake.redaction.page import pixels
from fabeye.intake.redaction.reading import Reader
from fabeye.intake.redaction.search import search_page
from fabeye.schema import Page
from fabeye.settings import Settings
from fabeye.synthesis.generate import generate_document

FAMILY = "efa_pfa"


def measure_redact(settings: Settings) -> dict[str, float]:
    """Figures of one generated report page; keys end in their unit, `layer_saves` is the ratio of the two readings."""
    page = _page(settings)
    image, layer = pixels(page.image), layer_of(page)
    reader = Reader(settings.redact.ocr_scale)
    detector = Detector(settings.redact.kinds, settings.redact.min_score)
    runs = reader.page(image, layer)
    pairs = [
        (seconds(lambda: reader.page(image, layer), runs=1), seconds(lambda: reader.read(image), runs=1))
        for _ in range(RUNS)
    ]
    return {
        "read_with_layer_s": statistics.median(with_layer for with_layer, _ in pairs),
        "read_whole_page_s": statistics.median(whole for _, whole in pairs),
        "layer_saves": statistics.median(whole / with_layer for with_layer, whole in pairs),
        "search_s": seconds(lambda: search_page(runs, detector, Known())),
    }


def _page(settings: Settings) -> Page:
    """The first page of a generated report, with the places of its letters."""
    document = generate_document(FAMILY, "zh", settings.corpus.seed, 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.pdf"
        path.write_bytes(document.pdf)
        good = PdfFile(path).page(0, settings.corpus.dpi, settings.corpus.max_side)
    if not isinstance(good, GoodPage):
        raise RuntimeError(f"the generated report cannot be read: {good.reason}")
    return good.of(FAMILY)
