"""A file as pages, whatever its format: PDF, PNG, JPEG and TIFF, each recognised by its content.

Notable:
- The suffix does not count; archives of pairs are recognised here too, and read in pairs.py.
- A bad page is a BadPage among the good ones; only a file that cannot be opened at all raises ReadError.
- A format's own reader (pdf.py, pictures.py) is imported when the first such file comes.
"""

from collections.abc import Iterator
from pathlib import Path

from fabeye.intake.file_pages import BadPage, GoodPage, OpenFile, ReadError

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
