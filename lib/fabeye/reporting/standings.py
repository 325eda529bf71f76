"""Charts of readers of whole pages: score by element and language with intervals, and page against page.

Notable:
- Everything is shown with the more the better, as points of 100: of a distance what is missing to it.
- An interval is over documents, as a verdict's; without it a bar of few documents would say too much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fabeye.evaluation.results import DISTANCES
from fabeye.evaluation.standing import COMPOSITE, FAMILY
from fabeye.reporting.inputs import number
from fabeye.reporting.theme import GREY, SERIES, SYSTEM_NAMES, styled, system_colour

SCORE_NAMES = {
    COMPOSITE: "composite 综合",
    "text_edit": "text 文本",
    "values": "values 数值单位",
    "symbols": "symbols 符号",
    "teds": "tables 表格",
    "spans": "merged cells 合并单元格",
    "note_references": "note marks 注释引用",
    "formulas": "formulas 公式",
    "figures": "figures 图",
    "captions": "captions 图表题",
    "reading_order_edit": "order 阅读顺序",
    "layout_f1": "layout 版面",
    "timing": "timing 时序",
    "key_information": "key values 关键信息",
    "hallucination": "nothing invented 无臆造",
}
GROUP_NAMES = {
    "all": "all pages 全部",
    "domain": "domain 领域",
    "general": "general 通用",
    "en": "English 英文",
    "zh": "Chinese 中文",
    "mixed": "mixed 中英混排",
}
POINTS = 100
PANEL_HEIGHT, HEAD_HEIGHT = 190, 190  # pixels

Standing = Mapping[str, Any]  # group -> score -> {"value", "low", "high"}


@dataclass(frozen=True, slots=True)
class PagePoints:
    """Composite points of two readers on one page."""

    page_id: str
    family: str
    language: str
    baseline: float
    candidate: float


def standing_bars(standings: Mapping[str, Standing]) -> go.Figure:
    """A row a group of pages, a group of bars a score, a bar a reader, with its interval."""
    known = dict.fromkeys(name for one in standings.values() for name in one)
    groups = [*(name for name in GROUP_NAMES if name in known), *(name for name in known if name.startswith(FAMILY))]
    titles = [GROUP_NAMES.get(name, f"{escape(name)} 文档族") for name in groups]
    figure = make_subplots(rows=max(len(groups), 1), cols=1, shared_xaxes=True, subplot_titles=titles)
    for row, group in enumerate(groups, start=1):
        for reader, standing in standings.items():
            figure.add_trace(_bars(reader, dict(standing), group, legend=row == 1), row=row, col=1)
    figure.update_yaxes(range=[0, 104], title_text="points 分", title_font_size=11)
    figure.update_annotations(font_size=12)
    height = HEAD_HEIGHT + PANEL_HEIGHT * max(len(groups), 1)
    return styled(figure, "Whole pages, with intervals · 整页成绩与置信区间", height).update_layout(barmode="group")


def ab_scatter(points: Sequence[PagePoints], baseline: str, candidate: str) -> go.Figure:
    """A point a page; above the line the candidate is ahead."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, POINTS], y=[0, POINTS], mode="lines", line={"color": GREY, "dash": "dash"}, showlegend=False
    )
    for place, family in enumerate(sorted({one.family for one in points})):
        some = [one for one in points if one.family == family]
        figure.add_scatter(
            x=[one.baseline for one in some],
            y=[one.candidate for one in some],
            mode="markers",
            name=escape(family),
            marker={"color": SERIES[place % len(SERIES)], "size": 9, "opacity": 0.8},
            text=[f"{escape(one.page_id)}<br>{escape(one.language)}" for one in some],
            hovertemplate="%{text}<br>%{x:.1f} → %{y:.1f}<extra>%{fullData.name}</extra>",
        )
    names = [SYSTEM_NAMES.get(name, escape(name)) for name in (baseline, candidate)]
    figure.update_xaxes(title_text=f"{names[0]}: points 分", range=[-2, 102])
    figure.update_yaxes(title_text=f"{names[1]}: points 分", range=[-2, 102])
    return styled(figure, f"Page by page: {names[1]} against {names[0]} · 逐页对比", 520)


def _bars(reader: str, standing: dict[str, Any], group: str, legend: bool) -> go.Bar:
    known = [score for score in SCORE_NAMES if number(standing, group, score, "value") is not None]
    ends = [[_points(standing, group, score, end) for score in known] for end in ("value", "low", "high")]
    above = [max(high, low) - value for value, low, high in zip(*ends, strict=True)]
    below = [value - min(high, low) for value, low, high in zip(*ends, strict=True)]
    return go.Bar(
        x=[SCORE_NAMES[score] for score in known],
        y=ends[0],
        error_y={"type": "data", "symmetric": False, "array": above, "arrayminus": below, "thickness": 1, "width": 3},
        name=SYSTEM_NAMES.get(reader, escape(reader)),
        marker_color=system_colour(reader),
        legendgroup=reader,
        showlegend=legend,
        hovertemplate="%{x}: %{y:.1f}",
    )


def _points(standing: dict[str, Any], group: str, score: str, end: str) -> float:
    """One end of an interval in points, the more the better."""
    value = number(standing, group, score, end) or 0.0
    if score == COMPOSITE:
        return value
    return POINTS * (1 - value if score in DISTANCES else value)
