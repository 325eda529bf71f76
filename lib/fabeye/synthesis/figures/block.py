"""Block diagrams: the inside of a memory device, and a system of blocks on a bus."""

from dataclasses import dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.nodes import Node, NodeChart
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

DEVICE_WIDTH, DEVICE_HEIGHT = 480.0, 250.0  # drawing units
BLOCK_WIDTH, BLOCK_HEIGHT, GAP = 92.0, 34.0, 16.0
BUS_HEIGHT = 12.0
TINTS = ("white", "#e8eef7", "#eef6ee", "#f7f0e4")
DEVICE = {
    "decoder": (Phrase("Command decoder", "命令译码器"), 90, 40),
    "address": (Phrase("Address register", "地址寄存器"), 90, 95),
    "mode": (Phrase("Mode registers", "模式寄存器"), 90, 150),
    "refresh": (Phrase("Refresh counter", "刷新计数器"), 90, 205),
    "row": (Phrase("Row decoder", "行译码器"), 215, 95),
    "column": (Phrase("Column decoder", "列译码器"), 215, 150),
    "array": (Phrase("Memory array, {banks} banks", "存储阵列，{banks} 个存储体"), 325, 95),
    "sense": (Phrase("Sense amplifiers", "灵敏放大器"), 325, 150),
    "buffer": (Phrase("Data buffer", "数据缓冲器"), 325, 205),
    "driver": (Phrase("I/O drivers, ODT", "I/O 驱动与 ODT"), 425, 205),
}
NETS = (
    ("decoder", "address"), ("address", "mode"), ("mode", "refresh"), ("address", "row"), ("mode", "column"),
    ("row", "array"), ("array", "sense"), ("column", "sense"), ("sense", "buffer"), ("buffer", "driver"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class System:
    """Blocks above and below one bus, by name."""

    bus: str
    above: tuple[str, ...]
    below: tuple[str, ...]


UNITS = (
    "CPU",
    "DMA",
    "ROM",
    "SRAM",
    "DDR CTRL",
    "PHY",
    "ECC",
    "BIST",
    "PMU",
    "GPIO",
    "UART",
    "SPI",
    "I2C",
    "OTP",
)
BUSES = ("AHB 32 bit", "AXI 64 bit", "APB 32 bit", "AXI 128 bit")


def draw_block_diagram(rng: Random, language: str) -> tuple[bytes, Shown]:
    """The inside of a memory device."""
    canvas = Canvas(DEVICE_WIDTH, DEVICE_HEIGHT, draw_face(rng))
    chart, tint, banks = NodeChart(canvas), rng.choice(TINTS), rng.choice((8, 16, 32))
    nodes = {}
    for name, (words, x, y) in DEVICE.items():
        text = words.said(language).replace("{banks}", str(banks))
        nodes[name] = chart.add(Node(text, x, y, BLOCK_WIDTH if x < 200 else 84, BLOCK_HEIGHT, "box", tint))
    for start, end in NETS:
        chart.link(nodes[start], nodes[end])
    for name, signal in (("decoder", "CS_n"), ("address", "CA"), ("mode", "CK")):
        canvas.arrow([(22, nodes[name].y), (nodes[name].x - BLOCK_WIDTH / 2, nodes[name].y)])
        canvas.text(20, nodes[name].y + 2.6, signal, 7, "end")
    canvas.arrow([(425, 188), (425, 160)], both=True)
    canvas.text(425, 154, "DQ, DQS", 7)
    return canvas.svg(), canvas.shown(chart.detail("block_diagram", banks=banks))


def draw_system_blocks(rng: Random) -> System:
    """Draw the blocks of a chip."""
    names = rng.sample(UNITS, rng.choice((7, 8)))
    return System(rng.choice(BUSES), tuple(names[:4]), tuple(names[4:]))


def draw_system(rng: Random, language: str, system: System | None = None) -> tuple[bytes, Shown]:
    """Blocks on both sides of a bus; alike in every language, since blocks are names in the design."""
    del language
    system = system or draw_system_blocks(rng)
    canvas = Canvas(24 + 4 * BLOCK_WIDTH + 3 * GAP, 176, draw_face(rng))
    chart, tint, middle = NodeChart(canvas), rng.choice(TINTS), 88.0
    bus = chart.add(Node(system.bus, canvas.width / 2, middle, canvas.width - 24, BUS_HEIGHT, "box", "#d9d9d9"))
    for row, y in ((system.above, 36.0), (system.below, 140.0)):
        for number, name in enumerate(row):
            x = 12 + BLOCK_WIDTH / 2 + number * (BLOCK_WIDTH + GAP)
            node = chart.add(Node(name, x, y, BLOCK_WIDTH, BLOCK_HEIGHT, "box", tint))
            edge = middle - bus.height / 2 if y < middle else middle + bus.height / 2
            canvas.arrow([node.border((x, middle)), (x, edge)], both=True)
            chart.edges.append({"from": name, "to": system.bus, "label": ""})
    return canvas.svg(), canvas.shown(chart.detail("block_diagram"))
