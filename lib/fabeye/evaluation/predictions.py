r"""What a reader wrote for each page: a folder of `<page>.md`, or `<page>.json` with boxes.

Notable:
- A page's file may be called as the evaluators' users call it: the picture's name without its suffix, or with it,
  without a `.pdf` in it, and with .md, .mmd or .json.
- Layout JSON is the common form of layout parsers: a list of {"bbox": [x0, y0, x1, y1], "category", "text", "score"}
  in pixels of the gold picture and in reading order. It is read as the Markdown that such parsers write of it.
- A prediction that cannot be used is empty and says why; nothing is raised, so one bad file costs one page.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from fabeye.errors import FabeyeError
from fabeye.schema import Category

LARGEST_FILE = 4 * 2**20  # bytes; a dense page of a standard has some 20 kB of Markdown
DISPLAY = ("$$", r"\[", r"\begin{")  # a formula that begins so is delimited already

CATEGORIES = {  # DocLayNet's classes, as dots.ocr and others name them -> ours
    "Title": Category.TITLE,
    "Section-header": Category.TITLE,
    "Text": Category.TEXT,
    "List-item": Category.TEXT,
    "Table": Category.TABLE,
    "Picture": Category.FIGURE,
    "Formula": Category.FORMULA,
    "Caption": Category.FIGURE_CAPTION,
    "Footnote": Category.PAGE_FOOTNOTE,
    "Page-header": Category.HEADER,
    "Page-footer": Category.FOOTER,
}
UNWRITTEN = (Category.HEADER, Category.FOOTER, Category.PAGE_NUMBER)  # not part of a page's Markdown


class PredictionError(FabeyeError):
    """There is no folder of predictions; the text names it."""


class Region(BaseModel):
    """One box that a layout parser drew, in pixels of the page's picture."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    bbox: tuple[float, float, float, float]
    category: str
    text: str | None = ""
    score: Annotated[float, Field(ge=0, le=1)] = 1.0

    @property
    def label(self) -> str:
        """Our name for its category; its own where we have none."""
        return CATEGORIES[self.category].value if self.category in CATEGORIES else self.category


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was read on one page.

    regions: None where the prediction is Markdown, which has no boxes.
    problem: why nothing is here to score, "" where something is. missing: there is no file at all.
    """

    markdown: str = ""
    regions: tuple[Region, ...] | None = None
    problem: str = ""
    missing: bool = False


def read_prediction(folder: Path, image_name: str) -> Prediction:
    """The prediction for the page whose picture is called `image_name`. Raises PredictionError without a folder."""
    if not folder.is_dir():
        raise PredictionError(f"there is no folder of predictions at {folder}; give one with a <page>.md for each page")
    path = next((folder / name for name in _names(image_name) if (folder / name).is_file()), None)
    if path is None:
        return Prediction(problem=f"no file {Path(image_name).stem}.md", missing=True)
    try:
        if path.stat().st_size > LARGEST_FILE:
            return Prediction(problem=f"{path.name} is larger than the {LARGEST_FILE // 2**20} MiB that are read")
        return _layout(path) if path.suffix == ".json" else _markdown(path)
    except UnicodeDecodeError as error:
        return Prediction(problem=f"{path.name} is not UTF-8 at byte {error.start}")
    except OSError as error:
        return Prediction(problem=f"{path.name} cannot be read ({error.strerror})")


def _names(image_name: str) -> Iterator[str]:
    stem = image_name[: -len(Path(image_name).suffix)] if Path(image_name).suffix else image_name
    yield from (f"{stem}.md", f"{stem.replace('.pdf', '')}.mmd", f"{stem.replace('.pdf', '')}.md", f"{image_name}.md")
    yield f"{stem}.json"


def _markdown(path: Path) -> Prediction:
    text = path.read_text(encoding="utf-8")
    return Prediction(markdown=text, problem="" if text.strip() else f"{path.name} is empty")


def _layout(path: Path) -> Prediction:
    try:
        regions = TypeAdapter(list[Region]).validate_python(json.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, RecursionError, json.JSONDecodeError) as error:
        first = str(error).splitlines()[0]
        return Prediction(problem=f"{path.name} is no list of regions with bbox and category ({first})")
    text = "\n\n".join(_written(region) for region in regions if region.label not in UNWRITTEN)
    return Prediction(text, tuple(regions), "" if regions else f"{path.name} has no region")


def _written(region: Region) -> str:
    text = (region.text or "").strip()
    if region.label == Category.FIGURE:
        return "![](figure)"
    if region.label == Category.FORMULA and not text.startswith(DISPLAY):
        return f"$$\n{text.strip('$')}\n$$"
    return text
