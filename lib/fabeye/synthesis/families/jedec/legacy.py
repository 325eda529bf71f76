"""The older command interface of a memory device, whose active-low signals carry a bar above their names."""

from fabeye.synthesis.blocks import Node
from fabeye.synthesis.families.jedec.draft import Draft, Row
from fabeye.synthesis.markup import barred
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

CS, RAS, CAS, WE = (barred(name) for name in ("CS", "RAS", "CAS", "WE"))
TITLES = (
    Phrase("Legacy command interface", "传统命令接口"),
    Phrase("Commands in test mode", "测试模式命令"),
    Phrase("Truth table of the older interface", "旧接口真值表"),
)
TEXTS = (
    Phrase(
        f"A command is given by the levels of {RAS}, {CAS} and {WE} at the rising edge of CK while {CS} is low.",
        f"命令由 {CS} 为低时 CK 上升沿处的 {RAS}、{CAS} 与 {WE} 电平给出。",
    ),
    Phrase(
        f"A high level of {CS} masks the other inputs; a command under way is finished.",
        f"{CS} 为高时屏蔽其余输入，已开始的命令继续完成。",
    ),
    Phrase(
        "This interface is meant for the tester; it is left by the first mode register write at speed.",
        "本接口供测试机使用，首次高速写模式寄存器后退出。",
    ),
    Phrase(
        f"A bar above a name, as in {WE}, says that the signal is active low.",
        f"名称上方的横线（如 {WE}）表示该信号低电平有效。",
    ),
)
COMMANDS = (  # function, abbreviation, levels of CS, RAS, CAS, WE, and what A10 and the other address pins carry
    (Phrase("Device deselected", "未选中"), "DES", "H X X X X X"),
    (Phrase("No operation", "空操作"), "NOP", "L H H H X X"),
    (Phrase("Activate a row", "行激活"), "ACT", "L L H H Row Row"),
    (Phrase("Read", "读"), "RD", "L H L H L Column"),
    (Phrase("Read, then precharge", "读并预充电"), "RDA", "L H L H H Column"),
    (Phrase("Write", "写"), "WR", "L H L L L Column"),
    (Phrase("Write, then precharge", "写并预充电"), "WRA", "L H L L H Column"),
    (Phrase("Precharge one bank", "单体预充电"), "PRE", "L L H L L X"),
    (Phrase("Precharge all banks", "全体预充电"), "PREA", "L L H L H X"),
    (Phrase("Refresh", "刷新"), "REF", "L L L H X X"),
    (Phrase("Set mode register", "设置模式寄存器"), "MRS", "L L L L Code Code"),
)
WORDS = {
    "Row": Phrase("Row", "行地址"),
    "Column": Phrase("Column", "列地址"),
    "Code": Phrase("Code", "操作码"),
}


def legacy_clause(draft: Draft) -> list[Node]:
    """Heading, text, truth table."""
    name = draft.rng.choice(TITLES)
    heads = [draft.head(Phrase("Function", "功能")), draft.head(Phrase("Abbr.", "缩写"))]
    rest = draft.head(Phrase("Other address", "其余地址"))
    rows: list[Row] = [[*heads, *(Cell(signal, heading=True) for signal in (CS, RAS, CAS, WE, "A10")), rest]]
    kept = [one for one in COMMANDS if one[1] in ("DES", "ACT", "RD", "WR") or draft.rng.random() < 0.75]
    for function, abbreviation, levels in kept:
        cells = [Cell(draft.say(WORDS[level]) if level in WORDS else level) for level in levels.split()]
        rows.append([Cell(draft.say(function), align="left"), Cell(abbreviation), *cells])
    columns = ", ".join(["1fr", "44pt", *["32pt"] * 4, "46pt", "62pt"])
    return [draft.clause(name), draft.text(TEXTS, 2, 4), draft.tabled(name, rows, columns)]
