"""What a PDF says beside its pages: names, notes, attachments, bookmarks, so that redaction can look there too.

Notable:
- Only texts are read; no script is run and no attachment is unpacked.
- Each list and each text has an end: a hostile file may hold millions, or unfold to gigabytes.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pikepdf

from fabeye.intake.file_pages import ReadError

MOST_TEXTS = 10_000  # of a kind, in one file
MOST_LETTERS = 50_000  # of one text
NOTE_KEYS = ("/T", "/Subj", "/Contents", "/RC", "/V", "/TU")  # who, what about, what, the same in rich text; of a field
MOST_DEPTH = 15  # of the tree of bookmarks


def pdf_metadata(path: Path) -> dict[str, Any]:
    """The keys that schema.Document.metadata names, each only where there is something. Raises ReadError."""
    try:
        with pikepdf.open(path) as pdf:
            found = {
                "info": _info(pdf),
                "xmp": _xmp(pdf),
                "annotations": list(islice(_annotations(pdf), MOST_TEXTS)),
                "attachments": sorted(islice((_cut(name) for name in pdf.attachments), MOST_TEXTS)),
                "bookmarks": list(islice(_bookmarks(pdf), MOST_TEXTS)),
            }
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError) as error:
        raise ReadError(f"author, notes and attachments cannot be read ({type(error).__name__})") from error
    return {key: value for key, value in found.items() if value}


def _info(pdf: pikepdf.Pdf) -> dict[str, str]:
    entries = [(key, _cut(str(value))) for key, value in islice(pdf.docinfo.items(), MOST_TEXTS)]
    return {key.removeprefix("/"): text for key, text in entries if text.strip()}


def _xmp(pdf: pikepdf.Pdf) -> str:
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return ""
    content = stream.read_raw_bytes()
    if stream.get("/Filter") == pikepdf.Name.FlateDecode:
        content = zlib.decompressobj().decompress(content, MOST_LETTERS)
    return _cut(content.decode("utf-8", errors="replace"))


def _annotations(pdf: pikepdf.Pdf) -> Iterator[dict[str, Any]]:
    for number, page in enumerate(pdf.pages):
        for note in _array(page.obj.get("/Annots")):
            if isinstance(note, pikepdf.Dictionary) and (texts := list(_texts(note))):
                yield {"page": number, "texts": texts}


def _texts(note: pikepdf.Dictionary) -> Iterator[str]:
    """What a note, a form's field, a link or an attached file says."""
    action = note.get("/A")
    link = [action.get("/URI")] if isinstance(action, pikepdf.Dictionary) else []
    file = note.get("/FS")
    attached = [file.get("/UF"), file.get("/F")] if isinstance(file, pikepdf.Dictionary) else [file]
    for value in [*(note.get(key) for key in NOTE_KEYS), *link, *attached]:
        if isinstance(value, pikepdf.String) and str(value).strip():
            yield _cut(str(value))


def _array(value: Any) -> Iterable[Any]:
    return islice(value, MOST_TEXTS) if isinstance(value, pikepdf.Array) else ()


def _bookmarks(pdf: pikepdf.Pdf) -> Iterator[str]:
    with pdf.open_outline(max_depth=MOST_DEPTH) as outline:
        waiting = list(reversed(outline.root))
        while waiting:
            item = waiting.pop()
            yield _cut(item.title)
            waiting += reversed(item.children)


def _cut(text: str) -> str:
    """The text as a table can hold it: no lone surrogates, not endless."""
    return text[:MOST_LETTERS].encode("utf-8", errors="replace").decode("utf-8")
