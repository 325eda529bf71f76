"""The experiments: which arm is ahead of which, by how much, and how sure that is.

Notable:
- A measure has a scale of its own, so each has its own small chart: dots are seeds, the bar is their mean and the line
  its interval.
- A sentence a difference: it is called better or worse only where its interval leaves zero out.
"""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fabeye.paths import Paths
from fabeye.reporting.inputs import ReportError, read_json
from fabeye.reporting.probing import TASK_NAMES
from fabeye.reporting.theme import INK, SERIES, empty_figure, styled

COLUMNS = 4  # charts beside each other
CHART_HEIGHT, HEAD_HEIGHT = 240, 110  # pixels
COMMAND = "`dvc repro experiments/dvc.yaml`"

QUESTION_NAMES = {
    "objective": "What is learned: pixels and text, or text alone · 训练目标",
    "domain": "What domain documents add, at equal compute · 领域数据注入",
    "injection": "Domain documents after general ones · 通用之后注入领域",
    "settling": "The same, trained on · 继续训练",
    "init": "Starting from a small SigLIP · 以 SigLIP 初始化",
    "resolution": "Squares of one size, or native sizes · 固定方形与原生分辨率",
}
ARM_NAMES = {
    "aimv2": "AIMv2",
    "prefix_text": "text, by prefix 前缀文本",
    "captioning": "text alone 仅文本",
    "general": "general only 仅通用",
    "longer": "more general 更多通用",
    "injected": "with domain 注入领域",
    "longest": "still more general 更久",
    "settled": "with domain 注入",
    "siglip": "from SigLIP",
    "square": "224 square 方形",
}
MEASURE_NAMES = {
    "region_cer": "character error 字错率",
    "region_cer_domain": "character error, domain 领域字错率",
    "region_cer_general": "character error, general 通用字错率",
    "region_cer_extreme": "character error, elongated 狭长区域字错率",
    "validation_text": "validation text loss 验证文本损失",
    "composite_domain": "composite, domain 领域综合分",
    "composite_general": "composite, general 通用综合分",
    "samples_to_loss": "samples to the same loss 达到同一损失的样本数",
} | {f"probe_{task}": name for task, name in TASK_NAMES.items()}

Answers = Mapping[str, Sequence[Mapping[str, Any]]]  # question -> its measures, as reports/experiments.json


def experiments(paths: Paths) -> dict[str, Any]:
    """The report's section: a chart and its findings in words for each question. Raises ReportError."""
    answers = read_answers(paths.reports)
    seeds = [len(arm["values"]) for measures in answers.values() for one in measures for arm in one["arms"].values()]
    questions = [
        {"name": name, "figure": experiment_figure(answers, name), "rows": findings(answers, name)} for name in answers
    ]
    return {"questions": questions, "seeds": min(seeds)}


def read_answers(reports: Path) -> Answers:
    """What the comparison has written. Raises ReportError."""
    path = reports / "experiments.json"
    if not path.is_file():
        raise ReportError(f"{path} is missing; {COMMAND} runs the experiments, which takes hours")
    answers: Answers = read_json(path, "compare")
    return answers


def experiment_figure(answers: Answers, question: str) -> go.Figure:
    """One chart a measure; where the question has no answer yet, a note that says how to get one."""
    title, measures = QUESTION_NAMES.get(question, escape(question)), answers.get(question, [])
    if not measures:
        return empty_figure(f"No answer yet: {COMMAND} runs its trials. 尚无结果。", title, HEAD_HEIGHT)
    rows = -(-len(measures) // COLUMNS)
    titles = [_chart_title(one) for one in measures]
    figure = make_subplots(rows=rows, cols=COLUMNS, subplot_titles=titles, vertical_spacing=0.3 / rows)
    for place, one in enumerate(measures):
        row, column = divmod(place, COLUMNS)
        for number, (arm, estimate) in enumerate(one["arms"].items()):
            for trace in _traces(ARM_NAMES.get(arm, escape(arm)), estimate, SERIES[number % len(SERIES)], place == 0):
                figure.add_trace(trace, row=row + 1, col=column + 1)
    figure.update_xaxes(showticklabels=False)
    figure.update_annotations(font_size=12)
    return styled(figure, title, HEAD_HEIGHT + CHART_HEIGHT * rows)


def findings(answers: Answers, question: str) -> list[dict[str, Any]]:
    """Each difference in words: measure, arm, reference, numbers, and whether it is better, worse or undecided."""
    rows = []
    for one in answers.get(question, []):
        reference = next(iter(one["arms"]))
        for arm, difference in one["differences"].items():
            names = {"measure": MEASURE_NAMES.get(one["measure"], one["measure"]), "arm": ARM_NAMES.get(arm, arm)}
            rows.append(
                {
                    **names,
                    "reference": ARM_NAMES.get(reference, reference),
                    "seeds": len(difference["values"]),
                    **{end: difference[end] for end in ("mean", "low", "high")},
                    "outcome": _outcome(difference, one["lower_is_better"]),
                }
            )
    return rows


def _outcome(difference: Mapping[str, Any], lower_is_better: bool) -> str:
    if difference["low"] <= 0 <= difference["high"]:
        return "undecided"
    return "better" if (difference["mean"] < 0) == lower_is_better else "worse"


def _chart_title(one: Mapping[str, Any]) -> str:
    name = MEASURE_NAMES.get(one["measure"], escape(str(one["measure"])))
    arrow = "lower is better ↓" if one["lower_is_better"] else "higher is better ↑"
    english, _, chinese = name.rpartition(" ")
    return f"{english}<br>{chinese} · {arrow}"


def _traces(name: str, estimate: Mapping[str, Any], colour: str, legend: bool) -> tuple[go.Bar, go.Scatter]:
    above, below = estimate["high"] - estimate["mean"], estimate["mean"] - estimate["low"]
    error = {"type": "data", "symmetric": False, "array": [above], "arrayminus": [below], "thickness": 1.5}
    bar = go.Bar(x=[name], y=[estimate["mean"]], name=name, marker_color=colour, error_y=error, opacity=0.75)
    values = list(estimate["values"])
    dots = go.Scatter(x=[name] * len(values), y=values, mode="markers", marker={"color": INK, "size": 6}, name=name)
    bar.update(legendgroup=name, showlegend=legend, hovertemplate="%{x}: %{y:.3f}<extra></extra>")
    dots.update(legendgroup=name, showlegend=False, hovertemplate="seed: %{y:.3f}<extra></extra>")
    return bar, dots
