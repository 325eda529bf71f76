"""Ball-out of a memory device, seen from above.

Notable:
- Rows are lettered as packages are, without I, O, Q and S; data and strobes lie in the upper third, commands and clock
  below, the two of a pair beside each other, supplies in between.
"""

from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

ROWS = "ABCDEFGHJKLMN"
COLUMNS = (1, 2, 3, 7, 8, 9)
CELL_X, CELL_Y, LEFT, TOP, GAP = 48.0, 21.0, 34.0, 34.0, 34.0  # drawing units; the gap lies between columns 3 and 7
SIZE = 6.8
WIDTH = LEFT + 6 * CELL_X + GAP + 16
SUPPLIES = ("VDD", "VSS", "VDDQ", "VSSQ")
PAIRS = (("DQS_t", "DQS_c"), ("CK_t", "CK_c"))
DATA = ("DQ0", "DQ1", "DQ2", "DQ3", "DQ4", "DQ5", "DQ6", "DQ7", "DM_n")
CONTROL = ("CS_n", "RESET_n", "ALERT_n", "TEN", "CA_ODT", "MIR", *(f"CA{number}" for number in range(14)))
VIEW = Phrase("Top view, A1 corner at the upper left", "顶视图，A1 角位于左上")
FILLS = {"supply": "#f0d9d9", "ground": "#e3e3e3", "data": "#d9e6f4", "other": "white"}

Ball = tuple[str, int]


def draw_ballout(rng: Random, language: str) -> tuple[bytes, Shown]:
    """A 78-ball part, eight data lines wide."""
    balls, coloured = place_balls(rng), rng.random() < 0.5
    canvas = Canvas(WIDTH, TOP + CELL_Y * len(ROWS) + 12, draw_face(rng))
    round_ = rng.random() < 0.4
    canvas.text(WIDTH / 2, 10, VIEW.said(language), 7.5)
    for column in COLUMNS:
        canvas.text(_x(column), TOP - 6, str(column), 7.5)
    told = {}
    for number, row in enumerate(ROWS):
        y = TOP + CELL_Y * (number + 0.5)
        canvas.text(LEFT - 12, y + 2.7, row, 7.5)
        for column in COLUMNS:
            name, x = balls[row, column], _x(column)
            fill = FILLS[_kind(name)] if coloured else "white"
            if round_:
                canvas.ellipse(x, y, CELL_X / 2 - 2, CELL_Y / 2 - 1.5, fill)
            else:
                canvas.rectangle(x - CELL_X / 2, y - CELL_Y / 2, x + CELL_X / 2, y + CELL_Y / 2, fill, 0.5)
            canvas.text(x, y + 0.36 * SIZE, name, SIZE)
            told[f"{row}{column}"] = name
    return canvas.svg(), canvas.shown({"image_gt": {"kind": "ballout", "balls": told}})


def place_balls(rng: Random) -> dict[Ball, str]:
    """A name for each ball."""
    upper = [(row, column) for row in ROWS[:5] for column in COLUMNS]
    lower = [(row, column) for row in ROWS[5:] for column in COLUMNS]
    balls: dict[Ball, str] = {("N", 9): "ZQ", ("A", 1): "VDD", ("A", 9): "VSS"}
    for pair, rows in zip(PAIRS, (ROWS[1:4], ROWS[5:8]), strict=True):
        row, first = rng.choice(rows), rng.choice((1, 7))
        balls[row, first], balls[row, first + 1] = pair
    for names, places in ((DATA, upper), (CONTROL, lower)):
        free = [place for place in places if place not in balls]
        balls.update(zip(sorted(rng.sample(free, len(names))), names, strict=True))
    rest = [place for place in (*upper, *lower) if place not in balls]
    balls.update({place: SUPPLIES[number % len(SUPPLIES)] for number, place in enumerate(rest)})
    balls[rest[len(rest) // 2]] = "VPP"
    return balls


def _x(column: int) -> float:
    number = COLUMNS.index(column)
    return LEFT + CELL_X * (number + 0.5) + GAP * (column > 3)


def _kind(name: str) -> str:
    if name.startswith("VSS"):
        return "ground"
    if name.startswith("V"):
        return "supply"
    return "data" if name.startswith("D") else "other"
