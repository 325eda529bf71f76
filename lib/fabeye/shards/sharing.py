"""Turn-taking for Streaming's shared memory, so that several runs live on one machine.

Notable:
- Streaming numbers its shared memory 0, 1, 2, ... and takes the first free number without a lock: two runs that start
  together could take the same one. A lock file lets them do so one after the other.
- What killed runs left behind is cleared only when no other run lives, since the clearing takes everyone's.
  A living run is known by a shared lock that the system releases when it ends, however it ends.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from streaming.base.util import clean_stale_shared_memory
from streaming.base.world import World

_alive: IO[bytes] | None = None  # held open, and so locked, for as long as this process lives


@contextmanager
def shared_memory_turn() -> Iterator[None]:
    """Hold while a StreamingDataset is made. Only a machine's first process waits and clears; the others follow it."""
    if not World.detect().is_local_leader:
        yield
        return
    with _lock_file("turn").open("ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _say_alive()
        yield


def _say_alive() -> None:
    global _alive
    if _alive is not None:
        return
    _alive = _lock_file("alive").open("ab")
    try:
        fcntl.flock(_alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        clean_stale_shared_memory()
    except BlockingIOError:
        pass  # somebody else is alive: leave the memory alone
    fcntl.flock(_alive, fcntl.LOCK_SH)


def _lock_file(name: str) -> Path:
    return Path(tempfile.gettempdir()) / f"fabeye-{os.getuid()}-streams-{name}.lock"
