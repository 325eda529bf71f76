"""Typst source in, PDF bytes and the boxes of all marked regions out.

Notable:
- Boxes come from the typesetter itself, through one query of the marks of truth.typ, never from the PDF's text layer.
- Fonts come from Typst and from Python packages only, and fallback is off: what no chosen font has would show as a
  gap in our tests, not as a face that happens to be installed.
- The same source and pictures give the same PDF in any process and any folder: it has no date, and its identifier is a
  hash of its content.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, cast

import matplotlib
import typst

# One query for every mark; positions in points, pages counted from 1.
QUERY = """query(<truth>).map(found => {
  let at = found.location().position()
  (found.value.id, found.value.corner, at.page, at.x.pt(), at.y.pt())
})"""

TOP_LEFT, BOTTOM_RIGHT, FLOW_START, FLOW_END, PIECE_END = range(5)  # corners, as truth.typ numbers them

CJK_SANS = "Noto Sans CJK SC"
CJK_SERIF = "Noto Serif CJK SC"
MATH = "New Computer Modern Math"
MONO = "DejaVu Sans Mono"
CJK_MONO = "Noto Sans Mono CJK SC"

Box = tuple[float, float, float, float]
PAPER = "page"  # the region that every page is, edge to edge


class TypesettingError(Exception):
    """Typst refused the source; the text is Typst's own diagnosis."""


class Mark(NamedTuple):
    """A place on the pages: page counted from 0, x and y in points from the top left."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Flow:
    """Where running text begins and ends, and on which base lines the pieces end that a line may end with."""

    start: Mark
    end: Mark
    ends: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Typeset:
    """A finished document.

    boxes: (page, region) -> (x0, y0, x1, y1) in points, origin top left; pages are counted from 0.
    flows: name -> running text, which may lie on several pages.
    """

    pdf: bytes
    boxes: dict[tuple[int, str], Box]
    flows: dict[str, Flow]

    @property
    def papers(self) -> list[tuple[float, float]]:
        """Width and height of each page, where pages are marked as the region PAPER."""
        sizes = {page: (box[2], box[3]) for (page, region), box in self.boxes.items() if region == PAPER}
        return [sizes[page] for page in sorted(sizes)]


def typeset(source: str, pictures: Mapping[str, bytes]) -> Typeset:
    """Set `source`, which may show `pictures` by their names. Raises TypesettingError when Typst refuses it."""
    with TemporaryDirectory(prefix="fabeye-") as name:
        folder = Path(name)
        (folder / "truth.typ").write_bytes((files("fabeye.synthesis") / "truth.typ").read_bytes())
        (folder / "main.typ").write_text(source, encoding="utf-8")
        for picture, content in pictures.items():
            (folder / picture).write_bytes(content)
        try:
            compiler = typst.Compiler(folder / "main.typ", root=folder, font_paths=fonts())
            pdf = cast(bytes, compiler.compile(pdf_tags=False))
            marks = json.loads(compiler.eval(QUERY))
        except typst.TypstError as error:
            raise TypesettingError(f"Typst refused a generated document: {error.diagnostic}") from error
    return Typeset(pdf=pdf, boxes=boxes(marks), flows=flows(marks))


def boxes(marks: Iterable[tuple[str, int, int, float, float]]) -> dict[tuple[int, str], Box]:
    """Pair the marks (region, corner, page from 1, x, y) of each region on each page. Raises TypesettingError."""
    corners: dict[tuple[int, str], dict[int, tuple[float, float]]] = {}
    for region, corner, page, x, y in marks:
        if corner in (TOP_LEFT, BOTTOM_RIGHT):
            corners.setdefault((page - 1, region), {})[corner] = (x, y)
    for (page, region), found in corners.items():
        if len(found) != 2:
            raise TypesettingError(f"region {region} is broken over pages near page {page + 1}; make it unbreakable")
    return {key: _box(*found.values()) for key, found in corners.items()}


def flows(marks: Iterable[tuple[str, int, int, float, float]]) -> dict[str, Flow]:
    """The running texts among the marks (name, corner, page from 1, x, y), by name."""
    found: dict[str, dict[int, list[Mark]]] = {}
    for name, corner, page, x, y in marks:
        if corner not in (TOP_LEFT, BOTTOM_RIGHT):
            found.setdefault(name, {}).setdefault(corner, []).append(Mark(page - 1, x, y))
    return {
        name: Flow(kinds[FLOW_START][0], kinds[FLOW_END][-1], tuple(kinds.get(PIECE_END, ())))
        for name, kinds in found.items()
    }


def _box(first: tuple[float, float], second: tuple[float, float]) -> Box:
    """The box between two corners, which a rotation may have exchanged."""
    (x0, y0), (x1, y1) = first, second
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Typst's own fonts, Noto CJK from mplfonts and DejaVu and STIX from matplotlib; read once a process."""
    folders = [str(files("mplfonts") / "fonts"), str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
