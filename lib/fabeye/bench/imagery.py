"""What it costs to draw the laboratory's pictures: processor seconds of a picture by kind, the median of several.

Notable:
- Processor time of this process is counted, not the clock's: other work on the machine does not enter.
"""

import statistics
import time
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from fabeye.settings import Settings
from fabeye.synthesis.imagery.bitmap import MODES, Window, make_bitmap
from fabeye.synthesis.imagery.defects import DEFECTS
from fabeye.synthesis.imagery.die import PERIPHERAL, make_die
from fabeye.synthesis.imagery.emission import STRATA, abnormal_spot
from fabeye.synthesis.imagery.emmi import make_emmi
from fabeye.synthesis.imagery.overlay import Setup
from fabeye.synthesis.imagery.sem import BARS, Exposure, make_sem
from fabeye.synthesis.imagery.wafer import PATTERNS, WaferText, draw_die, make_wafer

ROUNDS = 12  # pictures of a kind
PITCH_NM = 48.0
LENS = "5x"


def measure_imagery(_settings: Settings) -> dict[str, Any]:
    """Processor seconds of an EMMI pair, a micrograph, a wafer map and a fail bitmap."""
    kinds: dict[str, Callable[[int], object]] = {"emmi_pair": _emmi, "sem": _sem, "wafer": _wafer, "bitmap": _bitmap}
    return {f"{kind}_cpu_s": statistics.median(_cpu_s(make, n) for n in range(ROUNDS)) for kind, make in kinds.items()}


def _cpu_s(make: Callable[[int], object], number: int) -> float:
    started = time.process_time()
    make(number)
    return time.process_time() - started


def _emmi(number: int) -> object:
    rng, die = np.random.default_rng(number), make_die(number)
    stratum = list(STRATA)[number % len(STRATA)]
    x, y = die.of_kind(PERIPHERAL)[number % 5].at(0.5, 0.5)
    setup = Setup("EMS01A", "bench", "BENCH-01", "2024-01-01 08:00", "InGaAs", 10, 4, "VDD=1.1V")
    spot = abnormal_spot(rng, die, x, y, shape="point", stratum=stratum)
    return make_emmi(rng, die, [spot], setup, lens=LENS, stratum=stratum)


def _sem(number: int) -> object:
    kinds = [(structure, defect) for structure, defects in DEFECTS.items() for defect in defects]
    structure, defect = Random(number).choice(kinds)
    style = list(BARS)[number % len(BARS)]
    exposure = Exposure("SEM01A", "bench", "BENCH-01.tif", "2024-01-01 08:00", 2.0, 3.0, "SE2", style)
    return make_sem(np.random.default_rng(number), structure, defect, PITCH_NM, exposure)


def _wafer(number: int) -> object:
    rng, pattern = np.random.default_rng(number), PATTERNS[number % len(PATTERNS)]
    return make_wafer(rng, (pattern,), draw_die(rng, pattern), WaferText("BENCH", "#01", "CP1", (5, 7)))


def _bitmap(number: int) -> object:
    window = Window(0, 0, 0, "BENCH")
    return make_bitmap(np.random.default_rng(number), MODES[number % len(MODES)], 100, 100, window)
