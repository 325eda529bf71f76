"""Clauses that are mostly text: scope, terms, initialisation, operation, and how limits are to be read.

Notable:
- Each paragraph takes some sentences of a pool and fills their slots with numbers of the device, so two documents
  seldom say the same.
"""

from typing import Any

from fabeye.synthesis.blocks import Node, item, paragraph
from fabeye.synthesis.families.jedec.draft import Draft, Row
from fabeye.synthesis.families.jedec.figures import placed, spoken
from fabeye.synthesis.figures.power_up import draw_power_up
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

TERM_INDENT_PT = 44.0
SCOPE_TITLES = (Phrase("Scope", "范围"), Phrase("Scope and purpose", "范围与目的"))
SCOPE_TEXTS = (
    Phrase(
        "This document sets the least that a <density> Gb <name> device with <widths> data pins shall do.",
        "本文件规定具有 <widths> 位数据的 <density> Gb <name> 器件的最低要求。",
    ),
    Phrase(
        "It covers features, functions, levels, timing, packages and ball assignments.",
        "内容包括特性、功能、电平、时序、封装与焊球分配。",
    ),
    Phrase(
        "Its purpose is that devices of different makers can be exchanged on one board.",
        "目的是使不同厂商的器件可在同一电路板上互换。",
    ),
    Phrase(
        "Data rates from <first> Mb/s to <last> Mb/s are covered; faster devices follow in a later revision.",
        "涵盖 <first> Mb/s 至 <last> Mb/s 的数据速率，更快的器件将在后续版本中规定。",
    ),
    Phrase(
        "Aspects of modules, of their connectors and of their registers are left to documents of their own.",
        "模组、连接器及其寄存器由其他文件规定。",
    ),
    Phrase(
        "Where a figure and a table differ, the table holds.",
        "图与表不一致时，以表为准。",
    ),
    Phrase(
        "Words such as 'shall' state what must be, 'should' what is advised, and 'may' what is allowed.",
        "“应”表示必须满足的要求，“宜”表示建议，“可”表示允许。",
    ),
)
SCOPE_NOTES = (
    Phrase("Called 'the device' from here on.", "下文简称“器件”。"),
    Phrase("Rates in between are those of the next faster bin.", "介于其间的速率按更快一档执行。"),
    Phrase("Parts for cars have a document of their own.", "车用器件另有文件规定。"),
)
REFERENCE_TITLES = (Phrase("Reference documents", "引用文件"), Phrase("Other documents", "相关文件"))
REFERENCE_TEXTS = (
    Phrase("No. <one>, Thermal measurement of memory packages.", "第 <one> 号，存储器封装的热测量。"),
    Phrase("No. <two>, Definition of skew for clocked devices.", "第 <two> 号，时钟器件偏斜的定义。"),
    Phrase("No. <three>, Moisture classes of surface mount parts.", "第 <three> 号，表贴器件的潮湿等级。"),
    Phrase("No. <four>, Handling of parts that static charge may harm.", "第 <four> 号，静电敏感器件的操作。"),
    Phrase("No. <five>, Contents of the serial presence detect.", "第 <five> 号，串行存在检测内容。"),
    Phrase("No. <six>, Terms and letter symbols of memory devices.", "第 <six> 号，存储器件的术语与符号。"),
)
TERM_TITLES = (
    Phrase("Terms and definitions", "术语与定义"),
    Phrase("Terms, abbreviations and symbols", "术语、缩写与符号"),
)
TERM_TEXTS = (
    Phrase(
        "The terms below are used throughout; others have their usual meaning.",
        "下列术语在全文中使用，其他术语取通常含义。",
    ),
    Phrase("For the purposes of this document the following holds.", "就本文件而言，采用下列定义。"),
)
TERMS = (
    ("BL", Phrase("Burst length: transfers that follow from one command.", "突发长度：一条命令产生的传输次数。")),
    ("CRC", Phrase("Cyclic redundancy check of the data on the bus.", "总线数据的循环冗余校验。")),
    ("DBI", Phrase("Data bus inversion, which limits how many lines are low.", "数据总线反转，用于限制低电平线数。")),
    ("DLL", Phrase("Delay locked loop that aligns strobes with the clock.", "使选通与时钟对齐的延迟锁定环。")),
    ("DUT", Phrase("Device under test.", "被测器件。")),
    ("ECC", Phrase("Error correcting code, on the die or in the host.", "纠错码，位于片上或主机侧。")),
    ("MR", Phrase("Mode register.", "模式寄存器。")),
    ("nCK", Phrase("A number of clock periods.", "时钟周期数。")),
    ("ODT", Phrase("On-die termination.", "片内端接。")),
    (
        "PPR",
        Phrase("Post package repair: a spare row takes the place of a bad one.", "封装后修复：以备用行替换失效行。"),
    ),
    ("RFU", Phrase("Reserved for future use.", "保留供将来使用。")),
    ("UI", Phrase("Unit interval: half an average clock period.", "单位间隔：平均时钟周期的一半。")),
    ("rank", Phrase("Devices that share a chip select.", "共用片选的一组器件。")),
    ("page", Phrase("Cells that one activation opens.", "一次激活打开的单元。")),
    ("lot", Phrase("Wafers that run through the line together.", "在生产线上一同流片的晶圆。")),
    ("eye", Phrase("Region of voltage and time that no data edge enters.", "数据沿不进入的电压—时间区域。")),
)
START_TITLES = (
    Phrase("Power-up and initialisation", "上电与初始化"),
    Phrase("Reset and initialisation", "复位与初始化"),
)
TIMES = {"tINIT0": "20 ms", "tINIT1": "200 µs", "tINIT3": "4 ms", "tINIT4": "8 nCK"}  # where the figure has none
START_TEXTS = (
    Phrase(
        "The device shall be started in the order below; any other order leaves it in an undefined state.",
        "器件应按以下顺序启动，其他顺序将使其处于不确定状态。",
    ),
    Phrase(
        "Until step <step> has been reached, only Deselect may be sent.",
        "到达第 <step> 步之前，只允许发送未选中状态。",
    ),
    Phrase("All times are counted from the end of the step before.", "所有时间从上一步结束时起算。"),
    Phrase(
        "A reset while power is on begins with step 2 and needs only <short> ns of low level.",
        "带电复位从第 2 步开始，低电平只需 <short> ns。",
    ),
)
START_STEPS = (
    Phrase(
        "Apply power with RESET_n below 0.2 × V_{DD}; all rails shall rise without a dip within <ramp>.",
        "在 RESET_n 低于 0.2 × V_{DD} 时上电，各路电源应在 <ramp> 内单调上升。",
    ),
    Phrase(
        "Hold RESET_n low for at least <low> after the last rail is stable.",
        "最后一路电源稳定后，RESET_n 至少保持低电平 <low>。",
    ),
    Phrase(
        "Release RESET_n; CS_n stays low for another <wait> while the device sets itself up.",
        "释放 RESET_n，CS_n 再保持低电平 <wait>，期间器件进行内部设置。",
    ),
    Phrase(
        "Start the clock and keep it stable for at least <clocks> before CS_n rises.",
        "启动时钟，在 CS_n 变高前至少稳定 <clocks>。",
    ),
    Phrase("Send <nops> NOP commands, then wait t_{XPR}.", "发送 <nops> 条 NOP 命令，然后等待 t_{XPR}。"),
    Phrase("Write the mode registers, in any order, t_{MRD} apart.", "以任意顺序写模式寄存器，间隔 t_{MRD}。"),
    Phrase("Start ZQ calibration and wait t_{ZQCAL}.", "启动 ZQ 校准并等待 t_{ZQCAL}。"),
    Phrase("Train commands, clock and data; see the clauses on training.", "进行命令、时钟与数据训练，见训练各条。"),
    Phrase("The device is now ready for any command.", "此后器件可接收任何命令。"),
)
OPERATION_TITLES = (
    Phrase("Bank activation and precharge", "存储体激活与预充电"),
    Phrase("Functional description", "功能描述"),
    Phrase("Basic operation", "基本操作"),
)
OPERATION_TEXTS = (
    Phrase(
        "The device has <total> banks in <groups> groups, and one access moves <prefetch> bits for each data pin.",
        "器件共有 <total> 个存储体，分为 <groups> 组，每次访问每个数据引脚传输 <prefetch> 位。",
    ),
    Phrase(
        "A row is opened by ACT; it stays open until PRE closes it or a command with auto precharge ends.",
        "ACT 打开一行，该行保持打开，直至 PRE 将其关闭或带自动预充电的命令结束。",
    ),
    Phrase(
        "Two accesses to one group shall be t_{CCD_L} apart, and t_{CCD_S} where the groups differ.",
        "同组两次访问间隔 t_{CCD_L}，异组间隔 t_{CCD_S}。",
    ),
    Phrase(
        "Not more than four rows shall be opened within t_{FAW}.",
        "在 t_{FAW} 内最多打开四行。",
    ),
    Phrase(
        "A bank that has been open for longer than t_{RAS} max shall be closed before it is read again.",
        "打开时间超过 t_{RAS} 最大值的存储体，再次读取前应先关闭。",
    ),
    Phrase(
        "At <rate> Mb/s the delay t_{RCD} of <trcd> ns takes <nrcd> clocks.",
        "在 <rate> Mb/s 下，<trcd> ns 的 t_{RCD} 为 <nrcd> 个时钟。",
    ),
    Phrase(
        "A refresh needs all banks of its kind closed; the host keeps t_{RFC} until the next command.",
        "刷新要求相应存储体全部关闭，下一命令之前主机应等待 t_{RFC}。",
    ),
    Phrase(
        "Reads and writes may begin at any column whose lowest bits are zero.",
        "读写可从最低位为零的任意列开始。",
    ),
)
EXAMPLE = Phrase(
    "EXAMPLE At a clock period of <period> ns, <delay> ns make <exact> clocks, and <count> nCK shall be set.",
    "示例  时钟周期为 <period> ns 时，<delay> ns 等于 <exact> 个时钟，应设为 <count> nCK。",
)
NOTE_TEXTS = (
    Phrase("NOTE The order of the groups is free.", "注：各组的次序不限。"),
    Phrase(
        "NOTE Times in this clause are shortest times unless a maximum is given.",
        "注：除给出最大值外，本条时间均为最短时间。",
    ),
    Phrase("NOTE A host that sends fewer refreshes risks the loss of data.", "注：刷新不足可能导致数据丢失。"),
)
FEATURE_TITLES = (Phrase("Features", "特性"), Phrase("Key features", "主要特性"))
FEATURES = (
    Phrase("<rail> = <volts> V ±<percent> %", "<rail> = <volts> V ±<percent> %"),
    Phrase("<total> internal banks, <groups> groups", "<total> 个内部存储体，<groups> 组"),
    Phrase("Data rates up to <last> Mb/s", "数据速率最高 <last> Mb/s"),
    Phrase("<prefetch>-bit prefetch", "<prefetch> 位预取"),
    Phrase("Bidirectional differential data strobe", "双向差分数据选通"),
    Phrase("On-die ECC with error scrubbing", "片上 ECC 与错误清理"),
    Phrase("Auto refresh and self refresh", "自动刷新与自刷新"),
    Phrase("Refresh period <window> ms up to 85 °C", "85 °C 以下刷新周期 <window> ms"),
    Phrase("Programmable preamble and postamble", "可编程前导与后导"),
    Phrase("Post package repair", "封装后修复"),
    Phrase("Write levelling and read training", "写均衡与读训练"),
    Phrase("Lead-free and halogen-free package", "无铅无卤封装"),
)


def scope_part(draft: Draft) -> list[Node]:
    """Scope, and often the documents that are referred to."""
    device, rng = draft.device, draft.rng
    widths = ", ".join(map(str, device.widths))
    slots: dict[str, object] = {
        "density": device.density,
        "name": device.name,
        "widths": widths,
        "first": device.bins[0],
        "last": device.bins[-1],
    }
    heading = draft.part(rng.choice(SCOPE_TITLES))
    if rng.random() < 0.5:
        scope = draft.text(SCOPE_TEXTS, 3, 5, **slots)
    else:
        scope = draft.footnoted(SCOPE_TEXTS, 3, 5, rng.choice(SCOPE_NOTES), **slots)
    nodes: list[Node] = [heading, scope]
    if rng.random() < 0.7:
        numbers = iter(rng.sample(range(30, 320), 6))
        named = {key: next(numbers) for key in ("one", "two", "three", "four", "five", "six")}
        nodes += [draft.part(rng.choice(REFERENCE_TITLES)), *draft.listed(REFERENCE_TEXTS, 3, 5, **named)]
    return nodes


def term_part(draft: Draft) -> list[Node]:
    """Terms, as a borderless table or as a list."""
    rng = draft.rng
    heading = draft.part(rng.choice(TERM_TITLES))
    chosen = sorted(rng.sample(range(len(TERMS)), rng.randint(7, 12)))
    if rng.random() < 0.5:
        rows: list[Row] = [[draft.head(Phrase("Term", "术语")), draft.head(Phrase("Meaning", "含义"))]]
        rows += [[Cell(TERMS[at][0], align="left"), Cell(draft.say(TERMS[at][1]), align="left")] for at in chosen]
        body: list[Node] = [draft.tabled(Phrase("Terms", "术语"), rows, "70pt, 1fr")]
    else:
        body = [item(TERMS[at][0], draft.say(TERMS[at][1]), hanging=TERM_INDENT_PT) for at in chosen]
    return [heading, draft.text(TERM_TEXTS, 1, 1), *body]


def start_clause(draft: Draft) -> list[Node]:
    """Heading, text, the numbered steps of start-up, and the figure that they are read from."""
    rng = draft.rng
    picture, shown = draw_power_up(rng, spoken(draft))
    times = TIMES | {one["parameter"]: one["value"] for one in shown.detail["image_gt"]["annotations"] if one["value"]}
    slots = {
        "ramp": times["tINIT0"],
        "low": times["tINIT1"],
        "wait": times["tINIT3"],
        "clocks": times["tINIT4"],
        "nops": rng.choice((2, 3, 4)),
        "short": rng.choice((100, 200)),
    }
    kept = [at for at in range(len(START_STEPS)) if at < 4 or rng.random() < 0.8]
    steps = [item(f"{number}.", draft.say(START_STEPS[at], **slots)) for number, at in enumerate(kept, start=1)]
    text = draft.text(START_TEXTS, 2, 3, step=min(4, len(steps)), **slots)
    shows = [placed(draft, START_TITLES[0], picture, shown)] if rng.random() < 0.6 else []
    return [draft.clause(rng.choice(START_TITLES)), text, *steps, *shows]


def operation_clause(draft: Draft) -> list[Node]:
    """Heading, text, an example with its numbers, a note."""
    rng, device = draft.rng, draft.device
    rate = rng.choice(device.bins)
    nodes: list[Node] = [draft.clause(rng.choice(OPERATION_TITLES))]
    nodes.append(draft.text(OPERATION_TEXTS, 3, 5, **facts(draft, rate)))
    nodes.append(draft.text(OPERATION_TEXTS[3:], 1, 3, **facts(draft, rate)))
    period, delay = device.period(rate), rng.choice((device.trcd, device.trp, device.tras))
    nodes.append(
        paragraph(
            draft.say(
                EXAMPLE,
                period=f"{period / 1000:.3f}",
                delay=f"{delay / 1000:.2f}",
                exact=f"{delay / period:.2f}",
                count=draft.clocks(delay, rate),
            ),
            size=draft.style.text_size - 0.5,
        )
    )
    if rng.random() < 0.6:
        nodes.append(paragraph(draft.say(rng.choice(NOTE_TEXTS)), size=draft.style.text_size - 0.5))
    return nodes


def feature_clause(draft: Draft) -> list[Node]:
    """Heading and the bullets of a data sheet."""
    rng = draft.rng
    symbol, (_, typical, most) = draft.device.supply
    slots: dict[str, Any] = facts(draft, draft.device.bins[-1]) | {
        "rail": symbol,
        "volts": f"{typical / 1000:g}",
        "percent": round(100 * (most / typical - 1)),
        "window": draft.device.window_ms,
    }
    return [draft.part(rng.choice(FEATURE_TITLES)), *draft.listed(FEATURES, 7, 11, **slots)]


def facts(draft: Draft, rate: int) -> dict[str, Any]:
    """Slots that many sentences have, from the device at a data rate."""
    device = draft.device
    return {
        "total": device.groups * device.banks,
        "groups": device.groups,
        "prefetch": 8 if device.generation == "A" else 16,
        "rate": rate,
        "trcd": f"{device.trcd / 1000:.2f}",
        "nrcd": draft.clocks(device.trcd, rate),
        "last": device.bins[-1],
    }
