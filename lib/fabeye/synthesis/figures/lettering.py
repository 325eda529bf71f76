"""How wide and how high letters are in a drawing, from the fonts that the typesetter uses.

Notable:
- Widths are those of shaped text (kerning and ligatures included), as the typesetter's own SVG reader shapes it; a box
  that is computed here and the letters on the page agree within two hundredths of the letters' size.
- Chinese letters come from a CJK face and all others from the drawing's own face, each run named: left to a list of
  families, the SVG reader may show any CJK face that it finds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import matplotlib
from PIL import ImageFont

from fabeye.synthesis.markup import BARRED, OVERLINE, SCRIPT
from fabeye.synthesis.typesetting import CJK_SANS

SANS = "DejaVu Sans"
SERIF = "STIXGeneral"
FACES = (SANS, SERIF, CJK_SANS)  # faces that a drawing may be lettered in; all have Greek letters and signs
MEASURED_AT = 1000  # size at which letters are measured, so hinting is lost in rounding
ROOM = 0.02  # of the letters' size, by which a box is taller than the letters it was measured from
SCRIPT_SIZE, SUB_DROP, SUPER_RISE = 0.72, 0.22, 0.38  # of the letters' size
DROPS = {"_": SUB_DROP, "^": -SUPER_RISE}
BAR_RISE = 0.1  # of the letters' size, by which a bar lies above their ink
SPECIAL = re.compile(f"{SCRIPT.pattern}|({BARRED.pattern})")
FIRST_CJK = "\u2e80"  # letters from here on, and the brackets and signs below, are only in the CJK face
CJK_SIGNS = frozenset("℃①②③④⑤⑥⑦⑧⑨、。")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one face and size; `x` and `y` are where they start, from the start of the whole text's base line.

    bar: (width, y) of a line above the letters, None for none.
    """

    text: str
    face: str
    size: float
    x: float
    y: float
    bar: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Lettering:
    """A text laid out from (0, 0) to the right; `top` and `bottom` of its ink from its base line, y down."""

    runs: tuple[Run, ...]
    width: float
    top: float
    bottom: float


@lru_cache(maxsize=20_000)
def lettering(text: str, size: float, face: str) -> Lettering:
    """Lay out a text in markup.py's notation of scripts, such as "t_{RCD} (ns)"; lengths in the unit of `size`."""
    runs, x, top, bottom = [], 0.0, 0.0, 0.0
    for piece, level in _pieces(text):
        set_size = size * (SCRIPT_SIZE if level in DROPS else 1.0)
        drop = DROPS.get(level, 0.0) * size
        for run_face, letters in _by_face(piece, face):
            width, above, below = (length * set_size / MEASURED_AT for length in _measured(run_face, letters))
            above -= BAR_RISE * size if level == OVERLINE else 0.0
            runs.append(Run(letters, run_face, set_size, x, drop, (width, above) if level == OVERLINE else None))
            x, top, bottom = x + width, min(top, drop + above), max(bottom, drop + below)
    return Lettering(tuple(runs), x, top - ROOM * size, bottom + ROOM * size)


def text_width(text: str, size: float, face: str = SANS) -> float:
    """Width of a text in the unit of `size`."""
    return lettering(text, size, face).width


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """(letters, "" or "_" or "^" or OVERLINE) in order."""
    at = 0
    for found in SPECIAL.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], ""
        yield (found[2], found[1]) if found[1] else (found[3].replace(OVERLINE, ""), OVERLINE)
        at = found.end()
    if at < len(text):
        yield text[at:], ""


def _by_face(text: str, face: str) -> Iterator[tuple[str, str]]:
    for cjk, letters in groupby(text, lambda letter: letter >= FIRST_CJK or letter in CJK_SIGNS):
        yield (CJK_SANS if cjk else face), "".join(letters)


@lru_cache(maxsize=20_000)
def _measured(face: str, text: str) -> tuple[float, float, float]:
    """Advance, highest and lowest ink of a run at MEASURED_AT."""
    font = _font(face)
    _, top, _, bottom = font.getbbox(text, anchor="ls")
    return font.getlength(text), top, bottom


@lru_cache(maxsize=len(FACES))
def _font(face: str) -> ImageFont.FreeTypeFont:
    latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    paths = {
        SANS: latin / "DejaVuSans.ttf",
        SERIF: latin / "STIXGeneral.ttf",
        CJK_SANS: Path(str(files("mplfonts") / "fonts")) / "NotoSansCJKsc-Regular.otf",
    }
    return ImageFont.truetype(str(paths[face]), MEASURED_AT)
