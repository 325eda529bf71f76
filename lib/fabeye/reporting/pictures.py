"""Figures with pictures in them: a page with its boxes, and readings beside the truth.

Notable:
- Hovering anywhere inside a box tells its category, score and text: every element is a filled shape of its own.
- The readings figure is laid out in pixels by us, as plotly's own table can hold no pictures.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from html import escape

import plotly.graph_objects as go
from PIL import Image

from fabeye.reporting.differences import Run, differences
from fabeye.reporting.drawing import data_uri, ordered_box, shrunk
from fabeye.reporting.gold_pages import ReadPage
from fabeye.reporting.inputs import Example
from fabeye.reporting.theme import BLUE, MONO_STACK, RULE, SYSTEM_NAMES, VERMILLION, category_colour, styled
from fabeye.schema import Element

PAGE_HEIGHT = 900  # pixels of the page figure
HOVER_COLUMNS = 60  # character cells a hover line may take; a Chinese character takes two
HOVER_LINES = 6
COLUMN_PIXELS = 250  # of the readings figure
TEXT_COLUMNS = 32  # character cells that fit into one such column
TEXT_LINES = 6
LINE_PIXELS = 17
PAD_PIXELS = 10
SHEET_PIXELS, SHEET_COLUMNS, SHEET_LINES = 430, 60, 30  # of a column with a page, and of its text
RUN_STYLES = {"extra": f"color:{VERMILLION};font-weight:bold", "missing": f"color:{BLUE};text-decoration:line-through"}


def page_with_boxes(picture: Image.Image, elements: Sequence[Element], title: str) -> go.Figure:
    """A page with the elements' boxes, coloured by category; hover tells what each is."""
    width, height = picture.size
    figure = go.Figure()
    figure.add_layout_image(
        source=data_uri(picture),
        x=0,
        y=0,
        sizex=width,
        sizey=height,
        xref="x",
        yref="y",
        sizing="stretch",
        layer="below",
    )
    seen: set[str] = set()
    for element in elements:
        figure.add_trace(_box(element, legend=element.category not in seen))
        seen.add(element.category)
    styled(figure, escape(title), PAGE_HEIGHT)
    hidden = {"visible": False, "constrain": "domain"}
    figure.update_xaxes(range=[0, width], **hidden)
    figure.update_yaxes(range=[height, 0], scaleanchor="x", **hidden)
    return figure.update_layout(margin={"l": 10, "r": 10, "t": 60, "b": 10}, hovermode="closest")


def readings_figure(examples: Sequence[Example]) -> go.Figure:
    """Crop, truth and every reader's text in columns; vermillion is extra, struck-through blue is missing."""
    readers = list(dict.fromkeys(reader for example in examples for reader in example.texts))
    columns = ["region 区域", "truth 真值", *(SYSTEM_NAMES.get(reader, escape(reader)) for reader in readers)]
    figure = go.Figure()
    for column, name in enumerate(columns):
        figure.add_annotation(text=f"<b>{name}</b>", **_placed(column * COLUMN_PIXELS, 0))
    below = LINE_PIXELS + PAD_PIXELS
    for example in examples:
        below = _add_example(figure, example, readers, below)
    styled(figure, "Readings beside the truth · 识读示例", below + 90)
    figure.update_xaxes(range=[0, COLUMN_PIXELS * len(columns)], visible=False)
    figure.update_yaxes(range=[below, 0], visible=False)
    return figure.update_layout(width=COLUMN_PIXELS * len(columns) + 40, margin={"l": 20, "r": 20, "t": 70, "b": 20})


def pages_figure(pages: Sequence[ReadPage], title: str) -> go.Figure:
    """Picture, truth and reading of whole pages in columns, one page below the other; colours as above."""
    figure, below = go.Figure(), LINE_PIXELS + PAD_PIXELS
    for column, name in enumerate(("page 页面", "truth 真值", "reading 识读")):
        figure.add_annotation(text=f"<b>{name}</b>", **_placed(column * SHEET_PIXELS, 0))
    for page in pages:
        below = _add_page(figure, page, below)
    styled(figure, escape(title), below + 90)
    figure.update_xaxes(range=[0, SHEET_PIXELS * 3], visible=False)
    figure.update_yaxes(range=[below, 0], visible=False)
    return figure.update_layout(width=SHEET_PIXELS * 3 + 40, margin={"l": 20, "r": 20, "t": 70, "b": 20})


def wrapped(runs: Sequence[Run], columns: int, lines: int) -> str:
    """Runs as plotly text: coloured, escaped, broken every `columns` character cells, cut after `lines` lines."""
    text, used, line = "", 0, 1
    for run in runs:
        piece = ""
        for character in _printable(run.text):
            cells = 2 if unicodedata.east_asian_width(character) in "WF" else 1
            if used + cells > columns:
                if line == lines:
                    return text + _tagged(piece + "…", run.kind)
                piece, used, line = piece + "\n", 0, line + 1
            piece, used = piece + character, used + cells
        text += _tagged(piece, run.kind)
    return text


def _box(element: Element, legend: bool) -> go.Scatter:
    x0, y0, x1, y1 = ordered_box(element)
    text = wrapped([Run(element.text, "same")], HOVER_COLUMNS, HOVER_LINES)
    return go.Scatter(
        x=[x0, x1, x1, x0, x0],
        y=[y0, y0, y1, y1, y0],
        mode="lines",
        fill="toself",
        hoveron="fills",
        name=escape(element.category),
        text=f"<b>{escape(element.category)}</b> {element.score:.2f}<br>{text}",
        hoverinfo="text",
        line={"color": category_colour(element.category), "width": 1.5},
        opacity=0.85,
        legendgroup=element.category,
        showlegend=legend,
    )


def _add_example(figure: go.Figure, example: Example, readers: Sequence[str], top: int) -> int:
    """One row of the readings figure, from `top` pixels down; returns where the next row begins."""
    texts = [wrapped([Run(example.truth, "same")], TEXT_COLUMNS, TEXT_LINES)]
    for reader in readers:
        runs = differences(example.truth, example.texts[reader]) if reader in example.texts else []
        texts.append(wrapped(runs, TEXT_COLUMNS, TEXT_LINES))
    lines = max(text.count("<br>") + 1 for text in texts)
    crop = shrunk(example.crop, COLUMN_PIXELS - 2 * PAD_PIXELS, TEXT_LINES * LINE_PIXELS)
    figure.add_shape(
        type="line", x0=0, x1=COLUMN_PIXELS * (len(texts) + 1), y0=top, y1=top, line_color=RULE, line_width=1
    )
    figure.add_layout_image(
        source=data_uri(crop, "png"), x=0, y=top + PAD_PIXELS, sizex=crop.width, sizey=crop.height, xref="x", yref="y"
    )
    for column, text in enumerate(texts, start=1):
        font = {"family": MONO_STACK, "size": 12}
        figure.add_annotation(text=text, font=font, **_placed(column * COLUMN_PIXELS, top + PAD_PIXELS))
    return top + max(crop.height, lines * LINE_PIXELS) + 2 * PAD_PIXELS


def _add_page(figure: go.Figure, page: ReadPage, top: int) -> int:
    height = SHEET_LINES * LINE_PIXELS
    picture = shrunk(page.picture, SHEET_PIXELS - 2 * PAD_PIXELS, height)
    figure.add_shape(type="line", x0=0, x1=SHEET_PIXELS * 3, y0=top, y1=top, line_color=RULE, line_width=1)
    about = f"{escape(page.page_id)}: {page.points:.1f} points 分"
    figure.add_annotation(text=about, font={"size": 11}, **_placed(0, top + PAD_PIXELS // 2))
    start = top + LINE_PIXELS + PAD_PIXELS
    figure.add_layout_image(
        source=data_uri(picture), x=0, y=start, sizex=picture.width, sizey=picture.height, xref="x", yref="y"
    )
    for column, runs in enumerate(([Run(page.truth, "same")], differences(page.truth, page.text)), start=1):
        text = wrapped(runs, SHEET_COLUMNS, SHEET_LINES)
        font = {"family": MONO_STACK, "size": 11}
        figure.add_annotation(text=text, font=font, **_placed(column * SHEET_PIXELS, start))
    return start + max(picture.height, height) + 2 * PAD_PIXELS


def _placed(x: float, y: float) -> dict[str, object]:
    anchors = {"xanchor": "left", "yanchor": "top", "align": "left", "showarrow": False}
    return {"x": x, "y": y, "xref": "x", "yref": "y", **anchors}


def _tagged(piece: str, kind: str) -> str:
    broken = escape(piece).replace("\n", "<br>")
    return f'<span style="{RUN_STYLES[kind]}">{broken}</span>' if kind in RUN_STYLES else broken


def _printable(text: str) -> Iterator[str]:
    """Characters of a text with every control character and line break as a space."""
    return (" " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character for character in text)
