"""One line a figure, for notebooks: folders in, figure out.

Notable:
- Each raises ReportError when what it shows is not there yet, saying which command makes it.
"""

from collections.abc import Sequence
from pathlib import Path

import plotly.graph_objects as go

from fabeye.reporting.choices import choose_pages, choose_readings
from fabeye.reporting.drawing import open_picture
from fabeye.reporting.figures import baseline_bars, corpus_overview, loss_curves, quarantine_table, score_bars
from fabeye.reporting.inputs import (
    ReportError,
    example,
    read_curve,
    read_documents,
    read_elements,
    read_metrics,
    read_page,
    read_quarantine,
    read_readings,
)
from fabeye.reporting.pictures import page_with_boxes, readings_figure
from fabeye.settings import STAGES


def corpus_figure(corpus: Path) -> go.Figure:
    """Pages by family, language and split. Raises ReportError."""
    return corpus_overview(read_documents(corpus))


def quarantine_figure(folders: Sequence[Path]) -> go.Figure:
    """What the stages that own these folders put aside (data/corpus, data/parses). Raises ReportError."""
    return quarantine_table(read_quarantine(folders))


def page_figure(corpus: Path, elements: Path, page_id: str | None = None) -> go.Figure:
    """One page with the boxes of an element table (the corpus's truth, the parses' elements).

    Without a page_id it is the first page that has elements there. Raises ReportError.
    """
    chosen = page_id or next(iter(choose_pages(corpus, elements, 1)), None)
    if chosen is None:
        raise ReportError(f"no page of {corpus} has elements in {elements}")
    page = read_page(corpus, chosen)
    return page_with_boxes(open_picture(page.image), read_elements(elements, chosen), f"Page 页 {chosen}")


def loss_figure(reports: Path, stages: Sequence[str] = STAGES) -> go.Figure:
    """Train and validation losses of these training stages. Raises ReportError."""
    parts = ("train", "validation")
    curves = {stage: tuple(read_curve(reports, stage, part) for part in parts) for stage in stages}
    return loss_curves({stage: (train, validation) for stage, (train, validation) in curves.items()})


def baseline_figure(reports: Path) -> go.Figure:
    """The teacher's scores on the gold set. Raises ReportError."""
    return baseline_bars(read_metrics(reports, "baseline", "baseline"))


def scores_figure(reports: Path) -> go.Figure:
    """The encoders beside the teacher. Raises ReportError."""
    return score_bars(read_metrics(reports, "evaluate", "evaluate"))


def examples_figure(gold: Path, folders: Sequence[Path], count: int) -> go.Figure:
    """Regions with the truth and what the readers of these folders made of it. Raises ReportError."""
    chosen = choose_readings(read_readings(*folders), count)
    return readings_figure([example(readings, gold) for readings in chosen])
