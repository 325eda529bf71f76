"""The device that a standard is about; every table and figure of the document speaks of the same one.

Notable:
- Values are plausible, not any standard's. They obey arithmetic: a bin's longest clock is the next slower bin's
  shortest, and the rounding rule of formulas.py turns delays into clocks.
"""

from dataclasses import dataclass
from random import Random

# Shortest average clock period of each speed bin in ps, slowest bin first, per generation of device.
GENERATIONS = {
    "A": {1600: 1250, 1866: 1071, 2133: 937, 2400: 833, 2666: 750, 2933: 682, 3200: 625},
    "B": {
        3200: 625,
        3600: 555,
        4000: 500,
        4400: 454,
        4800: 416,
        5200: 384,
        5600: 357,
        6000: 333,
        6400: 312,
        6800: 294,
        7200: 277,
        7600: 263,
        8000: 250,
        8400: 238,
        8800: 227,
    },
    "C": {3733: 535, 4267: 468, 4800: 416, 5500: 363, 6000: 333, 6400: 312, 7500: 266, 8533: 234},
}
NAMES = {"A": ("DDRx", "SDRx"), "B": ("DDRx", "DDXR"), "C": ("LPDDRx", "LPSDRx")}

# Rails of each generation: symbol -> minimum, typical, maximum in mV.
RAILS = {
    "A": {"V_{DD}": (1140, 1200, 1260), "V_{DDQ}": (1140, 1200, 1260), "V_{PP}": (2375, 2500, 2750)},
    "B": {"V_{DD}": (1067, 1100, 1166), "V_{DDQ}": (1067, 1100, 1166), "V_{PP}": (1746, 1800, 1908)},
    "C": {
        "V_{DD1}": (1700, 1800, 1950),
        "V_{DD2H}": (1010, 1050, 1120),
        "V_{DD2L}": (870, 900, 970),
        "V_{DDQ}": (470, 500, 570),
    },
}
REFRESH_NS = {8: (195, 130, 115), 16: (295, 160, 130), 24: (350, 190, 160), 32: (410, 220, 190), 64: (560, 300, 250)}
REFRESHES = 8192  # commands that refresh every row once
INTERVAL_NS = {"A": 7800, "B": 3900, "C": 3906}


@dataclass(frozen=True, slots=True)
class Device:
    """Times in ps, bins by data rate in Mb/s, density in Gb, widths in data pins."""

    generation: str
    name: str
    bins: tuple[int, ...]
    density: int
    widths: tuple[int, ...]
    groups: int
    banks: int
    trcd: int
    trp: int
    tras: int

    def period(self, rate: int) -> int:
        """Shortest average clock period of a bin."""
        return GENERATIONS[self.generation][rate]

    def slower(self, rate: int) -> int:
        """Shortest clock period of the next slower bin."""
        rates = list(GENERATIONS[self.generation])
        return self.period(rates[rates.index(rate) - 1])

    @property
    def rails(self) -> dict[str, tuple[int, int, int]]:
        """Its supplies in mV: symbol -> minimum, typical, maximum."""
        return RAILS[self.generation]

    @property
    def supply(self) -> tuple[str, tuple[int, int, int]]:
        """The rail of its core."""
        return next((symbol, levels) for symbol, levels in self.rails.items() if levels[1] < 1500)

    @property
    def reference_mv(self) -> int:
        """Level in mV around which inputs swing: half of the output supply."""
        return self.rails["V_{DDQ}"][1] // 2

    @property
    def window_ms(self) -> int:
        """Time in ms in which every row is refreshed once."""
        return round(REFRESHES * self.interval_ns / 1e6)

    @property
    def rfc_ns(self) -> int:
        """Shortest time of an all-bank refresh, in ns."""
        return REFRESH_NS[self.density][0]

    @property
    def interval_ns(self) -> int:
        """Longest average interval between refreshes, in ns."""
        return INTERVAL_NS[self.generation]


def draw_device(rng: Random) -> Device:
    """Draw a device with two to four neighbouring speed bins."""
    generation = rng.choice(list(GENERATIONS))
    rates = list(GENERATIONS[generation])
    count = rng.choice((2, 2, 3, 3, 4))
    first = rng.randint(1, len(rates) - count)
    trcd = rng.choice((12500, 13320, 13750, 14000, 14160, 14250, 15000, 16000))
    return Device(
        generation,
        rng.choice(NAMES[generation]),
        tuple(rates[first : first + count]),
        density=rng.choice(list(REFRESH_NS)),
        widths=(16,) if generation == "C" else rng.choice(((4, 8, 16), (8, 16), (4, 8))),
        groups=rng.choice((4, 8)),
        banks=rng.choice((2, 4)),
        trcd=trcd,
        trp=trcd if rng.random() < 0.7 else trcd + 500,
        tras=rng.choice((32000, 33000, 34000, 35000)),
    )
