"""Addressing, refresh and speed bins of a memory device.

Notable:
- Density = groups x banks x rows x columns x width, in every column of the addressing table.
- A latency in clocks is the rounded delay of the device; where it exceeds the bin's, the cell says "Reserved".
"""

from fabeye.synthesis.blocks import Node
from fabeye.synthesis.families.jedec.device import REFRESH_NS, Device
from fabeye.synthesis.families.jedec.draft import Draft, Row
from fabeye.synthesis.families.jedec.equations import formulas
from fabeye.synthesis.families.jedec.notes import NoteBook
from fabeye.synthesis.formulas import CLOCK, clocks
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

GIGABIT = 2**30
COLUMN_BITS = 10
ADDRESS_TITLES = (
    Phrase("Addressing", "寻址"),
    Phrase("Organisation and addressing", "组织结构与寻址"),
    Phrase("Address map of the device", "器件地址映射"),
)
ADDRESS_TEXTS = (
    Phrase(
        "A device of <density> Gb is divided into <groups> bank groups of <banks> banks.",
        "<density> Gb 器件分为 <groups> 个存储体组，每组 <banks> 个存储体。",
    ),
    Phrase(
        "A page is what one ACT opens; its size follows from the number of columns and the width.",
        "一页为一次 ACT 打开的单元，其大小由列数与位宽决定。",
    ),
    Phrase(
        "Row addresses beyond the last row shall not be used.",
        "超出最后一行的行地址不得使用。",
    ),
    Phrase(
        "Column bits C0 to C<low> count within a burst and are not sent.",
        "列地址位 C0 至 C<low> 用于突发内计数，不随命令发送。",
    ),
)
REFRESH_TITLES = (Phrase("Refresh requirements", "刷新要求"), Phrase("Refresh", "刷新"))
REFRESH_TEXTS = (
    Phrase(
        "Every cell is refreshed once in <window> ms at a case temperature up to 85 °C.",
        "壳温不超过 85 °C 时，每个单元在 <window> ms 内刷新一次。",
    ),
    Phrase(
        "Up to <late> refresh commands may be postponed, and as many may be sent ahead of time.",
        "最多可推迟 <late> 条刷新命令，也可提前发送同样数量。",
    ),
    Phrase(
        "Above 85 °C the average interval is halved; the host finds the range from a mode register.",
        "超过 85 °C 时平均间隔减半，主机由模式寄存器获知温度范围。",
    ),
    Phrase(
        "In fine granularity mode a refresh is shorter but comes more often.",
        "细粒度模式下每次刷新更短，但次数更多。",
    ),
)
SPEED_TITLES = (Phrase("Speed bins", "速度等级"), Phrase("Speed bins and latencies", "速度等级与延迟"))
SPEED_TEXTS = (
    Phrase(
        "A bin is named after its fastest data rate in Mb/s; a device also works at the slower rates of its table.",
        "等级以最高数据速率（Mb/s）命名；器件也可在表中较低速率下工作。",
    ),
    Phrase(
        "The triple below the name gives CL, n_{RCD} and n_{RP} in clocks.",
        "名称下方的三个数依次为以时钟计的 CL、n_{RCD} 与 n_{RP}。",
    ),
    Phrase("Combinations marked as reserved shall not be set.", "标为保留的组合不得设置。"),
    Phrase(
        "Downward compatibility is a matter of the bin and not of the device.",
        "向下兼容性取决于速度等级，而非器件本身。",
    ),
)
RESERVED = Phrase("Reserved", "保留")


def address_clause(draft: Draft) -> list[Node]:
    """Heading, text, addressing table."""
    device, rng = draft.device, draft.rng
    heading = draft.clause(rng.choice(ADDRESS_TITLES))
    text = draft.text(
        ADDRESS_TEXTS, 2, 4, density=device.density, groups=device.groups, banks=device.banks, low=rng.choice((1, 2))
    )
    columns = ", ".join(["auto"] * (1 + len(device.widths)))
    name = Phrase("Addressing of the <density> Gb device", "<density> Gb 器件寻址")
    return [heading, text, draft.tabled(name, address_rows(draft), columns, density=device.density)]


def address_rows(draft: Draft) -> list[Row]:
    """How many groups, banks, rows and columns there are for each width."""
    device = draft.device
    layouts = [layout(device, width) for width in device.widths]
    gb, words = device.density, Phrase("Configuration", "配置")
    rows: list[Row] = [
        [draft.head(words), *(Cell(f"{gb * 1024 // width} Mb x{width}", heading=True) for width in device.widths)]
    ]
    lines = (
        (Phrase("Bank groups", "存储体组数"), [str(groups) for groups, _, _ in layouts]),
        (Phrase("Bank group address", "存储体组地址"), [_bits("BG", groups) for groups, _, _ in layouts]),
        (Phrase("Banks in a group", "每组存储体数"), [str(device.banks)] * len(layouts)),
        (Phrase("Bank address", "存储体地址"), [_bits("BA", device.banks)] * len(layouts)),
        (Phrase("Rows", "行数"), [str(count) for _, count, _ in layouts]),
        (Phrase("Row address", "行地址"), [f"R0–R{(count - 1).bit_length() - 1}" for _, count, _ in layouts]),
        (Phrase("Column address", "列地址"), [f"C0–C{bits - 1}" for _, _, bits in layouts]),
        (
            Phrase("Page size", "页大小"),
            [_size(2**bits * w // 8) for (_, _, bits), w in zip(layouts, device.widths, strict=True)],
        ),
    )
    for name, values in lines:
        same = len(set(values)) == 1 and len(values) > 1 and draft.rng.random() < 0.5
        cells = [Cell(values[0], colspan=len(values))] if same else [Cell(value) for value in values]
        rows.append([Cell(draft.say(name), align="left"), *cells])
    return rows


def layout(device: Device, width: int) -> tuple[int, int, int]:
    """Bank groups, rows and column bits of a width; a x16 part has half the groups, as its page is twice as large."""
    groups = device.groups // 2 if width == 16 and len(device.widths) > 1 else device.groups
    rows = device.density * GIGABIT // (groups * device.banks * 2**COLUMN_BITS * width)
    return groups, rows, COLUMN_BITS


def _bits(name: str, count: int) -> str:
    bits = (count - 1).bit_length()
    return f"{name}0–{name}{bits - 1}" if bits > 1 else f"{name}0"


def _size(count: int) -> str:
    return f"{count // 1024} KB" if count >= 1024 else f"{count} B"


def refresh_clause(draft: Draft) -> list[Node]:
    """Heading, text, refresh times by density."""
    notes, rng = draft.notes(), draft.rng
    heading = draft.clause(rng.choice(REFRESH_TITLES))
    text = draft.text(REFRESH_TEXTS, 2, 4, window=draft.device.window_ms, late=rng.choice((4, 8)))
    rows, columns = refresh_rows(draft, notes)
    return [heading, text, draft.tabled(REFRESH_TITLES[0], rows, columns, notes.lines())]


def refresh_rows(draft: Draft, notes: NoteBook) -> tuple[list[Row], str]:
    """Refresh times by density, intervals by temperature, and the table's Typst column widths."""
    rng, device = draft.rng, draft.device
    first = rng.randint(0, 2)
    densities = sorted({*list(REFRESH_NS)[first : first + rng.randint(2, 3)], device.density})
    words = (Phrase("Parameter", "参数"), Phrase("Symbol", "符号"))
    rows: list[Row] = [
        [
            *(draft.head(word) for word in words),
            *(Cell(f"{gb} Gb", heading=True) for gb in densities),
            draft.head(Phrase("Unit", "单位")),
            *notes.heading(),
        ]
    ]
    names = (
        (Phrase("All banks, normal", "全体刷新（普通）"), "t_{RFC1}", ()),
        (Phrase("All banks, fine granularity", "全体刷新（细粒度）"), "t_{RFC2}", ("fine",)),
        (Phrase("Same bank", "同体刷新"), "t_{RFCsb}", ()),
    )
    for place, (name, symbol, keys) in enumerate(names):
        times = [Cell(str(REFRESH_NS[gb][place])) for gb in densities]
        rows.append(
            [
                Cell(draft.say(name), align="left"),
                Cell(notes.on(symbol, *keys)),
                *times,
                Cell("ns"),
                *notes.column(*keys),
            ]
        )
    for number, text in enumerate(("0 °C ≤ T_{C} ≤ 85 °C", "85 °C < T_{C} ≤ 95 °C")):
        interval = Cell(f"{device.interval_ns / 1000 / (number + 1):g}", colspan=len(densities))
        spanning = [Cell("t_{REFI}", rowspan=2)] if not number else []
        rows.append([Cell(text, align="left"), *spanning, interval, Cell("µs"), *notes.column()])
    return rows, ", ".join(["auto", "auto", *["44pt"] * len(densities), "auto", *notes.width("auto")])


def speed_clause(draft: Draft) -> list[Node]:
    """Heading, text, speed bins with latencies, a formula."""
    notes, rng = draft.notes(), draft.rng
    heading = draft.clause(rng.choice(SPEED_TITLES))
    rows, columns = speed_rows(draft, notes)
    body = draft.tabled(SPEED_TITLES[0], rows, columns, notes.lines())
    return [heading, draft.text(SPEED_TEXTS, 2, 4), *formulas(draft, CLOCK, 1), body]


def speed_rows(draft: Draft, notes: NoteBook) -> tuple[list[Row], str]:
    """Delays of each bin, then for each CAS latency the range of clock periods it serves, and the column widths."""
    device = draft.device
    wide = [
        Cell(draft.head(word).text, rowspan=rowspan, colspan=2, heading=True)
        for word, rowspan in ((Phrase("Speed bin", "速度等级"), 1), (Phrase("CL-nRCD-nRP", "CL-nRCD-nRP"), 1))
    ]
    names = [Cell(f"{device.name}-{rate}", colspan=2, heading=True) for rate in draft.bins]
    triples = [Cell("-".join(map(str, triple(device, rate))), colspan=2, heading=True) for rate in draft.bins]
    rest = [Cell(draft.head(Phrase("Unit", "单位")).text, rowspan=3, heading=True), *notes.heading(rowspan=3)]
    columns = [draft.head(word) for word in (Phrase("Parameter", "参数"), Phrase("Symbol", "符号"))]
    limits = [draft.head(word) for _ in draft.bins for word in (Phrase("Min", "最小"), Phrase("Max", "最大"))]
    rows: list[Row] = [[wide[0], *names, *rest], [wide[1], *triples], [*columns, *limits]]
    delays = (
        (Phrase("READ to first data", "读命令到首数据"), "t_{AA}", device.trcd, ()),
        (Phrase("ACT to READ or WRITE", "激活到读写"), "t_{RCD}", device.trcd, ()),
        (Phrase("Row precharge", "行预充电"), "t_{RP}", device.trp, ()),
        (Phrase("ACT to PRE", "激活到预充电"), "t_{RAS}", device.tras, ()),
        (Phrase("ACT to ACT", "激活到激活"), "t_{RC}", device.tras + device.trp, ("sum",)),
    )
    for name, symbol, delay, keys in delays:
        cells = [cell for _ in draft.bins for cell in (Cell(f"{delay / 1000:.2f}"), Cell("–"))]
        rows.append(
            [
                Cell(draft.say(name), align="left"),
                Cell(notes.on(symbol, *keys)),
                *cells,
                Cell("ns"),
                *notes.column(*keys),
            ]
        )
    rows += _latency_rows(draft, notes)
    return rows, ", ".join(
        ["1fr", "66pt", *[f"{draft.limit_width:.1f}pt"] * (2 * len(draft.bins)), "40pt", *notes.width("30pt")]
    )


def triple(device: Device, rate: int) -> tuple[int, int, int]:
    """CL, nRCD and nRP of a bin in clocks; CL is even."""
    latency = clocks(device.trcd, device.period(rate))
    return latency + latency % 2, latency, clocks(device.trp, device.period(rate))


def _latency_rows(draft: Draft, notes: NoteBook) -> list[Row]:
    """One row a CAS latency: a bin supports it from its own clock on, that is where its own latency is not less."""
    device = draft.device
    latencies = sorted({triple(device, rate)[0] for rate in draft.bins})
    rows = []
    for number, latency in enumerate(latencies):
        cells: list[Cell] = []
        serving = max(rate for rate in draft.bins if triple(device, rate)[0] <= latency)
        for rate in draft.bins:
            if triple(device, rate)[0] < latency or rate < serving:
                cells.append(Cell(draft.say(RESERVED), colspan=2))
                continue
            period, slower = device.period(serving), device.slower(serving)
            cells += [Cell(f"{period / 1000:.3f}"), Cell(f"<{slower / 1000:.3f}")]
        name = (
            [Cell(draft.say(Phrase("CAS latency", "CAS 延迟")), rowspan=len(latencies), align="left")]
            if not number
            else []
        )
        rows.append([*name, Cell(notes.on(f"CL = {latency}", "grade")), *cells, Cell("ns"), *notes.column("grade")])
    return rows
