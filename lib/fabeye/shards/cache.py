"""Unpacked shards on this machine's disk: fetched when first needed, checked, and dropped again when space is short.

Notable:
- Shards lie in a local folder or in S3 and are fetched by Streaming's own stream: with retries, checked against their
  sha256, unpacked under another name and renamed. A shard that fails the check is fetched once more; then it is
  unpacked as it is, and the checksums of its samples say which of them are damaged.
- Many processes share one cache. A shard is prepared under a lock of its own; the least recently used shards go first
  when the bound is reached. Whoever meets a shard that has just gone fetches it again.
- Shards that lie in a local folder uncompressed are read where they lie.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .index import ShardsError, read_shard_entries
from .mds import MDSReader, Stream
from .writer import HASH

RETRIES = 3  # times a download is tried again
TIMEOUT_S = 300.0  # of one download of a shard
CHECKS: tuple[str | None, ...] = (HASH, HASH, None)  # of a fetched shard, try after try


class LostShardError(Exception):
    """A shard cannot be unpacked, so none of its samples can be read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the shards lie, and where they are unpacked.

    remote: the folder above the sources, a path or s3://bucket/prefix. cache: folder on this machine's disk, shared by
    its processes. limit: bytes of unpacked shards that it may hold.
    """

    remote: str
    cache: Path
    limit: int

    def check(self, shards: Path, sources: Sequence[str], split: str, window: int) -> None:
        """Raise ShardsError when the cache cannot hold the two windows of every source that are in use at once."""
        need = 0
        for source in sources:
            sizes = [shard["raw_data"]["bytes"] for shard in read_shard_entries(shards / source / split)]
            need += sum(sorted(sizes, reverse=True)[: 2 * window])
        if need > self.limit:
            raise ShardsError(
                f"a cache of {self.limit / 2**30:.2f} GiB cannot hold the {need / 2**30:.2f} GiB of shards that are in "
                f"use at once; raise pretrain.data.cache_gib or lower pretrain.window"
            )


class ShardFiles:
    """The shards of one split's folder. Not to be shared between processes: each opens its own."""

    def __init__(self, folder: Path, name: str, place: Place):
        """name: "<source>/<split>", where the shards lie below the remote. Raises ShardsError for a bad index."""
        shards = read_shard_entries(folder)
        remote = f"{place.remote.rstrip('/')}/{name}"
        said = json.dumps(shards, sort_keys=True)
        digest = hashlib.sha256(said.encode()).hexdigest()[:12]  # other shards never meet in the same folder
        self._limit, self._cache = place.limit, place.cache
        self._in_place = "://" not in remote and not any(shard["zip_data"] for shard in shards)
        self._local = Path(remote) if self._in_place else place.cache / f"{name.replace('/', '-')}-{digest}"
        self._stream = Stream(
            remote=remote,
            local=str(self._local),
            download_retry=RETRIES,
            download_timeout=TIMEOUT_S,
            keep_zip=False,
        )
        self._readers = [MDSReader.from_json(str(self._local), "", shard) for shard in shards]
        self.sizes = [reader.samples for reader in self._readers]
        self.raw_bytes = [reader.raw_data.bytes for reader in self._readers]
        for reader in self._readers:
            reader.validate(allow_unsafe_types=False)

    def record(self, shard: int, at: int) -> dict[str, object]:
        """Sample `at` of a shard, not checked. Raises LostShardError, or whatever a damaged record makes of itself."""
        reader = self._readers[shard]
        path = self._local / reader.raw_data.basename
        while True:
            try:
                if not self._in_place:
                    os.utime(path)  # the least recently used go first
                return reader.decode_sample(reader.get_sample_data(at))
            except FileNotFoundError as error:
                if self._in_place:
                    raise self._unfetched(shard, error) from error
                self._prepare(shard, path)

    def shard_name(self, shard: int) -> str:
        """Name of the shard's file, as its index has it."""
        reader = self._readers[shard]
        return str((reader.zip_data or reader.raw_data).basename)

    def _prepare(self, shard: int, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_suffix(".lock")):
            if path.is_file():
                return
            self._make_room(self.raw_bytes[shard])
            self._fetch(shard)

    def _fetch(self, shard: int) -> None:
        reader, failure = self._readers[shard], ""
        fetched = self._local / (reader.zip_data or reader.raw_data).basename
        for check in CHECKS:
            self._stream.validate_hash = check
            try:
                self._stream.prepare_shard(reader)
                return
            except Exception as error:  # of a network, of a checksum, of whichever library unpacks
                if isinstance(error, OSError) or not fetched.exists():
                    raise self._unfetched(shard, error) from error
                reader.evict()
                failure = str(error)
        raise LostShardError(failure)

    def _unfetched(self, shard: int, error: Exception) -> ShardsError:
        return ShardsError(
            f"{self._stream.remote}/{self.shard_name(shard)} cannot be fetched or unpacked ({error}); "
            f"bring the shards there, correct pretrain.data.remote, or make room in {self._cache}"
        )

    def _make_room(self, need: int) -> None:
        with _locked(self._cache / "room.lock"):
            files = sorted(_last_used(self._cache.rglob("*.mds")))
            held = sum(size for _, size, _ in files)
            for _, size, path in files:
                if held + need <= self._limit:
                    return
                path.unlink(missing_ok=True)
                held -= size


def _last_used(files: Iterable[Path]) -> Iterator[tuple[float, int, Path]]:
    """Time of the last use, bytes and path of each file that is still there."""
    for path in files:
        with suppress(FileNotFoundError):
            found = path.stat()
            yield found.st_mtime, found.st_size, path


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a file's lock; the system releases it when the process ends, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
