"""Public benchmarks: each reader's scores side by side, and whether v1.0 kept what v0.5 could do."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fabeye.paths import Paths
from fabeye.reporting.inputs import ReportError, read_metrics
from fabeye.reporting.theme import ORANGE, SYSTEM_COLOURS, SYSTEM_NAMES, empty_figure, styled

CHART_HEIGHT, HEAD_HEIGHT = 300, 110  # pixels
TITLE = "Public benchmarks · 公开基准"
NONE = "no public benchmark was brought; data/public/README.md says how"
POINTS = 100  # of a composite that is perfect
OUTCOMES = {
    "pass": "General ability is kept: {difference:+.1f} points ({low:+.1f} to {high:+.1f}) from v0.5 to v1.0, "
    "{margin:+.1f} allowed.",
    "fail": "General ability is not kept: {difference:+.1f} points ({low:+.1f} to {high:+.1f}) from v0.5 to v1.0, "
    "{margin:+.1f} allowed.",
    "undecided": "Whether general ability is kept is undecided: {difference:+.1f} points ({low:+.1f} to {high:+.1f}), "
    "{margin:+.1f} allowed.",
}

Said = Mapping[str, Mapping[str, Any]]  # benchmark -> what reports/metrics/public.json says of it


def benchmarks(paths: Paths) -> dict[str, Any]:
    """The report's section: a figure and a sentence for each benchmark. Raises ReportError where there is none."""
    said = read_benchmarks(paths.reports)
    counts = [
        f"{name}: {one['opened']} of {one['pages']} pages could be opened. {kept_sentence(one)}".strip()
        for name, one in said.items()
    ]
    return {"figure": benchmark_bars(said), "sentences": counts}


def read_benchmarks(reports: Path) -> Said:
    """What the stage `public` has measured. Raises ReportError where no benchmark was brought."""
    said: Said = read_metrics(reports, "public", "public")
    if not said:
        raise ReportError(NONE)
    return said


def benchmark_bars(said: Said) -> go.Figure:
    """One row of bars a benchmark: every measure from 0 to 1, one colour a reader; a note where there is none."""
    if not said:
        return empty_figure(NONE, TITLE, HEAD_HEIGHT)
    titles = [escape(name) for name in said]
    figure = make_subplots(rows=len(said), cols=1, subplot_titles=titles, vertical_spacing=0.3 / len(said))
    for row, one in enumerate(said.values(), start=1):
        for reader, scores in one["readers"].items():
            measures = _measures(scores)
            bar = go.Bar(
                x=list(measures),
                y=list(measures.values()),
                name=SYSTEM_NAMES.get(reader, escape(reader)),
                marker_color=SYSTEM_COLOURS.get(reader, ORANGE),
                legendgroup=reader,
                showlegend=row == 1,
            )
            figure.add_trace(bar, row=row, col=1)
    figure.update_yaxes(range=[0, 1])
    return styled(figure, TITLE, HEAD_HEIGHT + CHART_HEIGHT * len(said))


def kept_sentence(one: Mapping[str, Any]) -> str:
    """Whether general ability was kept, "" where the benchmark does not say."""
    kept = one.get("kept", {})
    return OUTCOMES[kept["outcome"]].format_map(kept) if "difference" in kept else ""


def _measures(scores: Mapping[str, Any]) -> dict[str, float]:
    """Name -> value from 0 to 1 of OmniDocBench's scores or of olmOCR-bench's pass rates."""
    if "by_type" in scores:
        rates: Sequence[tuple[str, Mapping[str, float]]] = [("all tests", scores["all"]), *scores["by_type"].items()]
        return {name: one["rate"] for name, one in rates}
    versions = {f"{name} {version}": value for version in ("v15", "v16") for name, value in scores[version].items()}
    points = scores["composite"].get("all")  # a benchmark may ask for nothing that is weighed
    return ({} if points is None else {"composite": points / POINTS}) | versions
