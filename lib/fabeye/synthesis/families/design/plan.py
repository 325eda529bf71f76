"""What a design document is about: one block of a chip, with numbers that agree with each other.

Notable:
- A register's reset value is put together from its fields, a mode's power from its domains, a path's slack from its
  parts, a clock's frequency from its source: what a reader adds up, adds up.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fabeye.synthesis.figures.block import System, draw_system_blocks
from fabeye.synthesis.figures.floor import Plan as FloorPlan
from fabeye.synthesis.figures.floor import draw_plan
from fabeye.synthesis.figures.simulation import Traffic, draw_traffic
from fabeye.synthesis.figures.state import Machine, draw_machine
from fabeye.synthesis.scenario.names import Person, draw_people, draw_product
from fabeye.synthesis.wording import Phrase

WORD = 32  # bits of a register
FIRST_DAY, DAYS = date(2022, 1, 10), 1200
REFERENCES_MHZ = (19.2, 24.0, 25.0, 26.0, 38.4)
# field: (name, bits, access, description)
Template = tuple[str, int, str, Phrase]
FIELDS: dict[str, tuple[Template, ...]] = {
    "CTRL": (
        ("EN", 1, "RW", Phrase("Block enable", "模块使能")),
        ("MODE", 2, "RW", Phrase("Mode of operation", "工作模式")),
        ("SRST", 1, "W1C", Phrase("Soft reset, clears itself", "软复位，自动清零")),
        ("BURST", 4, "RW", Phrase("Burst length less one", "突发长度减一")),
    ),
    "STAT": (
        ("BUSY", 1, "RO", Phrase("A transfer is running", "传输进行中")),
        ("ERR", 1, "W1C", Phrase("Error seen since last write", "自上次写入以来发生错误")),
        ("LEVEL", 6, "RO", Phrase("Entries in the queue", "队列条目数")),
    ),
    "INT_EN": (
        ("DONE", 1, "RW", Phrase("Enable of the done interrupt", "完成中断使能")),
        ("OVF", 1, "RW", Phrase("Enable of the overflow interrupt", "溢出中断使能")),
    ),
    "INT_ST": (
        ("DONE", 1, "W1C", Phrase("Transfer done", "传输完成")),
        ("OVF", 1, "W1C", Phrase("Queue overflow", "队列溢出")),
    ),
    "TIM0": (
        ("TRCD", 6, "RW", Phrase("ACT to column command, clocks", "ACT 至列命令的时钟数")),
        ("TRP", 6, "RW", Phrase("Precharge time, clocks", "预充电时钟数")),
        ("TRAS", 8, "RW", Phrase("Row active time, clocks", "行激活时钟数")),
    ),
    "TIM1": (
        ("TRFC", 10, "RW", Phrase("Refresh time, clocks", "刷新时钟数")),
        ("TREFI", 14, "RW", Phrase("Refresh interval, clocks", "刷新间隔时钟数")),
    ),
    "ADDR": (("BASE", 32, "RW", Phrase("Start address", "起始地址")),),
    "LEN": (("BYTES", 20, "RW", Phrase("Bytes to move", "传输字节数")),),
    "PHY": (
        ("DLL_EN", 1, "RW", Phrase("Delay line on", "延迟线使能")),
        ("VREF", 7, "RW", Phrase("Reference level, 0.5 % a step", "参考电平，每步 0.5 %")),
        ("ODT", 3, "RW", Phrase("Termination, RZQ / n", "端接电阻，RZQ / n")),
    ),
    "ECC": (
        ("CE_CNT", 12, "RO", Phrase("Corrected errors", "已纠正错误数")),
        ("UE_CNT", 8, "RO", Phrase("Errors beyond correction", "不可纠正错误数")),
    ),
    "VER": (
        ("MINOR", 8, "RO", Phrase("Minor version", "次版本号")),
        ("MAJOR", 8, "RO", Phrase("Major version", "主版本号")),
    ),
}
PINS: tuple[tuple[str, str, int, Phrase], ...] = (
    ("clk", "I", 1, Phrase("Main clock", "主时钟")),
    ("rst_n", "I", 1, Phrase("Reset, active low", "复位，低有效")),
    ("paddr", "I", 12, Phrase("Register address", "寄存器地址")),
    ("pwdata", "I", 32, Phrase("Write data", "写数据")),
    ("prdata", "O", 32, Phrase("Read data", "读数据")),
    ("psel", "I", 1, Phrase("Select", "片选")),
    ("penable", "I", 1, Phrase("Second cycle of an access", "访问第二周期")),
    ("irq", "O", 1, Phrase("Interrupt", "中断")),
    ("req_valid", "I", 1, Phrase("Request is valid", "请求有效")),
    ("req_ready", "O", 1, Phrase("Request is taken", "请求就绪")),
    ("req_data", "I", 64, Phrase("Request data", "请求数据")),
    ("dfi_addr", "O", 18, Phrase("Command and address to the PHY", "送至 PHY 的命令与地址")),
    ("dfi_wrdata", "O", 128, Phrase("Write data to the PHY", "送至 PHY 的写数据")),
    ("scan_en", "I", 1, Phrase("Scan enable", "扫描使能")),
    ("test_mode", "I", 1, Phrase("Test mode", "测试模式")),
)
DOMAINS = ("VDD_CORE", "VDD_SRAM", "VDDQ", "AVDD")
MODES = (
    (Phrase("Active", "工作"), 1.0),
    (Phrase("Idle", "空闲"), 0.32),
    (Phrase("Sleep", "睡眠"), 0.06),
    (Phrase("Off", "关断"), 0.004),
)
PARTS = (
    (Phrase("Clock to output", "时钟到输出"), 0.09, 0.14),
    (Phrase("Logic, <levels> levels", "组合逻辑，<levels> 级"), 0.38, 0.52),
    (Phrase("Wires", "互连线"), 0.1, 0.2),
    (Phrase("Set-up of the end point", "终点建立时间"), 0.04, 0.07),
    (Phrase("Skew and jitter", "偏斜与抖动"), 0.05, 0.08),
)
CORNERS = (
    ("TT", 1.0, 0.0, 25),
    ("FF", 1.0, 0.1, -40),
    ("FF", 1.0, 0.1, 125),
    ("SS", 1.0, -0.1, -40),
    ("SS", 1.0, -0.1, 125),
    ("FS", 1.0, 0.0, 85),
    ("SF", 1.0, 0.0, 85),
)
SPEED = {"TT": 1.0, "FF": 1.22, "SS": 0.79, "FS": 0.97, "SF": 0.98}  # of a corner against TT
LEAKAGE = {"TT": 1.0, "FF": 4.2, "SS": 0.34, "FS": 1.3, "SF": 1.2}


@dataclass(frozen=True, slots=True)
class Field:
    """Bits `high` down to `low` of a register."""

    name: str
    high: int
    low: int
    access: str
    reset: int
    meaning: Phrase

    @property
    def bits(self) -> str:
        """As a register map writes them, such as "7:4" or "3"."""
        return f"{self.high}:{self.low}" if self.high > self.low else str(self.low)


@dataclass(frozen=True, slots=True)
class Register:
    """A word at a byte offset; its fields from the highest bits down."""

    offset: int
    name: str
    fields: tuple[Field, ...]

    @property
    def reset(self) -> int:
        """The word after reset."""
        return sum(field.reset << field.low for field in self.fields)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock and where it comes from; frequency in MHz."""

    name: str
    source: str
    multiply: int
    divide: int
    mhz: float


@dataclass(frozen=True, slots=True)
class Plan:
    """One block and its document. budget: (part, ps). power: mW of each mode and domain."""

    block: str
    product: str
    number: str
    revision: int
    released: date
    people: tuple[Person, ...]
    system: System
    machine: Machine
    registers: tuple[Register, ...]
    pins: tuple[tuple[str, str, int, Phrase], ...]
    clocks: tuple[Clock, ...]
    budget: tuple[tuple[Phrase, int], ...]
    power: tuple[tuple[Phrase, tuple[float, ...]], ...]
    floor: FloorPlan
    traffic: Traffic

    @property
    def period(self) -> int:
        """Period of the main clock in ps."""
        return round(1e6 / self.clocks[1].mhz)

    @property
    def slack(self) -> int:
        """What the critical path leaves of the period, in ps."""
        return self.period - sum(ps for _, ps in self.budget)

    def corners(self) -> list[tuple[str, float, int, float, float]]:
        """(corner, V, °C, MHz, mW of leakage) at each corner: faster where fast and high, leaking more where hot."""
        found = []
        for name, nominal, shift, degrees in CORNERS:
            volts = round(nominal * (1 + shift), 2)
            speed = SPEED[name] * (1 + 0.8 * shift) * (1 - 0.0006 * (degrees - 25))
            leak = LEAKAGE[name] * 2 ** ((degrees - 25) / 32)
            top = self.clocks[1].mhz * 1.12 * speed
            found.append((name, volts, degrees, round(top, 1), round(self.power[2][1][0] * leak, 2)))
        return found


def draw_design(rng: Random, language: str) -> Plan:
    """Draw what a document is about."""
    machine, system = draw_machine(rng), draw_system_blocks(rng)
    clocks = draw_clocks(rng)
    period = 1e6 / clocks[1].mhz
    active = [round(rng.uniform(20, 260), 1) for _ in DOMAINS]
    names = (*system.above, *system.below)
    return Plan(
        block=machine.name,
        product=draw_product(rng),
        number=f"DSN-{machine.name.split('_')[0].upper()}-{rng.randint(100, 999)}",
        revision=rng.randint(2, 4),
        released=FIRST_DAY + timedelta(days=rng.randint(0, DAYS)),
        people=tuple(draw_people(rng, language, 4)),
        system=system,
        machine=machine,
        registers=draw_registers(rng),
        pins=tuple(PINS[number] for number in sorted(rng.sample(range(len(PINS)), rng.randint(8, len(PINS))))),
        clocks=clocks,
        budget=tuple((part, round(period * rng.uniform(low, high))) for part, low, high in PARTS),
        power=tuple((mode, tuple(round(share * mw, 2) for mw in active)) for mode, share in MODES),
        floor=draw_plan(rng, names),
        traffic=draw_traffic(rng),
    )


def draw_registers(rng: Random) -> tuple[Register, ...]:
    """Draw a map of registers, four bytes apart."""
    offset, found = rng.choice((0x000, 0x100, 0x400, 0x800)), []
    for name in sorted(rng.sample(list(FIELDS), rng.randint(5, 8)), key=list(FIELDS).index):
        low, fields = 0, []
        for field, width, access, meaning in FIELDS[name]:
            reset = 0 if access == "W1C" or width == WORD else rng.randrange(2 ** min(width, 6))
            fields.append(Field(field, low + width - 1, low, access, reset, meaning))
            low += width + (rng.choice((0, 0, 1)) if low + width < WORD - 16 else 0)
        found.append(Register(offset, name, tuple(reversed(fields))))
        offset += 4 * rng.choice((1, 1, 2))
    return tuple(found)


def draw_clocks(rng: Random) -> tuple[Clock, ...]:
    """Draw a reference, the main clock made from it, and clocks divided from that."""
    reference = rng.choice(REFERENCES_MHZ)
    multiply, divide = rng.randint(32, 64), rng.choice((1, 2))
    main = round(reference * multiply / divide, 3)
    found = [Clock("clk_ref", "XTAL", 1, 1, reference), Clock("clk_main", "clk_ref", multiply, divide, main)]
    for name, by in (("clk_bus", 2), ("clk_apb", 4), ("clk_lp", 32)):
        if rng.random() < 0.8:
            found.append(Clock(name, "clk_main", 1, by, round(main / by, 3)))
    return tuple(found)
