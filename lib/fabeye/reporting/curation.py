"""What the curate stage says of itself: the data card, and how well redaction does on generated reports.

Notable:
- Both are read from what the stage wrote (card.json, samples.png, audit.json); nothing is counted here.
- The audit's documents are generated, so what leaked of them may be shown by name.
"""

import io
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from PIL import Image
from plotly.subplots import make_subplots

from fabeye.reporting.drawing import data_uri
from fabeye.reporting.figures import BAR_PIXELS, HEAD_PIXELS
from fabeye.reporting.inputs import ReportError, read_json
from fabeye.reporting.theme import BLUE, GREEN, ORANGE, PURPLE, VERMILLION, styled
from fabeye.schema import Sensitive

KIND_NAMES = {
    Sensitive.PERSON: "person 人员",
    Sensitive.EMPLOYEE: "employee no. 工号",
    Sensitive.EMAIL: "e-mail 邮箱",
    Sensitive.PHONE: "telephone 电话",
    Sensitive.LOT: "lot 批号",
    Sensitive.WAFER: "wafer 晶圆",
    Sensitive.PRODUCT: "product, mask 产品与光罩",
    Sensitive.CUSTOMER: "customer 客户",
    Sensitive.TOOL: "tool 机台",
    Sensitive.RECIPE: "recipe 程式",
    Sensitive.HOST: "host, path 主机与路径",
    Sensitive.ADDRESS: "IP, MAC 地址",
    Sensitive.CASE: "case 案件编号",
}
PLACE_NAMES = {"text": "text 文本", "picture": "picture 图片"}
WHY_NAMES = {
    "not covered": "not covered 未遮盖",
    "text layer": "text layer 文本层",
    "metadata": "metadata 元数据",
    "pixels": "pixels 像素",
}
ASPECTS = (("family", "family 文档族"), ("language", "language 语言"), ("licence", "licence 许可"))
PANELS = (
    ("elements", "elements by kind 元素类别", BLUE),
    ("licence", "pages by licence 许可（页）", GREEN),
    ("hidden", "hidden in the corpus, by kind 已遮盖", ORANGE),
    ("distances", "pairs of near-duplicates by distance 近似重复", PURPLE),
)
CARD_HEIGHT = 640  # pixels of the figure
SAMPLES_WIDTH = 1000  # pixels of the samples' figure


def redaction(curated: Path) -> dict[str, Any]:
    """The report's section on redaction: figure, a row for each kind and place, everything that leaked.

    Raises ReportError where no report was audited.
    """
    audit = read_audit(curated)
    if not audit:
        raise ReportError(
            "no generated report was audited; set redact.audit and corpus.documents.efa_pfa above 0 in the profile, "
            "then run `dvc repro curate`"
        )
    painted = sum(row["boxes"] for row in audit["precision"].values())
    right = sum(row["right"] for row in audit["precision"].values())
    rows = [{**row, "kind": kind_name(row["kind"]), "place": PLACE_NAMES[row["place"]]} for row in audit["kinds"]]
    return {
        "figure": audit_bars(audit),
        "rows": rows,
        "misses": [
            {**miss, "kind": kind_name(miss["kind"]), "why": WHY_NAMES[miss["why"]]} for miss in audit["misses"]
        ],
        "pages": audit["pages"],
        "quarantined": audit["quarantined"],
        "painted": painted,
        "right": right,
    }


def data_card(curated: Path) -> dict[str, Any]:
    """The report's section on the data card: counts by family, language and licence, a figure, sample pages.

    Raises ReportError where there is no card.
    """
    card = read_card(curated)
    groups = [
        {
            "name": name,
            "rows": [(value, count, card["pages"][aspect].get(value, 0)) for value, count in found.items()],
        }
        for aspect, name in ASPECTS
        if (found := card["documents"][aspect])
    ]
    return {
        "groups": groups,
        "figure": card_bars(card),
        "redaction": {key: card["redaction"].get(key, 0) for key in ("pages", "passed", "quarantined")},
        "hidden": sum(card["redaction"].get("hidden", {}).values()),
        "pairs": card["duplicates"]["pairs"],
        "dropped": card["duplicates"]["dropped_pages"],
        "samples": data_uri(_samples(curated)),
    }


def read_card(curated: Path) -> dict[str, Any]:
    """card.json. Raises ReportError."""
    return read_json(curated / "card.json", "curate")


def read_audit(curated: Path) -> dict[str, Any]:
    """audit.json; empty where no report was audited. Raises ReportError."""
    return read_json(curated / "audit.json", "curate")


def audit_bars(audit: Mapping[str, Any]) -> go.Figure:
    """Sensitive things of each kind in the audited reports: hidden, so that nobody can read them, and leaked.

    Without an audit the figure is empty and says so.
    """
    rows = audit.get("kinds", [])
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    sums = {
        kind: [sum(row[name] for row in rows if row["kind"] == kind) for name in ("truth", "leaked")] for kind in kinds
    }
    figure = go.Figure()
    for name, colour, values in (
        ("hidden 已遮盖", GREEN, [truth - leaked for truth, leaked in sums.values()]),
        ("leaked 泄漏", VERMILLION, [leaked for _, leaked in sums.values()]),
    ):
        figure.add_bar(
            y=[kind_name(kind) for kind in kinds],
            x=values,
            name=name,
            orientation="h",
            marker_color=colour,
            text=[str(value) if value else "" for value in values],
            textposition="inside",
        )
    figure.update_layout(barmode="stack", xaxis_title="things in these reports 条目数", yaxis_autorange="reversed")
    title = "Redaction on generated reports · 脱敏审计" if audit else "No report was audited (redact.audit: 0) · 未审计"
    return styled(figure, title, HEAD_PIXELS + BAR_PIXELS * max(len(kinds), 1))


def card_bars(card: Mapping[str, Any]) -> go.Figure:
    """Four counts of the data card side by side."""
    hidden = card["redaction"].get("hidden", {})
    values = {
        "elements": card["elements"],
        "licence": card["pages"]["licence"],
        "hidden": {kind_name(kind): count for kind, count in hidden.items() if count},
        "distances": card["duplicates"]["picture_distances"],
    }
    figure = make_subplots(rows=2, cols=2, subplot_titles=[title for _, title, _ in PANELS], vertical_spacing=0.24)
    for place, (name, _, colour) in enumerate(PANELS):
        counts = values[name]
        labels = [escape(str(label)) or "unknown 未知" for label in counts]
        shown = [str(count) if count else "" for count in counts.values()]
        bar = go.Bar(x=labels, y=list(counts.values()), marker_color=colour, text=shown, showlegend=False)
        at = {"row": place // 2 + 1, "col": place % 2 + 1}
        figure.add_trace(bar, **at)
        if not any(counts.values()):
            figure.update_xaxes(visible=False, **at)
            figure.update_yaxes(visible=False, **at)
            figure.add_annotation(text="none 无", x=0.5, y=0.5, xref="x domain", yref="y domain", showarrow=False, **at)
    figure.update_xaxes(type="category")
    figure.update_annotations(font_size=12)
    return styled(figure, "Data card · 数据卡", CARD_HEIGHT)


def samples_sheet(curated: Path) -> go.Figure:
    """The sheet of sample pages as a figure. Raises ReportError."""
    sheet = _samples(curated)
    height = round(sheet.height * SAMPLES_WIDTH / sheet.width)
    figure = go.Figure()
    place = {"x": 0, "y": 1, "sizex": 1, "sizey": 1, "xref": "paper", "yref": "paper", "sizing": "stretch"}
    figure.add_layout_image(source=data_uri(sheet), layer="below", **place)
    styled(figure, "Sample pages · 样页", height + HEAD_PIXELS // 2)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure.update_layout(margin={"l": 10, "r": 10, "t": HEAD_PIXELS // 2, "b": 0}, width=SAMPLES_WIDTH)


def kind_name(kind: str) -> str:
    """A kind in both languages; one that nobody has named as it is."""
    return KIND_NAMES[Sensitive(kind)] if kind in Sensitive.__members__ else escape(kind)


def _samples(curated: Path) -> Image.Image:
    path = curated / "samples.png"
    try:
        return Image.open(io.BytesIO(_bytes(path))).convert("RGB")
    except (OSError, SyntaxError) as error:
        raise ReportError(f"{path} is no picture; run `dvc repro -f curate` to write it again") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ReportError(f"{path} is not there yet; run `dvc repro curate` to make it") from error
    except OSError as error:
        raise ReportError(f"{path} cannot be read; run `dvc repro -f curate` to write it again") from error
