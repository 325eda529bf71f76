"""Tables of a memory standard: AC timing by speed bin, DC operating conditions, command truth table.

Notable:
- Values are plausible, not any standard's. They obey arithmetic: tRC = tRAS + tRP, jitter scales with the clock, a
  bin's longest clock is the next slower bin's shortest, delays in clocks follow the rounding rule of formulas.py.
- A row names its note by key; notes are numbered as they are met, and only those that are met are printed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from fabeye.synthesis.formulas import clocks
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

NONE = "–"

# Shortest average clock period of each speed bin in ps, slowest bin first, per generation of device.
GENERATIONS = {
    "A": {1600: 1250, 1866: 1071, 2133: 937, 2400: 833, 2666: 750, 2933: 682, 3200: 625},
    "B": {3200: 625, 3600: 555, 4000: 500, 4400: 454, 4800: 416, 5200: 384, 5600: 357, 6000: 333, 6400: 312},
}
# Rails of each generation: symbol -> minimum, typical, maximum in mV.
RAILS = {
    "A": {"V_{DD}": (1140, 1200, 1260), "V_{DDQ}": (1140, 1200, 1260), "V_{PP}": (2375, 2500, 2750)},
    "B": {"V_{DD}": (1067, 1100, 1166), "V_{DDQ}": (1067, 1100, 1166), "V_{PP}": (1746, 1800, 1908)},
}
RAIL_NAMES = {
    "V_{DD}": Phrase("Supply voltage", "电源电压"),
    "V_{DDQ}": Phrase("Supply voltage for output", "输出电源电压"),
    "V_{PP}": Phrase("Word line boost supply", "字线升压电源"),
}

NOTES = {
    "ssc": Phrase("Measured with the spread-spectrum clock switched off.", "测量时应关闭扩频时钟。"),
    "bin": Phrase("The range holds only inside the speed bin of the column.", "该范围仅在本列速度等级内有效。"),
    "det": Phrase("Deterministic part is contained in the total.", "确定性部分已计入总量。"),
    "round": Phrase("Found from the delay in ns with the rounding rule of this clause.", "由 ns 值按本条取整规则得出。"),
    "sum": Phrase("Equal to the sum of t_{RAS} and t_{RP}.", "等于 t_{RAS} 与 t_{RP} 之和。"),
    "larger": Phrase("The larger of the two applies.", "取两者中的较大值。"),
    "ui": Phrase("One UI is half of t_{CK(avg)}.", "1 UI 等于 t_{CK(avg)} 的一半。"),
    "hot": Phrase("Halved when T_{C} is above 85 °C.", "当 T_{C} 高于 85 °C 时减半。"),
    "track": Phrase("V_{DDQ} shall follow V_{DD} within 50 mV.", "V_{DDQ} 与 V_{DD} 之差应在 50 mV 以内。"),
    "always": Phrase("V_{PP} shall not fall below V_{DD} at any time.", "V_{PP} 在任何时刻均不得低于 V_{DD}。"),
    "zq": Phrase("External resistor between ZQ and ground.", "ZQ 与地之间的外接电阻。"),
    "cycles": Phrase("The second row of a command is sent one clock later.", "命令的第二行在下一个时钟发送。"),
    "valid": Phrase("V is either level, but a valid one; X is don't care.", "V 表示任一有效电平，X 表示无关。"),
}


@dataclass(slots=True)
class NoteBook:
    """Numbers notes in the order they are met."""

    language: str
    met: list[str] = field(default_factory=list)

    def mark(self, *keys: str) -> str:
        """The numbers of these notes, such as "1,3"; "" for none."""
        self.met += [key for key in keys if key not in self.met]
        return ",".join(str(number) for number in sorted(self.met.index(key) + 1 for key in keys))

    def lines(self) -> list[str]:
        """The notes that were met, as printed."""
        label = {"en": "NOTE", "zh": "注"}[self.language]
        return [f"{label} {number} {NOTES[key].said(self.language)}" for number, key in enumerate(self.met, start=1)]


@dataclass(frozen=True, slots=True)
class Device:
    """The device a standard is about; times in ps, bins by data rate in Mb/s."""

    generation: str
    bins: tuple[int, ...]
    trcd: int
    trp: int
    tras: int
    rfc_ns: int

    def period(self, rate: int) -> int:
        """Shortest average clock period of a bin."""
        return GENERATIONS[self.generation][rate]

    def slower(self, rate: int) -> int:
        """Shortest clock period of the next slower bin."""
        return max(value for value in GENERATIONS[self.generation].values() if value == self._before(rate))

    def _before(self, rate: int) -> int:
        rates = list(GENERATIONS[self.generation])
        return self.period(rates[rates.index(rate) - 1])


def draw_device(rng: Random) -> Device:
    """Draw a device with two or three neighbouring speed bins."""
    generation = rng.choice(list(GENERATIONS))
    rates = list(GENERATIONS[generation])
    count = rng.choice((2, 2, 3))
    first = rng.randint(1, len(rates) - count)
    trcd = rng.choice((13750, 14000, 14160, 15000))
    return Device(
        generation,
        tuple(rates[first : first + count]),
        trcd=trcd,
        trp=trcd,
        tras=rng.choice((32000, 33000, 34000, 35000)),
        rfc_ns=rng.choice((195, 260, 295, 350, 410)),
    )


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


def _scaled(share: float) -> Limits:
    """Symmetric limits that are a share of the clock period, in ps."""
    return lambda device, rate: (f"–{share * device.period(rate):.0f}", f"{share * device.period(rate):.0f}")


CLOCK = (
    Parameter(
        Phrase("Average clock period", "平均时钟周期"),
        "t_{CK(avg)}",
        lambda device, rate: (f"{device.period(rate) / 1000:.3f}", f"<{device.slower(rate) / 1000:.3f}"),
        "ns",
        ("ssc", "bin"),
        needed=True,
    ),
    Parameter(Phrase("Clock high pulse width", "时钟高电平脉宽"), "t_{CH(avg)}", lambda *_: ("0.48", "0.52"), "t_{CK(avg)}"),
    Parameter(Phrase("Clock low pulse width", "时钟低电平脉宽"), "t_{CL(avg)}", lambda *_: ("0.48", "0.52"), "t_{CK(avg)}"),
    Parameter(Phrase("Clock period jitter", "时钟周期抖动"), "t_{JIT(per)}", _scaled(0.05), "ps"),
    Parameter(Phrase("Clock period jitter", "时钟周期抖动"), "t_{JIT(per,dj)}", _scaled(0.025), "ps", ("det",)),
    Parameter(
        Phrase("Cycle-to-cycle jitter", "相邻周期抖动"),
        "t_{JIT(cc)}",
        lambda device, rate: (NONE, f"{0.1 * device.period(rate):.0f}"),
        "ps",
    ),
)
CORE = (
    Parameter(
        Phrase("ACT to READ or WRITE delay", "激活到读写命令延迟"),
        "t_{RCD}",
        lambda device, _: (_ns(device.trcd), NONE),
        "ns",
        needed=True,
    ),
    Parameter(
        Phrase("ACT to READ or WRITE delay", "激活到读写命令延迟"),
        "n_{RCD}",
        lambda device, rate: (str(clocks(device.trcd, device.period(rate))), NONE),
        "nCK",
        ("round",),
    ),
    Parameter(
        Phrase("Row precharge time", "行预充电时间"), "t_{RP}", lambda device, _: (_ns(device.trp), NONE), "ns", needed=True
    ),
    Parameter(
        Phrase("ACT to PRE command period", "激活到预充电周期"),
        "t_{RAS}",
        lambda device, _: (_ns(device.tras), "9 × t_{REFI}"),
        "ns",
        needed=True,
    ),
    Parameter(
        Phrase("ACT to ACT or REF period", "激活到激活或刷新周期"),
        "t_{RC}",
        lambda device, _: (_ns(device.tras + device.trp), NONE),
        "ns",
        ("sum",),
        needed=True,
    ),
    Parameter(
        Phrase("ACT to ACT, same bank group", "同组激活间隔"), "t_{RRD_L}", lambda *_: "max(8 nCK, 5 ns)", "–", ("larger",)
    ),
    Parameter(Phrase("READ to PRE delay", "读到预充电延迟"), "t_{RTP}", lambda *_: "max(12 nCK, 7.5 ns)", "–", ("larger",)),
    Parameter(Phrase("Write recovery time", "写恢复时间"), "t_{WR}", lambda *_: ("30.00", NONE), "ns"),
)
DATA = (
    Parameter(Phrase("DQS to DQ skew", "DQS 至 DQ 偏斜"), "t_{DQSQ}", lambda *_: (NONE, "0.18"), "UI", ("ui",)),
    Parameter(Phrase("DQ hold time from DQS", "DQ 相对 DQS 保持时间"), "t_{QH}", lambda *_: ("0.74", NONE), "UI", ("ui",)),
    Parameter(Phrase("DQS edge to CK edge", "DQS 沿至 CK 沿"), "t_{DQSCK}", _scaled(0.4), "ps"),
    Parameter(
        Phrase("All-bank refresh time", "全体刷新时间"), "t_{RFC1}", lambda device, _: (str(device.rfc_ns), NONE), "ns"
    ),
    Parameter(Phrase("Average refresh interval", "平均刷新间隔"), "t_{REFI}", lambda *_: (NONE, "3.9"), "µs", ("hot",)),
)
GROUPS = (
    (Phrase("Clock timing", "时钟时序"), CLOCK),
    (Phrase("Command and row timing", "命令与行时序"), CORE),
    (Phrase("Data and refresh timing", "数据与刷新时序"), DATA),
)
