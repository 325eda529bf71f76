"""The weights that come with the project, on gold regions of the kind they were made for: rates, examples, curve."""

import csv
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from fabeye.paths import Paths
from fabeye.reporting.choices import choose_readings
from fabeye.reporting.differences import differences
from fabeye.reporting.drawing import data_uri, shrunk
from fabeye.reporting.inputs import ReportError, example, number, read_metrics, read_readings
from fabeye.reporting.theme import BLUE, ORANGE, SYSTEM_NAMES, styled
from fabeye.schema import Reading
from fabeye.settings import EvaluateSettings

CURVE = "curve.csv"  # beside the weights: stage, samples of all stages, text, image
CROP_WIDTH, CROP_HEIGHT = 460, 160  # pixels


def published(paths: Paths, settings: EvaluateSettings, count: int) -> dict[str, Any]:
    """The published weights on gold regions of their kind, beside the teacher: error rates and examples."""
    name = Path(settings.published).name
    if not name:
        raise ReportError("no published weights are compared (evaluate.published names none)")
    kind, readers = settings.kind, ("rapidocr", name)
    ours = {
        region: [one for one in some if one.reader in readers]
        for region, some in read_readings(paths.baseline, paths.evaluation).items()
        if some[0].language in kind.languages and len(some[0].truth) <= kind.longest
    }
    metrics = read_metrics(paths.reports, "evaluate", "evaluate")
    rates = [
        {"name": SYSTEM_NAMES.get(reader, reader), "rate": number(metrics, "reading", reader, "kind_cer")}
        for reader in readers
    ]
    said = {"name": name, "rates": rates, "regions": len(ours), "languages": kind.languages, "longest": kind.longest}
    curve = published_curve(paths.root / settings.published)
    return {**said, "figure": curve, **shown(paths, choose_readings(ours, count, name))}


def published_curve(folder: Path) -> go.Figure:
    """Validation losses over the samples of all stages. Raises ReportError when the weights have no curve with them."""
    try:
        with (folder / CURVE).open(encoding="utf-8", newline="") as file:
            rows = [(float(row["samples"]), float(row["text"]), float(row["image"])) for row in csv.DictReader(file)]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ReportError(f"{folder / CURVE} cannot be read ({error!r}); `git checkout` brings it back") from error
    samples, text, image = (list(column) for column in zip(*rows, strict=True))
    figure = go.Figure()
    figure.add_scatter(x=samples, y=text, mode="lines+markers", name="text, nats a token 文本", line={"color": BLUE})
    figure.add_scatter(x=samples, y=image, mode="lines+markers", name="image 图像", line={"color": ORANGE}, yaxis="y2")
    figure.update_xaxes(title_text="samples seen 样本数")
    figure.update_yaxes(title_text="text loss 文本损失", rangemode="tozero")
    figure.update_layout(
        yaxis2={"overlaying": "y", "side": "right", "title": "image loss 图像损失", "rangemode": "tozero"}
    )
    return styled(figure, f"Validation losses of {folder.name} · 验证损失", 380)


def shown(paths: Paths, chosen: list[list[Reading]]) -> dict[str, Any]:
    """Gold regions as pictures with the truth and each reader's text, departures marked. Raises ReportError."""
    examples = [example(each, paths.gold) for each in chosen]
    readers = list(dict.fromkeys(reader for each in examples for reader in each.texts))
    rows = [
        {
            "crop": data_uri(shrunk(each.crop, CROP_WIDTH, CROP_HEIGHT), "png"),
            "about": f"{each.category} · {each.language}",
            "truth": each.truth,
            "texts": [differences(each.truth, each.texts[name]) if name in each.texts else None for name in readers],
        }
        for each in examples
    ]
    return {"rows": rows, "readers": [SYSTEM_NAMES.get(name, name) for name in readers]}
