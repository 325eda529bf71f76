"""A SQLite file in which long work keeps what is done, so that a killed run goes on where it was.

Notable:
- A row is there whole or not at all, also after kill -9.
- One run at a time holds the file; a second one is told so at once.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from fabeye.errors import FabeyeError

PAGE_BYTES = 16384  # of SQLite's own pages: a picture takes tens of them, not hundreds
SETUP = f"""
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA page_size = {PAGE_BYTES};
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
"""


class LedgerError(FabeyeError):
    """The ledger is damaged, or another run holds it; the text says what to do."""


class LedgerFile:
    """An open ledger; a subclass says what its rows are."""

    def __init__(self, path: Path, tables: str) -> None:
        """Open the file, or begin one with `tables` (SQL). Raises LedgerError, OSError when the disk is full."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self._named_errors():
            self._database = sqlite3.connect(self._path, timeout=0, isolation_level=None)
            self._database.executescript(SETUP + tables)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = (error.sqlite_errorcode or 0) & 0xFF  # the primary result code
            if code == sqlite3.SQLITE_FULL:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path)) from error
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise LedgerError(f"another run is using {self._path}; wait for it, or stop it") from error
            raise LedgerError(f"{self._path} is damaged ({error}); delete it and run again") from error
