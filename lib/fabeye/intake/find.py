"""Which files lie in data/raw, and which of them are out of place.

Notable:
- Every file comes back, also one that cannot be taken in: what is never listed is silently lost.
- A file's layer and family are its first two folders, data/raw/<layer>/<family>/..., however deep it lies below.
- Links that lead out of data/raw are refused: a folder of documents must not become a window on the whole disk.
- What a SOURCES.yaml says of a file comes with it; where that cannot be read, the folder's files are refused, as they
  might be more secret than the default.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from fabeye.intake.tags import TAGS_FILE, TagReader
from fabeye.schema import Incoming, Layer

UNKNOWN_LANGUAGE = "und"
BOOKKEEPING = (".dvc", TAGS_FILE)  # ends of the names of files that are about the data, not data
LAYERS = tuple(layer.value for layer in Layer)


def find_files(raw: Path, root: Path) -> list[Incoming]:
    """Files below `raw`, sorted by name; hidden ones and DVC's own are left out, links to folders are not followed.

    A file that is out of place comes back with layer and family "", and `refusal` says what is wrong with it.
    """
    tags = TagReader(raw)
    found = [_incoming(path, raw, root, tags) for path in _walk(raw)]
    return sorted(found, key=lambda incoming: incoming.name)


def refusal(incoming: Incoming) -> str | None:
    """Why a file is not even opened, as one sentence, or None where it may be."""
    if incoming.layer and incoming.path.is_file():
        return incoming.objection or None
    if incoming.path.is_symlink():
        return "this is a link to a folder, to nothing or to a place outside data/raw; copy the files themselves there"
    if not incoming.path.is_file():
        return "this is not a regular file"
    return f"the file lies outside data/raw/<layer>/<family>/, where <layer> is {' or '.join(LAYERS)}; move it there"


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        for name in [*files, *links]:
            if not name.startswith(".") and not name.endswith(BOOKKEEPING):
                yield Path(here) / name


def _incoming(path: Path, raw: Path, root: Path, reader: TagReader) -> Incoming:
    parts = path.relative_to(raw).parts
    placed = len(parts) >= 3 and parts[0] in LAYERS and _real(path).is_relative_to(_real(raw))
    tags, objection = reader.tags_of(path)
    return Incoming(
        path=path,
        name=_printable(path.relative_to(root)),
        layer=parts[0] if placed else "",
        family=_printable(Path(parts[1])) if placed else "",
        language=tags.language or UNKNOWN_LANGUAGE,
        split="",
        generated=False,
        licence=tags.licence,
        confidentiality=tags.confidentiality,
        objection=objection,
    )


def _real(path: Path) -> Path:
    """Where a path leads; unlike Path.resolve() it bears a link to itself."""
    return Path(os.path.realpath(path))


def _printable(path: Path) -> str:
    """The path with forward slashes; bytes that are no UTF-8 become U+FFFD, as a table cannot hold them."""
    return os.fsencode(path.as_posix()).decode("utf-8", errors="replace")
