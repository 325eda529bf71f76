"""Box plot of readings by group, such as a threshold voltage by tool; quartiles are computed from the readings."""

from dataclasses import dataclass
from random import Random
from statistics import quantiles

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.plot import Plot, Series, chart_data, linear_axis, named_axis
from fabeye.synthesis.shown import PictureText, Shown
from fabeye.synthesis.wording import Phrase

WIDTH, HEIGHT = 340.0, 205.0  # drawing units
FRAME = (62.0, 12.0, 328.0, 166.0)
HALF = 14.0  # of a box's breadth
REACH = 1.5  # quartile distances from the box beyond which a reading is an outlier (Tukey)
READINGS = (18, 30)  # least and most of a group
FILLS = ("#cfe2f3", "#d9ead3", "#fff2cc", "#eeeeee")
QUANTITIES = (  # the first three are measured in line or on test structures, the others on the device
    ("V_{t}", "mV", 320.0, 18.0),
    ("CD", "nm", 24.0, 0.6),
    ("R_{c}", "Ω", 850.0, 60.0),
    ("I_{off}", "pA", 24.0, 5.0),
    ("t_{WR}", "ns", 12.5, 0.7),
)
IN_LINE = 3  # quantities that a commonality of tools is read from
TOOLS = ("ETC", "CVD", "CMP", "DIF", "PHO", "WET")
GROUP = Phrase("Tool", "机台")


@dataclass(frozen=True, slots=True)
class Groups:
    """Readings by group; `odd` is the group that differs, "" where none does."""

    label: str
    unit: str
    readings: dict[str, tuple[float, ...]]
    odd: str = ""


def draw_groups(rng: Random, tools: tuple[str, ...] = (), odd: str = "") -> Groups:
    """Draw readings of a quantity on `tools`, or on tools of one kind where none are named.

    odd: the one that differs; where it is not named, one of them or none is drawn.
    """
    label, unit, centre, sigma = rng.choice(QUANTITIES[:IN_LINE] if odd else QUANTITIES)
    prefix = rng.choice(TOOLS)
    tools = tools or tuple(f"{prefix}{number:02d}" for number in sorted(rng.sample(range(1, 15), rng.randint(3, 6))))
    odd = odd or (rng.choice(tools) if rng.random() < 0.6 else "")
    shift = rng.choice((-2.2, 2.2)) * sigma
    readings = {
        tool: tuple(round(rng.gauss(centre + shift * (tool == odd), sigma), 2) for _ in range(rng.randint(*READINGS)))
        for tool in tools
    }
    return Groups(label, unit, readings, odd)


def draw_box(rng: Random, language: str, groups: Groups | None = None, title: str = "") -> tuple[bytes, Shown]:
    """A box for each group: quartiles, whiskers to the last reading within reach, outliers as dots."""
    groups = groups or draw_groups(rng)
    canvas = Canvas(WIDTH, HEIGHT, draw_face(rng))
    values = [value for readings in groups.readings.values() for value in readings]
    x, y = named_axis(GROUP.said(language), list(groups.readings)), linear_axis(groups.label, groups.unit, values)
    plot, fill = Plot(canvas, FRAME, x, y), rng.choice(FILLS)
    plot.frame()
    told = [summary(readings) for readings in groups.readings.values()]
    for number, (one, readings) in enumerate(zip(told, groups.readings.values(), strict=True)):
        _box(plot, number, one, readings, fill)
    series = [Series(name, tuple(one[name] for one in told)) for name in ("low", "q1", "median", "q3", "high")]
    shown = canvas.shown(chart_data("box", title, x, list(groups.readings), y, series))
    named = [_named(word, groups) for word in shown.texts]
    return canvas.svg(), Shown(shown.detail, tuple(named))


def summary(readings: tuple[float, ...]) -> dict[str, float]:
    """Quartiles ("q1", "median", "q3") and whiskers ("low", "high") of readings."""
    first, median, third = quantiles(readings, n=4, method="inclusive")
    reach = REACH * (third - first)
    inside = [value for value in readings if first - reach <= value <= third + reach]
    values = {"low": min(inside), "q1": first, "median": median, "q3": third, "high": max(inside)}
    return {name: round(value, 3) for name, value in values.items()}


def _box(plot: Plot, number: int, told: dict[str, float], readings: tuple[float, ...], fill: str) -> None:
    x, low = plot.at(number, told["low"])
    _, high = plot.at(number, told["high"])
    _, bottom = plot.at(number, told["q1"])
    _, top = plot.at(number, told["q3"])
    _, middle = plot.at(number, told["median"])
    plot.canvas.line(x, low, x, bottom)
    plot.canvas.line(x, top, x, high)
    for end in (low, high):
        plot.canvas.line(x - HALF / 2, end, x + HALF / 2, end)
    plot.canvas.rectangle(x - HALF, top, x + HALF, bottom, fill)
    plot.canvas.line(x - HALF, middle, x + HALF, middle, 1.4)
    for value in readings:
        if not told["low"] <= value <= told["high"]:
            plot.canvas.circle(*plot.at(number, value), 1.5, "#d62728")


def _named(word: PictureText, groups: Groups) -> PictureText:
    """A group's name is a tool's, which must not leave the house."""
    return PictureText(word.text, word.box, "", "TOOL") if word.text in groups.readings else word
