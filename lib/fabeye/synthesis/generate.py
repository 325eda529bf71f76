"""The generator's way in: one document, or all documents that the settings ask for.

Notable:
- A document is a pure function of (family, language, seed, index): asking for more documents changes none of the
  first ones, and any process may make any of them.
- Truth goes to a table of elements in pixels of the rendered page; the PDF's own text layer is never asked.
"""

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from fabeye.progress import track
from fabeye.schema import Element, Incoming, Layer, Source, Split, page_id
from fabeye.settings import CorpusSettings
from fabeye.synthesis.families import efa_pfa, jedec
from fabeye.synthesis.manuscript import Manuscript, TruePage, Truth, set_manuscript
from fabeye.tables import write_table

POINTS_PER_INCH = 72
ROWS_PER_PART = 20_000  # an element's row has no picture, some hundred bytes
LEAST_FOR_EVERY_SPLIT = 3  # documents of a group from which on every split has one

FAMILIES: dict[str, Callable[[Random, str], Manuscript]] = {"jedec": jedec.compose, "efa_pfa": efa_pfa.compose}


@dataclass(frozen=True, slots=True)
class GeneratedDocument:
    """A document's PDF and the truth of each of its pages, in points."""

    pdf: bytes
    pages: tuple[TruePage, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A document that the settings ask for."""

    family: str
    language: str
    index: int
    split: Split

    @property
    def name(self) -> str:
        """File name, such as "jedec-zh-00007.pdf"."""
        return f"{self.family}-{self.language}-{self.index:05d}.pdf"


def generate_document(family: str, language: str, seed: int, index: int) -> GeneratedDocument:
    """Make document number `index` of a family ("jedec", "efa_pfa") in a language ("en", "zh").

    Raises ValueError for an unknown family, TypesettingError when Typst refuses the document.
    """
    if family not in FAMILIES:
        raise ValueError(f"there is no family {family!r}; the families are {', '.join(FAMILIES)}")
    rng = Random(f"{family}/{language}/{seed}/{index}")  # a string seeds by its sha512, alike in every process
    pdf, pages = set_manuscript(FAMILIES[family](rng, language))
    return GeneratedDocument(pdf, pages)


def write_documents(settings: CorpusSettings, folder: Path, truth: Path, root: Path) -> list[Incoming]:
    """Write all documents as <folder>/<family>/<name>.pdf and their truth as a table of Element at `truth`.

    PDFs that stood in these families' folders are removed first. Raises OSError when the disk is full; the truth that
    stood there is then untouched.
    """
    orders = ordered(settings)
    for family in settings.documents:
        _emptied(folder / family)
    rows = (row for order in track(orders, "generate", len(orders)) for row in _written(order, settings, folder))
    write_table(truth, Element, rows, rows_per_part=ROWS_PER_PART)
    return [_incoming(order, folder, root) for order in orders]


def ordered(settings: CorpusSettings) -> list[Order]:
    """The documents that the settings ask for, languages in turn."""
    orders = []
    for family, count in settings.documents.items():
        spoken = [settings.languages[index % len(settings.languages)] for index in range(count)]
        splits = {language: iter(split_of(spoken.count(language), settings)) for language in settings.languages}
        orders += [Order(family, language, index, next(splits[language])) for index, language in enumerate(spoken)]
    return orders


def split_of(count: int, settings: CorpusSettings) -> list[Split]:
    """The splits of a group of `count` documents of one family and language: gold first, validation next."""
    least = int(count >= LEAST_FOR_EVERY_SPLIT)
    gold = min(count, max(_rounded(settings.gold_share * count), least))
    validation = min(count - gold, max(_rounded(settings.validation_share * count), least))
    kinds = [Split.GOLD] * gold + [Split.VALIDATION] * validation
    return kinds + [Split.TRAIN] * (count - len(kinds))


def elements(document: GeneratedDocument, dpi: int) -> Iterator[Element]:
    """The truth of a document's pages as elements, in pixels at `dpi`."""
    document_id = hashlib.sha256(document.pdf).hexdigest()[:16]
    for number, page in enumerate(document.pages):
        for order, truth in enumerate(page.truths):
            yield _element(truth, page_id(document_id, number), order, dpi / POINTS_PER_INCH)


def _element(truth: Truth, page: str, order: int, scale: float) -> Element:
    x0, y0, x1, y1 = (edge * scale for edge in truth.box)
    return Element(
        page_id=page,
        order=order,
        category=truth.category.value,
        level=truth.level,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        text=truth.text,
        html=truth.html,
        latex=truth.latex,
        score=1.0,
        source=Source.TRUTH.value,
    )


def _written(order: Order, settings: CorpusSettings, folder: Path) -> Iterator[Element]:
    document = generate_document(order.family, order.language, settings.seed, order.index)
    (folder / order.family / order.name).write_bytes(document.pdf)
    yield from elements(document, settings.dpi)


def _incoming(order: Order, folder: Path, root: Path) -> Incoming:
    path = folder / order.family / order.name
    return Incoming(
        path=path,
        name=path.relative_to(root).as_posix(),
        layer=Layer.DOMAIN.value,
        family=order.family,
        language=order.language,
        split=order.split.value,
        generated=True,
    )


def _emptied(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stale in sorted(folder.glob("*.pdf")):
        stale.unlink()


def _rounded(value: float) -> int:
    """Round half up: 0.5 -> 1, 1.5 -> 2, 2.5 -> 3."""
    return math.floor(value + 0.5)
