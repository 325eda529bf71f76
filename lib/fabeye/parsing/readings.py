"""What teachers have read so far, kept so that a killed run goes on where it was.

A reading is known by the teacher, all that decides what it reads, and the page's content: neither another name of a
page nor another teacher beside it makes anything be read again. The folder may be deleted between runs.
"""

import hashlib
import json
from pathlib import Path

from fabeye.ledger import LedgerFile
from fabeye.parsing.teacher import Raw, Teacher
from fabeye.schema import Page

FILE = "readings.sqlite"
TABLES = "CREATE TABLE IF NOT EXISTS readings (key TEXT PRIMARY KEY, raw TEXT);"


class Readings(LedgerFile):
    """Readings by their keys."""

    def __init__(self, folder: Path) -> None:
        """Open the ledger in `folder`, or begin one. Raises LedgerError, OSError when the disk is full."""
        super().__init__(folder / FILE, TABLES)

    def add(self, key: str, raw: Raw) -> None:
        """Keep one reading; once this returns no kill can lose it."""
        with self._named_errors():
            self._database.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", (key, raw))

    def get(self, key: str) -> Raw | None:
        """One reading, or None where it is not kept."""
        with self._named_errors():
            row = self._database.execute("SELECT raw FROM readings WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def __contains__(self, key: str) -> bool:
        with self._named_errors():
            return self._database.execute("SELECT 1 FROM readings WHERE key = ?", (key,)).fetchone() is not None


def reading_key(teacher: Teacher, page: Page) -> str:
    """Name of what this teacher reads on this page: hex digits."""
    who = json.dumps([teacher.source, teacher.parameters()], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(who.encode() + hashlib.sha256(teacher.key(page)).digest()).hexdigest()
