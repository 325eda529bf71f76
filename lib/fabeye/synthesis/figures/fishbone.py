"""Fishbone diagram: possible causes of one effect, by kind of cause."""

from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.lettering import text_width
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

HEIGHT, MIDDLE = 230.0, 115.0  # drawing units; the spine lies in the middle
FIRST, APART, LEAN, RISE = 48.0, 122.0, 42.0, 82.0  # bones: first head, distance, lean and height
SIZE, HEAD_SIZE = 7.0, 8.0
HEAD_WIDTH = 80.0
CAUSES: dict[str, tuple[Phrase, tuple[Phrase, ...]]] = {
    "machine": (
        Phrase("Machine", "机台"),
        (
            Phrase("RF drift", "射频漂移"),
            Phrase("worn focus ring", "聚焦环磨损"),
            Phrase("leak in gas line", "气路泄漏"),
            Phrase("chuck temperature", "卡盘温度"),
            Phrase("robot offset", "机械手偏移"),
        ),
    ),
    "method": (
        Phrase("Method", "方法"),
        (
            Phrase("short over-etch", "过刻蚀不足"),
            Phrase("wrong recipe", "配方错误"),
            Phrase("queue time", "等待时间"),
            Phrase("no seasoning", "未暖机"),
        ),
    ),
    "material": (
        Phrase("Material", "材料"),
        (
            Phrase("resist batch", "光刻胶批次"),
            Phrase("slurry age", "研磨液过期"),
            Phrase("gas purity", "气体纯度"),
            Phrase("wafer warp", "晶圆翘曲"),
        ),
    ),
    "people": (
        Phrase("People", "人员"),
        (
            Phrase("new operator", "新操作员"),
            Phrase("step skipped", "步骤遗漏"),
            Phrase("wrong slot", "槽位放错"),
            Phrase("handover", "交接"),
        ),
    ),
    "measurement": (
        Phrase("Measurement", "量测"),
        (
            Phrase("CD-SEM charging", "CD-SEM 荷电"),
            Phrase("wrong site", "量测点错误"),
            Phrase("calibration due", "校准到期"),
            Phrase("few samples", "抽样不足"),
        ),
    ),
    "environment": (
        Phrase("Environment", "环境"),
        (
            Phrase("humidity", "湿度"),
            Phrase("vibration", "振动"),
            Phrase("airborne amine", "空气中胺类"),
            Phrase("static charge", "静电"),
        ),
    ),
}
EFFECTS = (Phrase("Low yield", "良率低"), Phrase("CD out of limit", "CD 超限"), Phrase("Particles", "颗粒超标"))


def draw_fishbone(rng: Random, language: str, effect: Phrase | None = None) -> tuple[bytes, Shown]:
    """Four or six kinds of cause with two or three causes each, before an effect."""
    face, kinds = draw_face(rng), rng.sample(list(CAUSES), rng.choice((4, 6)))
    result = (effect or rng.choice(EFFECTS)).said(language)
    spine, half = 40 + APART * len(kinds) / 2, max(HEAD_WIDTH, text_width(result, HEAD_SIZE, face) + 10)
    canvas = Canvas(spine + half + 12, HEIGHT, face)
    canvas.arrow([(12, MIDDLE), (spine, MIDDLE)], 1.6)
    canvas.rectangle(spine, MIDDLE - 12, spine + half, MIDDLE + 12, "#f3e4e4")
    canvas.text(spine + half / 2, MIDDLE + 0.36 * HEAD_SIZE, result, HEAD_SIZE)
    told = [_bone(canvas, rng, language, kind, number) for number, kind in enumerate(kinds)]
    detail = {"image_gt": {"kind": "fishbone", "effect": result, "causes": told}}
    return canvas.svg(), canvas.shown(detail)


def _bone(canvas: Canvas, rng: Random, language: str, kind: str, number: int) -> dict[str, object]:
    name, pool = CAUSES[kind]
    up = -1 if number % 2 == 0 else 1
    root = FIRST + LEAN + APART * (number // 2)
    tip = (root - LEAN, MIDDLE + up * RISE)
    canvas.line(*tip, root, MIDDLE, 1.1)
    canvas.text(tip[0], tip[1] + (-4 if up < 0 else 11), name.said(language), HEAD_SIZE)
    causes = [cause.said(language) for cause in rng.sample(pool, rng.choice((2, 3)))]
    for count, cause in enumerate(causes, start=1):
        share = count / (len(causes) + 1)
        x, y = root - LEAN * share, MIDDLE + up * RISE * share
        canvas.line(x, y, x + 8, y, 0.7)
        canvas.text(x + 10, y + 0.36 * SIZE, cause, SIZE, "start")
    return {"kind": name.said(language), "causes": causes}
