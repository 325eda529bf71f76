"""Figures of a standard, placed: a heading where one is due, a sentence that reads the figure, the figure itself.

Notable:
- What a sentence says of a timing diagram is read from the diagram's own truth, so it agrees with the drawing.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from fabeye.synthesis.blocks import Landscape, Node, Spanning
from fabeye.synthesis.families.jedec.draft import Draft
from fabeye.synthesis.figures.block import draw_block_diagram
from fabeye.synthesis.figures.canvas import natural_width
from fabeye.synthesis.figures.eye import draw_eye_mask
from fabeye.synthesis.figures.levels import draw_waveform
from fabeye.synthesis.figures.state import draw_state
from fabeye.synthesis.figures.timing import draw_timing
from fabeye.synthesis.figures.trend import draw_derating, draw_idd
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

Draw = Callable[[Random, str], tuple[bytes, Shown]]

LEAST_SCALE = 0.86  # below it the letters of a figure get too small, and it lies on a page of its own
TIMING_NAMES = {
    "READ": Phrase("READ burst", "读突发"),
    "WRITE": Phrase("WRITE burst", "写突发"),
    "REF": Phrase("Refresh", "刷新"),
    "MRW": Phrase("Mode register write", "写模式寄存器"),
    "PDE": Phrase("Power down entry and exit", "进入与退出掉电"),
    "SRE": Phrase("Self refresh entry and exit", "进入与退出自刷新"),
    "ODT": Phrase("On-die termination", "片内端接"),
    "WL": Phrase("Write levelling", "写均衡"),
    "CATM": Phrase("Command bus training", "命令总线训练"),
}
TIMING_TITLE = Phrase("Timing of <protocol>", "<protocol>时序")
TIMING_TEXTS = (
    Phrase("The figure shows one example of <protocol>.", "图示为<protocol>的一个示例。"),
    Phrase("Edges after a time break are not drawn to scale.", "时间断点之后的时钟沿未按比例绘制。"),
    Phrase("Signals that are not shown keep their level.", "未画出的信号保持电平不变。"),
    Phrase("Grey or hatched areas are don't care.", "灰色或斜线区域表示无关。"),
    Phrase(
        "DES stands for Deselect and is allowed wherever nothing else is sent.",
        "DES 表示未选中，无其他命令处均可发送。",
    ),
)
TIMING_FACT = Phrase(
    "<parameter> spans <clocks> clocks, from <first> to <last>.",
    "<parameter> 由 <first> 至 <last>，共 <clocks> 个时钟。",
)
STATE_TITLES = (Phrase("Simplified state diagram", "简化状态图"), Phrase("States of the device", "器件状态"))
STATE_TEXTS = (
    Phrase(
        "The diagram gives an overview of states and of the commands that lead from one to the next.",
        "状态图概括了各状态及其间的命令。",
    ),
    Phrase(
        "It leaves out banks in different states, termination and training.",
        "图中未包括各存储体处于不同状态、端接与训练的情形。",
    ),
    Phrase("Some changes happen by themselves; the others follow a command.", "部分转换自动发生，其余由命令触发。"),
)
BLOCK_TITLES = (Phrase("Functional block diagram", "功能框图"), Phrase("Block diagram", "框图"))
BLOCK_TEXTS = (
    Phrase(
        "The diagram shows what takes part in an access, not how it is laid out.",
        "框图表示参与访问的部分，不代表版图布局。",
    ),
    Phrase("Widths of buses are those of a x<width> device.", "总线宽度对应 x<width> 器件。"),
    Phrase("Parts for test and repair are left out.", "未画出测试与修复电路。"),
)
CURVE_TITLES = (Phrase("Typical curves", "典型曲线"), Phrase("Characteristic curves", "特性曲线"))
CURVE_TEXTS = (
    Phrase("Curves are typical and set no limit.", "曲线为典型值，不作为限值。"),
    Phrase("They were taken on <count> devices at nominal voltage.", "曲线取自 <count> 颗器件，标称电压。"),
    Phrase("Points between the marks are joined by straight lines.", "标记之间以直线连接。"),
)
EYE_TITLES = (Phrase("Receiver mask", "接收模板"), Phrase("Data eye at the receiver", "接收端数据眼图"))
EYE_TEXTS = (
    Phrase("The mask is <ui> UI wide and <mv> mV high.", "模板宽 <ui> UI，高 <mv> mV。"),
    Phrase("No edge of the data shall enter the mask.", "数据沿不得进入模板。"),
    Phrase("Its centre is found by training for each pin.", "模板中心由逐脚训练得出。"),
    Phrase("A bit error rate of 10^{-<power>} is assumed.", "假定误码率为 10^{-<power>}。"),
)
WAVE_TITLES = (
    Phrase("Definition of waveforms", "波形定义"),
    Phrase("Levels and times of a data input", "数据输入的电平与时间"),
)
WAVE_TEXTS = (
    Phrase(
        "Set-up ends and hold begins where the strobe crosses V_{REF}.",
        "建立时间结束与保持时间开始于选通穿过 V_{REF} 之处。",
    ),
    Phrase(
        "In the figure V_{REF} is <reference> mV and V_{DDQ} is <supply> mV.",
        "图中 V_{REF} 为 <reference> mV，V_{DDQ} 为 <supply> mV。",
    ),
    Phrase(
        "AC levels bound the set-up time, DC levels the hold time.", "建立时间以交流电平为界，保持时间以直流电平为界。"
    ),
)
CURVES: tuple[tuple[Draw, Phrase], ...] = (
    (draw_idd, Phrase("Supply current over temperature", "电源电流随温度的变化")),
    (draw_derating, Phrase("Derating over slew rate", "降额随斜率的变化")),
)


def timing_figure(draft: Draft) -> list[Node]:
    """A clause with one timing diagram and what it shows in words."""
    picture, shown = draw_timing(draft.rng, spoken(draft))
    timing = shown.detail["timing"]
    name = TIMING_NAMES[timing["kind"]]
    slots = {"protocol": draft.say(name)}
    heading = draft.clause(
        Phrase(TIMING_TITLE.en.replace("<protocol>", name.en), TIMING_TITLE.zh.replace("<protocol>", name.zh))
    )
    facts = tuple(_fact(one) for one in timing["annotations"])
    return [
        heading,
        draft.text((*TIMING_TEXTS, *facts), 2, 3 + len(facts), **slots),
        placed(draft, Phrase("Timing of <protocol>", "<protocol>时序图"), picture, shown, **slots),
    ]


def _fact(annotation: dict[str, Any]) -> Phrase:
    slots = {"parameter": "parameter", "clocks": "clocks", "first": "from", "last": "to"}
    texts = [TIMING_FACT.en, TIMING_FACT.zh]
    for slot, key in slots.items():
        texts = [text.replace(f"<{slot}>", str(annotation[key])) for text in texts]
    return Phrase(*texts)


def state_figure(draft: Draft) -> list[Node]:
    """A clause with the state diagram."""
    picture, shown = draw_state(draft.rng, spoken(draft))
    name = draft.rng.choice(STATE_TITLES)
    return [draft.clause(name), draft.text(STATE_TEXTS, 1, 3), placed(draft, name, picture, shown)]


def block_figure(draft: Draft) -> list[Node]:
    """A clause with the block diagram."""
    picture, shown = draw_block_diagram(draft.rng, spoken(draft))
    name = draft.rng.choice(BLOCK_TITLES)
    text = draft.text(BLOCK_TEXTS, 1, 3, width=max(draft.device.widths))
    return [draft.clause(name), text, placed(draft, name, picture, shown)]


def curve_figure(draft: Draft) -> list[Node]:
    """A clause with a curve."""
    draw, name = draft.rng.choice(CURVES)
    picture, shown = draw(draft.rng, spoken(draft))
    text = draft.text(CURVE_TEXTS, 1, 3, count=draft.rng.choice((5, 10, 30)))
    return [draft.clause(draft.rng.choice(CURVE_TITLES)), text, placed(draft, name, picture, shown)]


def eye_figure(draft: Draft) -> list[Node]:
    """A clause with the mask of the receiver."""
    picture, shown = draw_eye_mask(draft.rng, spoken(draft))
    mask, name = shown.detail["image_gt"], draft.rng.choice(EYE_TITLES)
    text = draft.text(EYE_TEXTS, 2, 4, ui=mask["width_ui"], mv=mask["height_mv"], power=draft.rng.choice((12, 16)))
    return [draft.clause(name), text, placed(draft, name, picture, shown)]


def wave_figure(draft: Draft) -> list[Node]:
    """A clause with the definition of set-up and hold."""
    picture, shown = draw_waveform(draft.rng, spoken(draft), draft.device.reference_mv)
    levels, name = shown.detail["image_gt"]["levels_mv"], draft.rng.choice(WAVE_TITLES)
    text = draft.text(WAVE_TEXTS, 2, 3, reference=levels["VREF"], supply=levels["VDDQ"])
    return [draft.clause(name), text, placed(draft, name, picture, shown)]


def placed(draft: Draft, name: Phrase, picture: bytes, shown: Shown, **slots: object) -> Node:
    """A figure at its natural width: in its column, across the columns, or on a page on its side."""
    natural, paper = natural_width(picture), draft.style.paper
    upright, flat = paper.width - 2 * paper.margin_x, paper.height - 2 * paper.margin_x
    if natural <= draft.style.column_width:
        return draft.drawn(name, picture, shown, natural, **slots)
    if LEAST_SCALE * natural <= upright:
        return Spanning(draft.drawn(name, picture, shown, min(natural, upright), **slots).nodes)
    return Landscape((draft.drawn(name, picture, shown, min(natural, flat), **slots),))


def spoken(draft: Draft) -> str:
    """The language that figures are lettered in; where languages mix, either."""
    return draft.rng.choice(("en", "zh")) if draft.language == "mixed" else draft.language
