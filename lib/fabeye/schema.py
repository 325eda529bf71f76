"""The nouns of the project: Incoming, Document, Page, Element, Pair, Reading, Quarantined.

Notable:
- One frozen dataclass a noun; its fields are the columns of its Parquet table (see tables.py).
- A box is (x0, y0, x1, y1) in pixels of the page image, origin top left, x to the right, y down.
- Categories are OmniDocBench's, so that any public tool can score what we write.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Layer(StrEnum):
    """Which step of the data staircase a document belongs to."""

    GENERAL = "general"
    DOMAIN = "domain"


class Split(StrEnum):
    """What a document may be used for; documents are split, never pages."""

    TRAIN = "train"
    VALIDATION = "validation"
    GOLD = "gold"


class Category(StrEnum):
    """Layout classes of OmniDocBench that the pipeline writes."""

    TITLE = "title"
    TEXT = "text_block"
    TABLE = "table"
    TABLE_CAPTION = "table_caption"
    TABLE_FOOTNOTE = "table_footnote"
    FIGURE = "figure"
    FIGURE_CAPTION = "figure_caption"
    FORMULA = "equation_isolated"
    HEADER = "header"
    FOOTER = "footer"
    PAGE_NUMBER = "page_number"
    ABANDON = "abandon"


class Source(StrEnum):
    """Who says what an element is: the generator, a teacher, the text layer, or a person."""

    TRUTH = "truth"
    RAPIDOCR = "rapidocr"
    TEXT_LAYER = "text_layer"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file about to be taken in, and what is known of it before it is opened.

    name: the path that tables and messages show, relative to the project's root, with forward slashes.
    split: a Split where the generator has decided, "" where the ingester shall.
    """

    path: Path
    name: str
    layer: str
    family: str
    language: str
    split: str
    generated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file, generated or brought.

    document_id: first 16 hex digits of the file's sha256, so the same bytes are the same document.
    path: where the file lies, relative to the project's root, with forward slashes.
    language: en, zh or mixed; "und" where nobody has said.
    generated: True where the generator wrote the file and its truth is known.
    """

    document_id: str
    layer: str
    family: str
    language: str
    path: str
    sha256: str
    pages: int
    split: str
    generated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as picture and text layer.

    page_id: "<document_id>-<number, four digits>", fit for a file name.
    number: 0-based, as OmniDocBench's page_no.
    dpi: dots per inch of the picture; for an image file what the file says, or 0 if it says nothing.
    image: PNG bytes, RGB or grey.
    text_layer: what the PDF itself says is written, "" where it says nothing.
    """

    page_id: str
    document_id: str
    number: int
    width: int
    height: int
    dpi: float
    image: bytes
    text_layer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One thing on a page: a block, and for a teacher that reads lines, a line.

    order: place in the reading order, counted from 0.
    text: plain text or inline Markdown; for a table its cells row by row.
    html, latex: a table's or a formula's own notation, "" otherwise.
    score: confidence between 0 and 1; 1 for the truth.
    level: "block" or "line"; a table's cells and a paragraph's lines are of level "line".
    """

    page_id: str
    order: int
    category: str
    level: str
    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    html: str
    latex: str
    score: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A picture and the text that can be read in it: what the encoder learns from.

    pair_id: "<page_id>-<element order>" for a region, "<page_id>" for a whole page, so it sorts and never repeats.
    kind: "line", "region" or "page".
    image: PNG bytes at the page's own resolution.
    """

    pair_id: str
    document_id: str
    kind: str
    category: str
    width: int
    height: int
    image: bytes
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader wrote for one gold region, beside what stands there.

    region_id: "<page_id>-<element order>". reader: "rapidocr", "v0.5", "v1.0", ...
    The box is in pixels of the gold page's image.
    """

    region_id: str
    page_id: str
    family: str
    language: str
    category: str
    x0: float
    y0: float
    x1: float
    y1: float
    reader: str
    truth: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A file, or one page of it, that could not be taken in.

    page: 0-based, or -1 when the whole file is meant.
    stage: the stage that met it.
    """

    path: str
    page: int
    stage: str
    reason: str


def page_id(document_id: str, number: int) -> str:
    """Name of page `number` (0-based) of a document."""
    return f"{document_id}-{number:04d}"
