"""A file as pages, whatever its format: PDF, PNG, JPEG and TIFF, each recognised by its content.

Notable:
- The suffix does not count; archives of pairs are recognised here too, and read in pairs.py.
- A bad page is a BadPage among the good ones; only a file that cannot be opened at all raises ReadError.
- A format's own reader (pdf.py, pictures.py) is imported when the first such file comes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from fabeye.errors import FabeyeError
from fabeye.schema import Page, page_id

HEAD_BYTES = 1024  # a PDF's mark may stand after some bytes of mail or printer header
PDF, TAR, PARQUET = "PDF", "TAR", "PARQUET"
PAIR_KINDS = (TAR, PARQUET)
MARKS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"II+\x00": "TIFF",
    b"MM\x00+": "TIFF",
    b"PAR1": PARQUET,
}
TAR_MARK, TAR_MARK_AT = b"ustar", 257  # POSIX.1-1988


class ReadError(FabeyeError):
    """The file as a whole cannot be read; the text is one sentence fit for the quarantine."""


@dataclass(frozen=True, slots=True)
class GoodPage:
    """A page as picture and text layer; number is 0-based, dpi 0 where an image file says nothing of it.

    characters: as in schema.Page.
    """

    number: int
    width: int
    height: int
    dpi: float
    image: bytes
    text_layer: str
    characters: str = ""

    def of(self, document_id: str) -> Page:
        """The page as a row of the table of a document."""
        return Page(
            page_id=page_id(document_id, self.number),
            document_id=document_id,
            number=self.number,
            width=self.width,
            height=self.height,
            dpi=self.dpi,
            image=self.image,
            text_layer=self.text_layer,
            characters=self.characters,
        )


@dataclass(frozen=True, slots=True)
class BadPage:
    """A page that cannot be taken in, and why."""

    number: int
    reason: str


class OpenFile(Protocol):
    """A file whose pages can be read in any order."""

    pages: int

    def page(self, number: int, dpi: int, max_side: int) -> GoodPage | BadPage:
        """Page `number` (0-based), rendered at `dpi` where it has no pixels of its own."""

    def metadata(self) -> dict[str, Any]:
        """What the file says beside its pages, as schema.Document tells."""


def kind_of(path: Path) -> str:
    """PDF, PNG, JPEG, TIFF, TAR or PARQUET, from the file's first bytes. Raises ReadError."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise ReadError(f"the file cannot be opened: {error.strerror}") from error
    if not head:
        raise ReadError("the file is empty")
    for mark, kind in MARKS.items():
        if head.startswith(mark):
            return kind
    if head[TAR_MARK_AT:].startswith(TAR_MARK):
        return TAR
    if b"%PDF-" in head:
        return PDF
    raise ReadError("this is not a PDF, PNG, JPEG, TIFF, tar or Parquet file; convert it to one of these")


def open_file(path: Path, kind: str) -> OpenFile:
    """Open a file of pages, of a kind that kind_of found. Raises ReadError."""
    if kind == PDF:
        from fabeye.intake.pdf import PdfFile

        return PdfFile(path)
    from fabeye.intake.pictures import PictureFile

    return PictureFile(path, kind)


def read_pages(path: Path, dpi: int, max_side: int) -> Iterator[GoodPage | BadPage]:
    """All pages of a file, in order; PDF pages are rendered at `dpi`, pictures keep their own pixels.

    max_side: pixels; a page with a longer side is a BadPage. Raises ReadError.
    """
    file = open_file(path, kind_of(path))
    for number in range(file.pages):
        yield file.page(number, dpi, max_side)


def wrong_size(width: int, height: int, max_side: int) -> str | None:
    """Why a page of this size in pixels is not taken in, or None where it is."""
    if min(width, height) < 1:
        return "the page has no area"
    if max(width, height) > max_side:
        return f"the page is {width} x {height} pixels, a side may have {max_side} at most (corpus.max_side)"
    return None
