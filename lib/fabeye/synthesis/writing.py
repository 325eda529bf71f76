"""All documents that the settings ask for, made in parallel, written down in order.

Notable:
- Each finished document lies in the work folder as its PDF and, written last, the rows of its truth; a run that was
  killed leaves at most half of the documents it was just making, and the next one makes only what is missing.
- The work folder is named after everything a document depends on: settings, the generator's own source and the
  libraries that write the file. Nothing stale is ever taken for finished.
- Tables are written from the finished rows in order, one document in memory at a time, so they do not depend on how
  many workers there were.
"""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from fabeye.engine import run
from fabeye.errors import FabeyeError
from fabeye.progress import Progress
from fabeye.schema import OUR_LICENCE, Element, Entity, Incoming, Origin
from fabeye.settings import CorpusSettings, EngineSettings
from fabeye.synthesis.generate import generate_document, layer_of
from fabeye.synthesis.orders import Order, finish_of, ordered, seed_of
from fabeye.synthesis.rows import elements, entities, origins
from fabeye.tables import write_table

ROWS_PER_PART = 20_000  # an element's row has no picture, some hundred bytes
# what a document depends on: of the package, and of libraries
SOURCES = ("synthesis", "degrade.py", "geometry.py", "processor.py", "schema.py")
LIBRARIES = ("typst", "pikepdf", "pypdfium2", "opencv-python-headless", "numpy", "matplotlib", "mplfonts")
ROWS = ".rows"  # suffix of the file that says a document is finished
NOUNS = {"truth": Element, "entities": Entity, "origins": Origin}  # table -> noun


class GenerationError(FabeyeError):
    """A document could not be made; the text names it and says how to make it alone."""


@dataclass(frozen=True, slots=True)
class Job:
    """One document to be made, and the folder where it is finished."""

    order: Order
    settings: CorpusSettings
    folder: Path


def write_documents(
    settings: CorpusSettings, engine: EngineSettings, out: Path, work: Path, root: Path
) -> list[Incoming]:
    """Write all documents as <out>/generated/<family>/<name>.pdf and the tables truth, entities and origins in `out`.

    work: folder of documents that an interrupted run has finished; may be deleted at any time. root: the folder that
    the returned names are relative to. Raises GenerationError, OSError when the disk is full; the tables that stood
    there are then untouched.
    """
    orders = ordered(settings)
    finished = _fresh_folder(work, fingerprint(settings))
    _make(orders, settings, engine, finished)
    for table, noun in NOUNS.items():
        write_table(out / table, noun, _rows(orders, finished, table, noun), rows_per_part=ROWS_PER_PART)
    _place(orders, finished, out / "generated")
    shutil.rmtree(work)
    return [_incoming(order, out / "generated", root) for order in orders]


def make(job: Job) -> str:
    """Make one document in a worker: its PDF, then its rows, each whole or not at all; returns the file's name."""
    pdf, rows = document_and_rows(job.order, job.settings)
    path = job.folder / job.order.name
    _write(path, pdf)
    _write(path.with_suffix(ROWS), zlib.compress(rows))
    return job.order.name


def document_and_rows(order: Order, settings: CorpusSettings) -> tuple[bytes, bytes]:
    """A document's file, and the rows of its tables as JSON."""
    seed = seed_of(order, settings)
    document = generate_document(order.family, order.language, seed, order.index, finish_of(order, settings))
    rows = {
        "truth": [asdict(row) for row in elements(document, settings.dpi)],
        "entities": [asdict(row) for row in entities(document, settings.dpi)],
        "origins": [asdict(row) for row in origins(document, order, seed, settings.dpi)],
    }
    return document.pdf, json.dumps(rows, ensure_ascii=False).encode("utf-8")


def fingerprint(settings: CorpusSettings) -> str:
    """16 hex digits that change with whatever may change a document's bytes."""
    said = settings.model_dump(include={"seed", "dpi", "finish", "gold"})
    digest = hashlib.sha256(json.dumps([said, {name: version(name) for name in LIBRARIES}]).encode())
    for name in SOURCES:
        for source in _sources(files("fabeye") / name):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _make(orders: Sequence[Order], settings: CorpusSettings, engine: EngineSettings, folder: Path) -> None:
    """Have every document made that is not finished yet."""
    progress = Progress("generate", len(orders))
    missing = [order for order in orders if not (folder / order.name).with_suffix(ROWS).is_file()]
    progress.advance(len(orders) - len(missing))
    jobs = (Job(order, settings, folder) for order in missing)
    for order, outcome in zip(missing, run(make, jobs, engine), strict=True):
        if outcome.trouble:
            raise GenerationError(_alone(order, settings, outcome.sentence("the document", engine)))
        progress.advance()


def _rows(orders: Sequence[Order], folder: Path, table: str, noun: Callable[..., Any]) -> Iterator[Any]:
    for order in orders:
        rows = json.loads(zlib.decompress((folder / order.name).with_suffix(ROWS).read_bytes()))
        yield from (noun(**row) for row in rows[table])


def _place(orders: Sequence[Order], finished: Path, folder: Path) -> None:
    """Bring the PDFs to their families' folders; those that stood there go."""
    draft = folder.with_name(folder.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    for order in orders:
        (draft / order.family).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(finished / order.name, draft / order.family / order.name)
    shutil.rmtree(folder, ignore_errors=True)
    draft.mkdir(parents=True, exist_ok=True)
    os.replace(draft, folder)


def _fresh_folder(work: Path, name: str) -> Path:
    """The work folder for this fingerprint; those of other settings or other source go."""
    folder = work / name
    for stale in work.glob("*"):
        if stale != folder:
            shutil.rmtree(stale, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.write_bytes(content)
    os.replace(draft, path)


def _sources(place: Traversable) -> Iterator[Traversable]:
    """The source files at or below a place, by name."""
    if place.is_file():
        yield place
        return
    for inner in sorted(place.iterdir(), key=lambda one: one.name):
        if inner.is_dir() or inner.name.endswith((".py", ".typ")):
            yield from _sources(inner)


def _alone(order: Order, settings: CorpusSettings, reason: str) -> str:
    command = f"generate_document({order.family!r}, {order.language!r}, {seed_of(order, settings)}, {order.index})"
    return f"{order.name} could not be made: {reason}; `{command}` makes it alone, the finished ones are kept"


def _incoming(order: Order, folder: Path, root: Path) -> Incoming:
    path = folder / order.family / order.name
    return Incoming(
        path=path,
        name=path.relative_to(root).as_posix(),
        layer=layer_of(order.family).value,
        family=order.family,
        language=order.language,
        split=order.split.value,
        generated=True,
        licence=OUR_LICENCE,
    )
