"""What the laboratory shows: the pictures and curves of a case, and what was measured on them.

Notable:
- Pictures are drawn first; a value that a sentence or a table quotes is read from what was drawn.
- Which exhibits a case has follows from its scenario: no emission picture where nothing shines, no bitmap without a
  failing address, no wafer map of a packaged part.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np

from fabeye.synthesis.figures.boxplot import draw_box, draw_groups
from fabeye.synthesis.figures.chart import draw_iv, draw_sweep, written
from fabeye.synthesis.figures.clip import draw_clip
from fabeye.synthesis.figures.flow import draw_fa_flow
from fabeye.synthesis.figures.plot import Series
from fabeye.synthesis.figures.shmoo import draw_grid, draw_shmoo
from fabeye.synthesis.figures.spectrum import draw_edx
from fabeye.synthesis.figures.trend import WEEK, YIELD, draw_lines
from fabeye.synthesis.imagery.acoustic import make_acoustic
from fabeye.synthesis.imagery.annotation import RED, Mark, annotated
from fabeye.synthesis.imagery.bias_series import make_bias_series
from fabeye.synthesis.imagery.bitmap import Window, make_bitmap
from fabeye.synthesis.imagery.die import CELL_ARRAY, PERIPHERAL, Die, make_die
from fabeye.synthesis.imagery.emission import BRIGHT_BLOCKS, Spot, abnormal_spot
from fabeye.synthesis.imagery.emmi import make_emmi
from fabeye.synthesis.imagery.overlay import Setup
from fabeye.synthesis.imagery.sem import BARS, Exposure, make_sem
from fabeye.synthesis.imagery.thermal import make_obirch, make_thermal
from fabeye.synthesis.imagery.wafer import WaferText, draw_die, make_lot, make_wafer
from fabeye.synthesis.scenario.case import COLUMNS, ROWS, Case
from fabeye.synthesis.scenario.facts import term
from fabeye.synthesis.scenario.kinds import COMMONALITY, EMMI, OBIRCH, THERMAL, Find
from fabeye.synthesis.scenario.names import draw_tool
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.wording import Phrase

DETECTORS = ("InLens", "SE2", "TLD", "ETD")
TOP_KV, SECTION_KV = (0.8, 1.0, 2.0, 3.0), (2.0, 5.0, 10.0)  # accelerating voltages from above and for sections
SECTIONS = ("capacitors", "gates", "vias")
PRINTED_SNR = 40.0  # at least, of a spot in a report: an operator exposes until it can be seen in print
MIXED_SHARE = 0.15  # of the wafers, that show a second pattern
MIXING = ("center", "donut", "edge_loc", "edge_ring", "loc", "scratch")
SHMOOS = {"column": "t_{RCD}", "weak-write": "t_{WR}"}  # scenarios whose test stresses a delay
OTHER_BINS = (9, 14, 18, 27)
FLOW_SHARE, TREND_SHARE, CLIP_SHARE, SERIES_SHARE = 0.35, 0.4, 0.5, 0.4  # of the reports that could have one
TREND_WEEKS, SISTERS = 9, 4  # weeks before the lot's own; tools that a reading is compared on
RISING = (("0.9", 0.12), ("1.0", 0.45))  # supply voltages below the full one, and the share of the light at them
NG, FAULT = Phrase("abnormal", "异常亮点", "hot spot"), Phrase("signal", "信号点", "OBIRCH signal")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A picture's file name, its bytes and what it shows."""

    file: str
    content: bytes
    shown: Shown

    @property
    def truth(self) -> dict[str, Any]:
        """What a picture of the laboratory shows; {} for a chart."""
        truth: dict[str, Any] = self.shown.detail.get("image_gt", {})
        return truth


@dataclass(frozen=True, slots=True)
class Evidence:
    """Exhibits by name and measured values.

    Names: flow, trend, wafer, lot, bitmap, sat, box, emmi, emmi_good, series, obirch, thermal, clip, iv, shmoo, sem,
    sem_good, edx.
    """

    exhibits: dict[str, Exhibit]
    measured: dict[str, str]


def gather(rng: Random, case: Case) -> Evidence:
    """Draw everything that a case shows, and measure it."""
    desk = _Desk(rng, case)
    exhibits = dict(desk.all())
    return Evidence(exhibits, desk.measured)


class _Desk:
    """Draws one exhibit after the other; what is measured on the way stands in `measured`."""

    def __init__(self, rng: Random, case: Case):
        self.rng, self.case = rng, case
        self.numbers = np.random.default_rng(rng.getrandbits(64))
        self.die = draw_die(self.numbers, case.pattern or "random")
        self.language = "en" if case.language == "en" else "zh"
        self.measured: dict[str, str] = {"die_xy": f"({self.die[0]}, {self.die[1]})".replace("-", "−")}

    def all(self) -> Iterator[tuple[str, Exhibit]]:
        """Name and exhibit, in the order in which the laboratory makes them."""
        case = self.case
        if self.rng.random() < FLOW_SHARE:
            yield "flow", Exhibit("flow.svg", *draw_fa_flow(self.rng, self.language))
        if case.pattern:
            yield from self.wafers()
        elif case.scenario.key in ("pin", "not-found"):
            yield "sat", self.package()
        if COMMONALITY in case.scenario.methods:
            yield "box", self.tools()
        if case.scenario.bitmap:
            yield "bitmap", self.bitmap()
        if case.scenario.place:
            yield from self.located()
        if case.scenario.current:
            yield "iv", self.currents()
        if case.scenario.key in SHMOOS:
            yield "shmoo", self.shmoo(SHMOOS[case.scenario.key])
        if case.find:
            yield from self.micrographs(case.find)

    # -------------------------------------------------------------------------------------------------- electrical

    def wafers(self) -> Iterator[tuple[str, Exhibit]]:
        """The wafer's map, and the lot's."""
        case, rng = self.case, self.rng
        others = rng.sample(OTHER_BINS, 2)
        text = WaferText(case.lot, f"#{case.wafer:02d}", case.source, (case.soft_bin, *others))
        patterns: tuple[str, ...] = (case.pattern,)
        if rng.random() < MIXED_SHARE:
            patterns = (case.pattern, rng.choice([name for name in MIXING if name != case.pattern]))
        exhibit = Exhibit("wafer.png", *make_wafer(self.numbers, patterns, self.die, text))
        self.measured |= {
            "wafer_yield": f"{exhibit.truth['yield_percent']:.1f} %",
            "good_dies": str(exhibit.truth["good"]),
            "dies": str(exhibit.truth["dies"]),
        }
        yield "wafer", exhibit
        if case.pattern in ("edge_ring", "edge_loc", "donut", "center"):
            yield "lot", Exhibit("lot.png", *make_lot(self.numbers, patterns, self.die, text))
        if rng.random() < TREND_SHARE:
            yield "trend", self.trend()

    def trend(self) -> Exhibit:
        """Yield of the product by week, down in the last one by what the lot lost."""
        rng, week = self.rng, self.case.schedule.requested.isocalendar().week
        weeks = [f"W{(week - back - 1) % 52 + 1:02d}" for back in range(TREND_WEEKS, -1, -1)]
        usual = rng.uniform(88, 96)
        values = [round(usual + rng.uniform(-0.6, 0.6), 1) for _ in weeks]
        values[-1] = round(values[-1] - self.case.loss_percent, 1)
        up = (YIELD.said(self.language), "%")
        drawn = draw_lines(rng, "", WEEK.said(self.language), weeks, up, [Series(self.case.product, tuple(values))])
        return Exhibit("trend.svg", *drawn)

    def tools(self) -> Exhibit:
        """A reading by tool: the one that made the defect differs from its sisters."""
        sisters = {self.case.tool}
        while len(sisters) < SISTERS:
            sisters.add(draw_tool(self.rng, self.case.tool[:3]))
        groups = draw_groups(self.rng, tuple(sorted(sisters)), self.case.tool)
        return Exhibit("box.svg", *draw_box(self.rng, self.language, groups))

    def package(self) -> Exhibit:
        """The package by its echoes: whole, as the fault lies in the die or nowhere."""
        return Exhibit(
            "sat.jpg", *make_acoustic(self.numbers, self.case.serial, f"{self.case.schedule.tested:%Y-%m-%d}")
        )

    def bitmap(self) -> Exhibit:
        """The window of the bank around the failing address."""
        address = self.case.address
        window = Window(address.bank, address.window_row, address.window_column, self.case.lot)
        row, column = address.row - address.window_row, address.column - address.window_column
        exhibit = Exhibit("bitmap.png", *make_bitmap(self.numbers, self.case.scenario.bitmap, row, column, window))
        self.measured["fbc"] = str(exhibit.truth["fail_bits"])
        self.measured["bank"] = f"BK{address.bank}"
        return exhibit

    def currents(self) -> Exhibit:
        """Current over voltage of the failing place and of a good one."""
        sweep = draw_sweep(self.rng, self.case.scenario.current)
        reference, failing = sweep.at_read()
        self.measured |= {"i_leak": written(failing), "i_ref": written(reference)}
        return Exhibit("iv.svg", *draw_iv(self.rng, self.language, sweep, title=f"{self.case.lot} I-V"))

    def shmoo(self, parameter: str) -> Exhibit:
        """Where the failing part passes, over the parameter that its test stresses."""
        grid = draw_grid(self.rng)
        while grid.parameter != parameter:
            grid = draw_grid(self.rng)
        return Exhibit("shmoo.svg", *draw_shmoo(self.rng, self.language, grid, title=f"{self.case.lot} shmoo"))

    # ------------------------------------------------------------------------------------------------- localisation

    def located(self) -> Iterator[tuple[str, Exhibit]]:
        """What the optical methods see; every method sees the same place."""
        case, place = self.case, self.case.scenario.place
        assert place is not None
        die = make_die(case.layout_seed)
        x, y = self.position(die)
        stratum = "high"
        spot = abnormal_spot(
            self.numbers, die, x, y, shape=place.shape, stratum=stratum, mechanism=place.mechanism, flat=place.flat
        )
        spot = replace(spot, snr=max(spot.snr, PRINTED_SNR))
        self.measured |= {"emmi_coord": f"({x:.1f}, {y:.1f}) µm", "emmi_block": spot.block}
        lens = self.rng.choice(place.lenses)
        self.measured["lens"] = lens
        if EMMI in case.scenario.methods:
            yield from self.emission(die, spot, lens, stratum)
        kind = "frame" if place.shape == "line" else "circle"
        for method, make in ((OBIRCH, make_obirch), (THERMAL, make_thermal)):
            if method in case.scenario.methods:
                exhibit = Exhibit(f"{method}.jpg", *make(self.numbers, die, spot, self.setup(method), lens))
                yield method, self.marked(exhibit, kind, term(case.language, FAULT))
        if place.block in (PERIPHERAL, "VPP_PUMP") and self.rng.random() < CLIP_SHARE:
            yield (
                "clip",
                Exhibit("clip.svg", *draw_clip(self.rng, self.language, (round(x, 1), round(y, 1)), spot.block)),
            )

    def emission(self, die: Die, spot: Spot, lens: str, stratum: str) -> Iterator[tuple[str, Exhibit]]:
        """The failing die and a good one."""
        failing, good = self.rng.uniform(14, 60), self.rng.uniform(3, 8)
        self.measured |= {"idd": f"{failing:.1f} mA", "idd_ref": f"{good:.1f} mA"}
        setup = self.setup("InGaAs", f"{failing:.1f}")
        sample = f"{self.case.parent_lot}-{self.case.wafer:02d} ref"
        pair = make_emmi(
            self.numbers,
            die,
            [spot],
            setup,
            reference=replace(setup, sample=sample, bias=f"VDD=1.1V IDD={good:.1f}mA"),
            lens=lens,
            stratum=stratum,
            backside=self.rng.random() < 0.25,
        )
        kind = "frame" if spot.shape == "line" else "circle"
        yield "emmi", self.marked(Exhibit("emmi.jpg", *pair.bad), kind, term(self.case.language, NG))
        yield "emmi_good", Exhibit("emmi_good.jpg", *pair.good)
        if self.rng.random() < SERIES_SHARE:
            steps = [(f"VDD={volts}V", share) for volts, share in RISING] + [(f"VDD=1.1V IDD={failing:.1f}mA", 1.0)]
            yield "series", Exhibit("series.jpg", *make_bias_series(self.numbers, die, spot, lens, steps))

    def position(self, die: Die) -> tuple[float, float]:
        """Where on the die the fault lies: at the failing address, or somewhere in the block that failed."""
        place, address = self.case.scenario.place, self.case.address
        assert place is not None
        across, down = address.column / COLUMNS, address.row / ROWS
        blocks = die.of_kind(place.block) or [die.block(place.block)]
        if place.block == PERIPHERAL:
            blocks = [block for block in blocks if block.name not in BRIGHT_BLOCKS]
        serving = [block for block in blocks if address.bank in block.banks]
        block = self.rng.choice(serving or blocks)
        if not serving:
            across, down = self.rng.uniform(0.15, 0.85), self.rng.uniform(0.25, 0.75)
        x, y = block.at(across, down)
        if place.block == CELL_ARRAY and place.mechanism == "driver_leakage":  # the drivers stand between the mats
            mat = (block.rect[2] - block.rect[0]) / die.mats[0]
            x = block.rect[0] + round((x - block.rect[0]) / mat) * mat + 4.5
        return x, y

    def setup(self, detector: str, milliamperes: str = "") -> Setup:
        """What the bar of an optical picture tells."""
        case, rng = self.case, self.rng
        return Setup(
            tool=case.camera,
            operator=case.people["analyst"].login,
            sample=f"{case.parent_lot}-{case.wafer:02d} {self.measured['die_xy'].replace('−', '-')}",
            date=f"{case.schedule.located:%Y-%m-%d} {rng.randint(8, 19):02d}:{rng.randint(0, 59):02d}",
            detector={"obirch": "1340 nm laser", "thermal": "InSb lock-in"}.get(detector, detector),
            integration=rng.choice((5, 10, 30, 60)),
            frames=rng.choice((1, 4, 10)),
            bias=f"VDD=1.1V IDD={milliamperes}mA" if milliamperes else f"VDD={rng.choice(('0.3', '0.5'))}V",
        )

    # ---------------------------------------------------------------------------------------------------- physical

    def micrographs(self, find: Find) -> Iterator[tuple[str, Exhibit]]:
        """The defect, marked; and a good place of the same structure under the same conditions."""
        case, rng = self.case, self.rng
        number = rng.randint(1, 40)
        exposure = Exposure(
            tool=case.microscope,
            operator=case.people["analyst"].login,
            file=f"{case.parent_lot}-{case.wafer:02d}_{find.layer}_{number:03d}.tif",
            date=f"{case.schedule.observed:%Y-%m-%d} {rng.randint(8, 19):02d}:{rng.randint(0, 59):02d}",
            kv=rng.choice(SECTION_KV if find.structure in SECTIONS else TOP_KV),
            working_mm=round(rng.uniform(1.8, 6.5), 1),
            detector=rng.choice(DETECTORS),
            style=rng.choice(list(BARS)),
        )
        exhibit = Exhibit("sem.jpg", *make_sem(self.numbers, find.structure, find.defect, case.pitch_nm, exposure))
        self.measured |= {
            "defect_size": f"{exhibit.truth['size_nm']} nm",
            "kv": f"{exposure.kv:g} kV",
            "magnification": f"{exhibit.truth['magnification'] // 1000} k×",
        }
        yield "sem", self.marked(exhibit, rng.choice(("frame", "arrow", "frame")), self.word(find.defect))
        good = replace(exposure, file=f"{case.parent_lot}-{case.wafer:02d}_{find.layer}_{number + 1:03d}.tif")
        yield "sem_good", Exhibit("sem_good.jpg", *make_sem(self.numbers, find.structure, "none", case.pitch_nm, good))
        if find.elements:
            yield "edx", Exhibit("edx.svg", *draw_edx(rng, self.language, find.elements))

    def word(self, defect: str) -> str:
        """What an engineer writes beside a defect, or nothing."""
        return self.rng.choice(("", term(self.case.language, CALL_OUTS[defect])))

    def marked(self, exhibit: Exhibit, kind: Any, text: str) -> Exhibit:
        """The exhibit with a mark at its abnormal place."""
        truth = exhibit.truth
        box = truth.get("box") or next(spot["box"] for spot in truth["hotspots"] if spot["abnormal"])
        marks = [Mark(kind, box, text, RED)]
        if "nm_per_px" in truth and self.rng.random() < 0.4:
            marks.append(Mark("dimension", box, self.measured["defect_size"], (255, 225, 0)))
        return Exhibit(exhibit.file, *annotated(exhibit.content, exhibit.shown, marks))


CALL_OUTS = {
    "leak": Phrase("leak path", "漏电点"),
    "tilt": Phrase("tilted", "倾倒", "tilt"),
    "void": Phrase("void", "空洞"),
    "seam": Phrase("seam", "缝隙"),
    "missing": Phrase("missing", "缺孔", "缺孔 missing"),
    "under_etch": Phrase("not open", "未打开", "under etch"),
    "bridge": Phrase("bridge", "桥接"),
    "micro_bridge": Phrase("residue", "残留"),
    "pinhole": Phrase("pinhole", "针孔"),
    "collapse": Phrase("collapse", "倒塌"),
    "particle": Phrase("particle", "颗粒"),
    "residue": Phrase("residue", "残留"),
    "scratch": Phrase("scratch", "划伤"),
    "open": Phrase("open", "开路"),
    "burn": Phrase("burnt", "烧毁", "burn"),
    "extrusion": Phrase("Cu", "Cu 挤出"),
    "peeling": Phrase("peeling", "剥离"),
}
