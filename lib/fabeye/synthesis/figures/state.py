"""State diagrams: of a memory device, and of a control unit in a design document.

Notable:
- The device's states lie where standards draw them; which of the optional ones appear is drawn.
- A control unit's states and transitions come from outside, so the code beside the figure can hold the same ones.
"""

import math
from dataclasses import dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.nodes import Node, NodeChart
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

WIDTH, HEIGHT = 510.0, 330.0  # drawing units
NODE_WIDTH, NODE_HEIGHT = 76.0, 26.0
APART = 4.5  # of the two arrows of a way and its way back
RING_X, RING_Y, RING_NODE = 165.0, 105.0, 74.0  # a control unit's ring of states
PLACES = {
    "power_on": (52, 30), "reset": (160, 30), "init": (270, 30), "idle": (270, 125), "self_refresh": (75, 125),
    "refresh": (440, 60), "mode": (440, 125), "power_down": (75, 200), "activating": (270, 200),
    "active": (270, 285), "reading": (440, 285), "writing": (90, 285), "precharge": (440, 200),
}  # fmt: skip
NAMES = {
    "power_on": Phrase("Power On", "上电"),
    "reset": Phrase("Reset", "复位"),
    "init": Phrase("Initialise", "初始化"),
    "idle": Phrase("Idle", "空闲"),
    "self_refresh": Phrase("Self Refresh", "自刷新"),
    "refresh": Phrase("Refreshing", "刷新"),
    "mode": Phrase("MRW / MRR", "模式寄存器读写"),
    "power_down": Phrase("Power Down", "掉电"),
    "activating": Phrase("Activating", "激活"),
    "active": Phrase("Bank Active", "存储体激活"),
    "reading": Phrase("Reading", "读"),
    "writing": Phrase("Writing", "写"),
    "precharge": Phrase("Precharging", "预充电"),
}
WAYS = (
    ("power_on", "reset", ""), ("reset", "init", ""), ("init", "idle", "ZQCal"), ("idle", "self_refresh", "SRE"),
    ("self_refresh", "idle", "SRX"), ("idle", "refresh", "REF"), ("refresh", "idle", ""), ("idle", "mode", "MRW"),
    ("mode", "idle", ""), ("idle", "power_down", "PDE"), ("power_down", "idle", "PDX"), ("idle", "activating", "ACT"),
    ("activating", "active", ""), ("active", "reading", "RD"), ("reading", "active", ""), ("active", "writing", "WR"),
    ("writing", "active", ""), ("reading", "precharge", "RDA"), ("precharge", "idle", ""),
)  # fmt: skip
OPTIONAL = ("mode", "refresh", "self_refresh", "power_down")


@dataclass(frozen=True, slots=True)
class Machine:
    """A control unit: `ways` are (from, to, condition), states by name, the first is the reset state."""

    name: str
    states: tuple[str, ...]
    ways: tuple[tuple[str, str, str], ...]


CONDITIONS = ("start", "ready", "done", "last", "ack", "grant", "match", "timeout")
CHAINS = (
    ("IDLE", "FETCH", "DECODE", "EXEC", "STORE"),
    ("IDLE", "ARM", "WAIT", "CAPTURE", "FLUSH", "DONE"),
    ("RESET", "LOCK", "TRAIN", "ACTIVE", "SLEEP"),
    ("IDLE", "REQ", "GRANT", "XFER", "RESP", "ERROR"),
    ("INIT", "CALIB", "READY", "BUSY", "DRAIN"),
)


def draw_state(rng: Random, language: str) -> tuple[bytes, Shown]:
    """The states of a memory device."""
    canvas = Canvas(WIDTH, HEIGHT, draw_face(rng))
    chart, hidden = NodeChart(canvas), {name for name in OPTIONAL if rng.random() < 0.2}
    fill = rng.choice(("white", "#eeeeee", "#e8eef7"))
    nodes = {}
    for name, (x, y) in PLACES.items():
        if name not in hidden:
            nodes[name] = chart.add(Node(NAMES[name].said(language), x, y, NODE_WIDTH, NODE_HEIGHT, "ellipse", fill))
    ways = [way for way in WAYS if not hidden & set(way[:2])]
    for start, end, label in ways:
        chart.beside(nodes[start], nodes[end], label, APART if (end, start) in {way[:2] for way in ways} else 0.0)
    return canvas.svg(), canvas.shown(chart.detail("state_diagram"))


def draw_machine(rng: Random) -> Machine:
    """Draw a control unit: a ring of states, and ways back to the first."""
    states = rng.choice(CHAINS)
    words = rng.sample(CONDITIONS, len(CONDITIONS))
    ways = [
        (a, b, words[n % len(words)]) for n, (a, b) in enumerate(zip(states, (*states[1:], states[0]), strict=True))
    ]
    back = rng.choice(states[2:-1])
    ways.append((back, states[0], "abort"))
    return Machine(f"{rng.choice(('dma', 'phy', 'ecc', 'cmd', 'refresh', 'bist'))}_ctrl", states, tuple(ways))


def draw_fsm(rng: Random, language: str, machine: Machine | None = None) -> tuple[bytes, Shown]:
    """A control unit's states around a ring; alike in every language, since states are names in code."""
    del language
    machine = machine or draw_machine(rng)
    canvas = Canvas(2 * RING_X + 130, 2 * RING_Y + 60, draw_face(rng))
    chart, nodes = NodeChart(canvas), {}
    for number, name in enumerate(machine.states):
        angle = 2 * math.pi * number / len(machine.states) - math.pi / 2
        x, y = canvas.width / 2 + RING_X * math.cos(angle), canvas.height / 2 + RING_Y * math.sin(angle)
        fill = "#e0e0e0" if number == 0 else "white"
        nodes[name] = chart.add(Node(name, x, y, RING_NODE, NODE_HEIGHT, "ellipse", fill))
    for start, end, label in machine.ways:
        chart.beside(nodes[start], nodes[end], label, 0.0)
    return canvas.svg(), canvas.shown(chart.detail("fsm", name=machine.name))
