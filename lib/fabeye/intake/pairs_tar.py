"""WebDataset: a tar whose neighbouring members of one name (0001.jpg, 0001.txt, 0001.json) are one picture's.

Notable:
- The archive is walked once, header by header; after that each batch reads its own members by their place, so one
  archive is read by all workers at once and nothing is ever unpacked to disk.
- tarfile takes a damaged header for the end; that the end is really one is checked here.
"""

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fabeye.intake.file_pages import ReadError
from fabeye.intake.raw_pairs import BATCH, Index, RawPair, Refused, text_in

PICTURES = ("jpg", "jpeg", "png", "webp")
CAPTION, FACTS = "txt", "json"
MOST_SAMPLES = 1_000_000  # of one archive; img2dataset writes 10,000
MOST_BYTES = 64 * 2**20  # of one member: a picture of any use is smaller


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture's members: suffix -> (offset, size) in bytes; `flaw` says why it must not be read."""

    key: str
    members: dict[str, tuple[int, int]]
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class TarBatch:
    """Some neighbouring samples of an archive; first: place of the first of them."""

    path: Path
    first: int
    samples: tuple[Sample, ...]

    def singles(self) -> "list[TarBatch]":
        """The same samples, each in a batch of its own."""
        each = enumerate(self.samples, self.first)
        return [replace(self, first=place, samples=(sample,)) for place, sample in each]

    def begins(self) -> tuple[int, str]:
        """Place and name of the first sample."""
        return self.first, self.samples[0].key

    def read(self) -> Iterator[RawPair | Refused]:
        """The samples' content, undecoded. Raises OSError."""
        with self.path.open("rb") as file:
            for place, sample in enumerate(self.samples, self.first):
                if sample.flaw:
                    yield Refused(place, sample.key, sample.flaw)
                else:
                    yield _raw_pair(place, sample, {key: _slice(file, *at) for key, at in sample.members.items()})


def index_tar(path: Path) -> Index:
    """The archive's batches. Raises ReadError when it is no tar, or has more samples than any honest one."""
    samples: list[Sample] = []
    try:
        with tarfile.open(path, "r:", errors="replace") as archive:
            for member in _members(archive):
                _sort_in(member, samples)
            cut = "" if _is_end(path, archive.offset) else "the archive is damaged or cut short"
    except (tarfile.TarError, ValueError) as error:
        if not samples:
            raise ReadError(f"the tar archive is damaged or cut short ({error}); copy it again") from error
        cut = "the archive is damaged or cut short"
    after = f"{cut} after {samples[-1].key!r}; copy it again" if cut and samples else cut
    starts = range(0, len(samples), BATCH)
    return Index([TarBatch(path, start, tuple(samples[start : start + BATCH])) for start in starts], after)


def _members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while (member := archive.next()) is not None:
        archive.members = []  # type: ignore[attr-defined]  # or it would remember every one of them
        if not member.isdir():
            yield member


def _sort_in(member: tarfile.TarInfo, samples: list[Sample]) -> None:
    """Put a member to its sample: the last one, if it has the same key, or a new one."""
    folder, _, name = member.name.rpartition("/")
    stem, _, suffix = name.partition(".")
    key = f"{folder}/{stem}" if folder else stem
    if not samples or samples[-1].key != key:
        if len(samples) == MOST_SAMPLES:
            raise ReadError(f"the archive has more than {MOST_SAMPLES} pictures; split it")
        samples.append(Sample(key, {}))
    if flaw := _flaw(member):
        samples[-1] = replace(samples[-1], flaw=flaw)
    elif suffix.lower() in (*PICTURES, CAPTION, FACTS):
        samples[-1].members.setdefault(suffix.lower(), (member.offset_data, member.size))


def _flaw(member: tarfile.TarInfo) -> str:
    if member.issparse() or not member.isreg():
        return "the member is a link, a device or a file with holes"
    if member.size > MOST_BYTES:
        return f"the member has {member.size} bytes, it may have {MOST_BYTES} at most"
    return ""


def _is_end(path: Path, offset: int) -> bool:
    """Whether an archive's end mark, a block of zeros, stands at `offset`."""
    with path.open("rb") as file:
        return _slice(file, offset, tarfile.BLOCKSIZE) == bytes(tarfile.BLOCKSIZE)


def _slice(file: Any, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)


def _raw_pair(place: int, sample: Sample, content: dict[str, bytes]) -> RawPair | Refused:
    picture = next((content[suffix] for suffix in PICTURES if suffix in content), b"")
    try:
        facts = json.loads(content.get(FACTS, b"{}"))
        caption = content[CAPTION].decode("utf-8") if CAPTION in content else text_in(facts, "caption")
    except (ValueError, RecursionError) as error:
        return Refused(place, sample.key, f"its caption or its JSON cannot be read ({type(error).__name__})")
    return RawPair(place, sample.key, picture, caption, text_in(facts, "url"), text_in(facts, "license", "licence"))
