"""The sections of a design document, each from the same plan."""

from collections.abc import Callable

from fabeye.synthesis.blocks import Node, code, paragraph, table, title
from fabeye.synthesis.families.design import prose
from fabeye.synthesis.families.design.listings import assertion_code, machine_code
from fabeye.synthesis.families.design.plan import DOMAINS, Plan, Register
from fabeye.synthesis.families.drafting import Draft, left, value
from fabeye.synthesis.figures.block import draw_system
from fabeye.synthesis.figures.floor import draw_floor_plan
from fabeye.synthesis.figures.simulation import draw_simulation
from fabeye.synthesis.figures.state import draw_fsm
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

Section = Callable[[Draft, Plan], list[Node]]
DAYS_APART = 97  # between two revisions
NAME, MEANING = Phrase("Name", "名称"), Phrase("Description", "说明")


def front(draft: Draft, plan: Plan) -> list[Node]:
    """Title, document control, revision history."""
    name = draft.say(Phrase("<block>: block design specification", "<block> 模块设计规格书"))
    facts = [
        (Phrase("Document No.", "文档编号"), value("doc_no", "CASE", plan.number)),
        (Phrase("Product", "产品"), value("product", "PRODUCT", plan.product)),
        (Phrase("Author", "作者"), value("author", "PERSON", plan.people[0].name)),
        (Phrase("E-mail", "邮箱"), value("email", "EMAIL", plan.people[0].mail)),
        (Phrase("Reviewer", "评审人"), value("reviewer", "PERSON", plan.people[1].name)),
        (Phrase("Repository", "代码库"), value("", "HOST", f"git.corp.local/{plan.block}")),
    ]
    cells = [cell for label, text in facts for cell in (Cell(draft.heads(label)[0].text, heading=True), left(text))]
    form = table([cells[start : start + 4] for start in range(0, len(cells), 4)], "auto, 1fr, auto, 1fr")
    rows = [
        draft.heads(Phrase("Rev.", "版本"), Phrase("Date", "日期"), Phrase("Change", "变更"), Phrase("By", "修改人"))
    ]
    changes = [prose.CHANGES[0], *draft.rng.sample(prose.CHANGES[1:], plan.revision - 1)]
    for number, change in enumerate(changes, start=1):
        day = plan.released.fromordinal(plan.released.toordinal() - DAYS_APART * (plan.revision - number))
        who = value("", "PERSON", plan.people[number % 4].name)
        rows.append([Cell(f"0.{number}"), Cell(f"{day:%Y-%m-%d}"), left(draft.say(change)), Cell(who)])
    history = draft.tabled(Phrase("Revision history", "修订历史"), rows, "auto, auto, 1fr, auto")
    return [title(name, size=16), form, history]


def overview(draft: Draft, plan: Plan) -> list[Node]:
    """What the block does, and where it sits."""
    blocks = ", ".join((*plan.system.above, *plan.system.below))
    return [
        draft.chapter(Phrase("Overview", "概述")),
        draft.footnoted(prose.OVERVIEW, 2, 4, prose.NOTES, bus=plan.system.bus, blocks=blocks),
        *draft.listed(draft.some(prose.FEATURES, 3, 6), states=len(plan.machine.states), registers=len(plan.registers)),
        draft.pictured(Phrase("Block diagram", "系统框图"), draw_system(draft.rng, draft.language, plan.system)),
    ]


def pins(draft: Draft, plan: Plan) -> list[Node]:
    """Ports, with the number of wires they add up to."""
    heads = (Phrase("Port", "端口"), Phrase("Dir.", "方向"), Phrase("Width", "位宽"), MEANING)
    rows = [draft.heads(*heads)]
    for name, way, width, meaning in plan.pins:
        shown = f"{name}[{width - 1}:0]" if width > 1 else name
        rows.append([left(shown), Cell(way), Cell(str(width)), left(draft.say(meaning))])
    total = sum(width for _, _, width, _ in plan.pins)
    text = Phrase(
        "The block has <ports> ports with <wires> wires in all.", "模块共有 <ports> 个端口，合计 <wires> 根信号线。"
    )
    return [
        draft.chapter(Phrase("Interface", "接口")),
        draft.text(text, ports=len(plan.pins), wires=total),
        draft.tabled(Phrase("Port list", "端口列表"), rows, "auto, auto, auto, 1fr"),
    ]


def registers(draft: Draft, plan: Plan) -> list[Node]:
    """The map, and every field."""
    short = [draft.heads(Phrase("Offset", "偏移"), NAME, Phrase("Reset", "复位值"), Phrase("Fields", "字段数"))]
    for register in plan.registers:
        reset = f"0x{register.reset:08X}"
        short.append(
            [Cell(f"0x{register.offset:03X}"), left(register.name), Cell(reset), Cell(str(len(register.fields)))]
        )
    heads = (
        Phrase("Offset", "偏移"), NAME, Phrase("Bits", "位"), Phrase("Field", "字段"), Phrase("Access", "访问"),
        Phrase("Reset", "复位值"), MEANING,
    )  # fmt: skip
    rows = [draft.heads(*heads)]
    for register in plan.registers:
        rows += _field_rows(draft, register)
    return [
        draft.chapter(Phrase("Register map", "寄存器映射")),
        draft.passage(prose.REGISTERS, 1, 3),
        draft.tabled(Phrase("Registers", "寄存器一览"), short, "auto, 1fr, auto, auto"),
        draft.tabled(Phrase("Fields of the registers", "寄存器字段"), rows, "auto, auto, auto, auto, auto, auto, 1fr"),
    ]


def control(draft: Draft, plan: Plan) -> list[Node]:
    """The control unit as figure and as code, and what must always hold."""
    states = len(plan.machine.states)
    return [
        draft.chapter(Phrase("Control unit", "控制单元")),
        draft.passage(prose.CONTROL, 1, 3, states=states, first=plan.machine.states[0]),
        draft.pictured(
            Phrase("States of <block>", "<block> 状态机"), draw_fsm(draft.rng, draft.language, plan.machine)
        ),
        code(machine_code(plan.machine, draft.language)),
        draft.section(Phrase("Assertions", "断言")),
        draft.passage(prose.ASSERTIONS, 1, 2),
        code(assertion_code(draft.rng, plan.machine, draft.language)),
    ]


def behaviour(draft: Draft, plan: Plan) -> list[Node]:
    """The handshake in a simulator."""
    passed = plan.traffic.passed()
    text = Phrase(
        "In the run shown below <count> words pass at <period> ns a cycle<which>.",
        "下图的仿真中，以每周期 <period> ns 传输了 <count> 个字<which>。",
    )
    which = Phrase("; the first is 0x<word>", "，首字为 0x<word>") if passed else Phrase("", "")
    first = draft.say(which, word=f"{passed[0]:02X}") if passed else ""
    shown = draw_simulation(draft.rng, draft.language, plan.traffic)
    return [
        draft.chapter(Phrase("Handshake", "握手时序")),
        draft.passage(prose.HANDSHAKE, 1, 2),
        draft.text(text, count=len(passed), period=plan.traffic.period_ns, which=first),
        draft.pictured(Phrase("Simulation of the request port", "请求端口仿真波形"), shown),
    ]


def clocks(draft: Draft, plan: Plan) -> list[Node]:
    """Clocks, the budget of the critical path, the corners."""
    heads = (
        Phrase("Clock", "时钟"),
        Phrase("Source", "来源"),
        Phrase("×", "×"),
        Phrase("÷", "÷"),
        Phrase("MHz", "MHz"),
    )
    rows = [draft.heads(*heads)]
    rows += [
        [left(one.name), left(one.source), Cell(str(one.multiply)), Cell(str(one.divide)), Cell(f"{one.mhz:.3f}")]
        for one in plan.clocks
    ]
    spent = [draft.heads(Phrase("Part of the path", "路径组成"), Phrase("ps", "ps"), Phrase("Share", "占比"))]
    levels = draft.rng.randint(9, 18)
    for part, ps in plan.budget:
        spent.append([left(draft.say(part, levels=levels)), Cell(str(ps)), Cell(f"{100 * ps / plan.period:.1f} %")])
    share = f"{100 * plan.slack / plan.period:.1f} %".replace("-", "−")
    slack = str(plan.slack).replace("-", "−")
    spent.append([left(draft.say(Phrase("Slack", "裕量"))), Cell(slack), Cell(share)])
    text = Phrase(
        "At <mhz> MHz the period is <period> ps; the critical path leaves a slack of <slack> ps.",
        "<mhz> MHz 时周期为 <period> ps，关键路径裕量为 <slack> ps。",
    )
    return [
        draft.chapter(Phrase("Clocks and timing", "时钟与时序")),
        draft.footnoted(prose.RESET, 1, 2, prose.NOTES),
        draft.tabled(Phrase("Clocks", "时钟列表"), rows, "auto, auto, auto, auto, auto"),
        draft.text(text, mhz=f"{plan.clocks[1].mhz:.3f}", period=plan.period, slack=slack),
        draft.tabled(Phrase("Budget of the critical path", "关键路径时序预算"), spent, "1fr, auto, auto"),
        draft.tabled(Phrase("Corners", "工艺角"), _corner_rows(draft, plan), "auto, auto, auto, auto, auto"),
    ]


def power(draft: Draft, plan: Plan) -> list[Node]:
    """Power by mode and domain, with sums."""
    rows = [
        draft.heads(
            Phrase("Mode", "模式"), *(Phrase(name, name) for name in DOMAINS), Phrase("Total (mW)", "合计（mW）")
        )
    ]
    for mode, parts in plan.power:
        total = f"{sum(parts):.2f}"
        rows.append([left(draft.say(mode)), *(Cell(f"{part:.2f}") for part in parts), Cell(total)])
    text = Phrase(
        "Power in mW at the typical corner; <mode> takes <total> mW in all.",
        "典型工艺角下的功耗（mW），<mode>模式合计 <total> mW。",
    )
    mode, parts = plan.power[0]
    said = draft.text(text, mode=draft.say(mode), total=f"{sum(parts):.2f}")
    whole = draft.tabled(Phrase("Power by mode", "各模式功耗"), rows, "1fr" + ", auto" * (len(DOMAINS) + 1))
    return [draft.chapter(Phrase("Power", "功耗")), said, whole]


def floor(draft: Draft, plan: Plan) -> list[Node]:
    """Floor plan and areas."""
    area = sum(tile.area for tile in plan.floor.tiles)
    rows = [draft.heads(Phrase("Block", "模块"), Phrase("Area (mm²)", "面积（mm²）"), Phrase("Share", "占比"))]
    rows += [
        [left(one.name), Cell(f"{one.area:.3f}"), Cell(f"{100 * one.area / area:.1f} %")] for one in plan.floor.tiles
    ]
    rows.append([left(draft.say(Phrase("Sum", "合计"))), Cell(f"{area:.3f}"), Cell("100.0 %")])
    text = Phrase(
        "The core measures <width> mm by <height> mm; the areas below fill it.",
        "核心区尺寸为 <width> mm × <height> mm，由下列模块填满。",
    )
    shown = draw_floor_plan(draft.rng, draft.language, plan.floor)
    return [
        draft.chapter(Phrase("Floor plan", "版图规划")),
        draft.text(text, width=f"{plan.floor.width:.2f}", height=f"{plan.floor.height:.2f}"),
        draft.pictured(Phrase("Floor plan", "版图规划"), shown, width=draft.rng.uniform(270, 320)),
        draft.tabled(Phrase("Areas", "面积"), rows, "auto, auto, auto"),
    ]


def closing(draft: Draft, plan: Plan) -> list[Node]:
    """Open points with their owners."""
    heads = (
        Phrase("No.", "序号"),
        Phrase("Open point", "待办事项"),
        Phrase("Owner", "负责人"),
        Phrase("State", "状态"),
    )
    rows = [draft.heads(*heads)]
    for number, point in enumerate(draft.some(prose.OPEN_POINTS, 2, 5), start=1):
        who = value("", "PERSON", draft.rng.choice(plan.people).name)
        state = draft.say(draft.rng.choice(prose.STATES))
        rows.append([Cell(str(number)), left(draft.say(point)), Cell(who), Cell(state)])
    whole = draft.tabled(Phrase("Open points", "待办事项"), rows, "auto, 1fr, auto, auto")
    contact = Phrase("Questions go to <who>, <phone>.", "如有疑问请联系 <who>，<phone>。")
    first = plan.people[0]
    who, phone = value("", "PERSON", first.name), value("", "PHONE", first.phone)
    said = paragraph(draft.say(contact, who=who, phone=phone))
    others = "; ".join(
        f"{kind} {draft.rng.randint(100, 999)}" for kind in draft.some(("SPEC", "REQ", "VPLAN", "ICD"), 2, 3)
    )
    cited = draft.cited(Phrase("Documents this one builds on: <listed>.", "引用文档：<listed>。"), listed=others)
    return [draft.chapter(Phrase("Open points", "待办事项")), whole, said, cited]


def _field_rows(draft: Draft, register: Register) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    span = len(register.fields)
    for number, field in enumerate(register.fields):
        head = (
            [Cell(f"0x{register.offset:03X}", rowspan=span), Cell(register.name, rowspan=span)] if number == 0 else []
        )
        reset = f"0x{field.reset:X}"
        cells = [Cell(field.bits), left(field.name), Cell(field.access), Cell(reset), left(draft.say(field.meaning))]
        rows.append([*head, *cells])
    return rows


def _corner_rows(draft: Draft, plan: Plan) -> list[list[Cell]]:
    heads = (
        Phrase("Corner", "工艺角"),
        Phrase("V", "V"),
        Phrase("°C", "°C"),
        Phrase("f_{max} (MHz)", "f_{max}（MHz）"),
        Phrase("Leakage (mW)", "漏电（mW）"),
    )
    rows = [draft.heads(*heads)]
    for name, volts, degrees, mhz, leak in plan.corners():
        cells = (name, f"{volts:.2f}", str(degrees).replace("-", "−"), f"{mhz:.1f}", f"{leak:.2f}")
        rows.append([Cell(cell) for cell in cells])
    return rows
