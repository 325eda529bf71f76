"""Charts of the probes: what can be read off frozen features, and what damage to a picture costs.

Notable:
- Every bar stands beside its yardsticks (untrained, bare pixels, chance): alone it would say nothing.
"""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from fabeye.reporting.inputs import numbers
from fabeye.reporting.theme import SYSTEM_NAMES, styled, system_colour

# task -> what a person reads on the axis
TASK_NAMES = {
    "layout_patch": "layout class of a patch 图块版面类别",
    "category_linear": "element kind, linear 元素类别（线性）",
    "category_attentive": "element kind, attentive 元素类别（注意力）",
    "family_linear": "document family, linear 文档类型（线性）",
    "family_attentive": "document family, attentive 文档类型（注意力）",
    "sem_linear": "SEM defect, linear 缺陷（线性）",
    "sem_attentive": "SEM defect, attentive 缺陷（注意力）",
    "wafer_linear": "wafer pattern, linear 晶圆图形（线性）",
    "wafer_attentive": "wafer pattern, attentive 晶圆图形（注意力）",
    "symbol_recall": "same symbol elsewhere 同一符号检索",
}
CHANGE_NAMES = {
    "as it is": "as it is 原图",
    "half size": "half size 缩小一半",
    "quarter size": "quarter size 缩小四倍",
    "light damage": "light damage 轻度退化",
    "heavy damage": "heavy damage 重度退化",
}


def probe_bars(metrics: Mapping[str, Any]) -> go.Figure:
    """One group of bars a task, one bar a system; higher is better."""
    figure = go.Figure()
    systems = metrics.get("probes")
    for system in systems if isinstance(systems, dict) else {}:
        scores = numbers(dict(metrics), "probes", system)
        tasks = [task for task in TASK_NAMES if task in scores]
        figure.add_bar(
            x=[TASK_NAMES[task].replace(" ", "<br>", 1) for task in tasks],
            y=[scores[task] for task in tasks],
            name=SYSTEM_NAMES.get(system, system),
            marker_color=system_colour(system),
            hovertemplate="%{x}: %{y:.3f}",
        )
    figure.update_yaxes(title_text="balanced accuracy or recall 平衡准确率或召回率", range=[0, 1.02])
    return styled(figure, "Probes on frozen features · 冻结特征探针", 460).update_layout(barmode="group")


def robustness_lines(metrics: Mapping[str, Any]) -> go.Figure:
    """The probe of defects in micrographs as pictures get smaller and worse; one line a system."""
    figure = go.Figure()
    systems = metrics.get("robustness")
    for system in systems if isinstance(systems, dict) else {}:
        scores = numbers(dict(metrics), "robustness", system)
        changes = [change for change in CHANGE_NAMES if change in scores]
        figure.add_scatter(
            x=[CHANGE_NAMES[change] for change in changes],
            y=[scores[change] for change in changes],
            name=SYSTEM_NAMES.get(system, system),
            mode="lines+markers",
            line={"color": system_colour(system)},
        )
    figure.update_yaxes(title_text="balanced accuracy 平衡准确率", range=[0, 1.02])
    return styled(figure, "Robustness: SEM defects · 稳健性：缺陷类别", 380)
