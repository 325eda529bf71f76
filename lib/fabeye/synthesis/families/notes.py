"""Notes below the tables of a memory standard.

Notable:
- A row names its notes by key. They are numbered as they are met, and only those that are met are printed.
"""

from dataclasses import dataclass, field

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
}


@dataclass(slots=True)
class NoteBook:
    """Numbers notes in the order they are met."""

    language: str
    met: list[str] = field(default_factory=list)

    def mark(self, *keys: str) -> str:
        """The numbers of these notes, such as "1,3"; "" for none."""
        self.met += [key for key in keys if key not in self.met]
        return ",".join(str(number) for number in sorted(self.met.index(key) + 1 for key in keys))

    def lines(self) -> list[str]:
        """The notes that were met, as printed."""
        label = {"en": "NOTE {} ", "zh": "注 {}："}[self.language]
        return [label.format(number) + NOTES[key].said(self.language) for number, key in enumerate(self.met, start=1)]
