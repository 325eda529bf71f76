"""Lines and bars over time, temperature, slew rate or class."""

import math
from collections.abc import Sequence
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.plot import COLOURS, Plot, Series, chart_data, linear_axis, named_axis
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

WIDTH, HEIGHT = 340.0, 205.0  # drawing units
FRAME = (58.0, 24.0, 328.0, 166.0)
GREY_SHARE = 0.5  # of charts that tell their lines by dashes
BAR = 0.7  # of the room that a class has
TEMPERATURES = (-40, -25, 0, 25, 45, 65, 85, 95, 105)  # °C
SLEWS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)  # V/ns
CURRENTS = {"IDD2N": 34.0, "IDD2P": 22.0, "IDD3N": 48.0, "IDD6N": 28.0, "IDD5B": 120.0}  # mA at 25 °C
LEAK_SHARE = 0.15  # of a current at 25 °C
LEAK_DOUBLES = 38.0  # °C over which the leaking part of a current doubles
WEEK, YIELD = Phrase("Week", "周"), Phrase("Yield", "良率")
MODE, COUNT = Phrase("Fail mode", "失效模式"), Phrase("Dies", "颗数")
TEMPERATURE, CURRENT, SLEW = Phrase("Temperature", "温度"), Phrase("Current", "电流"), Phrase("Slew rate", "斜率")
MODES = (
    Phrase("Single bit", "单比特"),
    Phrase("Row", "行"),
    Phrase("Column", "列"),
    Phrase("Cluster", "簇状"),
    Phrase("Leakage", "漏电"),
    Phrase("Function", "功能"),
)


def draw_bar(rng: Random, language: str, title: str = "", counts: dict[str, int] | None = None) -> tuple[bytes, Shown]:
    """Counts by class, the largest first; failing dies by mode where none are given, with names of the axes."""
    across, up = ("", "") if counts else (MODE.said(language), COUNT.said(language))
    ordered = sorted((counts or draw_counts(rng, language)).items(), key=lambda entry: -entry[1])
    canvas, colour = Canvas(WIDTH, HEIGHT, draw_face(rng)), rng.choice(COLOURS)
    x = named_axis(across, [name for name, _ in ordered])
    y = linear_axis(up or title, "", [0, *(count for _, count in ordered)], room=0)
    plot = Plot(canvas, FRAME, x, y)
    plot.frame()
    half = BAR / 2 * (FRAME[2] - FRAME[0]) / len(ordered)
    for number, (_, count) in enumerate(ordered):
        middle, top = plot.at(number, count)
        canvas.rectangle(middle - half, top, middle + half, FRAME[3], colour, 0.5)
        canvas.text(middle, top - 2.5, str(count), 6.8)
    series = [Series(y.label, tuple(float(count) for _, count in ordered))]
    return canvas.svg(), canvas.shown(chart_data("bar", title, x, [name for name, _ in ordered], y, series))


def draw_counts(rng: Random, language: str) -> dict[str, int]:
    """Draw failing dies by mode."""
    chosen, most = rng.sample(MODES, rng.randint(4, 6)), rng.randint(60, 400)
    return {mode.said(language): round(most * rng.uniform(0.35, 0.75) ** place) for place, mode in enumerate(chosen)}


def draw_idd(rng: Random, language: str, title: str = "") -> tuple[bytes, Shown]:
    """Supply currents against temperature: a steady part, and a leaking part that grows with it."""
    chosen = sorted(rng.sample(list(CURRENTS), rng.choice((2, 3))))
    scale = rng.uniform(0.85, 1.2)
    series = [
        Series(name, tuple(_current(CURRENTS[name] * scale, degrees) for degrees in TEMPERATURES)) for name in chosen
    ]
    across, up = TEMPERATURE.said(language), (CURRENT.said(language), "mA")
    return draw_lines(rng, title, across, TEMPERATURES, up, series, "°C", grey=rng.random() < GREY_SHARE)


def draw_derating(rng: Random, language: str, title: str = "") -> tuple[bytes, Shown]:
    """Derating of set-up and hold against slew rate, which falls and crosses zero where the base values were taken."""
    base, steep = rng.choice((1.0, 1.5, 2.0)), rng.uniform(28, 55)
    setup = Series("Δt_{IS}", tuple(float(round(steep * (1 / slew - 1 / base))) for slew in SLEWS))
    hold = Series("Δt_{IH}", tuple(float(round(0.7 * steep * (1 / slew - 1 / base))) for slew in SLEWS))
    return draw_lines(rng, title, SLEW.said(language), SLEWS, ("Δt", "ps"), [setup, hold], "V/ns", grey=True)


def draw_lines(
    rng: Random,
    title: str,
    across: str,
    xs: Sequence[float | str],
    up: tuple[str, str],
    series: Sequence[Series],
    unit: str = "",
    grey: bool = False,
) -> tuple[bytes, Shown]:
    """Lines over numbers or names; `across` and `up` are the axes' labels, that of y with its unit."""
    canvas = Canvas(WIDTH, HEIGHT, draw_face(rng))
    places = [float(place) if not isinstance(place, str) else float(n) for n, place in enumerate(xs)]
    named = [place for place in xs if isinstance(place, str)]
    x = named_axis(across, named) if named else linear_axis(across, unit, places, 6, room=0)
    y = linear_axis(*up, [value for one in series for value in one.values])
    plot = Plot(canvas, FRAME, x, y)
    plot.frame()
    for number, one in enumerate(series):
        plot.line(places, one, number, grey)
    if len(series) > 1:
        plot.key_above([one.name for one in series], grey)
    return canvas.svg(), canvas.shown(chart_data("line", title, x, xs, y, series))


def _current(at_25: float, temperature: float) -> float:
    return round(at_25 * (1 - LEAK_SHARE + LEAK_SHARE * math.exp2((temperature - 25) / LEAK_DOUBLES)), 1)
