"""What runs in a worker process of the intake: one file in, its good pages spilled to disk.

Notable:
- The spill is a PNG and a small JSON file a page, not a table: pyarrow brings pandas with it, two seconds in which a
  worker would do nothing. For the same reason neither settings nor the process pool are imported here.
- The spill lives for one run only and is read by the parent of the process that wrote it.
"""

import hashlib
import json
import resource
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from fabeye.intake.readers import BadPage, GoodPage, ReadError, read_pages

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Taken:
    """What a worker says of one file; `numbers` are those of the good pages, which lie in its spill folder."""

    sha256: str
    numbers: list[int]
    bad_pages: list[BadPage]


def limit_memory(mib: int) -> None:
    """Let this process have `mib` MiB of address space at most; beyond it allocation fails."""
    resource.setrlimit(resource.RLIMIT_AS, (mib * MIB, mib * MIB))


def take_in(path: Path, spill: Path, dpi: int, max_side: int) -> Taken:
    """Read one file, one page in memory at a time, and spill its good pages. Raises ReadError."""
    taken = Taken(_sha256(path), [], [])
    spill.mkdir(parents=True)
    for page in read_pages(path, dpi, max_side):
        if isinstance(page, BadPage):
            taken.bad_pages.append(page)
        else:
            _spill(page, spill)
            taken.numbers.append(page.number)
    return taken


def spilled(spill: Path, numbers: list[int]) -> Iterator[GoodPage]:
    """The pages that a worker has spilled, one in memory at a time."""
    for number in numbers:
        rest = json.loads((spill / f"{number}.json").read_text(encoding="utf-8"))
        yield GoodPage(image=(spill / f"{number}.png").read_bytes(), **rest)


def _spill(page: GoodPage, spill: Path) -> None:
    rest = asdict(page)
    (spill / f"{page.number}.png").write_bytes(rest.pop("image"))
    (spill / f"{page.number}.json").write_text(json.dumps(rest), encoding="utf-8")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReadError(f"the file cannot be opened: {error.strerror}") from error
