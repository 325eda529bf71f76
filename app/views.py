"""What the app draws and says about a page: boxes, the element under a point, rows of a table, the similarity map.

Notable:
- Boxes are drawn by Pillow in hundredths of a second, whatever their number.
- The map is a plotly figure over the page, so the value under the cursor is read by hovering.
- Texts come from documents and are escaped before they meet Markdown or HTML.
"""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from PIL import Image, ImageDraw

from app.similarity import PatchGrid
from app.texts import say
from fabeye.reporting.drawing import data_uri, draw_boxes, ordered_box, shrunk
from fabeye.reporting.theme import UPLOADS, VERMILLION, category_colour, styled
from fabeye.schema import Element

KINDS = ("truth", "truth_lines", "parse")
PARSE_COLOUR = "#B34700"
SELECTED_COLOUR = "#D0006F"
SELECTED_WIDTH, POINT_RADIUS = 5, 9  # pixels
MAP_WIDTH, MAP_HEIGHT = 560, 780  # pixels, at most; about what the column gives
MAP_BAR = 30  # pixels above the map for its buttons
MAP_SHARPNESS = 2  # pixels of the picture under the map per pixel of the map: one can zoom
TEXT_SHOWN = 2000  # characters of an element's text told under the point
CELL_SHOWN = 200  # characters of it in the table
COLOUR_SCALE = "Cividis"  # even in lightness and readable with any colour vision


def draw_page(
    picture: Image.Image,
    elements: Mapping[str, Sequence[Element]],
    selected: Element | None = None,
    point: tuple[int, int] | None = None,
) -> Image.Image:
    """The page with the elements of each kind, one of them outlined, and a cross where somebody clicked."""
    drawn = draw_boxes(picture, elements.get("truth", ()))
    drawn = draw_boxes(drawn, elements.get("truth_lines", ()), width=1, filled=False)
    drawn = draw_boxes(drawn, elements.get("parse", ()), colour=PARSE_COLOUR, width=1, filled=False)
    if selected is not None:
        drawn = draw_boxes(drawn, [selected], colour=SELECTED_COLOUR, width=SELECTED_WIDTH, filled=False)
    if point is not None:
        _cross(drawn, *point)
    return drawn


def hit_test(elements: Sequence[Element], x: float, y: float) -> Element | None:
    """The smallest element whose box holds the point, edges included; None where there is none."""
    holding = [element for element in elements if _holds(element, x, y)]
    return min(holding, key=_area, default=None)


def describe(element: Element | None, point: tuple[int, int] | None, language: str) -> str:
    """What is under the point, as HTML."""
    if element is None:
        said = say("nothing_here", language, x=point[0], y=point[1]) if point else say("nothing_clicked", language)
        return f"<p class='hint'>{escape(said)}</p>"
    text = escape(element.text[:TEXT_SHOWN]) or f"<i>{say('no_text', language)}</i>"
    swatch = f"<span class='swatch' style='background:{category_colour(element.category)}'></span>"
    facts = f"{escape(element.source)} · {escape(element.level)} · {say('score', language)} {element.score:.2f}"
    return f"<div class='under'>{swatch}<b>{escape(element.category)}</b> <small>{facts}</small><pre>{text}</pre></div>"


def element_rows(elements: Sequence[Element]) -> list[list[str | int | float]]:
    """Rows of the table of elements: place in `elements`, category, source, score, text."""
    return [
        [place, each.category, each.source, round(each.score, 3), each.text[:CELL_SHOWN]]
        for place, each in enumerate(elements)
    ]


def similarity_figure(
    picture: Image.Image, cosines_HW: np.ndarray, grid: PatchGrid, patch: tuple[int, int], opacity: float
) -> go.Figure:
    """The cosines over the page, NaN left clear; a cross marks the clicked patch at (row, column)."""
    rows, columns = cosines_HW.shape
    figure = go.Figure(
        go.Heatmap(
            z=np.round(cosines_HW, 4).tolist(),
            x=[(column + 0.5) * grid.step_x for column in range(columns)],
            y=[(row + 0.5) * grid.step_y for row in range(rows)],
            colorscale=COLOUR_SCALE,
            opacity=opacity,
            hoverongaps=False,
            hovertemplate="%{z:.3f}<br>(%{x:.0f}, %{y:.0f})<extra></extra>",
            colorbar={"thickness": 12, "title": "cos"},
        )
    )
    figure.add_layout_image(
        source=data_uri(shrunk(picture, MAP_WIDTH * MAP_SHARPNESS, MAP_HEIGHT * MAP_SHARPNESS)), **_page_place(picture)
    )
    figure.add_scatter(**_marker(grid, patch))
    styled(figure, "", min(MAP_HEIGHT, round(MAP_WIDTH * picture.height / picture.width) + MAP_BAR))
    hidden = {"visible": False, "constrain": "domain"}
    figure.update_xaxes(range=[0, picture.width], **hidden)
    figure.update_yaxes(range=[picture.height, 0], scaleanchor="x", constraintoward="top", **hidden)
    figure.update_layout(modebar={"orientation": "h", "remove": [*UPLOADS, "select2d", "lasso2d", "autoScale2d"]})
    return figure.update_layout(margin={"l": 0, "r": 0, "t": MAP_BAR, "b": 0}, showlegend=False)


def _page_place(picture: Image.Image) -> dict[str, object]:
    size = {"sizex": picture.width, "sizey": picture.height, "sizing": "stretch"}
    return {"x": 0, "y": 0, "xref": "x", "yref": "y", "layer": "below", **size}


def _marker(grid: PatchGrid, patch: tuple[int, int]) -> dict[str, object]:
    row, column = patch
    look = {"symbol": "cross-thin", "size": 16, "line": {"width": 3, "color": VERMILLION}}
    x, y = (column + 0.5) * grid.step_x, (row + 0.5) * grid.step_y
    return {"x": [x], "y": [y], "mode": "markers", "marker": look, "hoverinfo": "skip"}


def _holds(element: Element, x: float, y: float) -> bool:
    x0, y0, x1, y1 = ordered_box(element)
    return x0 <= x <= x1 and y0 <= y <= y1


def _area(element: Element) -> float:
    x0, y0, x1, y1 = ordered_box(element)
    return (x1 - x0) * (y1 - y0)


def _cross(drawn: Image.Image, x: int, y: int) -> None:
    brush = ImageDraw.Draw(drawn)
    brush.line((x - POINT_RADIUS, y, x + POINT_RADIUS, y), fill=SELECTED_COLOUR, width=3)
    brush.line((x, y - POINT_RADIUS, x, y + POINT_RADIUS), fill=SELECTED_COLOUR, width=3)
