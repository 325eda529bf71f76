"""Ball-out, ball descriptions and package dimensions of a memory device.

Notable:
- A ball-out keeps to physics: data in the upper third, commands and clock below, the two halves of a differential
  pair in the same row side by side, supplies and grounds spread between.
- Outline: the body's sides leave room for the grid of balls; A is more than A1.
"""

from random import Random

from fabeye.synthesis.blocks import Node
from fabeye.synthesis.families.jedec.draft import Draft, Row
from fabeye.synthesis.families.jedec.figures import placed, spoken
from fabeye.synthesis.figures.ballout import draw_ballout
from fabeye.synthesis.figures.package import Outline, draw_outline, draw_package
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

ROW_NAMES = "ABCDEFGHJKLMNPRT"  # no I, O, Q and S: they look like digits and other letters
COLUMNS = (1, 2, 3, None, 7, 8, 9)  # the gap lies over the row of pads
DIES_BALLS = {8: 13, 16: 16}  # width -> rows of balls
MISSING = "–"
DRAWN_SHARE = 0.35  # of ball-outs that are drawn and not set as a table

BALL_TITLES = (Phrase("Ball-out", "球位图"), Phrase("Ball assignment", "焊球分配"))
BALL_TEXTS = (
    Phrase("The view is from above, through the package.", "图为透过封装的俯视图。"),
    Phrase("Position A1 is marked on the top of the package.", "封装顶面标有 A1 位置。"),
    Phrase("Columns 4 to 6 have no balls.", "第 4 至第 6 列无焊球。"),
    Phrase(
        "Balls marked NC are not connected inside and may be left open.",
        "标为 NC 的焊球内部未连接，可悬空。",
    ),
    Phrase("Letters I, O, Q and S are not used for rows.", "行名不使用字母 I、O、Q、S。"),
)
PIN_TITLES = (Phrase("Ball descriptions", "焊球说明"), Phrase("Signals of the device", "器件信号"))
PIN_TEXTS = (
    Phrase("Names that end in _n are active low.", "以 _n 结尾的信号低电平有效。"),
    Phrase("Names that end in _t and _c form a differential pair.", "以 _t 与 _c 结尾的信号构成差分对。"),
    Phrase("All V_{SS} balls shall be connected to the ground plane.", "所有 V_{SS} 焊球应连接到地平面。"),
    Phrase("Inputs without termination shall not float.", "无端接的输入不得悬空。"),
)
INPUT, OUTPUT, BOTH, SUPPLY = (
    Phrase("Input", "输入"),
    Phrase("Output", "输出"),
    Phrase("I/O", "输入/输出"),
    Phrase("Supply", "电源"),
)
SIGNALS = (
    (
        "CK_t, CK_c",
        INPUT,
        Phrase(
            "Differential clock; commands are sampled where CK_t rises through CK_c.",
            "差分时钟，命令在 CK_t 上升与 CK_c 相交处采样。",
        ),
    ),
    ("CS_n", INPUT, Phrase("Chip select; commands count only while it is low.", "片选，低电平时命令有效。")),
    ("CA[13:0]", INPUT, Phrase("Commands and addresses, in one or two clocks.", "命令与地址，单周期或双周期。")),
    (
        "RESET_n",
        INPUT,
        Phrase("Asynchronous reset of the whole device, CMOS levels.", "整个器件的异步复位，CMOS 电平。"),
    ),
    (
        "DQ[7:0]",
        BOTH,
        Phrase("Data bus; it is terminated while the device is being written.", "数据总线，写入时片内端接。"),
    ),
    (
        "DQS_t, DQS_c",
        BOTH,
        Phrase(
            "Data strobe: with the edges of read data, in the middle of write data.",
            "数据选通：读时与数据沿对齐，写时位于数据中央。",
        ),
    ),
    (
        "DM_n",
        INPUT,
        Phrase(
            "Data mask; a byte is not written where it is low. It cannot be used with DBI.",
            "数据屏蔽，低电平时该字节不写入，不能与 DBI 同时使用。",
        ),
    ),
    (
        "TDQS_t, TDQS_c",
        OUTPUT,
        Phrase("Termination strobe of x8 devices, for mixed ranks.", "x8 器件的端接选通，用于混合 rank。"),
    ),
    ("ALERT_n", OUTPUT, Phrase("Tells the host of a CRC error; open drain.", "向主机报告 CRC 错误，漏极开路。")),
    (
        "MIR",
        INPUT,
        Phrase(
            "Exchanges even and odd CA pins, for modules with devices on both sides.",
            "交换奇偶 CA 引脚，用于双面模组。",
        ),
    ),
    (
        "TEN",
        INPUT,
        Phrase("Connectivity test mode where high; weak pull-down inside.", "高电平进入连通性测试，内部弱下拉。"),
    ),
    (
        "ZQ",
        INPUT,
        Phrase("Reference of the output drivers, 240 Ω ±1 % to ground.", "输出驱动校准参考，经 240 Ω ±1 % 接地。"),
    ),
    ("LBDQ, LBDQS", OUTPUT, Phrase("Loopback of data and strobe, for training.", "训练用数据与选通回环。")),
    ("V_{DD}", SUPPLY, Phrase("Supply of the core and of the inputs.", "内核与输入电源。")),
    ("V_{DDQ}", SUPPLY, Phrase("Supply of the outputs.", "输出电源。")),
    ("V_{PP}", SUPPLY, Phrase("Supply of the word lines.", "字线电源。")),
    ("V_{SS}, V_{SSQ}", SUPPLY, Phrase("Ground.", "地。")),
    ("NC", Phrase("–", "–"), Phrase("Not connected.", "未连接。")),
)
OUTLINE_TITLES = (Phrase("Package dimensions", "封装尺寸"), Phrase("Outline of the package", "封装外形"))
OUTLINE_TEXTS = (
    Phrase(
        "All dimensions are in mm; the balls are of SAC305 and have a diameter of <ball> mm before reflow.",
        "所有尺寸单位为 mm；焊球材料 SAC305，回流前直径 <ball> mm。",
    ),
    Phrase("Coplanarity of the balls shall be within <flat> mm.", "焊球共面度应在 <flat> mm 以内。"),
    Phrase("Corner balls may be left out by agreement.", "经协商可省去角部焊球。"),
    Phrase("Dimension b is measured at the largest diameter of a ball.", "尺寸 b 在焊球最大直径处测量。"),
)


def ball_clause(draft: Draft) -> list[Node]:
    """Heading, text, ball-out as a table or as a drawing."""
    width = 16 if 16 in draft.device.widths and draft.rng.random() < 0.5 else 8
    heading = draft.clause(draft.rng.choice(BALL_TITLES))
    if draft.rng.random() < DRAWN_SHARE:
        drawing = placed(draft, BALL_TITLES[0], *draw_ballout(draft.rng, spoken(draft)))
        return [heading, draft.text(BALL_TEXTS, 2, 4), drawing]
    rows = ball_rows(draft.rng, width)
    count = sum(bool(cell.text) and not cell.heading for row in rows for cell in row)
    name = Phrase("<count>-ball x<width> ball-out, top view", "<count> 球 x<width> 球位图（俯视）")
    body = draft.tabled(
        name, rows, "18pt, " + ", ".join(["46pt"] * 3 + ["22pt"] + ["46pt"] * 3), count=count, width=width
    )
    return [heading, draft.text(BALL_TEXTS, 2, 4), body]


def ball_rows(rng: Random, width: int) -> list[Row]:
    """The grid of balls under the numbers of its columns."""
    names = ROW_NAMES[: DIES_BALLS[width]]
    rows: list[Row] = [[Cell("", heading=True), *(Cell(str(column or ""), heading=True) for column in COLUMNS)]]
    for name, signals in zip(names, assignment(rng, width), strict=True):
        balls = [*signals[:3], "", *signals[3:]]
        cells = [Cell(ball, open=column is None) for ball, column in zip(balls, COLUMNS, strict=True)]
        rows.append([Cell(name, heading=True), *cells])
    return rows


def assignment(rng: Random, width: int) -> list[list[str]]:
    """Six signals a row, from the top: data and strobes, then clock, commands and the rest."""
    bytes_ = ("",) if width == 8 else ("L", "U")
    upper: list[list[str]] = []
    for number, prefix in enumerate(bytes_):
        data = [f"DQ{prefix}{bit}" for bit in range(8)]
        rng.shuffle(data)
        upper += [
            [rng.choice(("V_{DD}", "V_{PP}")), "V_{SSQ}", f"DM{prefix}_n", data[0], "V_{SSQ}", "V_{SS}"],
            ["V_{DDQ}", data[1], data[2], f"DQS{prefix}_t", f"DQS{prefix}_c", "V_{DDQ}"],
            ["V_{SSQ}", data[3], data[4], data[5], "V_{DDQ}", "V_{SSQ}"],
        ]
        if number == 0 or width == 8:
            upper.append(["V_{DDQ}", data[6], "V_{SS}", data[7], "V_{DD}", "V_{DDQ}"])
        else:
            upper.append(["V_{SSQ}", data[6], "V_{DDQ}", data[7], "V_{SS}", "V_{PP}"])
    commands = [f"CA{pin}" for pin in range(14)]
    lower = [
        ["V_{SS}", "CA_ODT", "V_{DD}", "CK_t", "CK_c", "V_{SS}"],
        ["MIR", "V_{DD}", "CS_n", "ALERT_n", "V_{DD}", "TEN"],
        *(
            [pins[0], "V_{SS}", pins[1], pins[2], rng.choice(("V_{SS}", "V_{DD}")), pins[3]]
            for pins in _fours(commands)
        ),
        ["V_{DD}", "RESET_n", "V_{SS}", "V_{SS}", "V_{REFCA}", "V_{PP}"],
    ]
    rows = [*upper, *lower]
    spare = ["V_{SS}", "NC", "V_{DD}", "V_{DD}", "ZQ", "V_{SS}"]
    while len(rows) < DIES_BALLS[width]:
        rows.append(spare)
        spare = ["V_{DD}", "V_{SS}", "NC", "NC", "V_{SS}", "V_{DD}"]
    return rows[: DIES_BALLS[width]]


def _fours(names: list[str]) -> list[list[str]]:
    padded = [*names, "NC", "NC"]
    return [padded[start : start + 4] for start in range(0, len(padded), 4)]


def pin_clause(draft: Draft) -> list[Node]:
    """Heading, text, descriptions of the balls."""
    rng = draft.rng
    heading = draft.clause(rng.choice(PIN_TITLES))
    words = (Phrase("Symbol", "符号"), Phrase("Type", "类型"), Phrase("Function", "功能"))
    rows: list[Row] = [[draft.head(word) for word in words]]
    for symbol, kind, text in SIGNALS:
        if symbol in ("CK_t, CK_c", "DQ[7:0]", "V_{DD}") or rng.random() < 0.8:
            rows.append([Cell(symbol), Cell(draft.say(kind)), Cell(draft.say(text), align="left")])
    body = draft.long_table(PIN_TITLES[0], rows, "86pt, 60pt, 1fr", most=rng.randint(14, 20))
    return [heading, draft.text(PIN_TEXTS, 2, 3), *body]


def outline_clause(draft: Draft) -> list[Node]:
    """Heading, text, dimensions of the package."""
    rng = draft.rng
    heading = draft.clause(rng.choice(OUTLINE_TITLES))
    text = draft.text(
        OUTLINE_TEXTS, 2, 4, ball=f"{rng.choice((0.42, 0.45, 0.47)):.2f}", flat=rng.choice(("0.10", "0.12"))
    )
    notes = draft.notes()
    words = [Phrase(*pair) for pair in (("Symbol", "符号"), ("Min", "最小"), ("Nom", "标称"), ("Max", "最大"))]
    outline = draw_outline(rng)
    rows: list[Row] = [[*(draft.head(word) for word in words), *notes.heading()]]
    for symbol, (least, nominal, most) in dimensions(outline).items():
        keys = ("datum",) if symbol in ("A", "A1") else ()
        limits = [Cell(value) for value in (least, nominal, most)]
        rows.append([Cell(notes.on(symbol, *keys)), *limits, *notes.column(*keys)])
    columns = ", ".join(["60pt", "60pt", "60pt", "60pt", *notes.width("40pt")])
    name = Phrase("Dimensions in mm", "尺寸（mm）")
    shows = [placed(draft, OUTLINE_TITLES[1], *draw_package(rng, spoken(draft), outline))] if rng.random() < 0.6 else []
    return [heading, text, *shows, draft.tabled(name, rows, columns, notes.lines())]


def dimensions(outline: Outline) -> dict[str, tuple[str, str, str]]:
    """Least, nominal and largest size in mm by letter; a dash where none is set."""
    around = {"A1": (outline.A1, 0.05), "b": (outline.b, 0.05), "D": (outline.D, 0.1), "E": (outline.E, 0.1)}
    sizes = {"A": (MISSING, MISSING, f"{outline.A:.2f}")}
    for letter, (nominal, slack) in around.items():
        sizes[letter] = (f"{nominal - slack:.2f}", f"{nominal:.2f}", f"{nominal + slack:.2f}")
    grid = {"D1": 12 * outline.e, "E1": 8 * outline.e, "e": outline.e}
    return sizes | {letter: (MISSING, f"{value:.2f}", MISSING) for letter, value in grid.items()}
