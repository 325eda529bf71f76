"""The AC timing table of a memory standard, by speed bin.

Notable:
- Values are plausible, not any standard's. They obey arithmetic: tRC = tRAS + tRP, jitter scales with the clock, a
  bin's longest clock is the next slower bin's shortest, delays in clocks follow the rounding rule of formulas.py.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from fabeye.synthesis.blocks import Node
from fabeye.synthesis.families.jedec.device import Device
from fabeye.synthesis.families.jedec.draft import Draft, Row
from fabeye.synthesis.families.jedec.equations import formulas
from fabeye.synthesis.families.jedec.notes import NoteBook
from fabeye.synthesis.formulas import CLOCK as CLOCK_FORMULAS
from fabeye.synthesis.formulas import clocks
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

NONE = "–"
Limits = Callable[[Device, int], tuple[str, str] | str]  # (device, bin) -> minimum and maximum, or one expression


@dataclass(frozen=True, slots=True)
class Parameter:
    """A row of the timing table. needed: always printed, since other rows are computed from it."""

    name: Phrase
    symbol: str
    limits: Limits
    unit: str
    notes: tuple[str, ...] = ()
    needed: bool = False


def _ns(ps: int) -> str:
    return f"{ps / 1000:.2f}"


def _fixed(least: str, most: str) -> Limits:
    """The same limits for every device and bin."""
    return lambda _device, _rate: (least, most)


def _expression(text: str) -> Limits:
    """One expression in place of two limits."""
    return lambda _device, _rate: text


def _scaled(share: float) -> Limits:
    """Symmetric limits that are a share of the clock period, in ps."""
    return lambda device, rate: (f"−{share * device.period(rate):.0f}", f"{share * device.period(rate):.0f}")


def _most(share: float) -> Limits:
    """An upper limit that is a share of the clock period, in ps."""
    return lambda device, rate: (NONE, f"{share * device.period(rate):.0f}")


def _delay(value: Callable[[Device], int]) -> Limits:
    """A shortest delay of the device, in ns."""
    return lambda device, _: (_ns(value(device)), NONE)


def _counted(value: Callable[[Device], int]) -> Limits:
    """A shortest delay of the device, in clocks."""
    return lambda device, rate: (str(clocks(value(device), device.period(rate))), NONE)


def accumulated(number: int) -> float:
    """Error of `number` clocks as a share of the clock period; it grows with the logarithm of their number."""
    return 0.05 * (1 + 0.68 * math.log(number))


CLOCK_NAME = Phrase("Average clock period", "平均时钟周期")
JITTER = Phrase("Clock period jitter", "时钟周期抖动")
CYCLES = Phrase("Cycle-to-cycle jitter", "相邻周期抖动")
ERROR = Phrase("Accumulated error over n clocks", "n 周期累积误差")
RCD = Phrase("ACT to READ or WRITE delay", "激活到读写命令延迟")
RP = Phrase("Row precharge time", "行预充电时间")
RAS = Phrase("ACT to PRE command period", "激活到预充电周期")
RRD_LONG = Phrase("ACT to ACT, same bank group", "同组激活间隔")
RRD_SHORT = Phrase("ACT to ACT, other bank group", "异组激活间隔")
CCD = Phrase("READ to READ, same bank group", "同组读命令间隔")
SKEW = Phrase("DQS to DQ skew", "DQS 至 DQ 偏斜")

CLOCK = (
    Parameter(
        CLOCK_NAME,
        "t_{CK(avg)}",
        lambda device, rate: (f"{device.period(rate) / 1000:.3f}", f"<{device.slower(rate) / 1000:.3f}"),
        "ns",
        ("ssc", "bin"),
        needed=True,
    ),
    Parameter(Phrase("Clock high pulse width", "时钟高电平脉宽"), "t_{CH(avg)}", _fixed("0.48", "0.52"), "t_{CK(avg)}"),
    Parameter(Phrase("Clock low pulse width", "时钟低电平脉宽"), "t_{CL(avg)}", _fixed("0.48", "0.52"), "t_{CK(avg)}"),
    Parameter(
        Phrase("Absolute clock high pulse", "时钟高电平绝对脉宽"), "t_{CH(abs)}", _fixed("0.45", NONE), "t_{CK(avg)}"
    ),
    Parameter(JITTER, "t_{JIT(per)}", _scaled(0.05), "ps"),
    Parameter(JITTER, "t_{JIT(per,dj)}", _scaled(0.025), "ps", ("det",)),
    Parameter(JITTER, "t_{JIT(per,lck)}", _scaled(0.04), "ps"),
    Parameter(CYCLES, "t_{JIT(cc)}", _most(0.1), "ps"),
    Parameter(CYCLES, "t_{JIT(cc,lck)}", _most(0.08), "ps"),
    *(
        Parameter(ERROR, f"t_{{ERR({number}per)}}", _scaled(accumulated(number)), "ps", ("window",) * (number == 2))
        for number in (2, 3, 4, 5, 6, 8, 10, 12)
    ),
)
CORE = (
    Parameter(RCD, "t_{RCD}", _delay(lambda device: device.trcd), "ns", needed=True),
    Parameter(RCD, "n_{RCD}", _counted(lambda device: device.trcd), "nCK", ("round",)),
    Parameter(RP, "t_{RP}", _delay(lambda device: device.trp), "ns", needed=True),
    Parameter(RP, "n_{RP}", _counted(lambda device: device.trp), "nCK", ("round",)),
    Parameter(
        RAS,
        "t_{RAS}",
        lambda device, _: (_ns(device.tras), "5 × t_{REFI}" if device.generation == "B" else "9 × t_{REFI}"),
        "ns",
        needed=True,
    ),
    Parameter(
        Phrase("ACT to ACT or REF period", "激活到激活或刷新周期"),
        "t_{RC}",
        _delay(lambda device: device.tras + device.trp),
        "ns",
        ("sum",),
        needed=True,
    ),
    Parameter(RRD_LONG, "t_{RRD_L}", _expression("max(8 nCK, 5 ns)"), NONE, ("larger",)),
    Parameter(RRD_SHORT, "t_{RRD_S}", _expression("8 nCK"), NONE),
    Parameter(CCD, "t_{CCD_L}", _expression("max(8 nCK, 5 ns)"), NONE, ("larger",)),
    Parameter(CCD, "t_{CCD_S}", _expression("8 nCK"), NONE),
    Parameter(
        Phrase("Window of four ACT commands", "四激活窗口"),
        "t_{FAW}",
        lambda device, rate: (f"{32 * device.period(rate) / 1000:.3f}", NONE),
        "ns",
        ("design",),
    ),
    Parameter(
        Phrase("READ to PRE delay", "读到预充电延迟"), "t_{RTP}", _expression("max(12 nCK, 7.5 ns)"), NONE, ("larger",)
    ),
    Parameter(Phrase("Write recovery time", "写恢复时间"), "t_{WR}", _fixed("30.00", NONE), "ns"),
    Parameter(Phrase("WRITE to READ delay", "写到读延迟"), "t_{WTR_L}", _expression("max(16 nCK, 10 ns)"), NONE),
)
DATA = (
    Parameter(SKEW, "t_{DQSQ}", _fixed(NONE, "0.18"), "UI", ("ui",)),
    Parameter(Phrase("DQ hold time from DQS", "DQ 相对 DQS 保持时间"), "t_{QH}", _fixed("0.74", NONE), "UI", ("ui",)),
    Parameter(Phrase("DQS edge to CK edge", "DQS 沿至 CK 沿"), "t_{DQSCK}", _scaled(0.4), "ps"),
    Parameter(Phrase("DQS low pulse width", "DQS 低电平脉宽"), "t_{DQSL}", _fixed("0.46", "0.54"), "t_{CK(avg)}"),
    Parameter(Phrase("Read preamble", "读前导"), "t_{RPRE}", _fixed("0.9", NONE), "t_{CK(avg)}", ("sample",)),
    Parameter(Phrase("Read postamble", "读后导"), "t_{RPST}", _fixed("0.33", NONE), "t_{CK(avg)}"),
    Parameter(Phrase("Write preamble", "写前导"), "t_{WPRE}", _fixed("0.9", NONE), "t_{CK(avg)}"),
    Parameter(Phrase("Input pulse width", "输入脉宽"), "t_{IPW}", _fixed("0.60", NONE), "t_{CK(avg)}"),
)
REFRESH = (
    Parameter(
        Phrase("All-bank refresh time", "全体刷新时间"), "t_{RFC1}", lambda device, _: (str(device.rfc_ns), NONE), "ns"
    ),
    Parameter(
        Phrase("Average refresh interval", "平均刷新间隔"),
        "t_{REFI}",
        lambda device, _: (NONE, f"{device.interval_ns / 1000:g}"),
        "µs",
        ("hot",),
    ),
    Parameter(Phrase("Exit self refresh", "退出自刷新"), "t_{XS}", _expression("t_{RFC1} + 10 ns"), NONE),
    Parameter(Phrase("Exit power down", "退出掉电"), "t_{XP}", _expression("max(8 nCK, 7.5 ns)"), NONE, ("larger",)),
    Parameter(Phrase("CKE low pulse", "CKE 低电平宽度"), "t_{CKE}", _expression("max(3 nCK, 5 ns)"), NONE),
    Parameter(
        Phrase("Mode register set delay", "模式寄存器设置延迟"), "t_{MRD}", _expression("max(16 nCK, 14 ns)"), NONE
    ),
    Parameter(Phrase("Long calibration time", "长校准时间"), "t_{ZQCAL}", _fixed("1.00", NONE), "µs", ("zq",)),
)
GROUPS = (
    (Phrase("Clock timing", "时钟时序"), CLOCK),
    (Phrase("Command and row timing", "命令与行时序"), CORE),
    (Phrase("Data timing", "数据时序"), DATA),
    (Phrase("Refresh, power down and calibration", "刷新、掉电与校准"), REFRESH),
)

UNDECIDED = 0.15  # share of limits that a draft under ballot leaves to be decided
MERGE = 0.5  # share of expressions that hold for all bins and are printed in one cell
NAMES = (
    Phrase("Timing parameters by speed bin, <first> to <last>", "按速度等级划分的时序参数，<first> 至 <last>"),
    Phrase("AC timing, <first> to <last>", "交流时序，<first> 至 <last>"),
    Phrase("Timing limits of <first> to <last>", "<first> 至 <last> 的时序限值"),
)
TITLES = (
    Phrase("Timing parameters by speed bin", "按速度等级划分的时序参数"),
    Phrase("AC timing of commands and data", "命令与数据的交流时序"),
    Phrase("Core timing requirements", "核心时序要求"),
    Phrase("Clock, command and data timing", "时钟、命令与数据时序"),
)
CONDITIONS = (
    Phrase(
        "The limits of this clause hold for case temperatures T_{C} from 0 °C to <high> °C and <rail> = <volts> V "
        "(nominal), with R_{TT} = <rtt> Ω ±10 %.",
        "本条限值适用于壳温 T_{C} 为 0 °C 至 <high> °C、<rail> = <volts> V（标称值）、R_{TT} = <rtt> Ω ±10 % 的条件。",
    ),
    Phrase(
        "A slew rate of at least <slew> V/ns between CK_t and CK_c is assumed.",
        "假定 CK_t 与 CK_c 之间的斜率不低于 <slew> V/ns。",
    ),
    Phrase(
        "A device shall meet every limit of its own speed bin.",
        "器件应满足其所属速度等级的全部限值。",
    ),
    Phrase(
        "Where a device is run slower than its bin, the limits of the bin that matches the actual clock apply.",
        "若以低于该等级的速率运行，则采用与实际时钟相符的等级限值。",
    ),
    Phrase(
        "No bin slower than <rate> Mb/s is covered here.",
        "低于 <rate> Mb/s 的速率等级不在本条范围内。",
    ),
    Phrase(
        "Edges are taken where CK_t crosses CK_c, and data edges where DQ crosses its reference level.",
        "时钟沿取 CK_t 与 CK_c 的交叉点，数据沿取 DQ 与其参考电平的交叉点。",
    ),
    Phrase(
        "A dash means that no limit is set in that direction.",
        "“–”表示该方向不设限值。",
    ),
)
PARAMETER, SYMBOL, UNIT = Phrase("Parameter", "参数"), Phrase("Symbol", "符号"), Phrase("Unit", "单位")
MIN, MAX = Phrase("Min", "最小"), Phrase("Max", "最大")


def timing_clause(draft: Draft) -> list[Node]:
    """Heading, conditions, the rounding of delays, and the table over as many pages as it takes."""
    heading = draft.clause(draft.rng.choice(TITLES))
    rails = draft.device.supply
    conditions = draft.text(
        CONDITIONS,
        2,
        4,
        rail=rails[0],
        volts=f"{rails[1][1] / 1000:g}",
        rtt=draft.rng.choice((34, 40, 48, 60)),
        slew=draft.rng.choice((3, 4, 6)),
        high=draft.rng.choice((85, 95)),
        rate=draft.bins[0],
    )
    notes = draft.notes()
    rows, columns = timing_rows(draft.rng, draft, notes, keep=draft.rng.uniform(0.35, 0.95))
    first, last = (f"{draft.device.name}-{rate}" for rate in (draft.bins[0], draft.bins[-1]))
    name = draft.rng.choice(NAMES)
    body = draft.long_table(name, rows, columns, notes.lines(), most=draft.rng.randint(18, 26), first=first, last=last)
    return [heading, conditions, *formulas(draft, CLOCK_FORMULAS, draft.rng.randint(1, 2)), *body]


def timing_rows(rng: Random, draft: Draft, notes: NoteBook, keep: float) -> tuple[list[Row], str]:
    """Rows of the table and its Typst column widths; `keep` is the share of rows that may be left out and stay."""
    rows = _heading(draft, notes)
    for name, parameters in GROUPS:
        kept = [parameter for parameter in parameters if parameter.needed or rng.random() < keep]
        if not kept:
            continue
        across = 3 + 2 * len(draft.bins) + len(notes.heading())
        rows.append([Cell(name.said(draft.language), colspan=across, align="left")])
        for _, alike in groupby(kept, key=lambda parameter: parameter.name):
            rows += _parameter_rows(rng, draft, list(alike), notes)
    limits = [f"{draft.limit_width:.1f}pt"] * (2 * len(draft.bins))
    return rows, ", ".join(["1fr", "66pt", *limits, "46pt", *notes.width("30pt")])


def _heading(draft: Draft, notes: NoteBook) -> list[Row]:
    tall = [Cell(draft.head(word).text, rowspan=2, heading=True) for word in (PARAMETER, SYMBOL, UNIT)]
    bins = [Cell(f"{draft.device.name}-{rate}", colspan=2, heading=True) for rate in draft.bins]
    limits = [draft.head(word) for _ in draft.bins for word in (MIN, MAX)]
    return [[*tall[:2], *bins, tall[2], *notes.heading(rowspan=2)], limits]


def _parameter_rows(rng: Random, draft: Draft, alike: Sequence[Parameter], notes: NoteBook) -> list[Row]:
    """Rows of parameters with the same name, which is printed once."""
    rows = []
    for number, parameter in enumerate(alike):
        name = [Cell(parameter.name.said(draft.language), rowspan=len(alike), align="left")] if number == 0 else []
        symbol = Cell(notes.on(parameter.symbol, *parameter.notes))
        limits = _limit_cells(rng, draft, parameter)
        rows.append([*name, symbol, *limits, Cell(parameter.unit), *notes.column(*parameter.notes)])
    return rows


def _limit_cells(rng: Random, draft: Draft, parameter: Parameter) -> list[Cell]:
    if draft.style.ballot and not parameter.needed and rng.random() < UNDECIDED:
        return [Cell("TBD", colspan=2) for _ in draft.bins]
    found = [parameter.limits(draft.device, rate) for rate in draft.bins]
    if isinstance(found[0], str):
        if len(set(found)) == 1 and rng.random() < MERGE:
            return [Cell(found[0], colspan=2 * len(found))]
        return [Cell(str(expression), colspan=2) for expression in found]
    return [Cell(limit) for pair in found for limit in pair]
