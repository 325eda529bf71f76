"""What runs in a worker process of the teacher, and the small files in which it keeps what it has read."""

import json
from dataclasses import astuple
from pathlib import Path

from fabeye.ocr import Line, TextRecogniser
from fabeye.parsing.rapid import read_lines
from fabeye.tables import write_json

_recogniser: TextRecogniser | None = None  # one a process, loaded once


def start(threads: int) -> None:
    """Load the recogniser; the process pool calls this in each new worker."""
    global _recogniser
    _recogniser = TextRecogniser(threads)


def read(image: bytes, kept: Path) -> None:
    """Read one page's picture (PNG bytes) and keep its lines in the file `kept`."""
    if _recogniser is None:
        raise RuntimeError("start() loads the recogniser before the first page")
    save_reading(kept, read_lines(image, _recogniser))


def save_reading(path: Path, lines: list[Line]) -> None:
    """Keep the lines of one page; the file appears whole or not at all."""
    write_json(path, [astuple(line) for line in lines])


def load_reading(path: Path) -> list[Line] | None:
    """The lines kept for one page, or None where there are none or the file is damaged."""
    try:
        return [Line(*values) for values in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return None
