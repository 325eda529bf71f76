"""What the intake has read so far, kept so that a killed run goes on where it was.

Notable:
- One SQLite file, however many pages: a row is there whole or not at all, also after kill -9.
- A page is known by its file's fingerprint and by what it was read with, never by its file's name: a document that was
  renamed, or is one of many to which others were added, is not read again.
- The folder may be deleted at any time between runs; only time is lost.
"""

import json
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

from fabeye.intake.file_pages import BadPage, GoodPage
from fabeye.intake.worker import METADATA, Metadata
from fabeye.ledger import LedgerFile

FILE = "intake.sqlite"
TABLES = """
CREATE TABLE IF NOT EXISTS parts (file TEXT, number INTEGER, facts TEXT, image BLOB, PRIMARY KEY (file, number));
"""
ReadPart = GoodPage | BadPage | Metadata


class Ledger(LedgerFile):
    """Parts of files by the file's key and the part's number; one run at a time."""

    def __init__(self, folder: Path) -> None:
        """Open the ledger in `folder`, or begin one. Raises LedgerError, OSError when the disk is full."""
        super().__init__(folder / FILE, TABLES)

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
