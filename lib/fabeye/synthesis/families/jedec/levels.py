"""Voltages and currents: operating conditions, absolute maximum ratings, supply currents, derating by slew rate.

Notable:
- Levels hang on the supply: the reference is half of it, inputs lie a step above and below the reference.
- Currents keep their order: reading takes most, an open bank more than a closed one, power down the least.
- Derating falls with the slew rate and is given only where both slew rates are near each other.
"""

from random import Random

from fabeye.synthesis.blocks import Node
from fabeye.synthesis.families.jedec.draft import Draft, Row
from fabeye.synthesis.families.jedec.equations import formulas
from fabeye.synthesis.families.jedec.notes import NoteBook
from fabeye.synthesis.formulas import LEVELS
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

NONE = "–"
SHADED = "#d9d9d9"
RAIL_NAMES = {
    "V_{DD}": Phrase("Supply voltage", "电源电压"),
    "V_{DDQ}": Phrase("Supply voltage for output", "输出电源电压"),
    "V_{PP}": Phrase("Word line boost supply", "字线升压电源"),
    "V_{DD1}": Phrase("Core power 1", "核心电源 1"),
    "V_{DD2H}": Phrase("Core power 2, high", "核心电源 2（高）"),
    "V_{DD2L}": Phrase("Core power 2, low", "核心电源 2（低）"),
}
SYMBOL, PARAMETER, RATING = Phrase("Symbol", "符号"), Phrase("Parameter", "参数"), Phrase("Rating", "额定值")
UNIT, MIN, TYP, MAX = Phrase("Unit", "单位"), Phrase("Min", "最小"), Phrase("Typ", "典型"), Phrase("Max", "最大")
DESCRIPTION = Phrase("Description and conditions", "说明与测试条件")

LEVEL_TITLES = (
    Phrase("Recommended DC operating conditions", "推荐直流工作条件"),
    Phrase("Supply and input levels", "电源与输入电平"),
    Phrase("Operating voltages", "工作电压"),
)
LEVEL_TEXTS = (
    Phrase("Voltages are measured at the balls of the device.", "电压在器件焊球处测量。"),
    Phrase(
        "AC noise on <rail> up to ±<noise> mV is part of the range and needs no further margin.",
        "<rail> 上不超过 ±<noise> mV 的交流噪声已包含在范围内，无需再留裕量。",
    ),
    Phrase(
        "All rails shall be inside their limits before RESET_n is released, and shall stay there until power is "
        "removed.",
        "在释放 RESET_n 之前，各路电源均应处于限值之内，并保持至断电。",
    ),
    Phrase(
        "DC is what an instrument of <khz> kHz bandwidth shows; faster parts are noise.",
        "直流值指带宽 <khz> kHz 的仪器读数，更快的成分视为噪声。",
    ),
    Phrase(
        "Input levels are given against V_{REF}, which the device makes itself for data inputs.",
        "输入电平相对 V_{REF} 给出；数据输入的 V_{REF} 由器件内部产生。",
    ),
)
MAXIMUM_TITLES = (
    Phrase("Absolute maximum ratings", "绝对最大额定值"),
    Phrase("Limits of stress", "应力极限"),
)
MAXIMUM_TEXTS = (
    Phrase(
        "The ratings below are limits of survival, not of operation.",
        "下列额定值为承受极限，而非工作极限。",
    ),
    Phrase(
        "<rail> and the output supply shall be within <gap> mV of each other at all times while power rises.",
        "上电过程中 <rail> 与输出电源之差始终不得超过 <gap> mV。",
    ),
    Phrase(
        "Time spent near a rating shortens the life of a device even where it does not harm it at once.",
        "在额定值附近停留即使不立即造成损坏，也会缩短器件寿命。",
    ),
)
CURRENT_TITLES = (
    Phrase("Supply currents and their conditions", "电源电流及测试条件"),
    Phrase("IDD and IPP specification", "IDD 与 IPP 规格"),
)
CURRENT_TEXTS = (
    Phrase(
        "Currents are averages over at least <ms> ms, measured at <volts> V and a case temperature of <high> °C.",
        "电流为至少 <ms> ms 的平均值，在 <volts> V 与壳温 <high> °C 下测得。",
    ),
    Phrase("Termination is off, and outputs carry no load.", "端接关闭，输出不带负载。"),
    Phrase(
        "The loop of commands given with each current repeats without a pause.",
        "每项电流所述的命令循环应连续重复，不得停顿。",
    ),
    Phrase(
        "Currents of the rail V_{PP} are listed below those of the main supply.",
        "V_{PP} 电源电流列于主电源电流之下。",
    ),
)
# Symbol, share of the read current of the widest part, what is measured; in order of printing.
CURRENTS = (
    (
        "I_{DD0}",
        0.40,
        Phrase(
            "One bank, active then precharge. CKE high; ACT and PRE alternate at the shortest t_{RC} of the bin; "
            "command and address inputs toggle with every command, data inputs are still. Bank groups are used in "
            "turn so that no bank is opened twice within t_{RC}; the output buffers are on and idle.",
            "单存储体激活—预充电电流。CKE 为高；ACT 与 PRE 按该等级最短 t_{RC} 交替；命令与地址输入随命令翻转，数据输入"
            "保持静止。各存储体组轮流使用，任一存储体在 t_{RC} 内不被重复打开；输出缓冲开启并空闲。",
        ),
    ),
    (
        "I_{DD1}",
        0.48,
        Phrase(
            "One bank, active, read, precharge. As above with one READ of full length between ACT and PRE; data "
            "pattern alternates between the bursts.",
            "单存储体激活—读—预充电电流。同上，在 ACT 与 PRE 之间插入一次全长度读，突发之间数据图形交替。",
        ),
    ),
    (
        "I_{DD2N}",
        0.24,
        Phrase(
            "Precharge standby. All banks closed, CKE high, CS_n high; address inputs toggle every fourth clock.",
            "预充电待机电流。所有存储体关闭，CKE 与 CS_n 为高，地址输入每四个时钟翻转一次。",
        ),
    ),
    (
        "I_{DD2P}",
        0.15,
        Phrase(
            "Precharge power down. All banks closed, CKE low; all other inputs are still.",
            "预充电掉电电流。所有存储体关闭，CKE 为低，其余输入保持静止。",
        ),
    ),
    (
        "I_{DD3N}",
        0.34,
        Phrase(
            "Active standby. All banks open, CKE high; address inputs toggle every fourth clock.",
            "激活待机电流。所有存储体打开，CKE 为高，地址输入每四个时钟翻转一次。",
        ),
    ),
    (
        "I_{DD3P}",
        0.22,
        Phrase("Active power down. All banks open, CKE low.", "激活掉电电流。所有存储体打开，CKE 为低。"),
    ),
    (
        "I_{DD4R}",
        1.0,
        Phrase(
            "Burst read. All banks open; READ commands follow each other without a gap, so the data bus is never idle. "
            "Half of the data bits change from one transfer to the next; banks are addressed in turn, and the column "
            "address counts up.",
            "突发读电流。所有存储体打开，读命令无间隔连续发送，数据总线始终有效。相邻传输间一半数据位翻转；存储体轮流寻址，"
            "列地址递增。",
        ),
    ),
    (
        "I_{DD4W}",
        0.92,
        Phrase(
            "Burst write. As burst read with WRITE commands; data mask inputs stay off.",
            "突发写电流。与突发读相同，改用写命令，数据屏蔽输入保持无效。",
        ),
    ),
    (
        "I_{DD5B}",
        0.80,
        Phrase(
            "Burst refresh. REF is sent at the shortest t_{RFC1}; all other inputs toggle between the commands.",
            "突发刷新电流。按最短 t_{RFC1} 发送 REF，命令之间其余输入翻转。",
        ),
    ),
    (
        "I_{DD6N}",
        0.16,
        Phrase(
            "Self refresh in the normal temperature range. CKE low, clock stopped at low level.",
            "常温范围自刷新电流。CKE 为低，时钟停止在低电平。",
        ),
    ),
    (
        "I_{DD7}",
        0.95,
        Phrase(
            "All banks interleaved. ACT and READ with auto precharge run through all banks at the shortest t_{RRD}.",
            "全存储体交错读电流。带自动预充电的 ACT 与读命令按最短 t_{RRD} 遍历所有存储体。",
        ),
    ),
)
PUMP = Phrase(
    "Same loop as the current of the same number, at the V_{PP} ball.", "循环同对应编号电流，在 V_{PP} 焊球处测量。"
)
DERATING_TITLES = (
    Phrase("Derating of set-up and hold times", "建立与保持时间降额"),
    Phrase("Slew rate derating", "斜率降额"),
)
DERATING_TEXTS = (
    Phrase(
        "The base values of set-up and hold hold for slew rates of <base> V/ns; elsewhere the values of the table are "
        "added.",
        "建立与保持时间的基准值对应 <base> V/ns 的斜率，其他斜率应加上表中数值。",
    ),
    Phrase("Values between the cells are found by linear interpolation.", "单元之间的数值采用线性插值。"),
    Phrase("A negative value shortens the time that is needed.", "负值表示所需时间缩短。"),
)


def level_clause(draft: Draft) -> list[Node]:
    """Heading, text, DC operating conditions, a formula."""
    notes = draft.notes()
    heading = draft.clause(draft.rng.choice(LEVEL_TITLES))
    text = draft.text(
        LEVEL_TEXTS,
        2,
        4,
        rail=draft.device.supply[0],
        noise=draft.rng.choice((20, 25, 30, 40)),
        khz=draft.rng.choice((20, 100, 250)),
    )
    rows, columns = level_rows(draft.rng, draft, notes)
    body = draft.tabled(draft.rng.choice(LEVEL_TITLES), rows, columns, notes.lines())
    return [heading, text, body, *formulas(draft, LEVELS, 1)]


def level_rows(rng: Random, draft: Draft, notes: NoteBook) -> tuple[list[Row], str]:
    """Rows of a table of DC operating conditions and its Typst column widths."""
    tall = [Cell(draft.head(word).text, rowspan=2, heading=True) for word in (SYMBOL, PARAMETER, UNIT)]
    rating = Cell(draft.head(RATING).text, colspan=3, heading=True)
    rows = [[*tall[:2], rating, tall[2], *notes.heading(rowspan=2)], [draft.head(word) for word in (MIN, TYP, MAX)]]
    for symbol, levels in draft.device.rails.items():
        keys = {"V_{DDQ}": ("track",), "V_{PP}": ("always",)}.get(symbol, ())
        keys = keys if "V_{DD}" in draft.device.rails else ()
        rows.append(_level(draft, notes, symbol, RAIL_NAMES[symbol], [f"{mv / 1000:.3f}" for mv in levels], "V", keys))
    rows += _derived(rng, draft, notes)
    return rows, ", ".join(["auto", "auto", "44pt", "44pt", "44pt", "auto", *notes.width("auto")])


def _derived(rng: Random, draft: Draft, notes: NoteBook) -> list[Row]:
    """Levels that hang on the supply, and what surrounds the device."""
    middle, step = draft.device.reference_mv / 1000, rng.choice((0.065, 0.075, 0.090))
    reference = [f"{share * 2 * middle:.3f}" for share in (0.49, 0.5, 0.51)]
    volts = (
        ("V_{REF}", Phrase("Reference voltage", "参考电压"), reference),
        ("V_{IH(DC)}", Phrase("DC input high", "直流输入高电平"), [f"{middle + step:.3f}", NONE, f"{2 * middle:.3f}"]),
        ("V_{IL(DC)}", Phrase("DC input low", "直流输入低电平"), ["0", NONE, f"{middle - step:.3f}"]),
    )
    rows = [_level(draft, notes, symbol, name, levels, "V") for symbol, name, levels in volts]
    if rng.random() < 0.6:
        resistor = Phrase("Calibration resistor", "校准电阻")
        rows.append(_level(draft, notes, "R_{ZQ}", resistor, ["237.6", "240", "242.4"], "Ω", ("zq",)))
    if rng.random() < 0.5:
        leak = Phrase("Input leakage current", "输入漏电流")
        rows.append(_level(draft, notes, "I_{I}", leak, ["–2", NONE, "2"], "µA", ("sample",)))
    case = Phrase("Case temperature", "壳温")
    return [*rows, _level(draft, notes, "T_{C}", case, ["0", NONE, rng.choice(("85", "95"))], "°C")]


def _level(
    draft: Draft, notes: NoteBook, symbol: str, name: Phrase, levels: list[str], unit: str, keys: tuple[str, ...] = ()
) -> Row:
    named = [Cell(notes.on(symbol, *keys)), Cell(draft.say(name), align="left")]
    return [*named, *(Cell(level) for level in levels), Cell(unit), *notes.column(*keys)]


def maximum_clause(draft: Draft) -> list[Node]:
    """Heading, text, absolute maximum ratings."""
    notes, rng = draft.notes(), draft.rng
    heading = draft.clause(rng.choice(MAXIMUM_TITLES))
    text = draft.text(MAXIMUM_TEXTS, 1, 3, rail=draft.device.supply[0], gap=rng.choice((100, 200, 300)))
    rows: list[Row] = [[*(draft.head(word) for word in (PARAMETER, SYMBOL, RATING, UNIT)), *notes.heading()]]
    pins = Phrase("Voltage on any other pin", "其他引脚电压")
    to = draft.say(Phrase(" to ", " 至 "))
    for symbol, levels in draft.device.rails.items():
        name = Phrase(f"{RAIL_NAMES[symbol].en} to V_{{SS}}", f"{RAIL_NAMES[symbol].zh}（对 V_{{SS}}）")
        rating = f"–0.3{to}{levels[1] * 1.25 / 1000:.1f}"
        rows.append(_maximum(draft, notes, name, symbol, rating, "V", "stress"))
    most = max(levels[1] for levels in draft.device.rails.values() if levels[1] < 1500)
    rows.append(_maximum(draft, notes, pins, "V_{IN}, V_{OUT}", f"–0.3{to}{most * 1.25 / 1000:.1f}", "V", "stress"))
    store = Phrase("Storage temperature", "储存温度")
    rows.append(_maximum(draft, notes, store, "T_{STG}", f"–55{to}{rng.choice((100, 125, 150))}", "°C", "store"))
    columns = ", ".join(["auto", "auto", "auto", "auto", *notes.width("auto")])
    return [heading, text, draft.tabled(MAXIMUM_TITLES[0], rows, columns, notes.lines())]


def _maximum(draft: Draft, notes: NoteBook, name: Phrase, symbol: str, rating: str, unit: str, key: str) -> Row:
    return [
        Cell(draft.say(name), align="left"),
        Cell(notes.on(symbol, key)),
        Cell(rating),
        Cell(unit),
        *notes.column(key),
    ]


def current_clause(draft: Draft) -> list[Node]:
    """Heading, text, supply currents with the long texts of their conditions, over pages."""
    notes, rng, device = draft.notes(), draft.rng, draft.device
    heading = draft.clause(rng.choice(CURRENT_TITLES))
    text = draft.text(
        CURRENT_TEXTS,
        2,
        4,
        ms=rng.choice((1, 10, 100)),
        volts=f"{device.supply[1][2] / 1000:g}",
        high=rng.choice((85, 95)),
    )
    widths = [f"x{width}" for width in device.widths]
    heads = [draft.head(word) for word in (SYMBOL, DESCRIPTION)]
    rows: list[Row] = [[*heads, *(Cell(width, heading=True) for width in widths), draft.head(UNIT), *notes.heading()]]
    read = [rng.randrange(110, 150) * (1 + 0.25 * place) for place in range(len(widths))]
    chosen = [one for one in CURRENTS if one[0] in ("I_{DD0}", "I_{DD2N}", "I_{DD4R}") or rng.random() < 0.7]
    for symbol, share, condition in chosen:
        amounts = [Cell(f"{share * most:.0f}") for most in read]
        keys = ("data",) if symbol == "I_{DD4R}" else ()
        said = Cell(draft.say(condition), align="left")
        rows.append([Cell(notes.on(symbol, *keys)), said, *amounts, Cell("mA"), *notes.column(*keys)])
    for symbol in ("I_{PP0}", "I_{PP4R}", "I_{PP5B}")[: rng.randint(1, 3) if "V_{PP}" in device.rails else 0]:
        amounts = [Cell(str(rng.randint(2, 8))) for _ in widths]
        rows.append([Cell(symbol), Cell(draft.say(PUMP), align="left"), *amounts, Cell("mA"), *notes.column()])
    columns = ", ".join(["50pt", "1fr", *["34pt"] * len(widths), "30pt", *notes.width("30pt")])
    return [heading, text, *draft.long_table(CURRENT_TITLES[1], rows, columns, notes.lines(), most=rng.randint(24, 34))]


def derating_clause(draft: Draft) -> list[Node]:
    """Heading, text, derating of set-up and hold by two slew rates."""
    notes, rng = draft.notes(), draft.rng
    heading = draft.clause(rng.choice(DERATING_TITLES))
    data = [4.0, 3.0, 2.0, 1.5, 1.0, 0.9, 0.8, 0.7, 0.6][: rng.randint(6, 9)]
    clock = [4.0, 3.0, 2.0, 1.8, 1.6, 1.4][: rng.randint(3, 4)]
    text = draft.text(DERATING_TEXTS, 2, 3, base="1.0")
    rows = derating_rows(draft, notes, data, clock, rng.choice((75, 88, 100)), rng.choice((50, 60, 65)))
    turn = len(clock) > 3 and draft.style.columns == 1
    columns = ", ".join(["52pt", *["54pt" if turn else "1fr"] * (2 * len(clock))])
    body = draft.tabled(DERATING_TITLES[0], rows, columns, notes.lines(), turn=turn)
    return [heading, text, body]


def derating_rows(
    draft: Draft, notes: NoteBook, data: list[float], clock: list[float], setup: int, hold: int
) -> list[Row]:
    """Derating in ps by slew rate of data (rows) and clock (columns), both in V/ns; `setup`, `hold`: scales in ps."""
    delta = ("Δt_{IS}", "Δt_{IH}")
    across = 2 * len(clock)
    title = draft.say(Phrase("Derating in ps, by slew rate of CK_t – CK_c", "降额（ps），按 CK_t – CK_c 斜率"))
    rows: list[Row] = [
        [Cell("V/ns", rowspan=3, heading=True), Cell(notes.on(title, "grid"), colspan=across, heading=True)],
        [Cell(f"{slew:.1f} V/ns", colspan=2, heading=True) for slew in clock],
        [Cell(symbol, heading=True) for _ in clock for symbol in delta],
    ]
    for place, slew in enumerate(data):
        cells = [Cell(f"{slew:.1f}", heading=True)]
        for column, other in enumerate(clock):
            near = abs(place - 1.5 * column) <= 4
            values = (derating(setup, slew, other), derating(hold, slew, other))
            cells += [Cell(signed(value)) if near else Cell("", fill=SHADED) for value in values]
        rows.append(cells)
    return rows


def derating(scale: int, data: float, clock: float) -> int:
    """Derating in ps: nothing at 1 V/ns for the data and 2 V/ns for the clock, more the faster the data."""
    return round(scale * (1 - 1 / data) + 8 * (2 - min(clock, 2.0)) * 5)


def signed(value: int) -> str:
    """A number with a minus sign as it is printed, U+2212 in place of a hyphen."""
    return f"−{-value}" if value < 0 else str(value)
