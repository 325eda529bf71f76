"""A memory standard: numbered clauses with AC timing, operating conditions, commands and a burst's timing diagram.

Notable:
- One device is drawn first; paragraph, formula, tables and diagram all speak of it.
- The wording is our own, in the manner of a standard ("shall", notes, numbered clauses).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from fabeye.schema import Category
from fabeye.synthesis.blocks import Node, captioned_figure, captioned_table, figure, formula, paragraph, table, title
from fabeye.synthesis.families.command_tables import RAILS, command_rows, level_rows
from fabeye.synthesis.families.notes import NoteBook
from fabeye.synthesis.families.timing_tables import Device, draw_device, timing_rows
from fabeye.synthesis.figures.timing import Burst, draw_burst, timing_diagram
from fabeye.synthesis.formulas import CLOCK, LEVELS, Formula
from fabeye.synthesis.manuscript import PAGE, Furniture, Manuscript, Part
from fabeye.synthesis.style import Paper, Style, draw_style
from fabeye.synthesis.wording import Phrase

PAPERS = (Paper(612, 792, 62, 70, 58), Paper(595.28, 841.89, 58, 72, 60))  # Letter and A4
ACCENTS = ("#000000",)

TIMING_TITLES = (
    Phrase("Timing parameters by speed bin", "按速度等级划分的时序参数"),
    Phrase("AC timing of commands and data", "命令与数据的交流时序"),
    Phrase("Core timing requirements", "核心时序要求"),
)
LEVEL_TITLES = (
    Phrase("Recommended DC operating conditions", "推荐直流工作条件"),
    Phrase("Supply and input levels", "电源与输入电平"),
)
COMMAND_TITLES = (Phrase("Command truth table", "命令真值表"), Phrase("Encoding of commands", "命令编码"))
BURST_TITLES = {
    "READ": Phrase("READ burst operation", "读突发操作"),
    "WRITE": Phrase("WRITE burst operation", "写突发操作"),
}
TIMING_TEXTS = (
    Phrase(
        "The limits of this clause hold for case temperatures T_{{C}} from 0 °C to 85 °C and V_{{DD}} = V_{{DDQ}} = "
        "{vdd} V (nominal), with R_{{TT}} = {rtt} Ω ±10 %. A slew rate of at least {slew} V/ns between CK_t and CK_c "
        "is assumed.",
        "本条限值适用于壳温 T_{{C}} 为 0 °C 至 85 °C、V_{{DD}} = V_{{DDQ}} = {vdd} V（标称值）、"
        "R_{{TT}} = {rtt} Ω ±10 % 的条件，并假定 CK_t 与 CK_c 之间的斜率不低于 {slew} V/ns。",
    ),
    Phrase(
        "A device shall meet every limit of its own speed bin. Where it is run slower than its bin, the limits of the "
        "bin that matches the actual clock apply. All limits are stated at V_{{DD}} = {vdd} V with a termination of "
        "{rtt} Ω and an input slew rate of {slew} V/ns.",
        "器件应满足其所属速度等级的全部限值。若以低于该等级的速率运行，则采用与实际时钟相符的等级限值。"
        "所有限值均在 V_{{DD}} = {vdd} V、端接电阻 {rtt} Ω、输入斜率 {slew} V/ns 的条件下给出。",
    ),
)
LEVEL_TEXTS = (
    Phrase(
        "Voltages are measured at the balls of the device. AC noise on V_{DD} up to ±{noise} mV is part of the range "
        "and needs no further margin.",
        "电压在器件焊球处测量。V_{DD} 上不超过 ±{noise} mV 的交流噪声已包含在范围内，无需再留裕量。",
    ),
    Phrase(
        "All rails shall be inside their limits before RESET_n is released, and shall stay there until power is "
        "removed; ripple of up to ±{noise} mV is allowed.",
        "在释放 RESET_n 之前，各路电源均应处于限值之内，并保持至断电；允许不超过 ±{noise} mV 的纹波。",
    ),
)
COMMAND_TEXTS = (
    Phrase(
        "Commands are sampled at the rising edge of CK_t while CS_n is low. A command of two clocks keeps its second "
        "half on the next rising edge, where CS_n is high.",
        "当 CS_n 为低电平时，命令在 CK_t 的上升沿采样。双周期命令的后半部分在下一个上升沿发送，此时 CS_n 为高电平。",
    ),
    Phrase(
        "A code that is not listed is reserved and shall not be sent. Between commands the host shall drive Deselect.",
        "未列出的编码为保留编码，不得发送。在命令之间，主机应发送未选中状态。",
    ),
)
BURST_TEXT = Phrase(
    "For clarity the figure uses short delays: {name} follows ACT after {trcd} clocks, {latency_name} is {latency} "
    "clocks, and a burst of length {length} takes {half} clocks of data. PRE closes the row {tras} clocks after ACT.",
    "为清晰起见，图中采用较短的延迟：{name}命令在 ACT 之后 {trcd} 个时钟发送，{latency_name} 为 {latency} 个时钟，"
    "长度为 {length} 的突发占用 {half} 个数据时钟，PRE 命令在 ACT 之后 {tras} 个时钟关闭该行。",
)


@dataclass(slots=True)
class Draft:
    """What the clauses of one standard share; counts its clauses, tables and figures."""

    rng: Random
    language: str
    style: Style
    device: Device
    chapter: int
    clauses: int = 0
    tables: int = 0
    figures: int = 0
    pictures: dict[str, bytes] = field(default_factory=dict)

    def say(self, phrase: Phrase) -> str:
        """The phrase in the document's language."""
        return phrase.said(self.language)

    def clause(self, name: Phrase) -> Node:
        """The heading of the next clause."""
        self.clauses += 1
        return title(f"{self.chapter}.{self.clauses} {self.say(name)}")

    def table_label(self) -> str:
        """ "Table 7" for the next table."""
        self.tables += 1
        return {"en": f"Table {self.tables}", "zh": f"表 {self.tables}"}[self.language]

    def figure_label(self) -> str:
        """ "Figure 7" for the next figure."""
        self.figures += 1
        return {"en": f"Figure {self.figures}", "zh": f"图 {self.figures}"}[self.language]


def compose(rng: Random, language: str) -> Manuscript:
    """Write one standard."""
    style = draw_style(rng, language, rng.choice(PAPERS), ACCENTS)
    numbered = rng.randint(1, 40)
    draft = Draft(rng, language, style, draw_device(rng), rng.randint(3, 12), rng.randint(0, 8), numbered, numbered)
    second = rng.choice((level_clause, command_clause))
    rest: list[Callable[[Draft], list[Node]]] = [second, burst_clause]
    rng.shuffle(rest)
    nodes = [node for clause in (timing_clause, *rest) for node in clause(draft)]
    head, foot = _furniture(rng, language)
    return Manuscript(style, tuple(nodes), head, foot, draft.pictures, first_page=rng.randint(10, 180))


def timing_clause(draft: Draft) -> list[Node]:
    """Heading, conditions, formula, AC timing table."""
    device, notes = draft.device, NoteBook(draft.language)
    name = draft.rng.choice(TIMING_TITLES)
    heading = draft.clause(name)
    conditions = draft.say(draft.rng.choice(TIMING_TEXTS)).format(
        vdd=f"{RAILS[device.generation]['V_{DD}'][1] / 1000:.1f}",
        rtt=draft.rng.choice((34, 40, 48, 60)),
        slew=draft.rng.choice((3, 4, 6)),
    )
    rows, columns = timing_rows(draft.rng, draft.language, device, notes)
    spans = f"DDRx-{device.bins[0]} {draft.say(Phrase('to', '至'))} DDRx-{device.bins[-1]}"
    body = captioned_table(
        draft.style, draft.table_label(), f"{draft.say(name)}, {spans}", table(rows, columns), notes.lines()
    )
    return [heading, paragraph(conditions), *_formula(draft, CLOCK), body]


def level_clause(draft: Draft) -> list[Node]:
    """Heading, text, DC table, formula."""
    notes, name = NoteBook(draft.language), draft.rng.choice(LEVEL_TITLES)
    heading = draft.clause(name)
    text = draft.say(draft.rng.choice(LEVEL_TEXTS)).replace("{noise}", str(draft.rng.choice((20, 25, 30, 40))))
    rows, columns = level_rows(draft.rng, draft.language, draft.device.generation, notes)
    body = captioned_table(draft.style, draft.table_label(), draft.say(name), table(rows, columns), notes.lines())
    return [heading, paragraph(text), body, *_formula(draft, LEVELS)]


def command_clause(draft: Draft) -> list[Node]:
    """Heading, text, truth table."""
    notes, name = NoteBook(draft.language), draft.rng.choice(COMMAND_TITLES)
    heading = draft.clause(name)
    rows, columns = command_rows(draft.rng, draft.language, notes)
    body = captioned_table(draft.style, draft.table_label(), draft.say(name), table(rows, columns), notes.lines())
    return [heading, paragraph(draft.say(draft.rng.choice(COMMAND_TEXTS))), body]


def burst_clause(draft: Draft) -> list[Node]:
    """Heading, text, timing diagram."""
    burst = draw_burst(draft.rng)
    heading = draft.clause(BURST_TITLES[burst.kind])
    drawing, _ = timing_diagram(burst, draft.language, hatched=draft.rng.random() < 0.6)
    draft.pictures["burst.svg"] = drawing
    width = draft.style.paper.width - 2 * draft.style.paper.margin_x
    text = f"{draft.say(BURST_TITLES[burst.kind])}, BL{burst.length}"
    shown = captioned_figure(draft.style, draft.figure_label(), text, figure("burst.svg", width))
    return [heading, paragraph(_burst_text(draft, burst)), shown]


def _burst_text(draft: Draft, burst: Burst) -> str:
    return draft.say(BURST_TEXT).format(
        name={"READ": Phrase("READ", "读"), "WRITE": Phrase("WRITE", "写")}[burst.kind].said(draft.language),
        latency_name={"READ": "RL", "WRITE": "WL"}[burst.kind],
        trcd=burst.trcd,
        latency=burst.latency,
        length=burst.length,
        half=burst.length // 2,
        tras=burst.tras,
    )


def _formula(draft: Draft, pool: tuple[Formula, ...]) -> list[Node]:
    drawn = draft.rng.choice(pool)
    return [paragraph(draft.say(Phrase(drawn.en, drawn.zh))), formula(drawn.latex, drawn.typst)]


def _furniture(rng: Random, language: str) -> tuple[Furniture, Furniture]:
    """Running head on the outer side of odd and even pages, page number below."""
    number = f"{rng.randint(61, 98)}-{rng.choice('ABCDEFG')}"
    name = {"en": f"Memory Device Standard No. {number}", "zh": f"存储器件标准 第 {number} 号"}[language]
    states = {"en": ("Draft 0.9", "Revision 1.2", "Issue 3"), "zh": ("草案 0.9", "修订版 1.2", "第 3 版")}
    state = rng.choice(states[language])
    left, right = Part(Category.HEADER, name, "left"), Part(Category.HEADER, state, "right")
    mirrored = (Part(Category.HEADER, state, "left"), Part(Category.HEADER, name, "right"))
    numbers = {"en": (PAGE, f"Page {PAGE}", f"– {PAGE} –"), "zh": (PAGE, f"第 {PAGE} 页", f"– {PAGE} –")}
    page = rng.choice(numbers[language])
    foot = (Part(Category.PAGE_NUMBER, page, "center"),)
    return Furniture((left, right), mirrored), Furniture(foot, foot)
