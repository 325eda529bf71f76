"""Notes below the tables of a standard.

Notable:
- A row names its notes by key. They are numbered as they are met, and only those that are met are printed.
- In some documents a row's notes stand in its last column, in others as superscripts on what they belong to.
"""

from dataclasses import dataclass, field

from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

NOTES = {
    "ssc": Phrase("Measured with the spread-spectrum clock switched off.", "测量时应关闭扩频时钟。"),
    "bin": Phrase("The range holds only inside the speed bin of the column.", "该范围仅在本列速度等级内有效。"),
    "det": Phrase("Deterministic part is contained in the total.", "确定性部分已计入总量。"),
    "round": Phrase("Found from the delay in ns with the rounding rule.", "由 ns 值取整得出。"),
    "sum": Phrase("Equal to the sum of t_{RAS} and t_{RP}.", "等于 t_{RAS} 与 t_{RP} 之和。"),
    "larger": Phrase("The larger of the two applies.", "取两者中的较大值。"),
    "ui": Phrase("One UI is half of t_{CK(avg)}.", "1 UI 等于 t_{CK(avg)} 的一半。"),
    "hot": Phrase("Halved when T_{C} is above 85 °C.", "当 T_{C} 高于 85 °C 时减半。"),
    "track": Phrase("V_{DDQ} shall follow V_{DD} within 50 mV.", "V_{DDQ} 与 V_{DD} 之差应在 50 mV 以内。"),
    "always": Phrase("V_{PP} shall not fall below V_{DD} at any time.", "V_{PP} 在任何时刻均不得低于 V_{DD}。"),
    "zq": Phrase("External resistor between ZQ and ground.", "ZQ 与地之间的外接电阻。"),
    "cycles": Phrase("The second row of a command is sent one clock later.", "命令的第二行在下一个时钟发送。"),
    "valid": Phrase("V is either level, but a valid one; X is don't care.", "V 表示任一有效电平，X 表示无关。"),
    "sample": Phrase("Checked by sampling; not tested on every device.", "抽样验证，不对每颗器件测试。"),
    "design": Phrase("Guaranteed by design and characterization.", "由设计与特性评估保证。"),
    "window": Phrase("Taken over any window of 200 consecutive clocks.", "取任意 200 个连续时钟窗口。"),
    "stress": Phrase(
        "Stress beyond these ratings may harm the device for good; its function is not implied there.",
        "超出额定值的应力可能造成永久损坏，且不保证器件在此条件下工作。",
    ),
    "store": Phrase("Case temperature at the centre of the top of the package.", "指封装顶面中心的壳温。"),
    "reserved": Phrase("Reserved fields shall be written as 0 and read as don't care.", "保留位应写 0，读出值忽略。"),
    "default": Phrase("State after reset.", "复位后的状态。"),
    "optional": Phrase("Optional; support is told by a mode register.", "可选功能，是否支持由模式寄存器指示。"),
    "grade": Phrase(
        "Only bins of the column's rate or faster support this latency.", "仅本列及更快速率等级支持该延迟。"
    ),
    "allbank": Phrase("No bank shall be open when the command is sent.", "发送该命令时不得有打开的存储体。"),
    "fine": Phrase("Twice or four times as many commands are needed.", "所需命令数为两倍或四倍。"),
    "data": Phrase("Data pattern 0x00, 0xFF in turn; outputs disabled.", "数据图形 0x00、0xFF 交替，输出关闭。"),
    "lots": Phrase("From three lots that were not made in one week.", "取自非同一周生产的三个批次。"),
    "precon": Phrase("Preconditioning comes before this stress.", "该应力之前应先做预处理。"),
    "noball": Phrase("Positions without a ball stay empty.", "无焊球的位置留空。"),
    "datum": Phrase("Measured from the seating plane.", "自安装基准面测量。"),
    "grid": Phrase("Cells without a number are not supported.", "无数值的单元为不支持的组合。"),
}


@dataclass(slots=True)
class NoteBook:
    """Numbers notes in the order they are met; label: with {} for the number. raised: marks are superscripts."""

    language: str
    label: str
    raised: bool = False
    met: list[str] = field(default_factory=list)

    def mark(self, *keys: str) -> str:
        """The numbers of these notes, such as "1,3"; "" for none."""
        self.met += [key for key in keys if key not in self.met]
        return ",".join(str(number) for number in sorted(self.met.index(key) + 1 for key in keys))

    def on(self, text: str, *keys: str) -> str:
        """The text with its notes' numbers raised; as it is where notes have a column."""
        mark = self.mark(*keys)
        return f"{text}^{{{mark}}}" if mark and self.raised else text

    def column(self, *keys: str, rowspan: int = 1) -> list[Cell]:
        """The cell of the notes' column; none where marks are raised."""
        return [] if self.raised else [Cell(self.mark(*keys), rowspan=rowspan)]

    def heading(self, rowspan: int = 1) -> list[Cell]:
        """The heading of the notes' column; none where marks are raised."""
        text = {"en": "Note", "zh": "注"}.get(self.language, "Note")
        return [] if self.raised else [Cell(text, rowspan=rowspan, heading=True)]

    def width(self, width: str) -> list[str]:
        """The width of the notes' column; none where marks are raised."""
        return [] if self.raised else [width]

    def lines(self) -> list[str]:
        """The notes that were met, as printed."""
        return [
            self.label.format(number) + NOTES[key].said(self.language) for number, key in enumerate(self.met, start=1)
        ]
