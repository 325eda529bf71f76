"""What one document costs on its way: typesetting it, rendering a page of it, having the teacher read that page."""

import io

import pypdfium2
from PIL import Image

from fabeye.bench.timing import seconds
from fabeye.ocr import TextRecogniser
from fabeye.settings import Settings
from fabeye.synthesis.generate import generate_document

POINTS_PER_INCH = 72


def measure_documents(settings: Settings) -> dict[str, float]:
    """Figures of generator, renderer and teacher; keys end in their unit."""
    document = generate_document("jedec", "en", settings.corpus.seed, 0)
    page = render(document.pdf, settings.corpus.dpi)
    reader = TextRecogniser(settings.parse.threads * settings.parse.workers)
    generation = seconds(lambda: generate_document("jedec", "en", settings.corpus.seed, 0))
    return {
        "generator_pages_per_s": len(document.pages) / generation,
        "render_pages_per_s": 1 / seconds(lambda: render(document.pdf, settings.corpus.dpi)),
        "teacher_s_per_page": seconds(lambda: reader.read(page)),
    }


def render(pdf: bytes, dpi: int) -> Image.Image:
    """First page of a PDF as an RGB picture."""
    page = pypdfium2.PdfDocument(io.BytesIO(pdf))[0]
    return page.render(scale=dpi / POINTS_PER_INCH).to_pil().convert("RGB")
