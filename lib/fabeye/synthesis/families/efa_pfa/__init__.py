"""Reports of electrical and physical failure analysis: slides, a laboratory's A4 report, one-page forms.

Notable:
- A report is one case (scenario/), its exhibits (exhibits.py), and sections that tell of them (sections.py); slides.py,
  paper.py and forms.py are three arrangements of the same sections.
"""

from dataclasses import replace
from random import Random
from typing import Literal

from fabeye.schema import Category
from fabeye.synthesis.blocks import Node
from fabeye.synthesis.families.efa_pfa.exhibits import gather
from fabeye.synthesis.families.efa_pfa.forms import eight_nodes, request_nodes
from fabeye.synthesis.families.efa_pfa.paper import REPORT_PAPER, paper_nodes
from fabeye.synthesis.families.efa_pfa.sections import Report
from fabeye.synthesis.families.efa_pfa.slides import CLASSIC_PAPER, WIDE_PAPER, slide_nodes
from fabeye.synthesis.manuscript import PAGE, Furniture, Manuscript, Overlay, Part
from fabeye.synthesis.scenario.case import draw_case
from fabeye.synthesis.scenario.names import draw_people
from fabeye.synthesis.scenario.table import SCENARIOS
from fabeye.synthesis.style import Paper, draw_style
from fabeye.synthesis.typesetting import CJK_SANS
from fabeye.synthesis.wording import Phrase

ACCENTS = ("#1f4e79", "#7a1f1f", "#1d5c3a", "#3b3b6d", "#444444", "#8a4b08", "#0b5563")
FORMS = {"wide": 0.36, "classic": 0.2, "paper": 0.28, "request": 0.08, "eight": 0.08}  # shares of all reports
PAPERS: dict[str, Paper] = {"wide": WIDE_PAPER, "classic": CLASSIC_PAPER}
SANS, SANS_SHARE = ("DejaVu Sans", CJK_SANS), 0.75  # faces of slides, and how many of them have one
LARGER_PT = {"wide": 1.0, "classic": 1.5}  # slides are set larger than paper
DOWNLOAD_SHARE, WATERMARK_SHARE = 0.3, 0.12
SECRET = (
    Phrase("CONFIDENTIAL – internal use only", "机密 – 仅限内部使用", "Confidential 内部资料"),
    Phrase("Confidential", "内部资料 严禁外传", "Confidential"),
    Phrase("Company secret", "公司机密", "Company secret 公司机密"),
)
LABORATORY = (
    Phrase("Failure Analysis Laboratory", "失效分析实验室", "FA Lab 失效分析实验室"),
    Phrase("EFA / PFA Section", "失效分析课", "EFA / PFA 课"),
)
DOWNLOADED = Phrase("Downloaded by {} ({}) on {}", "下载人 {}（{}）{}", "Downloaded by {} ({}) {}")


def compose(rng: Random, language: str) -> Manuscript:
    """Write one report in "en", "zh" or "mixed"."""
    form = rng.choices(list(FORMS), list(FORMS.values()))[0]
    return composed(rng, language, form)


def composed(rng: Random, language: str, form: str, scenario: int | None = None) -> Manuscript:
    """Write one report in a form (a key of FORMS), of a scenario by its number or of any."""
    style = draw_style(rng, language, PAPERS.get(form, REPORT_PAPER), ACCENTS, LARGER_PT.get(form, 0.0))
    style = replace(style, columns=1, justified=False)  # values do not break, so justified lines would gape
    if form in PAPERS and rng.random() < SANS_SHARE:
        faces = (rng.choice(SANS), CJK_SANS, SANS[0])
        style = replace(style, heading_faces=faces, text_faces=faces)
    case = draw_case(rng, language, None if scenario is None else SCENARIOS[scenario])
    report = Report(rng, style, case, gather(rng, case))
    nodes, files = arranged(report, form)
    head, foot = _furniture(rng, report, form)
    return Manuscript(
        style,
        tuple(nodes),
        head,
        foot,
        {**report.pictures, **files},
        overlays=tuple(_overlays(rng, report, "left" if form in PAPERS else "bottom")),
        scenario=report.case.index,
        attributes={"form": form, **({"layout": "other_layout"} if form in PAPERS else {})},
    )


def arranged(report: Report, form: str) -> tuple[list[Node], dict[str, bytes]]:
    """The report's blocks in a form, and the picture files that the form adds."""
    makers = {"paper": paper_nodes, "request": request_nodes, "eight": eight_nodes}
    return makers[form](report) if form in makers else (slide_nodes(report), {})


def _overlays(rng: Random, report: Report, place: Literal["left", "bottom"]) -> list[Overlay]:
    """Who downloaded the file, and a watermark, on some."""
    overlays = []
    if rng.random() < DOWNLOAD_SHARE:
        reader = draw_people(rng, report.language, 1)[0]
        parts = (f"[[:PERSON|{reader.name}]]", f"[[:EMPLOYEE|{reader.number}]]", report.facts.texts["close_date"])
        overlays.append(Overlay(DOWNLOADED.said(report.language).format(*parts), place))
    if rng.random() < WATERMARK_SHARE:
        overlays.append(Overlay(rng.choice(SECRET[1:]).said(report.language), "watermark"))
    return overlays


def _furniture(rng: Random, report: Report, form: str) -> tuple[Furniture, Furniture]:
    """Name of the laboratory and confidentiality above, page number below; slides have all below."""
    secret, laboratory = (rng.choice(ways).said(report.language) for ways in (SECRET, LABORATORY))
    number = rng.choice((PAGE, Phrase(f"Page {PAGE}", f"第 {PAGE} 页").said(report.language)))
    case = rng.choice((report.facts.value("case_no"), laboratory))
    if form in PAPERS:
        foot = (
            Part(Category.FOOTER, secret, "left"),
            Part(Category.FOOTER, case, "center"),
            Part(Category.PAGE_NUMBER, number, "right"),
        )
        return Furniture((), ()), Furniture(foot, foot)
    head = (Part(Category.HEADER, case, "left"), Part(Category.HEADER, secret, "right"))
    middle = (Part(Category.PAGE_NUMBER, number, "center"),)
    return Furniture(head, head), Furniture(middle, middle)
