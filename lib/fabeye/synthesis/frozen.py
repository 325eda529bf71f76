"""The frozen evaluation set: its hashes, and whether this machine still makes the same documents.

Notable:
- Two hashes a document: of its file, and of what is known to stand on its pages. They are committed, so a change of the
  generator, of a font or of a library that touches the set is seen before anybody compares scores across it.
- Checking a sample spread over the whole set costs seconds; checking everything costs as much as making it.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from fabeye.engine import run
from fabeye.errors import FabeyeError
from fabeye.progress import Progress
from fabeye.settings import CorpusSettings, EngineSettings
from fabeye.synthesis.orders import Order, ordered, whole_set
from fabeye.synthesis.writing import Job, document_and_rows
from fabeye.tables import write_json

Hashes = dict[str, list[str]]  # file name -> [sha256 of the file, sha256 of its truth]


class FrozenError(FabeyeError):
    """The frozen set cannot be checked, or is not what it was; the text names the first document that differs."""


def freeze(settings: CorpusSettings, engine: EngineSettings, path: Path) -> int:
    """Write the hashes of every document of the frozen set to `path`; returns their number."""
    found = hashes(ordered(whole_set(settings)), settings, engine)
    write_json(path, {"version": settings.gold.version if settings.gold else "", "documents": found})
    return len(found)


def verify(settings: CorpusSettings, engine: EngineSettings, path: Path, sample: int = 0) -> int:
    """Make `sample` documents spread over the set (0: all of them) and compare; returns how many were compared.

    Raises FrozenError where one differs or where the list at `path` is not that of this set.
    """
    orders, known = ordered(whole_set(settings)), read_hashes(path)
    if set(known) != {order.name for order in orders}:
        raise FrozenError(
            f"{path} is not the list of the set that corpus.gold describes; `fabeye gold freeze` writes it"
        )
    chosen = orders[:: max(1, len(orders) // sample)][:sample] if sample else orders
    for name, found in hashes(chosen, settings, engine).items():
        if found != known[name]:
            what = "file" if found[0] != known[name][0] else "truth"
            raise FrozenError(f"the {what} of {name} is not the one that {path} froze; scores on it cannot be compared")
    return len(chosen)


def read_hashes(path: Path) -> Hashes:
    """The committed hashes. Raises FrozenError."""
    try:
        documents: Hashes = json.loads(path.read_text(encoding="utf-8"))["documents"]
    except (OSError, ValueError, KeyError) as error:
        raise FrozenError(f"{path} cannot be read ({error!r}); `git checkout {path.name}` brings it back") from error
    return documents


def hashes(orders: Sequence[Order], settings: CorpusSettings, engine: EngineSettings) -> Hashes:
    """The two hashes of each document, made anew. Raises FrozenError where one cannot be made."""
    progress, found = Progress("frozen set", len(orders)), {}
    jobs = (Job(order, settings, Path()) for order in orders)
    for order, outcome in zip(orders, run(hashes_of, jobs, engine), strict=True):
        if outcome.value is None:
            raise FrozenError(outcome.sentence(order.name, engine))
        found[order.name] = outcome.value
        progress.advance()
    return found


def hashes_of(job: Job) -> list[str]:
    """The hashes of one document, in a worker."""
    return [hashlib.sha256(part).hexdigest() for part in document_and_rows(job.order, job.settings)]
