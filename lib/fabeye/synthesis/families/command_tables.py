"""Two more tables of a memory standard: DC operating conditions and the command truth table."""

from random import Random

from fabeye.synthesis.families.notes import NoteBook
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

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
PINS = 9

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
    (Phrase("Precharge all banks", "全体预充电"), "PREab", ("H H L H L V V V V",)),
    (Phrase("Precharge one bank", "单体预充电"), "PREpb", ("H H L H H V BA0 BA1 BG0",)),
    (Phrase("Refresh all banks", "全体刷新"), "REFab", ("H H L L H V V V H",)),
    (Phrase("Self refresh entry", "进入自刷新"), "SRE", ("H H H L H V V V L",)),
    (Phrase("Power down entry", "进入掉电"), "PDE", ("H H H L H V V V H",)),
    (Phrase("No operation", "空操作"), "NOP", ("H H H H H V V V V",)),
)
DESELECT = (Phrase("Deselect", "未选中"), "DES", " ".join("X" * PINS))


def command_rows(rng: Random, language: str, notes: NoteBook) -> tuple[list[list[Cell]], str]:
    """Rows of a command truth table and its Typst column widths."""
    words = {"en": ("Function", "Abbr.", "CS_n", "CA pins"), "zh": ("功能", "缩写", "CS_n", "CA 引脚")}[language]
    note = {"en": "Note", "zh": "注"}[language]
    tall = [Cell(word, rowspan=2, heading=True) for word in (*words[:3], note)]
    rows = [
        [*tall[:3], Cell(words[3], colspan=PINS, heading=True), tall[3]],
        [Cell(f"CA{pin}", heading=True) for pin in range(PINS)],
    ]
    for number in sorted(rng.sample(range(len(COMMANDS)), rng.randint(6, 9))):
        rows += _command(language, notes, *COMMANDS[number])
    function, abbreviation, levels = DESELECT
    plain = [Cell(function.said(language), align="left"), Cell(abbreviation), Cell("H")]
    rows.append([*plain, *(Cell(level) for level in levels.split()), Cell(notes.mark("valid"))])
    return rows, ", ".join(["auto"] * (PINS + 4))


def _command(
    language: str, notes: NoteBook, function: Phrase, abbreviation: str, cycles: tuple[str, ...]
) -> list[list[Cell]]:
    height = len(cycles)
    rows = []
    for number, levels in enumerate(cycles):
        names = [Cell(function.said(language), rowspan=height, align="left"), Cell(abbreviation, rowspan=height)]
        mark = notes.mark("cycles") if height > 1 else notes.mark("valid") if "V" in levels else ""
        last = [Cell(mark, rowspan=height)]
        pins = [Cell(level) for level in levels.split()]
        select = Cell("L" if number == 0 else "H")
        rows.append([*(names if number == 0 else []), select, *pins, *(last if number == 0 else [])])
    return rows


def level_rows(rng: Random, language: str, generation: str, notes: NoteBook) -> tuple[list[list[Cell]], str]:
    """Rows of a table of DC operating conditions and its Typst column widths."""
    words = {
        "en": ("Symbol", "Parameter", "Rating", "Unit", "Note", "Min", "Typ", "Max"),
        "zh": ("符号", "参数", "额定值", "单位", "注", "最小", "典型", "最大"),
    }[language]
    tall = [Cell(word, rowspan=2, heading=True) for word in (words[0], words[1], words[3], words[4])]
    rows = [
        [*tall[:2], Cell(words[2], colspan=3, heading=True), *tall[2:]],
        [Cell(word, heading=True) for word in words[5:]],
    ]
    rails = RAILS[generation]
    for symbol, levels in rails.items():
        mark = notes.mark(*{"V_{DDQ}": ("track",), "V_{PP}": ("always",)}.get(symbol, ()))
        rows.append(_level(symbol, RAIL_NAMES[symbol].said(language), [f"{mv / 1000:.3f}" for mv in levels], "V", mark))
    rows += _derived_levels(rng, language, rails["V_{DD}"], notes)
    return rows, "auto, auto, 44pt, 44pt, 44pt, auto, auto"


def _derived_levels(rng: Random, language: str, supply: tuple[int, int, int], notes: NoteBook) -> list[list[Cell]]:
    """Levels that hang on the supply: the reference is half of it, inputs lie a step above and below the reference."""
    middle, step = supply[1] / 2000, rng.choice((0.065, 0.075, 0.090))
    reference = [f"{share * 2 * middle:.3f}" for share in (0.49, 0.5, 0.51)]
    names = [
        Phrase("Reference voltage", "参考电压"),
        Phrase("DC input high", "直流输入高电平"),
        Phrase("DC input low", "直流输入低电平"),
        Phrase("Calibration resistor", "校准电阻"),
        Phrase("Case temperature", "壳温"),
    ]
    said = [name.said(language) for name in names]
    rows = [
        _level("V_{REF}", said[0], reference, "V", ""),
        _level("V_{IH(DC)}", said[1], [f"{middle + step:.3f}", "–", f"{2 * middle:.3f}"], "V", ""),
        _level("V_{IL(DC)}", said[2], ["0", "–", f"{middle - step:.3f}"], "V", ""),
    ]
    if rng.random() < 0.6:
        rows.append(_level("R_{ZQ}", said[3], ["237.6", "240", "242.4"], "Ω", notes.mark("zq")))
    return [*rows, _level("T_{C}", said[4], ["0", "–", "95"], "°C", "")]


def _level(symbol: str, name: str, levels: list[str], unit: str, note: str) -> list[Cell]:
    return [Cell(symbol), Cell(name, align="left"), *(Cell(level) for level in levels), Cell(unit), Cell(note)]
