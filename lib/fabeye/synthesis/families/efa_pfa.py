"""A report of electrical and physical failure analysis: a laboratory's A4 report or two slides.

Notable:
- A case is drawn, its evidence is measured from the pictures that are drawn for it, and only then is anything written:
  the numbers in a sentence, a table and a picture are the same numbers.
- Report and slides are two arrangements of the same sections.
"""

from dataclasses import dataclass
from random import Random

import numpy as np

from fabeye.schema import Category
from fabeye.synthesis.blocks import (
    Block,
    Columns,
    NewPage,
    Node,
    banner,
    captioned_figure,
    captioned_table,
    figure,
    paragraph,
    table,
    title,
)
from fabeye.synthesis.figures.chart import READ_V, Sweep, draw_sweep, sweep_chart, written
from fabeye.synthesis.imagery.bitmap import CELLS, Bitmap, draw_bitmap
from fabeye.synthesis.imagery.picture import Picture
from fabeye.synthesis.imagery.sem import Micrograph, draw_sem
from fabeye.synthesis.imagery.wafer import WaferMap, draw_die, draw_wafer
from fabeye.synthesis.manuscript import PAGE, Furniture, Manuscript, Part
from fabeye.synthesis.scenario import Case, draw_case
from fabeye.synthesis.style import Paper, Style, draw_style
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

REPORT_PAPER = Paper(595.28, 841.89, 52, 64, 54)  # A4
SLIDE_PAPER = Paper(792, 594, 34, 40, 34)  # 4:3
SLIDE_SHARE = 0.4  # of all reports
SLIDE_LARGER_PT = 1.5  # slides are set larger than reports
ACCENTS = ("#1f4e79", "#7a1f1f", "#1d5c3a", "#3b3b6d", "#444444")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the laboratory saw."""

    die: tuple[int, int]
    wafer: WaferMap
    bitmap: Bitmap
    sweep: Sweep
    micrograph: Micrograph


class Report:
    """A case with its evidence, and the sections that tell of them."""

    def __init__(self, rng: Random, language: str):
        self.rng, self.language = rng, language
        self.slides = rng.random() < SLIDE_SHARE
        paper, larger = (SLIDE_PAPER, SLIDE_LARGER_PT) if self.slides else (REPORT_PAPER, 0.0)
        self.style: Style = draw_style(rng, language, paper, ACCENTS, larger)
        self.case: Case = draw_case(rng, language)
        self.evidence = gather(rng, self.case)
        self.figures = self.tables = self.sections = 0
        labels = (self.either("Reference", "参考单元"), self.either("Failing", "失效单元"))
        self.pictures = {
            "bitmap.png": self.evidence.bitmap.picture.content,
            "wafer.png": self.evidence.wafer.picture.content,
            "sem.jpg": self.evidence.micrograph.picture.content,
            "sweep.svg": sweep_chart(self.evidence.sweep, labels, self.either("Voltage (V)", "电压 (V)")),
        }

    def either(self, en: str, zh: str) -> str:
        """One of two wordings, by language."""
        return zh if self.language == "zh" else en

    def say(self, phrase: Phrase) -> str:
        """The phrase in the report's language."""
        return phrase.said(self.language)

    # ---------------------------------------------------------------------------------------------------- sections

    def name(self) -> str:
        """The report's title."""
        return self.either("EFA / PFA report – ", "EFA / PFA 分析报告 – ") + self.say(self.case.scenario.mode)

    def heading(self, en: str, zh: str) -> Node:
        """The next numbered heading."""
        self.sections += 1
        return title(f"{self.sections}. {self.either(en, zh)}")

    def keys(self) -> Block:
        """The table of key information."""
        case = self.case
        x, y = self.evidence.die
        facts = (
            (self.either("Case No.", "案件编号"), case.number),
            (self.either("Request date", "委托日期"), f"{case.requested:%Y-%m-%d}"),
            (self.either("Product", "产品"), case.product),
            (self.either("Close date", "结案日期"), f"{case.closed:%Y-%m-%d}"),
            (self.either("Lot ID", "批号"), case.lot),
            (self.either("Wafer", "晶圆"), f"#{case.wafer:02d}"),
            (self.either("Die (X, Y)", "芯片坐标"), f"({x}, {y})".replace("-", "−")),
            (self.either("Fail source", "失效来源"), f"{case.source}, BIN {case.fail_bin}"),
            (self.either("Fail mode", "失效模式"), self.say(case.scenario.mode)),
            (self.either("Test", "测试条件"), self.say(case.scenario.condition)),
            (self.either("Dept.", "委托部门"), case.department),
            (self.either("Requester", "委托人"), case.requester),
            (self.either("Analyst", "分析人"), case.analyst),
            (self.either("Reviewer", "审核"), case.reviewer),
        )
        cells = [
            cell
            for label, value in facts
            for cell in (Cell(label, heading=True, align="left"), Cell(value, align="left"))
        ]
        return table([cells[start : start + 4] for start in range(0, len(cells), 4)], "auto, 1fr, auto, 1fr")

    def summary(self) -> list[Node]:
        """What failed and why, in one paragraph."""
        case, scenario = self.case, self.case.scenario
        bits = self.evidence.bitmap.fail_bits
        text = self.either(
            f"One die of lot {case.lot} failed at {case.source} with the signature “{self.say(scenario.mode)}” "
            f"({bits} failing {'bit' if bits == 1 else 'bits'}). Physical analysis found {self.say(scenario.finding)}, "
            f"which traces back to {scenario.step} on {case.tool}.",
            f"批次 {case.lot} 的一颗芯片在 {case.source} 测试中呈现{self.say(scenario.mode)}，共 {bits} 个失效位。"
            f"物性分析发现{self.say(scenario.finding)}，追溯至 {scenario.step} 站点的机台 {case.tool}。",
        )
        return [self.heading("Summary", "摘要"), paragraph(text)]

    def electrical(self) -> list[Node]:
        """Bitmap, place and currents in words."""
        case, evidence = self.case, self.evidence
        reference, failing = (written(current) for current in evidence.sweep.at_read())
        row, column = f"0x{case.window * CELLS + case.row:04X}", f"0x{case.column:03X}"
        text = self.either(
            f"Tests of {case.tested:%Y-%m-%d} put the fail into bank {case.bank}, row {row}, column {column}. "
            f"Wafer #{case.wafer:02d} yields {evidence.wafer.yield_percent:.1f} % "
            f"({evidence.wafer.good} of {evidence.wafer.dies} dies). The place was found from "
            f"{self.say(case.scenario.locating)}. At {READ_V} V the failing cell carries {failing} against {reference} "
            f"of the reference.",
            f"{case.tested:%Y-%m-%d} 的测试将失效定位于 bank {case.bank}，行 {row}，列 {column}。"
            f"晶圆 #{case.wafer:02d} 良率为 {evidence.wafer.yield_percent:.1f} %"
            f"（{evidence.wafer.dies} 颗中 {evidence.wafer.good} 颗良品）。"
            f"定位依据：{self.say(case.scenario.locating)}。"
            f"{READ_V} V 时失效单元电流为 {failing}，参考单元为 {reference}。",
        )
        return [self.heading("Electrical failure analysis", "电性失效分析 (EFA)"), paragraph(text)]

    def currents(self) -> Node:
        """Table of what was measured."""
        reference, failing = self.evidence.sweep.at_read()
        bits = self.evidence.bitmap.fail_bits
        words = self.either("Item|Failing|Reference", "项目|失效单元|参考单元").split("|")
        rows = [
            [Cell(word, heading=True) for word in words],
            [
                Cell(self.either(f"Current at {READ_V} V", f"{READ_V} V 电流"), align="left"),
                Cell(written(failing)),
                Cell(written(reference)),
            ],
            [Cell(self.either("Failing bits", "失效位数"), align="left"), Cell(str(bits)), Cell("0")],
        ]
        text = self.either("Electrical results", "电性测试结果")
        return captioned_table(self.style, self.table_label(), text, table(rows, "auto, auto, auto"), ())

    def physical(self) -> list[Node]:
        """The micrograph in words."""
        case, shot = self.case, self.evidence.micrograph
        section = case.scenario.structure == "section"
        view = self.either("cross-section" if section else "top-down", "FIB 截面" if section else "俯视")
        text = self.either(
            f"After delayering to {case.scenario.layer}, {view} SEM at {shot.kv:g} kV on {case.observed:%Y-%m-%d} "
            f"shows {self.say(case.scenario.finding)} of about {shot.size_nm} nm.",
            f"去层至 {case.scenario.layer} 后，{case.observed:%Y-%m-%d} 以 {shot.kv:g} kV {view} SEM 观察到"
            f"{self.say(case.scenario.finding)}，尺寸约 {shot.size_nm} nm。",
        )
        return [self.heading("Physical failure analysis", "物性失效分析 (PFA)"), paragraph(text)]

    def cause(self) -> list[Node]:
        """Root cause and the table of actions."""
        case = self.case
        text = self.either(
            f"Root cause: {self.say(case.scenario.mechanism)}. The lot ran {case.scenario.step} on {case.tool}, "
            f"chamber {case.chamber}.",
            f"根本原因：{self.say(case.scenario.mechanism)}。"
            f"该批次在 {case.tool} 的 {case.chamber} 腔体完成 {case.scenario.step}。",
        )
        words = self.either("No.|Action|Owner|Due|Status", "序号|措施|负责人|期限|状态").split("|")
        rows = [[Cell(word, heading=True) for word in words]]
        for number, action in enumerate(case.actions, start=1):
            text_cell = Cell(action.text, align="left")
            rows.append(
                [Cell(str(number)), text_cell, Cell(action.owner), Cell(f"{action.due:%Y-%m-%d}"), Cell(action.status)]
            )
        body = table(rows, "auto, 1fr, auto, auto, auto")
        actions = captioned_table(self.style, self.table_label(), self.either("Actions", "改善措施"), body, ())
        return [self.heading("Root cause and actions", "根本原因与改善措施"), paragraph(text), actions]

    # ----------------------------------------------------------------------------------------------------- figures

    def wafer_figure(self, width: float) -> Node:
        """Wafer map."""
        return self.captioned(
            figure("wafer.png", width),
            f"Wafer map, lot {self.case.lot}, wafer #{self.case.wafer:02d}",
            f"批次 {self.case.lot} 晶圆 #{self.case.wafer:02d} 分布图",
        )

    def bitmap_figure(self, width: float) -> Node:
        """Fail bitmap."""
        return self.captioned(
            figure("bitmap.png", width),
            f"Fail bitmap, bank {self.case.bank}, window of {CELLS} × {CELLS} cells",
            f"bank {self.case.bank} 失效位图，窗口 {CELLS} × {CELLS} 单元",
        )

    def sweep_figure(self, width: float) -> Node:
        """Current over voltage."""
        return self.captioned(
            figure("sweep.svg", width), "I–V of failing and reference cell", "失效单元与参考单元 I–V 曲线"
        )

    def sem_figure(self, width: float) -> Node:
        """Micrograph with a frame around the find."""
        picture = self.evidence.micrograph.picture
        layer, size = self.case.scenario.layer, self.evidence.micrograph.size_nm
        return self.captioned(
            figure("sem.jpg", width, framed(picture, width)),
            f"SEM image, {layer} level, defect about {size} nm (frame)",
            f"{layer} 层 SEM 图像，缺陷约 {size} nm（框内）",
        )

    def captioned(self, body: Block, en: str, zh: str) -> Node:
        """A figure with the next number."""
        self.figures += 1
        label = self.either(f"Figure {self.figures}", f"图 {self.figures}")
        return captioned_figure(self.style, label, self.either(en, zh), body)

    def table_label(self) -> str:
        """ "Table 2" for the next table."""
        self.tables += 1
        return self.either(f"Table {self.tables}", f"表 {self.tables}")


def compose(rng: Random, language: str) -> Manuscript:
    """Write one report."""
    report = Report(rng, language)
    nodes = slide_nodes(report) if report.slides else report_nodes(report)
    head, foot = _furniture(rng, language, report.slides)
    return Manuscript(report.style, tuple(nodes), head, foot, report.pictures)


def gather(rng: Random, case: Case) -> Evidence:
    """Draw the pictures of a case and measure them."""
    numbers = np.random.default_rng(rng.getrandbits(64))
    die = draw_die(numbers, case.pattern)
    scenario = case.scenario
    return Evidence(
        die=die,
        wafer=draw_wafer(numbers, case.pattern, die),
        bitmap=draw_bitmap(numbers, scenario.bitmap, case.row, case.column),
        sweep=draw_sweep(rng, scenario.electrical),
        micrograph=draw_sem(numbers, scenario.structure, scenario.defect, f"{case.observed:%Y-%m-%d}"),
    )


def report_nodes(report: Report) -> list[Node]:
    """Two A4 pages."""
    return [
        title(report.name(), size=15, align="center"),
        report.keys(),
        *report.summary(),
        *report.electrical(),
        Columns(((report.wafer_figure(205),), (report.bitmap_figure(205),)), (1, 1)),
        NewPage(),
        Columns(((report.sweep_figure(240),), (report.currents(),)), (1, 1)),
        *report.physical(),
        report.sem_figure(report.rng.choice((240, 260, 280))),
        *report.cause(),
    ]


def slide_nodes(report: Report) -> list[Node]:
    """Two slides."""
    return [
        banner(report.name()),
        Columns(((report.keys(), *report.summary()), (*report.electrical(), _pair(report))), (1, 1)),
        NewPage(),
        banner(report.name()),
        Columns(
            (
                (*report.physical(), report.sem_figure(300)),
                (report.sweep_figure(240), report.currents(), *report.cause()),
            ),
            (1, 1.15),
        ),
    ]


def _pair(report: Report) -> Node:
    return Columns(((report.wafer_figure(165),), (report.bitmap_figure(165),)), (1, 1))


def framed(picture: Picture, width: float) -> str:
    """Typst source of a red frame around the picture's find, the picture being `width` points wide."""
    if picture.find is None:
        return ""
    scale, room = width / picture.width, 6.0
    x0, y0, x1, y1 = (edge * scale for edge in picture.find)
    size = f"width: {x1 - x0 + 2 * room:.2f}pt, height: {y1 - y0 + 2 * room:.2f}pt"
    return f"\n#place(top + left, dx: {x0 - room:.2f}pt, dy: {y0 - room:.2f}pt, rect({size}, stroke: 1.2pt + red))"


def _furniture(rng: Random, language: str, slides: bool) -> tuple[Furniture, Furniture]:
    """Name of the laboratory and confidentiality above, page number below; slides have both below."""
    laboratory = {"en": "Failure Analysis Laboratory", "zh": "失效分析实验室"}[language]
    secret = rng.choice(
        {
            "en": ("CONFIDENTIAL – internal use only", "Confidential"),
            "zh": ("机密 – 仅限内部使用", "内部资料 严禁外传"),
        }[language]
    )
    number = rng.choice({"en": (PAGE, f"Page {PAGE}"), "zh": (PAGE, f"第 {PAGE} 页")}[language])
    if slides:
        foot = (Part(Category.FOOTER, secret, "left"), Part(Category.PAGE_NUMBER, number, "right"))
        return Furniture((), ()), Furniture(foot, foot)
    head = (Part(Category.HEADER, laboratory, "left"), Part(Category.HEADER, secret, "right"))
    middle = (Part(Category.PAGE_NUMBER, number, "center"),)
    return Furniture(head, head), Furniture(middle, middle)
