"""What the app reads: tables, pages and encoders, each kept while the file it came from stays the same.

Notable:
- A cache entry's key holds the time its table's manifest was written, so a rerun of the pipeline shows up by itself.
- Ids and checkpoint names that come from the browser are looked up among the known ones; no path is made of them.
- Memory is bounded: a few pages, a few patch grids, two encoders.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from PIL import Image

from app.similarity import PatchGrid, encode_page
from fabeye.errors import FabeyeError
from fabeye.model import CheckpointError, PretrainModel, VisionEncoder, from_pretrained
from fabeye.paths import Paths
from fabeye.reporting.drawing import open_picture
from fabeye.reporting.inputs import read_documents, read_elements, read_keys, read_page
from fabeye.schema import Document, Element
from fabeye.settings import STAGES
from fabeye.shards.tokenizer import TOKENIZER

KEPT_TABLES, KEPT_PAGES, KEPT_GRIDS, KEPT_ENCODERS = 16, 8, 8, 2
ENCODER_THREADS = 2  # of the processor; the app shares it with people's other work


class AppError(FabeyeError):
    """The browser asked for something that is not there; the text says what."""


class Library:
    """One project's documents, pages, elements and encoders, read when first asked for."""

    def __init__(self, paths: Paths):
        self.paths = paths
        self._encoding = Lock()  # one page at a time: two passes at once would only slow each other down
        self._tables = Kept(KEPT_TABLES)
        self._pages = Kept(KEPT_PAGES)
        self._encoders = Kept(KEPT_ENCODERS)
        self._grids = Kept(KEPT_GRIDS)

    def documents(self) -> list[Document]:
        """All documents by family, language and path. Raises FabeyeError when there is no corpus."""
        table = self.paths.curated / "documents"
        return self._tables.get(
            (str(table), _stamp(table)), lambda: sorted(read_documents(self.paths.curated), key=_shelf)
        )

    def page_ids(self, document_id: str) -> list[str]:
        """Ids of a document's pages in order; empty for a document that is not known."""
        table = self.paths.curated / "pages"
        return self._tables.get((str(table), _stamp(table)), lambda: _pages_by_document(table)).get(document_id, [])

    def picture(self, page_id: str) -> Image.Image:
        """A page's picture, RGB. Raises FabeyeError for a page that is not known."""
        key = (page_id, _stamp(self.paths.curated / "pages"))
        return self._pages.get(key, lambda: open_picture(read_page(self.paths.curated, page_id).image))

    def elements(self, page_id: str, kind: str) -> list[Element]:
        """A page's elements: `truth`, `truth_lines` or `parse`; empty where nobody has said anything."""
        table = self.paths.parses / "elements" if kind == "parse" else self.paths.curated / "truth"
        if not _stamp(table):
            return []
        found = self._tables.get((str(table), page_id, _stamp(table)), lambda: read_elements(table, page_id))
        return [each for each in found if kind == "parse" or (each.level == "block") == (kind == "truth")]

    def has_parses(self) -> bool:
        """Whether the teacher has read anything."""
        return _stamp(self.paths.parses / "elements") > 0

    def checkpoints(self) -> list[str]:
        """Names of the weights that come with the project, then of the stages whose encoder is there, latest first."""
        trained = [stage for stage in reversed(STAGES) if (self._encoder_folder(stage) / "config.json").is_file()]
        return sorted(path.parent.name for path in self.paths.pretrained.glob(f"*/{TOKENIZER}")) + trained

    def grid(self, checkpoint: str, page_id: str) -> PatchGrid:
        """A page's patch vectors by a checkpoint. Raises FabeyeError when either is not there."""
        encoder, picture = self._encoder(checkpoint), self.picture(page_id)
        with self._encoding:
            key = (self._encoder_stamp(checkpoint), page_id, _stamp(self.paths.curated / "pages"))
            return self._grids.get(key, lambda: encode_page(encoder, picture))

    def _encoder(self, checkpoint: str) -> VisionEncoder:
        if checkpoint not in self.checkpoints():
            raise AppError(f"there is no checkpoint {checkpoint!r}; run `dvc repro pretrain@native` to train it")
        return self._encoders.get(self._encoder_stamp(checkpoint), lambda: _load(self._encoder_folder(checkpoint)))

    def _encoder_folder(self, name: str) -> Path:
        return self.paths.checkpoints / name / "encoder" if name in STAGES else self.paths.pretrained / name

    def _encoder_stamp(self, stage: str) -> tuple[str, int]:
        return stage, _modified(self._encoder_folder(stage) / "model.safetensors")


class Kept:
    """The last few results by key; making one twice at the same time is allowed, and harmless."""

    def __init__(self, size: int):
        self.size = size
        self._lock = Lock()
        self._results: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The result kept under `key`, or what `make` makes now; a failure is not kept."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        result = make()
        with self._lock:
            self._results[key] = result
            while len(self._results) > self.size:
                self._results.popitem(last=False)
        return result


def _load(folder: Path) -> VisionEncoder:
    torch.set_num_threads(ENCODER_THREADS)
    try:
        if (folder / TOKENIZER).is_file():  # a whole model, which can read
            return from_pretrained(PretrainModel, folder).encoder
        return from_pretrained(VisionEncoder, folder)
    except CheckpointError as error:
        raise AppError(str(error)) from error


def _shelf(document: Document) -> tuple[str, str, str]:
    return document.family, document.language, document.path


def _pages_by_document(table: Path) -> dict[str, list[str]]:
    pages: dict[str, list[str]] = {}
    for row in read_keys(table, "page_id", "document_id"):
        pages.setdefault(row["document_id"], []).append(row["page_id"])
    return {document_id: sorted(ids) for document_id, ids in pages.items()}


def _stamp(table: Path) -> int:
    """When a table was written, in nanoseconds; 0 where there is none."""
    return _modified(table / "manifest.json")


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
