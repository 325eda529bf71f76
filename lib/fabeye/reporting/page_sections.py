"""The report's chapter on whole pages: verdict, scores with intervals, page against page, the worst pages."""

from pathlib import Path
from typing import Any

from fabeye.paths import Paths
from fabeye.reporting.differences import differences
from fabeye.reporting.drawing import data_uri, shrunk
from fabeye.reporting.gold_pages import page_points, worst_pages
from fabeye.reporting.inputs import TEACHER, read_standing, read_verdict, reader_folders
from fabeye.reporting.standings import ab_scatter, standing_bars
from fabeye.settings import CompositeSettings, EvaluateSettings

CANDIDATE = "v1.0"
SHEET_WIDTH, SHEET_HEIGHT = 520, 720  # pixels
LONGEST = 4000  # characters of a page's words that are shown


def whole_pages(paths: Paths, settings: EvaluateSettings, count: int) -> dict[str, Any]:
    """v1.0 beside the teacher on the gold pages; `count` of the pages that v1.0 read worst. Raises ReportError."""
    folders = reader_folders(paths.baseline, paths.evaluation)
    points = page_points(paths.gold, paths.baseline, paths.evaluation, settings.composite)
    return {
        "verdict": verdict(paths),
        "figure": standing_bars({reader: read_standing(folder) for reader, folder in folders.items()}),
        "scatter": ab_scatter(points, TEACHER, CANDIDATE),
        "worst": sheets(paths.gold, paths.evaluation, settings.composite, count),
    }


def sheets(gold: Path, folder: Path, weights: CompositeSettings, count: int) -> list[dict[str, Any]]:
    """The pages that the reader of `folder` read worst: picture, truth, departures from it. Raises ReportError."""
    return [
        {
            "picture": data_uri(shrunk(page.picture, SHEET_WIDTH, SHEET_HEIGHT)),
            "about": f"{page.page_id} · {page.points:.1f}",
            "truth": page.truth[:LONGEST],
            "runs": differences(page.truth[:LONGEST], page.text[:LONGEST]),
        }
        for page in worst_pages(gold, folder, weights, count)
    ]


def verdict(paths: Paths) -> dict[str, Any]:
    """The sentence on v1.0 against the teacher, in both languages. Raises ReportError."""
    said = read_verdict(paths.evaluation)
    return {"good": said["outcome"] == "pass", "english": said["en"], "chinese": said["zh"]}
