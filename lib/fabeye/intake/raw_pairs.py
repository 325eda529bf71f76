"""Pairs as they stand in a shard, undecoded: what the tar's and the Parquet file's readers give to pairs.py."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

BATCH = 64  # pairs of one piece of work: some MB of pictures, a second of decoding


@dataclass(frozen=True, slots=True)
class RawPair:
    """One picture's content as it stands in its shard; "" and b"" where something is missing."""

    place: int
    key: str
    image: bytes
    text: str
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A member of a shard that is broken, by its place and its name."""

    place: int
    key: str
    reason: str


class Batch(Protocol):
    """Some neighbouring pairs of one shard."""

    def singles(self) -> "Sequence[Batch]":
        """The same pairs, each in a batch of its own."""

    def begins(self) -> tuple[int, str]:
        """Place and name of its first pair."""

    def read(self) -> Iterator[RawPair | Refused]:
        """Its pairs' content, undecoded."""


@dataclass(frozen=True, slots=True)
class Index:
    """All batches of a shard, and "" or why there may be fewer than there should be."""

    batches: Sequence[Batch]
    flaw: str


def text_in(facts: Any, *names: str) -> str:
    """The first of the named entries that is a text, "" where there is none."""
    entries = facts if isinstance(facts, dict) else {}
    return next((entries[name] for name in names if isinstance(entries.get(name), str)), "")
