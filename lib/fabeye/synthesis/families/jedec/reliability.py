"""Qualification by stress: the matrix of tests, sample sizes, and how a failure rate follows from them.

Notable:
- Devices tested = lots x samples; the total below a matrix is the sum of its rows.
- Stresses, durations and sample sizes lie in the ranges of public qualification reports; none is quoted from one.
"""

from dataclasses import dataclass

from fabeye.synthesis.blocks import Node
from fabeye.synthesis.families.jedec.draft import Draft, Row
from fabeye.synthesis.families.jedec.equations import formulas
from fabeye.synthesis.families.jedec.notes import NoteBook
from fabeye.synthesis.formulas import RELIABILITY
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase


@dataclass(frozen=True, slots=True)
class Stress:
    """A row of the matrix; one of `conditions` is drawn with its duration."""

    name: Phrase
    short: str
    conditions: tuple[tuple[str, str], ...]
    samples: tuple[int, ...] = (25, 77)
    conditioned: bool = False


STRESSES = (
    Stress(
        Phrase("High temperature operating life", "高温工作寿命"),
        "HTOL",
        (("T_{J} ≥ 125 °C, V_{DD} max", "1000 h"), ("T_{J} ≥ 150 °C, V_{DD} max", "408 h")),
        (77,),
    ),
    Stress(
        Phrase("Early life failure rate", "早期失效率"),
        "ELFR",
        (("T_{J} ≥ 125 °C", "48 h"), ("T_{J} ≥ 125 °C", "24 h")),
        (800, 1000),
    ),
    Stress(
        Phrase("Temperature humidity bias", "温湿度偏压"),
        "THB",
        (("85 °C, 85 % RH, biased", "1000 h"),),
        conditioned=True,
    ),
    Stress(
        Phrase("Highly accelerated stress", "高加速应力"),
        "HAST",
        (("130 °C, 85 % RH, biased", "96 h"), ("110 °C, 85 % RH, biased", "264 h")),
        conditioned=True,
    ),
    Stress(
        Phrase("Unbiased HAST", "无偏压高加速应力"),
        "uHAST",
        (("130 °C, 85 % RH", "96 h"), ("110 °C, 85 % RH", "264 h")),
        conditioned=True,
    ),
    Stress(
        Phrase("Temperature cycling", "温度循环"),
        "TC",
        (
            ("A: –55 to 85 °C", "1000 cycles"),
            ("B: –55 to 125 °C", "700 cycles"),
            ("C: –65 to 150 °C", "500 cycles"),
            ("G: –40 to 125 °C", "850 cycles"),
            ("K: 0 to 125 °C", "1500 cycles"),
        ),
        conditioned=True,
    ),
    Stress(
        Phrase("High temperature storage life", "高温储存寿命"), "HTSL", (("150 °C", "1000 h"), ("175 °C", "504 h"))
    ),
    Stress(Phrase("Low temperature storage", "低温储存"), "LTSL", (("–40 °C", "1000 h"),), (11, 22)),
    Stress(
        Phrase("Preconditioning", "预处理"),
        "PC",
        (("MSL 1, 3 × reflow 260 °C", "–"), ("MSL 3, 3 × reflow 260 °C", "–")),
        (154, 231),
    ),
    Stress(Phrase("ESD, human body model", "静电放电，人体模型"), "HBM", (("±1 kV", "–"), ("±2 kV", "–")), (3,)),
    Stress(
        Phrase("ESD, charged device model", "静电放电，器件充电模型"), "CDM", (("±250 V", "–"), ("±500 V", "–")), (3,)
    ),
    Stress(Phrase("Latch-up", "闩锁"), "LU", (("±100 mA, T_{A} max", "–"), ("1.5 × V_{DD} max", "–")), (3, 6)),
    Stress(Phrase("Solderability", "可焊性"), "SD", (("steam age, SnAgCu", "–"),), (22,)),
    Stress(Phrase("Ball shear", "焊球剪切"), "BS", (("30 balls a device", "–"),), (5, 10)),
    Stress(Phrase("Data retention", "数据保持"), "DR", (("85 °C, 64 ms", "–"), ("95 °C, 32 ms", "–")), (77,)),
)
ALWAYS = {"HTOL", "TC", "HBM"}
TITLES = (
    Phrase("Qualification tests", "鉴定试验"),
    Phrase("Matrix of stress tests", "应力试验矩阵"),
    Phrase("Device qualification requirements", "器件鉴定要求"),
)
TEXTS = (
    Phrase(
        "A device is qualified when every stress of the matrix has been passed by the lots and samples stated there.",
        "器件在矩阵所列批次与样本数下通过每项应力后，视为鉴定合格。",
    ),
    Phrase(
        "Lots shall be made on the line, with the materials and by the recipes that are meant for production.",
        "批次应在量产线上、以量产材料与工艺菜单制造。",
    ),
    Phrase(
        "A device fails if it leaves its data sheet at room temperature or at either end of its range.",
        "在室温或温度范围任一端超出数据手册限值者判为失效。",
    ),
    Phrase(
        "Read-outs shall be taken within <hours> h of the end of a stress; devices that wait longer are stressed "
        "again.",
        "应力结束后 <hours> h 内应完成读点测试，超时者重新施加应力。",
    ),
    Phrase(
        "Failures whose cause is handling or the tester do not count, provided the analysis is on record.",
        "由操作或测试设备引起且有分析记录的失效不计。",
    ),
    Phrase(
        "Results of a family may be reused for a device that shares its technology, design rules and package.",
        "工艺、设计规则与封装相同的器件可沿用同系列的结果。",
    ),
)
SAMPLE_TITLES = (
    Phrase("Sample size and failure rate", "样本数与失效率"),
    Phrase("From stress to failure rate", "由应力到失效率"),
)
SAMPLE_TEXTS = (
    Phrase(
        "With no failure in <devices> devices over <hours> h the upper limit of the failure rate at a confidence of "
        "<confidence> % follows from the formula below.",
        "<devices> 颗器件经 <hours> h 无失效时，在 <confidence> % 置信度下的失效率上限由下式得出。",
    ),
    Phrase(
        "An activation energy of <energy> eV is used unless the mechanism is known.",
        "机理未知时，激活能取 <energy> eV。",
    ),
    Phrase(
        "Failure rates are stated in FIT, failures in a thousand million device hours.",
        "失效率以 FIT 表示，即每十亿器件小时的失效数。",
    ),
    Phrase(
        "Acceleration by voltage may be claimed only where it was measured on the same technology.",
        "电压加速仅在同一工艺实测后方可采用。",
    ),
)
ACCEPT = 0


def stress_clause(draft: Draft) -> list[Node]:
    """Heading, text, the matrix."""
    rng, notes = draft.rng, draft.notes()
    heading = draft.clause(rng.choice(TITLES))
    chosen = [stress for stress in STRESSES if stress.short in ALWAYS or rng.random() < 0.65]
    rows = stress_rows(draft, chosen, notes)
    columns = ", ".join(["1.5fr", "40pt", "1.7fr", "62pt", "50pt", "50pt", "42pt", *notes.width("30pt")])
    table = draft.long_table(rng.choice(TITLES), rows, columns, notes.lines(), most=rng.randint(9, 14))
    extra = [draft.clause(Phrase("Criteria", "判据")), *draft.listed(TEXTS, 3, 5, hours=rng.choice((48, 96, 168)))]
    return [heading, draft.text(TEXTS, 2, 4, hours=rng.choice((48, 96, 168))), *table, *extra]


def stress_rows(draft: Draft, chosen: list[Stress], notes: NoteBook) -> list[Row]:
    """A row a stress, and the total of all devices."""
    words = (
        Phrase("Stress", "试验"),
        Phrase("Abbr.", "缩写"),
        Phrase("Conditions", "条件"),
        Phrase("Duration", "时间"),
        Phrase("Lots × devices", "批数 × 样本"),
        Phrase("Total", "总数"),
        Phrase("Accept", "允收"),
    )
    rows: list[Row] = [[*(draft.head(word) for word in words), *notes.heading()]]
    total = 0
    for stress in chosen:
        condition, duration = draft.rng.choice(stress.conditions)
        lots, samples = (1 if max(stress.samples) < 25 else 3), draft.rng.choice(stress.samples)
        total += lots * samples
        keys = (("lots",) if lots > 1 else ()) + (("precon",) if stress.conditioned else ())
        rows.append(
            [
                Cell(draft.say(stress.name), align="left"),
                Cell(notes.on(stress.short, *keys)),
                Cell(condition, align="left"),
                Cell(duration),
                Cell(f"{lots} × {samples}"),
                Cell(grouped(lots * samples)),
                Cell(str(ACCEPT)),
                *notes.column(*keys),
            ]
        )
    label = Cell(draft.say(Phrase("All devices", "样本合计")), colspan=5, align="left")
    return [*rows, [label, Cell(grouped(total)), Cell(str(ACCEPT)), *notes.column()]]


def sample_clause(draft: Draft) -> list[Node]:
    """Heading, text, formulas of acceleration and failure rate."""
    rng = draft.rng
    lots, each = 3, rng.choice((45, 77, 80))
    text = draft.footnoted(
        SAMPLE_TEXTS,
        2,
        4,
        Phrase("One FIT is one failure in 10^{9} device hours.", "1 FIT 表示 10^{9} 器件小时内失效一次。"),
        devices=lots * each,
        hours=rng.choice((500, 1000, 2000)),
        confidence=rng.choice((60, 90)),
        energy=rng.choice(("0.5", "0.6", "0.7")),
    )
    return [draft.clause(rng.choice(SAMPLE_TITLES)), text, *formulas(draft, RELIABILITY, rng.randint(2, 4))]


def grouped(number: int) -> str:
    """A whole number with a thin gap in its thousands, as standards print it."""
    return f"{number:,}".replace(",", " ")
