"""What recognition has read so far, kept so that a killed run reads no page twice.

Notable:
- One SQLite file, however many pages; only the main process writes it, so workers may be anywhere.
- A page is known by its pixels, its text layer and the recogniser, never by its name.
- It holds clear text, as the corpus itself does. The folder may be deleted between runs; only time is lost.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from pathlib import Path

from fabeye.intake.redaction.reading import VERSION, Reading
from fabeye.intake.redaction.runs import Run
from fabeye.ledger import LedgerFile
from fabeye.ocr import ENGINE
from fabeye.schema import Page

FILE = "readings.sqlite"
TABLES = "CREATE TABLE IF NOT EXISTS readings (page TEXT PRIMARY KEY, said BLOB);"
PIXEL_DIGITS = 1  # of the letters' boxes


class Readings(LedgerFile):
    """Readings by the pages' fingerprints; one run at a time."""

    def __init__(self, folder: Path, purpose: str) -> None:
        """Open the file in `folder`, or begin one. purpose: what pages are read for, and how, in any words.

        Raises LedgerError, OSError when the disk is full.
        """
        super().__init__(folder / FILE, TABLES)
        self._purpose = purpose

    def key(self, page: Page) -> str:
        """A page's fingerprint."""
        said = f"{ENGINE} {VERSION} {self._purpose} {page.characters} {page.text_layer} "
        return hashlib.sha256(said.encode() + page.image).hexdigest()

    def add(self, key: str, reading: Reading) -> None:
        """Keep a reading; once this returns no kill can lose it."""
        said = {"layered": reading.layered, "inked": reading.inked, "runs": [_row(run) for run in reading.runs]}
        packed = zlib.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())
        with self._named_errors():
            self._database.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", (key, packed))

    def get(self, key: str) -> Reading | None:
        """A reading, or None where there is none."""
        with self._named_errors():
            row = self._database.execute("SELECT said FROM readings WHERE page = ?", (key,)).fetchone()
        if row is None:
            return None
        said = json.loads(zlib.decompress(row[0]))
        return Reading(tuple(_run(*one) for one in said["runs"]), said["layered"], said["inked"])


def _row(run: Run) -> tuple[str, list[list[float]], float]:
    return run.text, [[round(edge, PIXEL_DIGITS) for edge in box] for box in run.boxes], run.score


def _run(text: str, boxes: Sequence[Sequence[float]], score: float) -> Run:
    return Run(text, tuple((x0, y0, x1, y1) for x0, y0, x1, y1 in boxes), score, recognised=True)
