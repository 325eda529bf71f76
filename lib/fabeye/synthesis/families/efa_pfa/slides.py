"""A report as slides: one key table, then a slide each for test, localisation, microscopy and cause."""

from collections.abc import Sequence

from fabeye.synthesis.blocks import Columns, NewPage, Node, banner, item
from fabeye.synthesis.families.efa_pfa import phrases
from fabeye.synthesis.families.efa_pfa.paper import draw_stamp
from fabeye.synthesis.families.efa_pfa.sections import Report
from fabeye.synthesis.style import Paper
from fabeye.synthesis.wording import Phrase

WIDE_PAPER = Paper(792, 445.5, 30, 26, 30)  # 16:9
CLASSIC_PAPER = Paper(720, 540, 30, 26, 32)  # 4:3
BULLETS = ("•", "–", "▪", "■")
MOST_BESIDE, MOST_ABOVE = 9, 6  # lines of a table of results that a slide has room for beside the actions, above them
MOST_IN_A_ROW = 3  # pictures; more would be too small to read
PLAIN_SHARE = 0.3  # of the first slides that show no picture
STAMP_SHARE = 0.25  # of the reports that bear a stamp
HEADS = {
    "first": (Phrase("Summary", "摘要", "Summary"), Phrase("Case overview", "案件概况", "Case overview")),
    "test": (
        Phrase("Test results", "测试结果", "EFA：test result"),
        Phrase("EFA – signature", "EFA 电性特征", "EFA – signature"),
    ),
    "place": (
        Phrase("EFA – localisation", "EFA 失效定位", "EFA – 定位"),
        Phrase("Where it fails", "定位结果", "Localization"),
    ),
    "series": (Phrase("EFA – emission and bias", "EFA 发光与偏压", "EMMI vs bias"),),
    "clip": (Phrase("EFA – layout check", "EFA 版图比对", "Layout 比对"),),
    "flow": (Phrase("How it was analysed", "分析流程", "FA flow"),),
    "physical": (
        Phrase("PFA results", "PFA 物性分析", "PFA 结果"),
        Phrase("Physical analysis", "物性失效分析", "PFA – SEM / FIB"),
    ),
    "cause": (
        Phrase("Root cause and actions", "根本原因与改善措施", "Root cause / action"),
        Phrase("Conclusion", "结论与对策", "Conclusion & action"),
    ),
}


def slide_nodes(report: Report) -> list[Node]:
    """All slides of a report."""
    paper = report.style.paper
    width, height = paper.width - 2 * paper.margin_x, paper.height - paper.margin_top - paper.margin_bottom
    bullet = report.rng.choice(BULLETS)
    maps = [name for name in ("wafer", "lot", "bitmap", "sat") if report.has(name)]
    optical = [name for name in ("emmi", "emmi_good", "obirch", "thermal", "box") if report.has(name)]
    curves = [name for name in ("iv", "shmoo", "trend") if report.has(name)]
    early, late = ([], curves) if len(maps) > 1 and len(optical) < 2 else (curves, [])
    slides = [_first(report, bullet)]
    if report.has("flow"):
        slides.append(_more(report, "flow", bullet, width, height))
    shown, where = (optical + late)[:MOST_IN_A_ROW], report.localised()
    lines = report.electrical() if shown else [*report.electrical(), *where]
    slides.append(_slide(report, "test", bullet, lines, (maps + early)[:MOST_IN_A_ROW], width, height))
    if shown:
        slides.append(_slide(report, "place", bullet, where, shown, width, height))
    slides += [_more(report, name, bullet, width, height) for name in ("series", "clip") if report.has(name)]
    if report.case.find:
        seen = ("sem", "sem_good", "edx")
        slides.append(_slide(report, "physical", bullet, report.physical(), seen, width, height))
    slides.append(_last(report, bullet))
    return [node for number, slide in enumerate(slides) for node in (*([NewPage()] if number else []), *slide)]


def _more(report: Report, name: str, bullet: str, width: float, height: float) -> list[Node]:
    """A slide with one exhibit and a sentence on it."""
    return _slide(report, name, bullet, [report.pick(phrases.MORE[name])], (name,), width, height)


def _first(report: Report, bullet: str) -> list[Node]:
    """Result and key table, and beside them the picture that tells most."""
    lines = [*report.background(), *report.summary()]
    head, told = _head(report, "first", with_name=True), _bullets(bullet, lines)
    wide = report.style.paper.width - 2 * report.style.paper.margin_x
    shown = next((name for name in ("sem", "emmi", "wafer") if report.has(name)), "")
    if not shown or report.rng.random() < PLAIN_SHARE:
        return [head, told, report.keys(pairs=3 if wide > 700 else 2)]
    return [head, told, Columns(((report.keys(narrow=True),), (report.figure(shown, 0.36 * wide, 170),)), (1.65, 1.0))]


def _head(report: Report, part: str, with_name: bool = False) -> Node:
    words = report.pick(HEADS[part])
    return banner(f"{report.name()} · {words}" if with_name else words)


def _bullets(bullet: str, lines: Sequence[str]) -> Node:
    return Columns((tuple(item(bullet, line) for line in lines),), (1.0,))


def _slide(
    report: Report, part: str, bullet: str, lines: Sequence[str], exhibits: Sequence[str], width: float, height: float
) -> list[Node]:
    """Title, sentences, and a row of pictures in what is left of the height."""
    text_lines = sum(1 + len(line) * report.style.text_size * 0.55 / width for line in lines)
    left = height - 80 - text_lines * report.style.text_size * 1.75
    row = report.row(exhibits, width, max(left, 150.0))
    return [_head(report, part), _bullets(bullet, lines), *([row] if row else [])]


def _last(report: Report, bullet: str) -> list[Node]:
    """Cause, a stamp on some, results and actions: beside each other where the slide is wide, else below."""
    lines, wide = _bullets(bullet, report.cause()), report.style.paper == WIDE_PAPER
    if report.rng.random() < STAMP_SHARE:
        lines = Columns(((lines,), (draw_stamp(report.rng, report),)), (7.0, 1.0))
    table, actions = report.results(MOST_BESIDE if wide else MOST_ABOVE), report.actions()
    if table and wide:
        return [_head(report, "cause"), lines, Columns(((table,), (actions,)), (0.8, 1.2))]
    return [_head(report, "cause"), lines, *([table] if table else []), actions]
