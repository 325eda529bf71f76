"""A report as a laboratory writes it on A4: numbered sections, figures side by side, tables, signatures at the end."""

from collections.abc import Callable
from random import Random

import numpy as np

from fabeye.synthesis.blocks import Columns, Group, Node, figure, paragraph, stamp, title
from fabeye.synthesis.families.efa_pfa.sections import Report
from fabeye.synthesis.imagery.signature import make_seal, make_signature, size_of
from fabeye.synthesis.style import Paper
from fabeye.synthesis.wording import Phrase

REPORT_PAPER = Paper(595.28, 841.89, 50, 62, 54)  # A4
SIGNATURE_PT = 26.0  # height of a signature
SIGNERS = (
    ("analyst", Phrase("Analyst", "分析人")),
    ("reviewer", Phrase("Reviewed", "审核")),
    ("approver", Phrase("Approved", "批准")),
)
ELECTRICAL_ROWS = (("trend", "box"), ("wafer", "lot"), ("bitmap", "iv", "shmoo", "sat"))
OPTICAL_ROWS = (("emmi", "emmi_good"), ("series",), ("obirch", "thermal", "clip"))
SEAL_SHARE = 0.35  # of the Chinese signatures
HEADINGS = {
    "background": Phrase("Background", "背景", "背景 / Background"),
    "summary": Phrase("Summary", "摘要", "Summary"),
    "electrical": Phrase("Electrical failure analysis", "电性失效分析 (EFA)", "EFA"),
    "localised": Phrase("Localisation", "失效定位", "定位 (localization)"),
    "physical": Phrase("Physical failure analysis", "物性失效分析 (PFA)", "PFA"),
    "cause": Phrase("Root cause", "根本原因", "Root cause"),
    "actions": Phrase("Corrective actions", "改善措施", "Corrective action"),
}


TOLD: dict[str, Callable[[Report], list[str]]] = {
    "background": Report.background,
    "summary": Report.summary,
    "electrical": Report.electrical,
    "localised": Report.localised,
    "physical": Report.physical,
    "cause": Report.cause,
}


def paper_nodes(report: Report) -> tuple[list[Node], dict[str, bytes]]:
    """The report's blocks, and the files of its signatures."""
    width = report.style.paper.width - 2 * report.style.paper.margin_x
    summary_first = report.rng.random() < 0.5
    opening = ("summary", "background") if summary_first else ("background", "summary")
    nodes: list[Node] = [title(report.name(), size=15, align="center"), report.keys()]
    for part in opening:
        nodes += _section(report, part)
    nodes += _rows(report, (("flow",),), width)
    nodes += [*_section(report, "electrical"), *_rows(report, ELECTRICAL_ROWS, width)]
    if report.localised():
        nodes += [*_section(report, "localised"), *_rows(report, OPTICAL_ROWS, width)]
    if report.case.find:
        nodes += [*_section(report, "physical"), *_rows(report, (("sem", "sem_good"), ("edx",)), width)]
    table = report.results()
    nodes += [*_section(report, "cause"), *([table] if table else [])]
    signed, files = signatures(report)
    # a line of signatures alone on a page would sign nothing
    nodes += [_heading(report, "actions"), Group((report.actions(), signed))]
    return nodes, files


def signatures(report: Report) -> tuple[Node, dict[str, bytes]]:
    """A line of signatures with their roles, and the files of their pictures."""
    numbers = np.random.default_rng(report.rng.getrandbits(64))
    columns: list[tuple[Node, ...]] = []
    files: dict[str, bytes] = {}
    for role, label in SIGNERS:
        name = report.case.people[role].name
        seal = name[0] >= "\u2e80" and report.rng.random() < SEAL_SHARE
        content, shown = make_seal(name, role) if seal else make_signature(numbers, name, role)
        files[f"sign-{role}.png"] = content
        width, height = size_of(content)
        picture = figure(f"sign-{role}.png", SIGNATURE_PT * width / height, shown)
        columns.append((paragraph(f"{report.say(label)}: {report.facts.value('close_date')}"), picture))
    return Group((Columns(tuple(columns), (1.0, 1.0, 1.0)),)), files


def draw_stamp(rng: Random, report: Report) -> Node:
    """The stamp of the laboratory, with the day on which the case was closed."""
    words = rng.choice((Phrase("CONTROLLED", "受控"), Phrase("REVIEWED", "已审核"), Phrase("RELEASED", "发行章")))
    return stamp(report.say(words), f"{report.case.schedule.closed:%Y-%m-%d}")


def _section(report: Report, part: str) -> list[Node]:
    lines = TOLD[part](report)
    joint = " " if report.language == "en" else ""
    return [_heading(report, part), paragraph(joint.join(lines))]


def _heading(report: Report, part: str) -> Node:
    report.headings += 1
    return title(f"{report.headings}. {report.say(HEADINGS[part])}")


def _rows(report: Report, rows: tuple[tuple[str, ...], ...], width: float) -> list[Node]:
    """Rows of figures, those that the case has; a single one is no wider than two thirds of the page."""
    made = [report.row(row, width if sum(map(report.has, row)) > 1 else 0.55 * width, 210) for row in rows]
    return [row for row in made if row]
