"""The nouns of the project, from Incoming and Document over Page, Element and Pair to Doubt, Review and Quarantined.

Notable:
- One frozen dataclass a noun; its fields are the columns of its Parquet table (see tables.py).
- A box is (x0, y0, x1, y1) in pixels of the page image, origin top left, x to the right, y down.
- Categories are OmniDocBench's, so that any public tool can score what we write.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

OUR_LICENCE = "Apache-2.0"  # of generated documents and trained weights


class Layer(StrEnum):
    """Which step of the data staircase a document belongs to."""

    GENERAL = "general"
    DOMAIN = "domain"


class Split(StrEnum):
    """What a document may be used for; documents are split, never pages."""

    TRAIN = "train"
    VALIDATION = "validation"
    GOLD = "gold"


class Confidentiality(StrEnum):
    """Who may see a document, from anybody to a named few."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"


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
    FORMULA_NUMBER = "equation_caption"
    CODE = "code_txt"
    REFERENCE = "reference"
    PAGE_FOOTNOTE = "page_footnote"
    HEADER = "header"
    FOOTER = "footer"
    PAGE_NUMBER = "page_number"
    ABANDON = "abandon"


# Our words -> OmniDocBench's; what is not named here is called the same.
LANGUAGES = {"en": "english", "zh": "simplified_chinese", "mixed": "en_ch_mixed"}
DATA_SOURCES = {
    "jedec": "jedec_standard",
    "efa_pfa": "fa_report",
    "process": "process_manual",
    "design": "design_doc",
}


class Sensitive(StrEnum):
    """Kinds of sensitive things that must not leave the house."""

    PERSON = "PERSON"
    EMPLOYEE = "EMPLOYEE"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    LOT = "LOT"
    WAFER = "WAFER"
    PRODUCT = "PRODUCT"
    CUSTOMER = "CUSTOMER"
    TOOL = "TOOL"
    RECIPE = "RECIPE"
    HOST = "HOST"
    ADDRESS = "ADDRESS"
    CASE = "CASE"


class Source(StrEnum):
    """Who says what an element is: the generator, a teacher (the text layer and our own model are two), or a person."""

    TRUTH = "truth"
    RAPIDOCR = "rapidocr"
    DOTS_OCR = "dots_ocr"
    MODEL = "model"
    TEXT_LAYER = "text_layer"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file about to be taken in, and what is known of it before it is opened.

    name: the path that tables and messages show, relative to the project's root, with forward slashes.
    split: a Split where the generator has decided, "" where the ingester shall.
    licence, confidentiality: what its tags say, "" where they say nothing.
    objection: why it must not be opened although it lies in its place, "" where there is none.
    """

    path: Path
    name: str
    layer: str
    family: str
    language: str
    split: str
    generated: bool
    licence: str = ""
    confidentiality: str = ""
    objection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file, generated or brought.

    document_id: first 16 hex digits of the file's sha256, so the same bytes are the same document.
    path: where the file lies, relative to the project's root, with forward slashes.
    language: en, zh or mixed; "und" where nobody has said.
    generated: True where the generator wrote the file and its truth is known.
    licence: an SPDX identifier, or a short phrase. confidentiality: a Confidentiality.
    metadata: JSON of what the file says beside its pages. A PDF or a picture: "info" (author, title, ...), "xmp",
        "annotations" (page, texts), "attachments" (names), "bookmarks" (titles), each only where there is any, or
        "unread" with the reason. A shard of pairs: "pairs" and "left_out", counted.
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
    licence: str = ""
    confidentiality: str = ""
    metadata: str = ""

    @property
    def is_generated_gold(self) -> bool:
        """Of the evaluation set that the generator makes: its truth is known, people only check a sample of it."""
        return self.generated and self.split == Split.GOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as picture and text layer.

    page_id: "<document_id>-<number, four digits>", fit for a file name.
    number: 0-based, as OmniDocBench's page_no.
    dpi: dots per inch of the picture; for an image file what the file says, or 0 if it says nothing.
    image: PNG bytes, RGB or grey.
    text_layer: what the PDF itself says is written, "" where it says nothing.
    characters: JSON list with one entry a character of text_layer: its box [x0, y0, x1, y1] in pixels of the image, or
        null where it has none, as a line's end; "" where there is no text layer.
    """

    page_id: str
    document_id: str
    number: int
    width: int
    height: int
    dpi: float
    image: bytes
    text_layer: str
    characters: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One thing on a page: a block, and for a teacher that reads lines, a line.

    order: place in the reading order, counted from 0.
    text: plain text or inline Markdown; for a table its cells row by row.
    html, latex: a table's or a formula's own notation, "" otherwise.
    score: confidence between 0 and 1; 1 for the truth.
    level: "block" or "line"; a table's cells, a paragraph's lines and the words in a picture are of level "line".
    detail: JSON, "" where there is none. A cell: {"row", "column", "rowspan", "colspan"}. A figure: one of
        {"chart_data": ...}, {"timing": ...}, {"image_gt": ...}; its coordinates are shares (0 to 1) of the figure's
        box, so they hold at any resolution.
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
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A value that a form asks for, or that must not leave the house, or both.

    field: its name as key information, such as "lot_id"; "" where no form asks for it.
    kind: a Sensitive; "" where anybody may know it.
    in_picture: True where the letters are pixels of a figure, so no text layer holds them.
    The box is in pixels of the page's image.
    """

    page_id: str
    field: str
    kind: str
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    in_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How a generated page came to be.

    scenario: number of the failure scenario in the generator's table, -1 where there is none.
    attributes: JSON of OmniDocBench's page attributes (layout, watermark, fuzzy_scan, ...).
    operations: JSON list of the damage done, in order; "[]" for a clean page.
    homography: JSON of 3 x 3 numbers that take a point of the clean page, in pixels, to the damaged one.
    """

    page_id: str
    family: str
    language: str
    seed: int
    index: int
    scenario: int
    attributes: str
    operations: str
    homography: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A page that is nearly another one of another document.

    picture: share of the bits in which their pictures' hashes differ, 0 to 0.5.
    words: share of their runs of letters in common, 0 to 1; -1 where one of them has no text to compare.
    dropped: True where page_id was left out of the corpus because twin_id is in it.
    """

    page_id: str
    twin_id: str
    picture: float
    words: float
    dropped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A picture and the text that can be read in it: what the encoder learns from.

    pair_id: "<page_id>-<element order>" for a region, "<page_id>" for a whole page, "<document_id>-<place>" for a
        picture that came with its caption, so it sorts and never repeats.
    kind: "line", "region", "page" or "caption".
    image: PNG bytes at the page's own resolution; PNG or JPEG bytes where it came with its caption.
    key, source, licence: of a pair that came with its caption: its name in the shard, its address, who may use it.
    """

    pair_id: str
    document_id: str
    kind: str
    category: str
    width: int
    height: int
    image: bytes
    text: str
    key: str = ""
    source: str = ""
    licence: str = ""


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
class ParsedPage:
    """How a teacher fared on a page; pages on which it failed altogether are in the quarantine.

    source: a Source. degraded: True where the teacher broke down and something may be missing; note says how.
    """

    page_id: str
    source: str
    degraded: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A reason not to trust what a teacher read.

    order: of the element in doubt, -1 where it is the whole page. check: what was looked at, such as "values".
    score: how far it can be trusted by this check, 0 to 1.
    """

    page_id: str
    order: int
    check: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A page that a person should look at.

    rank: place in the queue, from 0. weight: letters in doubt, each by how much. reason: of its worst doubt.
    """

    page_id: str
    rank: int
    weight: float
    reason: str


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


def document_of(page: str) -> str:
    """The document_id in a page_id, or in a region's or pair's id without its last part."""
    return page.rpartition("-")[0]
