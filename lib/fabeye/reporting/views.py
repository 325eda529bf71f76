"""One line a figure, for notebooks: folders in, figure out.

Notable:
- Each raises ReportError when what it shows is not there yet, saying which command makes it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import plotly.graph_objects as go

from fabeye.reporting.agreement import agreement_bars, read_agreement
from fabeye.reporting.benchmarks import benchmark_bars
from fabeye.reporting.choices import choose_pages, choose_readings
from fabeye.reporting.curation import audit_bars, card_bars, read_audit, read_card, samples_sheet
from fabeye.reporting.drawing import open_picture
from fabeye.reporting.figures import (
    baseline_bars,
    corpus_overview,
    counted_bars,
    loss_curves,
    quarantine_table,
    review_table,
    score_bars,
)
from fabeye.reporting.gold_pages import page_points, worst_pages
from fabeye.reporting.inputs import (
    ReportError,
    count_gold,
    example,
    read_curve,
    read_documents,
    read_elements,
    read_metrics,
    read_page,
    read_quarantine,
    read_readings,
    read_review,
    read_shard_counts,
    read_standing,
    reader_folders,
)
from fabeye.reporting.pictures import page_with_boxes, pages_figure, readings_figure
from fabeye.reporting.pixel_map import pixel_map, read_pixel_map
from fabeye.reporting.probing import probe_bars, robustness_lines
from fabeye.reporting.standings import ab_scatter, standing_bars
from fabeye.reporting.theme import SYSTEM_NAMES
from fabeye.settings import STAGES, CompositeSettings


def corpus_figure(corpus: Path) -> go.Figure:
    """Pages by family, language and split. Raises ReportError."""
    return corpus_overview(read_documents(corpus))


def card_figure(curated: Path) -> go.Figure:
    """Elements, licences, what was hidden, near-duplicates. Raises ReportError."""
    return card_bars(read_card(curated))


def samples_figure(curated: Path) -> go.Figure:
    """The data card's sample pages. Raises ReportError."""
    return samples_sheet(curated)


def audit_figure(curated: Path) -> go.Figure:
    """What redaction hides and what it leaks of generated reports. Raises ReportError."""
    return audit_bars(read_audit(curated))


def quarantine_figure(folders: Sequence[Path]) -> go.Figure:
    """What the stages that own these folders put aside (data/curated, data/parses). Raises ReportError."""
    return quarantine_table(read_quarantine(folders))


def review_figure(parses: Path) -> go.Figure:
    """The pages that a person should look at first, with the reason. Raises ReportError."""
    return review_table(read_review(parses))


def page_figure(corpus: Path, elements: Path, page_id: str | None = None) -> go.Figure:
    """One page with the boxes of an element table (the corpus's truth, the parses' elements).

    Without a page_id it is the first page that has elements there. Raises ReportError.
    """
    chosen = page_id or next(iter(choose_pages(corpus, elements, 1)), None)
    if chosen is None:
        raise ReportError(f"no page of {corpus} has elements in {elements}")
    page = read_page(corpus, chosen)
    return page_with_boxes(open_picture(page.image), read_elements(elements, chosen), f"Page 页 {chosen}")


def gold_figure(gold: Path) -> go.Figure:
    """Elements of the gold set by category and language. Raises GoldError."""
    return counted_bars(count_gold(gold), "Gold elements by category · 金标准集元素", "elements 元素")


def agreement_figure(gold: Path) -> go.Figure:
    """How far two people agree on the pages that both annotated. Raises ReportError."""
    return agreement_bars(read_agreement(gold))


def shards_figure(shards: Path) -> go.Figure:
    """Pairs by source and split. Raises ReportError."""
    return counted_bars(read_shard_counts(shards), "Pairs by source · 图文对", "pairs 图文对")


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


def probes_figure(reports: Path) -> go.Figure:
    """What can be read off frozen features, system by system. Raises ReportError."""
    return probe_bars(read_metrics(reports, "evaluate", "evaluate"))


def robustness_figure(reports: Path) -> go.Figure:
    """What smaller and damaged pictures cost. Raises ReportError."""
    return robustness_lines(read_metrics(reports, "evaluate", "evaluate"))


def standing_figure(folders: Mapping[str, Path]) -> go.Figure:
    """Readers of whole pages by element and language, with intervals: reader -> its folder. Raises ReportError."""
    return standing_bars({reader: read_standing(folder) for reader, folder in folders.items()})


def standings_figure(baseline: Path, evaluation: Path) -> go.Figure:
    """The teacher, v1.0 and the published weights on whole pages, as standing_figure(). Raises ReportError."""
    return standing_figure(reader_folders(baseline, evaluation))


def ab_figure(gold: Path, folders: Mapping[str, Path], weights: CompositeSettings) -> go.Figure:
    """The second reader against the first, page by page. Raises ReportError."""
    (baseline, one), (candidate, other) = folders.items()
    return ab_scatter(page_points(gold, one, other, weights), baseline, candidate)


def worst_figure(gold: Path, folder: Path, reader: str, weights: CompositeSettings, count: int) -> go.Figure:
    """The pages that a reader read worst, beside the truth. Raises ReportError."""
    name = SYSTEM_NAMES.get(reader, reader)
    return pages_figure(worst_pages(gold, folder, weights, count), f"Worst pages of {name} · 最差页面")


def examples_figure(gold: Path, folders: Sequence[Path], count: int) -> go.Figure:
    """Regions with the truth and what the readers of these folders made of it. Raises ReportError."""
    chosen = choose_readings(read_readings(*folders), count)
    return readings_figure([example(readings, gold) for readings in chosen])


def benchmarks_figure(reports: Path) -> go.Figure:
    """Public benchmarks, reader by reader; an empty figure that says so where none was brought. Raises ReportError."""
    return benchmark_bars(read_metrics(reports, "public", "public"))


def pixel_map_figure(evaluation: Path) -> go.Figure:
    """Where on a page v1.0's pixel loss lies, and what of it blank paper costs. Raises ReportError."""
    return pixel_map(read_pixel_map(evaluation))
