"""A page as the pixel loss sees it: bright where the decoder foretells badly, and what blank paper costs."""

from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fabeye.reporting.inputs import ReportError, read_json
from fabeye.reporting.theme import BLUE, styled

HEIGHT = 520  # pixels
PERCENT = 100


def read_pixel_map(evaluation: Path) -> dict[str, Any]:
    """pixels.json of the evaluation. Raises ReportError."""
    path = evaluation / "pixels.json"
    content = read_json(path, "evaluate")
    try:
        if len(content["errors"]) != content["rows"] * content["columns"] - 1:
            raise ValueError("its patches do not fill its grid")
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(f"{path} is damaged ({error}); run `dvc repro -f evaluate`") from error
    return content


def pixel_map(content: dict[str, Any]) -> go.Figure:
    """Left the loss of each patch, right the share that blank paper has of it, by what a blank patch weighs."""
    rows, columns = content["rows"], content["columns"]
    values = [None, *content["errors"]]  # the first patch is never foretold
    figure = make_subplots(
        rows=1,
        cols=2,
        column_widths=[0.5, 0.5],
        subplot_titles=("loss of a patch 图块损失", "share of blank paper 空白占比"),
        horizontal_spacing=0.14,
    )
    grid = [values[row * columns : (row + 1) * columns] for row in range(rows)]
    figure.add_heatmap(
        z=grid, colorscale="Cividis", colorbar={"x": 0.45, "title": "loss"}, hovertemplate="%{z:.2f}", row=1, col=1
    )
    figure.update_yaxes(autorange="reversed", scaleanchor="x", visible=False, row=1, col=1)
    figure.update_xaxes(visible=False, row=1, col=1)
    weights = [float(weight) for weight in content["shares"]]
    figure.add_scatter(
        x=weights,
        y=[PERCENT * share for share in content["shares"].values()],
        mode="lines+markers+text",
        text=[f"{PERCENT * share:.0f} %" for share in content["shares"].values()],
        textposition="top center",
        line={"color": BLUE},
        row=1,
        col=2,
    )
    figure.update_xaxes(title_text="weight of a blank patch 空白图块权重", row=1, col=2)
    figure.update_yaxes(title_text="% of the loss 损失占比", range=[0, 105], row=1, col=2)
    title = f"Where the pixel loss lies: {content['page_id']} · 像素损失分布"
    return styled(figure, title, HEIGHT).update_layout(showlegend=False)
