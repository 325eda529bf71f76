"""Flow charts: the steps of an analysis, and what to do when a control limit is broken (OCAP).

Notable:
- A chart is a column of steps; a question's "no" goes on below, its "yes" to a box at its side and ends there.
"""

from dataclasses import dataclass
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.nodes import Node, NodeChart
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

STEP, WIDTH, HEIGHT = 48.0, 128.0, 22.0  # drawing units: distance of steps, size of a box
SIDE_GAP, SIDE_WIDTH = 44.0, 112.0
QUESTION_HEIGHT, QUESTION_WIDTH = 34.0, 148.0
MARGIN = 12.0
TINTS = ("white", "#eef3fa", "#f6f2e8", "#eef6ee")
YES, NO = Phrase("Yes", "是"), Phrase("No", "否")


@dataclass(frozen=True, slots=True)
class Step:
    """A box, or with `side` a question whose answer "yes" leads there."""

    text: Phrase
    side: Phrase | None = None


OCAP = (
    Step(Phrase("Point outside limits or trend rule broken", "数据点超出控制限或违反趋势规则")),
    Step(Phrase("Hold lot and stop the tool", "扣留批次并停机")),
    Step(Phrase("Measure again at the same sites", "在相同位置复测")),
    Step(Phrase("Metrology error?", "量测异常？"), Phrase("Calibrate the metrology tool", "校准量测设备")),
    Step(Phrase("Check recipe, parts and PM record", "检查配方、备件与保养记录")),
    Step(Phrase("Cause found?", "找到原因？"), Phrase("Correct it and run a monitor wafer", "纠正并运行监控片")),
    Step(Phrase("Call process owner, open a review", "通知工艺负责人，召开评审")),
    Step(Phrase("Decide on the lot: rework, scrap or release", "批次处置：返工、报废或放行")),
)
ANALYSIS = (
    Step(Phrase("Request received, history checked", "接收委托，核对履历")),
    Step(Phrase("Repeat the electrical test", "重复电性测试")),
    Step(Phrase("Fail confirmed?", "失效复现？"), Phrase("Localise: bitmap, EMMI, OBIRCH", "定位：位图、EMMI、OBIRCH")),
    Step(Phrase("Test at temperature and voltage corners", "在温度与电压边界条件下测试")),
    Step(Phrase("Fails at a corner?", "边界条件失效？"), Phrase("Localise at that corner", "在该条件下定位")),
    Step(Phrase("Close as no trouble found, monitor", "按未复现结案并监控")),
)
PHYSICAL = (
    Step(Phrase("Decapsulation", "开封")),
    Step(Phrase("Delayer to the suspect layer", "去层至可疑层")),
    Step(Phrase("Defect visible top-down?", "俯视可见缺陷？"), Phrase("SEM images and EDX", "SEM 成像与 EDX")),
    Step(Phrase("Nanoprobe the neighbouring cells", "对相邻单元做纳米探针")),
    Step(Phrase("Outlier found?", "发现异常单元？"), Phrase("FIB cross-section and TEM", "FIB 截面与 TEM")),
    Step(Phrase("Delayer to the next layer", "继续去下一层")),
    Step(Phrase("Report", "出具报告")),
)


def draw_ocap(rng: Random, language: str) -> tuple[bytes, Shown]:
    """What to do when a control limit is broken."""
    return _drawn(rng, language, "ocap", _chosen(rng, OCAP, keep=5))


def draw_fa_flow(rng: Random, language: str) -> tuple[bytes, Shown]:
    """The way of a failure analysis."""
    return _drawn(rng, language, "fa_flow", _chosen(rng, rng.choice((ANALYSIS, PHYSICAL)), keep=5))


def _chosen(rng: Random, pool: tuple[Step, ...], keep: int) -> tuple[Step, ...]:
    """The steps of a pool in order, without up to all but `keep` of the plain ones between the first and the last."""
    plain = [number for number, step in enumerate(pool[1:-1], start=1) if step.side is None]
    left_out = set(rng.sample(plain, rng.randint(0, min(len(plain), len(pool) - keep))))
    return tuple(step for number, step in enumerate(pool) if number not in left_out)


def _drawn(rng: Random, language: str, kind: str, steps: tuple[Step, ...]) -> tuple[bytes, Shown]:
    middle = MARGIN + QUESTION_WIDTH / 2
    width = 2 * MARGIN + QUESTION_WIDTH + SIDE_GAP + SIDE_WIDTH
    canvas = Canvas(width, 2 * MARGIN + STEP * len(steps) - (STEP - QUESTION_HEIGHT), draw_face(rng))
    chart, tint = NodeChart(canvas), rng.choice(TINTS)
    placed: list[Node] = []
    for number, step in enumerate(steps):
        y = MARGIN + QUESTION_HEIGHT / 2 + STEP * number
        placed.append(chart.add(_node(step, step.text.said(language), middle, y, tint, number, len(steps))))
    for before, after, step in zip(placed, placed[1:], steps, strict=False):
        chart.link(before, after, NO.said(language) if step.side else "")
    for node, step in zip(placed, steps, strict=True):
        if step.side is not None:
            x = 2 * middle - MARGIN + SIDE_GAP + SIDE_WIDTH / 2
            chart.link(
                node, chart.add(Node(step.side.said(language), x, node.y, SIDE_WIDTH, HEIGHT)), YES.said(language)
            )
    return canvas.svg(), canvas.shown(chart.detail(kind))


def _node(step: Step, text: str, x: float, y: float, tint: str, number: int, count: int) -> Node:
    if step.side is not None:
        return Node(text, x, y, QUESTION_WIDTH, QUESTION_HEIGHT, "diamond", tint)
    return Node(text, x, y, WIDTH, HEIGHT, "round" if number in {0, count - 1} else "box", tint)
