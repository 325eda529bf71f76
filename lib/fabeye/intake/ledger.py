"""What the intake has read so far, kept so that a killed run goes on where it was.

Notable:
- One SQLite file, however many pages: a row is there whole or not at all, also after kill -9.
- A page is known by its file's fingerprint and by what it was read with, never by its file's name: a document that was
  renamed, or is one of many to which others were added, is not read again.
- The folder may be deleted at any time between runs; only time is lost.
"""

import errno
import json
import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from fabeye.errors import FabeyeError
from fabeye.intake.readers import BadPage, GoodPage
from fabeye.intake.worker import METADATA, Metadata

FILE = "intake.sqlite"
PAGE_BYTES = 16384  # of SQLite's own pages: a picture takes tens of them, not hundreds
SETUP = f"""
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA page_size = {PAGE_BYTES};
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS parts (file TEXT, number INTEGER, facts TEXT, image BLOB, PRIMARY KEY (file, number));
"""
ReadPart = GoodPage | BadPage | Metadata


class LedgerError(FabeyeError):
    """The ledger is damaged, or another run holds it; the text says what to do."""


class Ledger:
    """Parts of files by the file's key and the part's number; one run at a time."""

    def __init__(self, folder: Path) -> None:
        """Open the ledger in `folder`, or begin one. Raises LedgerError, OSError when the disk is full."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / FILE
        with self._named_errors():
            self._database = sqlite3.connect(self._path, timeout=0, isolation_level=None)
            self._database.executescript(SETUP)

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, file: str, number: int, part: ReadPart) -> None:
        """Keep one part; once this returns no kill can lose it."""
        facts = asdict(part)
        image = facts.pop("image", None)
        with self._named_errors():
            self._database.execute(
                "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?)", (file, number, json.dumps(facts), image)
            )

    def numbers(self, file: str) -> set[int]:
        """Numbers of a file's parts that are kept."""
        with self._named_errors():
            return {number for (number,) in self._database.execute("SELECT number FROM parts WHERE file = ?", (file,))}

    def get(self, file: str, number: int) -> ReadPart | None:
        """One part, or None where it is not kept."""
        with self._named_errors():
            query = "SELECT facts, image FROM parts WHERE file = ? AND number = ?"
            row = self._database.execute(query, (file, number)).fetchone()
        if row is None:
            return None
        facts = json.loads(row[0])
        if number == METADATA:
            return Metadata(**facts)
        return BadPage(**facts) if row[1] is None else GoodPage(image=row[1], **facts)

    def keep_only(self, files: Collection[str]) -> None:
        """Forget the parts of all other files; their room is used for parts to come."""
        with self._named_errors():
            kept = {file for (file,) in self._database.execute("SELECT DISTINCT file FROM parts")}
            gone = [(file,) for file in sorted(kept - set(files))]
            self._database.executemany("DELETE FROM parts WHERE file = ?", gone)

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
