"""Charts of a run: data in, plotly figure out.

Notable:
- Nothing is read here (views.py does that) and nothing is random: the same data give the same figure.
- Text that comes out of documents is escaped: plotly understands a few HTML tags, links among them.
- Lower is better for error rates and losses; every axis says which.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fabeye.reporting.inputs import LOSSES, Curve, number, numbers
from fabeye.reporting.theme import (
    BLUE,
    GREEN,
    GREY,
    LOSS_NAMES,
    ORANGE,
    PURPLE,
    ROW_HEIGHT,
    RULE,
    SPLIT_COLOURS,
    SPLIT_NAMES,
    SYSTEM_NAMES,
    VERMILLION,
    category_colour,
    styled,
    system_colour,
)
from fabeye.schema import Document, Quarantined, Review

BAR_PIXELS = 28  # height one horizontal bar takes
HEAD_PIXELS = 150  # what title, legend and axis take of a figure's height
REVIEW_ROWS = 40  # pages of the queue that are shown
TABLE_ROW_PIXELS = 26
STAGE_COLOURS = {"base": BLUE, "highres": ORANGE, "native": GREEN}
STAGE_NAMES = {"base": "base 基础", "highres": "high resolution 高分辨率", "native": "native 原生分辨率"}
CER_AXIS = "character error rate, lower is better 字错率"
EDIT_AXIS = "edit distance, lower is better 编辑距离"


def corpus_overview(documents: Sequence[Document]) -> go.Figure:
    """Pages by family and language, stacked by split."""
    figure = go.Figure()
    groups = sorted({(document.family, document.language) for document in documents})
    for split, colour in SPLIT_COLOURS.items():
        pages = [_pages(documents, family, language, split) for family, language in groups]
        names = [[escape(family) for family, _ in groups], [escape(language) for _, language in groups]]
        figure.add_bar(x=names, y=pages, name=SPLIT_NAMES[split], marker_color=colour, text=_shown(pages))
    figure.update_traces(
        textposition="inside", textangle=0, hovertemplate="%{x}: %{y} pages<extra>%{fullData.name}</extra>"
    )
    figure.update_layout(barmode="stack", yaxis_title="pages 页")
    return styled(figure, "Pages by family and language · 语料页数", 380)


def counted_bars(counts: Mapping[str, Mapping[str, int]], title: str, axis: str) -> go.Figure:
    """Horizontal bars, one a name, stacked by what the inner mapping counts (a split, a language)."""
    figure = go.Figure()
    for part in dict.fromkeys(part for inner in counts.values() for part in inner):
        values = [inner.get(part, 0) for inner in counts.values()]
        figure.add_bar(y=[escape(name) for name in counts], x=values, name=escape(part), orientation="h")
    figure.update_layout(barmode="stack", xaxis_title=axis, yaxis_autorange="reversed")
    return styled(figure, title, HEAD_PIXELS + BAR_PIXELS * len(counts))


def quarantine_table(rows: Sequence[Quarantined]) -> go.Figure:
    """What could not be taken in, with its reason; one row says so when there is nothing."""
    cells = [(row.path, _page(row), row.stage, row.reason) for row in rows]
    if not cells:
        cells = [("nothing 无", "-", "-", "every page was taken in 所有页面均已收录")]
    header = ["file 文件", "page 页", "stage 阶段", "reason 原因"]
    return _table(header, [4, 1, 1.2, 5], cells, f"Quarantine: {len(rows)} · 隔离")


def review_table(rows: Sequence[Review]) -> go.Figure:
    """Pages that a person should look at, the first ones first; one row says so when there is none."""
    cells = [(str(row.rank + 1), row.page_id, f"{row.weight:.0f}", row.reason) for row in rows[:REVIEW_ROWS]]
    if not cells:
        cells = [("-", "nothing 无", "-", "every page is trusted 所有页面均可信")]
    header = ["place 次序", "page 页", "letters in doubt 存疑字数", "reason 原因"]
    return _table(header, [1, 3, 1.5, 5], cells, f"Review queue: {len(rows)} · 待审队列")


def _table(header: list[str], widths: list[float], rows: Sequence[Sequence[str]], title: str) -> go.Figure:
    head = {"values": header, "align": "left", "fill_color": RULE, "height": TABLE_ROW_PIXELS, "font_weight": 600}
    cells = {
        "values": [[escape(value) for value in column] for column in zip(*rows, strict=True)],
        "align": "left",
        "fill_color": "white",
        "line_color": RULE,
        "height": TABLE_ROW_PIXELS,
    }
    figure = go.Figure(go.Table(columnwidth=widths, header=head, cells=cells))
    return styled(figure, title, HEAD_PIXELS + TABLE_ROW_PIXELS * min(len(rows) + 1, 16))


def loss_curves(curves: Mapping[str, tuple[Curve, Curve]]) -> go.Figure:
    """Train (thin) and validation (marked) losses of each stage; a column a loss, a row a stage."""
    stages = list(curves)
    titles = [f"{STAGE_NAMES.get(stage, stage)} · {LOSS_NAMES[loss]}" for stage in stages for loss in LOSSES]
    figure = make_subplots(rows=len(stages), cols=len(LOSSES), subplot_titles=titles, **_gaps(len(stages)))
    for row, stage in enumerate(stages, start=1):
        for column, loss in enumerate(LOSSES, start=1):
            for trace in _loss_traces(stage, loss, *curves[stage], legend=row == column == 1):
                figure.add_trace(trace, row=row, col=column)
    figure.update_annotations(font_size=12)
    figure.update_xaxes(title_text="samples seen 样本数", title_font_size=11, row=len(stages))
    return styled(figure, "Losses · 损失", HEAD_PIXELS + ROW_HEIGHT * len(stages))


def baseline_bars(metrics: Mapping[str, Any]) -> go.Figure:
    """The teacher's scores by family, language and category; a dashed line marks the mean over everything."""
    panels = [
        ("text_edit", "by_family", EDIT_AXIS, "pages by family 按文档族"),
        ("text_edit", "by_language", EDIT_AXIS, "pages by language 按语言"),
        ("region_cer", "by_language", CER_AXIS, "regions by language 按语言"),
        ("region_cer", "by_category", CER_AXIS, "regions by category 按类别"),
    ]
    figure = make_subplots(rows=2, cols=2, subplot_titles=[panel[3] for panel in panels], vertical_spacing=0.24)
    for place, (score, group, axis, _) in enumerate(panels):
        where = {"row": place // 2 + 1, "col": place % 2 + 1}
        _add_group(figure, numbers(dict(metrics), score, group), where, by_category=group == "by_category")
        overall = number(dict(metrics), score, "all")
        if overall is not None:
            figure.add_hline(y=overall, line_dash="dash", line_width=1, line_color=GREY, **where)
        figure.update_yaxes(title_text=axis, title_font_size=11, rangemode="tozero", **where)
    figure.update_annotations(font_size=12)
    return styled(figure, "Baseline: the teacher on the gold set · 教师模型基线", 620).update_layout(showlegend=False)


def score_bars(metrics: Mapping[str, Any]) -> go.Figure:
    """Reading error of every reader on the same gold regions."""
    readers = metrics.get("reading")
    names = list(readers) if isinstance(readers, dict) else []
    errors = {name: number(dict(metrics), "reading", name, "region_cer") for name in names}
    known = {name: value for name, value in errors.items() if value is not None}
    figure = go.Figure()
    figure.add_bar(
        x=[SYSTEM_NAMES.get(name, escape(name)) for name in known],
        y=list(known.values()),
        marker_color=[system_colour(name) for name in known],
        text=[f"{value:.3f}" for value in known.values()],
        textposition="outside",
        cliponaxis=False,
    )
    figure.update_yaxes(title_text=CER_AXIS, title_font_size=11, rangemode="tozero")
    return styled(figure, "Reading gold regions · 金标区域识读", 380).update_layout(showlegend=False)


def _pages(documents: Sequence[Document], family: str, language: str, split: str) -> int:
    wanted = (family, language, split)
    return sum(each.pages for each in documents if (each.family, each.language, each.split) == wanted)


def _page(row: Quarantined) -> str:
    """A page as a person counts it: from 1."""
    return "all 全部" if row.page < 0 else str(row.page + 1)


def _shown(values: Sequence[float]) -> list[str]:
    return [str(value) if value else "" for value in values]


def _gaps(rows: int) -> dict[str, float]:
    return {"horizontal_spacing": 0.07, "vertical_spacing": 0.3 / (rows + 1)}


def _loss_traces(stage: str, loss: str, train: Curve, validation: Curve, legend: bool) -> list[go.Scatter]:
    colour = STAGE_COLOURS.get(stage, PURPLE)
    line = {"color": colour, "width": 1.2}
    marks = {"color": VERMILLION, "size": 7, "symbol": "diamond"}
    thin = go.Scatter(x=train.samples, y=train.losses[loss], name="train 训练", mode="lines", line=line, opacity=0.75)
    marked = go.Scatter(
        x=validation.samples,
        y=validation.losses[loss],
        name="validation 验证",
        mode="lines+markers",
        marker=marks,
        line={"color": VERMILLION, "width": 2},
    )
    return [trace.update(legendgroup=trace.name, showlegend=legend) for trace in (thin, marked)]


def _add_group(figure: go.Figure, scores: Mapping[str, float], where: Mapping[str, int], by_category: bool) -> None:
    names = list(scores)
    colours = [category_colour(name) for name in names] if by_category else BLUE
    labels = [escape(name) for name in names]
    values = list(scores.values())
    figure.add_bar(
        x=labels,
        y=values,
        marker_color=colours,
        text=[f"{value:.3f}" for value in values],
        textposition="outside",
        cliponaxis=False,
        **where,
    )
