"""The command truth table and the mode registers of a memory standard.

Notable:
- A register's fields fill its eight bits from OP[7] down without a gap; the bit row and the table of fields are made
  from the same list, so they agree.
- A latency field counts up with its code, and codes beyond those in use are reserved.
"""

from dataclasses import dataclass
from random import Random

from fabeye.synthesis.blocks import Node
from fabeye.synthesis.families.jedec.draft import Draft, Row
from fabeye.synthesis.families.jedec.notes import NoteBook
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

PINS = 9
BITS = 8
FUNCTION, ABBREVIATION = Phrase("Function", "功能"), Phrase("Abbr.", "缩写")

# Function, abbreviation, and the levels of CA0, CA1, ... in each clock of the command; CS_n is low in the first clock.
COMMANDS = (
    (Phrase("Activate", "行激活"), "ACT", ("L L R0 R1 R2 R3 BA0 BA1 BG0", "R4 R5 R6 R7 R8 R9 R10 R11 R12")),
    (Phrase("Read", "读"), "RD", ("H L H H H BL BA0 BA1 BG0", "C2 C3 C4 C5 C6 C7 C8 V H")),
    (Phrase("Read, auto precharge", "读并预充电"), "RDA", ("H L H H H BL BA0 BA1 BG0", "C2 C3 C4 C5 C6 C7 C8 V L")),
    (Phrase("Write", "写"), "WR", ("H L H H L BL BA0 BA1 BG0", "C2 C3 C4 C5 C6 C7 C8 V H")),
    (
        Phrase("Write, auto precharge", "写并预充电"),
        "WRA",
        ("H L H H L BL BA0 BA1 BG0", "C2 C3 C4 C5 C6 C7 C8 V L"),
    ),
    (Phrase("Mode register write", "写模式寄存器"), "MRW", ("H L H L L A0 A1 A2 A3", "P0 P1 P2 P3 P4 P5 P6 P7 V")),
    (Phrase("Mode register read", "读模式寄存器"), "MRR", ("H L H L H A0 A1 A2 A3", "L L V V V V V V V")),
    (Phrase("Multi-purpose command", "多用途命令"), "MPC", ("H H H H L P0 P1 P2 P3",)),
    (Phrase("Precharge all banks", "全体预充电"), "PREab", ("H H L H L V V V V",)),
    (Phrase("Precharge one bank", "单体预充电"), "PREpb", ("H H L H H V BA0 BA1 BG0",)),
    (Phrase("Refresh all banks", "全体刷新"), "REFab", ("H H L L H V V V H",)),
    (Phrase("Refresh same bank", "同体刷新"), "REFsb", ("H H L L H BA0 BA1 V L",)),
    (Phrase("Self refresh entry", "进入自刷新"), "SRE", ("H H H L H V V V L",)),
    (Phrase("Power down entry", "进入掉电"), "PDE", ("H H H L H V V V H",)),
    (Phrase("Power down exit", "退出掉电"), "PDX", ("H H H H H V V V L",)),
    (Phrase("No operation", "空操作"), "NOP", ("H H H H H V V V H",)),
)
CLOSED = {"REFab", "SRE"}  # commands that find no bank open
DESELECT = (Phrase("Deselect", "未选中"), "DES", " ".join("X" * PINS))
COMMAND_TITLES = (
    Phrase("Command truth table", "命令真值表"),
    Phrase("Encoding of commands", "命令编码"),
    Phrase("Command set", "命令集"),
)
COMMAND_TEXTS = (
    Phrase(
        "Commands are sampled at the rising edge of CK_t while CS_n is low.",
        "当 CS_n 为低电平时，命令在 CK_t 的上升沿采样。",
    ),
    Phrase(
        "A command of two clocks keeps its second half on the next rising edge, where CS_n is high.",
        "双周期命令的后半部分在下一个上升沿发送，此时 CS_n 为高电平。",
    ),
    Phrase("A code that is not listed is reserved and shall not be sent.", "未列出的编码为保留编码，不得发送。"),
    Phrase("Between commands the host shall drive Deselect.", "在命令之间，主机应发送未选中状态。"),
    Phrase(
        "Unused address bits of a device of <density> Gb may be either level but shall be valid.",
        "<density> Gb 器件未使用的地址位可为任一电平，但须有效。",
    ),
)


def command_clause(draft: Draft) -> list[Node]:
    """Heading, text, truth table."""
    notes, name = draft.notes(), draft.rng.choice(COMMAND_TITLES)
    heading = draft.clause(name)
    rows, columns = command_rows(draft.rng, draft, notes)
    text = draft.text(COMMAND_TEXTS, 2, 4, density=draft.device.density)
    return [heading, text, draft.tabled(name, rows, columns, notes.lines())]


def command_rows(rng: Random, draft: Draft, notes: NoteBook) -> tuple[list[Row], str]:
    """Rows of a command truth table and its Typst column widths."""
    tall = [Cell(draft.head(word).text, rowspan=2, heading=True) for word in (FUNCTION, ABBREVIATION)]
    pins = Cell(draft.head(Phrase("CA pins", "CA 引脚")).text, colspan=PINS, heading=True)
    rows = [
        [*tall, Cell("CS_n", rowspan=2, heading=True), pins, *notes.heading(rowspan=2)],
        [Cell(f"CA{pin}", heading=True) for pin in range(PINS)],
    ]
    for number in sorted(rng.sample(range(len(COMMANDS)), rng.randint(6, 12))):
        rows += _command(draft, notes, *COMMANDS[number])
    function, abbreviation, levels = DESELECT
    plain = [Cell(draft.say(function), align="left"), Cell(notes.on(abbreviation, "valid")), Cell("H")]
    rows.append([*plain, *(Cell(level) for level in levels.split()), *notes.column("valid")])
    return rows, ", ".join(["auto", "44pt", "30pt", *["26pt"] * PINS, *notes.width("28pt")])


def _command(draft: Draft, notes: NoteBook, function: Phrase, abbreviation: str, cycles: tuple[str, ...]) -> list[Row]:
    height = len(cycles)
    keys = ("cycles",) if height > 1 else ("allbank",) if abbreviation in CLOSED else ("valid",) * ("V" in cycles[0])
    rows = []
    for number, levels in enumerate(cycles):
        names = [
            Cell(draft.say(function), rowspan=height, align="left"),
            Cell(notes.on(abbreviation, *keys), rowspan=height),
        ]
        last = notes.column(*keys, rowspan=height)
        pins = [Cell(level) for level in levels.split()]
        select = Cell("L" if number == 0 else "H")
        rows.append([*(names if number == 0 else []), select, *pins, *(last if number == 0 else [])])
    return rows


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a mode register: its bits, what each code means; kind: R, W, R/W or RFU."""

    name: Phrase
    short: str
    bits: int
    kind: str
    codes: tuple[Phrase, ...]
    optional: bool = False


def _same(text: str) -> Phrase:
    return Phrase(text, text)


OFF, ON = Phrase("Disabled", "关闭"), Phrase("Enabled", "打开")
RESERVED = Phrase("Reserved", "保留")


def _switch(name: Phrase, short: str, kind: str = "R/W", optional: bool = False) -> Field:
    return Field(name, short, 1, kind, (OFF, ON), optional)


def _latency(name: Phrase, short: str, bits: int, first: int, step: int) -> Field:
    used = 2**bits - (1 if bits > 2 else 0)
    codes = tuple(_same(f"{first + step * code} nCK") for code in range(used))
    return Field(name, short, bits, "R/W", codes if bits < 4 else codes[:6])


FIELDS = (
    Field(Phrase("Burst length", "突发长度"), "BL", 2, "R/W", tuple(map(_same, ("BL16", "BC8 OTF", "BL32")))),
    _latency(Phrase("Read latency", "读延迟"), "RL", 3, 22, 2),
    _latency(Phrase("Write latency", "写延迟"), "WL", 3, 20, 2),
    _latency(Phrase("Write recovery", "写恢复"), "WR", 4, 48, 6),
    _latency(Phrase("Read to precharge", "读到预充电"), "RTP", 4, 12, 3),
    Field(
        Phrase("Output driver strength", "输出驱动强度"),
        "DRV",
        2,
        "W",
        tuple(map(_same, ("R_{ZQ}/7 (34 Ω)", "R_{ZQ}/6 (40 Ω)", "R_{ZQ}/5 (48 Ω)"))),
    ),
    Field(
        Phrase("On-die termination", "片内端接"),
        "R_{TT}",
        3,
        "W",
        (
            OFF,
            *map(
                _same,
                (
                    "R_{ZQ} (240 Ω)",
                    "R_{ZQ}/2 (120 Ω)",
                    "R_{ZQ}/3 (80 Ω)",
                    "R_{ZQ}/4 (60 Ω)",
                    "R_{ZQ}/5 (48 Ω)",
                    "R_{ZQ}/6 (40 Ω)",
                ),
            ),
        ),
    ),
    Field(
        Phrase("Refresh rate", "刷新速率"),
        "RR",
        2,
        "R",
        (Phrase("1 × t_{REFI}", "1 × t_{REFI}"), _same("0.5 × t_{REFI}"), _same("0.25 × t_{REFI}")),
    ),
    _switch(Phrase("Write levelling", "写均衡"), "WLV", "W"),
    _switch(Phrase("Data bus inversion", "数据总线反转"), "DBI", optional=True),
    _switch(Phrase("Cyclic redundancy check", "循环冗余校验"), "CRC", optional=True),
    _switch(Phrase("DLL", "DLL 使能"), "DLL"),
    _switch(Phrase("Temperature sensor", "温度传感器"), "TS", "R"),
    _switch(Phrase("Post package repair", "封装后修复"), "PPR", "W", optional=True),
    _switch(Phrase("Programmable preamble", "可编程前导"), "PRE"),
)
REGISTER_TITLES = (
    Phrase("Mode registers", "模式寄存器"),
    Phrase("Mode register definition", "模式寄存器定义"),
    Phrase("Settings of the device", "器件设置"),
)
REGISTER_TEXTS = (
    Phrase(
        "A mode register is written by MRW and read by MRR; t_{MRD} shall pass before the next command.",
        "模式寄存器由 MRW 写入、由 MRR 读出，下一命令之前应等待 t_{MRD}。",
    ),
    Phrase(
        "Its contents are lost when power is removed and after RESET_n has been low.",
        "断电或 RESET_n 拉低后，其内容丢失。",
    ),
    Phrase("Registers not described here shall not be accessed.", "此处未说明的寄存器不得访问。"),
    Phrase(
        "Fields of type R may be read only, fields of type W written only; RFU stands for a field without meaning yet.",
        "类型 R 的字段只读，类型 W 的字段只写，RFU 表示尚未定义的字段。",
    ),
)


def register_clause(draft: Draft) -> list[Node]:
    """Heading, text, and the map and fields of one or two mode registers."""
    rng = draft.rng
    nodes: list[Node] = [draft.clause(rng.choice(REGISTER_TITLES)), draft.text(REGISTER_TEXTS, 2, 4)]
    pool = list(FIELDS)
    rng.shuffle(pool)
    for address in sorted(rng.sample(range(64), rng.choice((1, 2, 2)))):
        fields = take_fields(pool)
        notes = draft.notes()
        if draft.style.columns == 1:
            nodes.append(draft.subclause(_same(f"MR{address} (MA[7:0] = {address:02X}_{{H}})")))
        bits = Phrase("Bits of MR<address>", "MR<address> 位定义")
        nodes.append(draft.tabled(bits, bit_rows(address, fields), ", ".join(["1fr"] * BITS), address=address))
        rows = field_rows(draft, fields, notes)
        columns = ", ".join(["auto", "auto", "auto", "1fr", *notes.width("auto")])
        named = Phrase("Fields of MR<address>", "MR<address> 字段说明")
        nodes.append(draft.tabled(named, rows, columns, notes.lines(), address=address))
    return nodes


def take_fields(pool: list[Field]) -> list[Field]:
    """Fields out of the pool that fill a register, the rest of it reserved; they are taken from the pool."""
    taken: list[Field] = []
    room = BITS
    for one in list(pool):
        if one.bits <= room and len(taken) < 4:
            taken.append(one)
            pool.remove(one)
            room -= one.bits
    return [Field(RESERVED, "RFU", room, "RFU", ()), *taken] if room else taken


def bit_rows(address: int, fields: list[Field]) -> list[Row]:
    """The register's name, its bits, and the field that each belongs to."""
    bits = [Cell(f"OP[{BITS - 1 - bit}]", heading=True) for bit in range(BITS)]
    return [[Cell(f"MR{address}", colspan=BITS, heading=True)], bits, [Cell(f.short, colspan=f.bits) for f in fields]]


def field_rows(draft: Draft, fields: list[Field], notes: NoteBook) -> list[Row]:
    """What each field does: a row a code, under names that span them."""
    words = (FUNCTION, Phrase("Type", "类型"), Phrase("Operand", "操作数"), Phrase("Data", "数据"))
    rows: list[Row] = [[*(draft.head(word) for word in words), *notes.heading()]]
    top = BITS - 1
    for one in fields:
        low = top - one.bits + 1
        operand = f"OP[{top}:{low}]" if one.bits > 1 else f"OP[{top}]"
        keys = ("reserved",) if not one.codes else ("optional",) if one.optional else ()
        lines = _code_lines(draft, one)
        for number, line in enumerate(lines):
            height = len(lines)
            spans = [
                Cell(notes.on(draft.say(one.name), *keys), rowspan=height, align="left"),
                Cell(one.kind, rowspan=height),
                Cell(operand, rowspan=height),
            ]
            last = notes.column(*keys, rowspan=height)
            rows.append([*(spans if not number else []), Cell(line, align="left"), *(last if not number else [])])
        top = low - 1
    return rows


def _code_lines(draft: Draft, one: Field) -> list[str]:
    lines = [f"{code:0{one.bits}b}_{{B}}: {draft.say(meaning)}" for code, meaning in enumerate(one.codes)]
    if one.bits == 1 and one.codes:
        lines[0] += draft.say(Phrase(" (default)", "（默认）"))
    if not one.codes:
        return [draft.say(RESERVED)]
    rest = 2**one.bits - len(one.codes)
    if rest == 1:
        lines.append(f"{2**one.bits - 1:0{one.bits}b}_{{B}}: {draft.say(RESERVED)}")
    elif rest:
        lines.append(draft.say(Phrase("All others: Reserved", "其余：保留")))
    return lines
