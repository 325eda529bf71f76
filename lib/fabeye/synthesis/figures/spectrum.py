"""EDX spectrum: X-ray counts over energy, with a peak for every line of the elements that are there.

Notable:
- Energies are the elements' characteristic lines; light elements have one, so that silicon and tungsten run together
  as they do in the laboratory.
- Under the peaks lies the braking radiation, which the detector's window cuts off towards low energies.
"""

import math
from random import Random

from fabeye.synthesis.figures.canvas import Canvas, draw_face
from fabeye.synthesis.figures.plot import LABEL_SIZE, Plot, Series, chart_data, linear_axis
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

WIDTH, HEIGHT = 320.0, 190.0  # drawing units
FRAME = (52.0, 14.0, 310.0, 156.0)
LINES_KEV = {  # element -> (energy, strength) of its lines up to 10 keV, the one that is named first
    "C": ((0.277, 0.5),),
    "N": ((0.392, 0.45),),
    "O": ((0.525, 0.8),),
    "F": ((0.677, 0.6),),
    "Al": ((1.487, 1.0),),
    "Si": ((1.740, 1.0),),
    "Ti": ((4.511, 0.7), (4.932, 0.12), (0.452, 0.25)),
    "Fe": ((6.404, 0.6), (7.058, 0.09), (0.705, 0.3)),
    "Cu": ((8.048, 0.5), (8.905, 0.07), (0.930, 0.5)),
    "Zr": ((2.042, 0.9), (2.124, 0.45)),
    "W": ((1.775, 0.9), (8.398, 0.3), (9.672, 0.16)),
}
TOP_KEV, STEP_KEV = 10.0, 0.05
WIDTH_KEV, FANO = 0.035, 0.0021  # standard deviation of a line at no energy, and how its square grows with energy
SUBSTRATE = "Si"
COUNTS = (1500, 6000)  # of the strongest line
WEAKEST = 0.12  # share of the strongest line that an element still has
BRAKING = 0.045  # of the strongest line
COUNT, ENERGY = Phrase("Counts", "计数"), Phrase("Energy", "能量")
COLOURS = ("#c0392b", "#1f4e79", "#333333")
NAME_RISE = 3.5  # drawing units from a peak to its name
NAME_APART_KEV = 0.35  # names closer than this stand above each other


def draw_edx(rng: Random, language: str, elements: tuple[str, ...] = (), title: str = "") -> tuple[bytes, Shown]:
    """The spectrum of some elements on silicon, drawn at random where none are given. `title` is told, not drawn.

    Raises KeyError for an element without a line in LINES_KEV.
    """
    elements = elements or tuple(rng.sample([name for name in LINES_KEV if name != SUBSTRATE], rng.randint(1, 3)))
    there = tuple(dict.fromkeys((*elements, SUBSTRATE)))
    energies = [round(STEP_KEV * number, 2) for number in range(1, round(TOP_KEV / STEP_KEV) + 1)]
    counts = _counts(rng, there, energies)
    canvas = Canvas(WIDTH, HEIGHT, draw_face(rng))
    x = linear_axis(ENERGY.said(language), "keV", (0, TOP_KEV), 5, room=0)
    y = linear_axis(COUNT.said(language), "", (0, 1.12 * max(counts)), room=0)
    plot = Plot(canvas, FRAME, x, y)
    plot.frame(grid=False)
    canvas.polyline([plot.at(energy, count) for energy, count in zip(energies, counts, strict=True)], 0.9,
                    stroke=rng.choice(COLOURS))  # fmt: skip
    _name_peaks(plot, there, dict(zip(energies, counts, strict=True)))
    peaks = [{"element": name, "kev": LINES_KEV[name][0][0]} for name in there]
    series = [Series(COUNT.said(language), tuple(counts))]
    return canvas.svg(), canvas.shown(chart_data("spectrum", title, x, energies, y, series, peaks=peaks))


def _counts(rng: Random, elements: tuple[str, ...], energies: list[float]) -> list[float]:
    most = rng.randint(*COUNTS)
    shares = {name: rng.uniform(WEAKEST, 1.0) for name in elements}
    return [round(max(0.0, rng.gauss(mean, math.sqrt(mean + 1)))) for mean in
            (_expected(most, shares, energy) for energy in energies)]  # fmt: skip


def _expected(most: float, shares: dict[str, float], energy: float) -> float:
    braking = BRAKING * (1 - math.exp(-energy / 0.4)) * math.exp(-energy / 4.5)
    spread = math.sqrt(WIDTH_KEV**2 + FANO * energy)
    peaks = (
        share * strength * math.exp(-0.5 * ((energy - line) / spread) ** 2)
        for name, share in shares.items()
        for line, strength in LINES_KEV[name]
    )
    return most * (braking + sum(peaks))


def _name_peaks(plot: Plot, elements: tuple[str, ...], counts: dict[float, float]) -> None:
    """Each element's name above its first line; where names would meet, one above the other."""
    placed: list[tuple[float, float]] = []
    for name in sorted(elements, key=lambda one: LINES_KEV[one][0][0]):
        energy = LINES_KEV[name][0][0]
        x, y = plot.at(energy, max(count for at, count in counts.items() if abs(at - energy) <= 2 * STEP_KEV))
        y -= NAME_RISE
        for other, height in placed:
            if abs(other - energy) < NAME_APART_KEV and abs(height - y) < LABEL_SIZE:
                y = height - LABEL_SIZE
        y = max(y, plot.y0 + LABEL_SIZE)
        plot.canvas.text(x, y, name, LABEL_SIZE)
        placed.append((energy, y))
