"""Gold pages and what was read on them: the worst of a reader, and two readers page by page.

Notable:
- A page's points are its composite alone; a page that asks for nothing that is weighed has none and is passed over.
- Truth and reading are shown as plain words in reading order, tables row by row, so that differences can be coloured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from fabeye.evaluation.blocks import Kind, read_markdown
from fabeye.evaluation.composite import composite_of
from fabeye.evaluation.fabeye_scores import ScoresError, read_scores
from fabeye.evaluation.gold import GoldError, GoldPage, load_gold
from fabeye.evaluation.predictions import PredictionError, read_prediction
from fabeye.evaluation.results import Scores
from fabeye.metrics.table import parse_table
from fabeye.reporting.drawing import open_picture
from fabeye.reporting.inputs import ReportError
from fabeye.reporting.standings import PagePoints
from fabeye.settings import CompositeSettings


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A gold page with its picture, its words, and what a reader wrote for it; points of 100."""

    page_id: str
    points: float
    picture: Image.Image
    truth: str
    text: str


def page_points(gold: Path, baseline: Path, candidate: Path, weights: CompositeSettings) -> list[PagePoints]:
    """Both readers' points on every page that asks for something. Raises ReportError."""
    pages, sides = _gold(gold), [_scores(folder) for folder in (baseline, candidate)]
    found = [(page, [_points(side, page, weights) for side in sides]) for page in pages]
    return [
        PagePoints(page.page_id, page.family, page.language, one, other)
        for page, (one, other) in found
        if one is not None and other is not None
    ]


def worst_pages(gold: Path, folder: Path, weights: CompositeSettings, count: int) -> list[ReadPage]:
    """At most `count` pages, those on which the reader of `folder` has the fewest points first. Raises ReportError."""
    scores = _scores(folder)
    ranked = [(points, page) for page in _gold(gold) if (points := _points(scores, page, weights)) is not None]
    ranked.sort(key=lambda one: (one[0], one[1].page_id))
    return [_read_page(gold, folder, page, points) for points, page in ranked[:count]]


def plain_words(markdown: str) -> str:
    """What a page's Markdown says, a block a line, tables row by row.

    >>> plain_words("# Title\\n\\n<table><tr><td>a</td><td>b</td></tr></table>")
    'Title\\na b'
    """
    lines: list[str] = []
    for block in read_markdown(markdown):
        if block.kind == Kind.TABLE:
            table = parse_table(block.content)
            rows = ([cell.text for cell in table.cells if cell.row == row] for row in range(table.rows))
            lines += [" ".join(row) for row in rows]
        elif block.content:
            lines.append(block.content)
    return "\n".join(lines)


def _read_page(gold: Path, folder: Path, page: GoldPage, points: float) -> ReadPage:
    file = page.image_file(gold)
    try:
        content, read = file.read_bytes(), read_prediction(folder / "predictions", file.name)
    except (OSError, PredictionError) as error:
        raise ReportError(f"{file} and its reading cannot be shown ({error}); run `dvc repro`") from error
    truth = page.text.replace("\n\n", "\n")
    return ReadPage(page.page_id, points, open_picture(content), truth, plain_words(read.markdown))


def _points(scores: Scores, page: GoldPage, weights: CompositeSettings) -> float | None:
    return composite_of(scores, {page.page_id: page.page_id}, weights)


def _gold(folder: Path) -> Sequence[GoldPage]:
    try:
        return load_gold(folder)
    except GoldError as error:
        raise ReportError(str(error)) from error


def _scores(folder: Path) -> Scores:
    try:
        return read_scores(folder / "scores.json")
    except ScoresError as error:
        raise ReportError(f"{error} (`dvc repro evaluate`)") from error
