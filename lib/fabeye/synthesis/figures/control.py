"""Control charts: averages and ranges of samples, with limits and capability computed from what is drawn.

Notable:
- Readings are rounded as a gauge shows them before anything is computed, so a reader who takes the printed readings
  finds the printed limits. Constants are those of the Shewhart chart (ISO 7870-2:2023) for samples of 3 to 7.
- An upset is a last few samples off their place, which a chart must show as points outside.
"""

from dataclasses import dataclass
from random import Random
from statistics import mean

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.plot import Axis, Plot, Series, chart_data, linear_axis
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

WIDTH, HEIGHT = 430.0, 270.0  # drawing units
UPPER, LOWER = (64.0, 14.0, 372.0, 128.0), (64.0, 170.0, 372.0, 236.0)
# Samples of so many: A2, D3, D4 and d2.
CONSTANTS = {
    3: (1.023, 0.0, 2.574, 1.693),
    4: (0.729, 0.0, 2.282, 2.059),
    5: (0.577, 0.0, 2.114, 2.326),
    6: (0.483, 0.0, 2.004, 2.534),
    7: (0.419, 0.076, 1.924, 2.704),
}
SAMPLES = (20, 25)  # least and most
OVERLAY_NM = 3.0  # tolerance of an overlay, whose target is 0
ROOM_SIGMAS = (4.3, 6.5)  # standard deviations that a tolerance holds
UPSET_SIGMAS = 3.4  # by which an upset moves a sample
UPSET_SHARE = 0.4  # of charts that show one
OUTSIDE, LIMIT = "#d62728", "#b03030"
SAMPLE, MEAN, RANGE = Phrase("Sample", "子组"), Phrase("Mean", "均值"), Phrase("Range", "极差")


@dataclass(frozen=True, slots=True)
class Control:
    """A quantity under control. readings: a tuple for each sample; lower, target, upper: its specification.

    digits: places after the point that the gauge shows.
    """

    name: str
    unit: str
    digits: int
    lower: float
    target: float
    upper: float
    readings: tuple[tuple[float, ...], ...]

    @property
    def means(self) -> list[float]:
        """Average of each sample."""
        return [round(mean(sample), self.digits + 1) for sample in self.readings]

    @property
    def ranges(self) -> list[float]:
        """Largest less smallest reading of each sample."""
        return [round(max(sample) - min(sample), self.digits) for sample in self.readings]

    def limits(self) -> dict[str, float]:
        """Centre lines and control limits of averages ("CL", "UCL", "LCL") and ranges ("R", "UCL_R", "LCL_R")."""
        factor, least, most, _ = CONSTANTS[len(self.readings[0])]
        centre, spread = mean(self.means), mean(self.ranges)
        values = {
            "CL": centre, "UCL": centre + factor * spread, "LCL": centre - factor * spread,
            "R": spread, "UCL_R": most * spread, "LCL_R": least * spread,
        }  # fmt: skip
        return {name: round(value, self.digits + 1) for name, value in values.items()}

    def cpk(self) -> float:
        """Capability: distance of the mean from the nearer specification limit over three standard deviations."""
        sigma = mean(self.ranges) / CONSTANTS[len(self.readings[0])][3]
        centre = mean(self.means)
        return round(min(self.upper - centre, centre - self.lower) / (3 * sigma), 2)

    def outside(self) -> list[int]:
        """Samples, counted from 1, whose average or range lies outside its control limits."""
        limits, numbers = self.limits(), range(1, len(self.readings) + 1)
        return [
            number
            for number, average, spread in zip(numbers, self.means, self.ranges, strict=True)
            if not limits["LCL"] <= average <= limits["UCL"] or not limits["LCL_R"] <= spread <= limits["UCL_R"]
        ]

    def written(self, value: float, more: int = 0) -> str:
        """A value with the gauge's places and `more`."""
        return f"{value:.{self.digits + more}f}".replace("-", "−")


# name, unit, least and most target, tolerance as a share of the target, places after the point
QUANTITIES = (
    (Phrase("Gate CD", "栅极 CD"), "nm", 18, 42, 0.06, 2),
    (Phrase("Oxide thickness", "氧化层厚度"), "Å", 60, 900, 0.05, 1),
    (Phrase("Nitride thickness", "氮化硅厚度"), "Å", 200, 1500, 0.05, 1),
    (Phrase("Etch depth", "刻蚀深度"), "nm", 80, 320, 0.05, 1),
    (Phrase("Remaining film", "剩余膜厚"), "Å", 400, 2400, 0.06, 0),
    (Phrase("Sheet resistance", "方块电阻"), "Ω/sq", 8, 120, 0.08, 2),
    (Phrase("Overlay X", "套刻 X"), "nm", 0, 0, 0, 2),
)


def draw_control(rng: Random, language: str) -> Control:
    """Draw a quantity and its samples."""
    name, unit, least, most, tolerance, digits = rng.choice(QUANTITIES)
    target = float(round(rng.uniform(least, most)))
    room = round(tolerance * target, digits) if target else OVERLAY_NM
    return sampled(rng, name.said(language), unit, digits, target, room)


def sampled(rng: Random, name: str, unit: str, digits: int, target: float, room: float) -> Control:
    """Samples of a quantity whose specification is target ± room; some have an upset at their end."""
    sigma, size, count = room / rng.uniform(*ROOM_SIGMAS), rng.choice(list(CONSTANTS)), rng.randint(*SAMPLES)
    centre = target + rng.uniform(-0.25, 0.25) * sigma
    upset = rng.sample(range(count * 2 // 3, count), 2) if rng.random() < UPSET_SHARE else []
    shift = UPSET_SIGMAS / size**0.5 * sigma * rng.choice((-1, 1))
    readings = tuple(
        tuple(round(rng.gauss(centre + shift * (number in upset), sigma), digits) for _ in range(size))
        for number in range(count)
    )
    return Control(name, unit, digits, round(target - room, digits), target, round(target + room, digits), readings)


def draw_spc(rng: Random, language: str, control: Control | None = None, title: str = "") -> tuple[bytes, Shown]:
    """Averages above, ranges below, limits beside both."""
    control = control or draw_control(rng, language)
    canvas, limits = Canvas(WIDTH, HEIGHT, draw_face(rng)), control.limits()
    numbers = list(range(1, len(control.readings) + 1))
    x = linear_axis(SAMPLE.said(language), "", (0, numbers[-1]), 6, room=0)
    means, ranges = Series("X-bar", tuple(control.means)), Series("R", tuple(control.ranges))
    label = f"{control.name} {MEAN.said(language)}"
    above = linear_axis(label, control.unit, [*means.values, limits["UCL"], limits["LCL"]], 4)
    below = linear_axis(RANGE.said(language), control.unit, [0.0, *ranges.values, limits["UCL_R"]], 4, room=0)
    _panel(canvas, UPPER, x, above, means, [(name, limits[name]) for name in ("UCL", "CL", "LCL")], control)
    _panel(canvas, LOWER, x, below, ranges, [("UCL", limits["UCL_R"]), ("R", limits["R"])], control)
    detail = chart_data("line", title, x, numbers, above, [means, ranges], limits=limits)
    return canvas.svg(), canvas.shown(detail)


def _panel(
    canvas: Canvas, box: tuple[float, float, float, float], x: Axis, y: Axis, series: Series,
    limits: list[tuple[str, float]], control: Control,
) -> None:  # fmt: skip
    plot = Plot(canvas, box, x, y)
    plot.frame(grid=False)
    plot.line(range(1, len(series.values) + 1), series, 0)
    low, high = dict(limits).get("LCL", float("-inf")), dict(limits)["UCL"]
    for number, value in enumerate(series.values, 1):
        if not low <= value <= high:
            canvas.circle(*plot.at(number, value), 3, OUTSIDE)
    for name, value in limits:
        solid = name in {"CL", "R"}
        words = f"{name} {control.written(value, 1)}"
        plot.level(value, words, "#2e7d32" if solid else LIMIT, "1 0" if solid else "4 2")
