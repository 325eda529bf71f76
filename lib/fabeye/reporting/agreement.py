"""How far two people agree on the pages that both annotated.

Notable:
- Every score is shown with the more the better: of an edit distance what is missing to 1.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from fabeye.reporting.inputs import number, read_json
from fabeye.reporting.theme import BLUE, styled

SCORES = {  # key -> what a person reads, and whether it is a distance
    "region_f1_50": ("regions, IoU 0.5 区域", False),
    "region_f1_75": ("regions, IoU 0.75 区域", False),
    "label_kappa": ("labels, kappa 标签", False),
    "text_edit": ("texts 文本", True),
    "teds": ("tables, TEDS 表格", False),
    "order_edit": ("reading order 阅读顺序", True),
}


def read_agreement(gold: Path) -> dict[str, Any]:
    """Scores of data/gold/agreement.json and how many pages are to be settled. Raises ReportError."""
    said = read_json(gold / "agreement.json", "annotate")
    return {**said.get("agreement", {}), "to_settle": len(said.get("to_settle", []))}


def agreement_bars(said: Mapping[str, Any]) -> go.Figure:
    """A bar a score; an empty chart that says so where no page was annotated by two people."""
    known = {key: value for key in SCORES if (value := number(dict(said), key)) is not None}
    figure = go.Figure()
    figure.add_bar(
        x=[SCORES[key][0] for key in known],
        y=[1 - value if SCORES[key][1] else value for key, value in known.items()],
        marker_color=BLUE,
        hovertemplate="%{x}: %{y:.3f}<extra></extra>",
    )
    pages = int(number(dict(said), "pages") or 0)
    if not known:
        figure.add_annotation(
            text="No page has been annotated by two people yet. 尚无双人标注的页面。",
            showarrow=False,
            xref="paper",
            yref="paper",
        )
    figure.update_yaxes(range=[0, 1.02], title_text="1 is full agreement 完全一致为 1")
    title = f"Agreement of two people on {pages} pages, {said.get('to_settle', 0)} to settle · 双人标注一致性"
    return styled(figure, title, 360).update_layout(showlegend=False)
