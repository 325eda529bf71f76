"""Light that a powered die sends out, as a camera of single photons counts it.

Notable:
- A spot's strength is its peak over the noise of the smoothed picture (SNR), because that is what decides whether it
  can be seen; three strata say how hard a picture is.
- The optics' blur follows from wavelength and aperture; hot pixels and cosmic rays are removed as the instruments do.

Shapes: H, W pixels of the camera. SNR is a ratio; lengths in µm where a name ends in _um, else in pixels.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from fabeye.synthesis.imagery.die import CELL_ARRAY, COLUMN_DECODER, PAD, PERIPHERAL, ROW_DECODER, Die
from fabeye.synthesis.imagery.die_view import HEIGHT, WIDTH, Lens, View

WAVELENGTH_UM = 1.2  # middle of what an InGaAs camera sees
AIRY_SIGMA = 0.21  # standard deviation of the blur in units of wavelength / aperture
LEAST_BLUR_PX = 2.2  # the camera's own
HALO = 1.6  # how much silicon and lens widen the blur
SMOOTHING = 1.0  # pixels, standard deviation of the smoothing after the exposure
DARK, READ = 8.0, 5.0  # dark counts a frame and pixel, and standard deviation of the reading
HOT_SHARE = 3e-5  # pixels that are hot
# SNR of an abnormal spot; at "low" it drowns in any single pixel but not in its neighbourhood
STRATA = {"low": (1.0, 3.0), "middle": (3.0, 10.0), "high": (10.0, 120.0)}
SHAPES = ("point", "line", "cluster", "diffuse")
MECHANISMS = {
    PERIPHERAL: ("gate_oxide_leakage", "latch_up", "saturated_transistor"),
    CELL_ARRAY: ("junction_leakage", "wl_blc_leakage"),
    ROW_DECODER: ("driver_leakage",),
    COLUMN_DECODER: ("driver_leakage",),
    PAD: ("esd_damage",),
}
BRIGHT_BLOCKS = ("VPP_PUMP", "VBB_PUMP", "DLL", "VINT_REG", "CLK_TREE")  # these shine on a good die too


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that shines. x, y, size, length in µm; snr: peak over noise; flat: whether a line lies along x.

    block, kind, banks: what stands there. abnormal: whether a good die is dark there.
    """

    x: float
    y: float
    shape: str
    snr: float
    size: float
    length: float
    flat: bool
    block: str
    kind: str
    banks: tuple[int, ...]
    mechanism: str
    abnormal: bool


def normal_spots(rng: np.random.Generator, die: Die) -> list[Spot]:
    """What shines on every die of this layout: transistors in pumps, regulators and clocks."""
    chosen = rng.permutation(np.array(BRIGHT_BLOCKS))[: int(rng.integers(2, 5))]
    spots = []
    for name in chosen:
        block = die.block(str(name))
        middle = rng.uniform(0.3, 0.7)
        for _ in range(int(rng.integers(2, 7))):
            x, y = block.at(float(np.clip(rng.normal(middle, 0.1), 0.03, 0.97)), float(rng.uniform(0.2, 0.8)))
            size = float(rng.uniform(1.0, 2.2))
            snr = float(np.exp(rng.uniform(np.log(6), np.log(40))))
            spots.append(Spot(x, y, "point", snr, size, 0.0, True, block.name, PERIPHERAL, (), "normal", False))
    return spots


def abnormal_spot(
    rng: np.random.Generator,
    die: Die,
    x: float,
    y: float,
    *,
    shape: str,
    stratum: str,
    mechanism: str = "",
    flat: bool = True,
) -> Spot:
    """An abnormal spot at (x, y) µm; its SNR is drawn from the stratum, a mechanism from what its block can have."""
    block = die.block_at(x, y)
    low, high = STRATA[stratum]
    possible = MECHANISMS.get(block.kind, ("gate_oxide_leakage",))
    return Spot(
        x=x,
        y=y,
        shape=shape,
        snr=float(np.exp(rng.uniform(np.log(low), np.log(high)))),
        size=float(rng.uniform(1.0, 2.0)),
        length=float(rng.uniform(120, 420)),
        flat=flat,
        block=block.name,
        kind=block.kind,
        banks=block.banks,
        mechanism=mechanism or str(rng.choice(np.array(possible))),
        abnormal=True,
    )


def blur_px(lens: Lens, view: View) -> float:
    """Standard deviation of the optics' blur in pixels."""
    return max(LEAST_BLUR_PX, HALO * AIRY_SIGMA * WAVELENGTH_UM / lens.aperture / view.um_per_px)


def exposed(rng: np.random.Generator, view: View, lens: Lens, spots: list[Spot], frames: int) -> np.ndarray:
    """float32[H, W]: counts over dark, smoothed, in units of their own noise (1 where nothing shines)."""
    raw_sigma = np.sqrt((DARK + READ**2) * frames)
    light_HW = np.zeros((HEIGHT, WIDTH), np.float32)
    for spot in spots:
        _shine(rng, light_HW, view, blur_px(lens, view), spot)
    noise_gain = 1 / (2 * np.sqrt(np.pi) * SMOOTHING)  # what smoothing leaves of white noise
    photons_HW = rng.poisson(light_HW * (noise_gain * raw_sigma) + DARK * frames).astype(np.float32)
    counts_HW = np.asarray(photons_HW - DARK * frames, np.float32)
    counts_HW += rng.normal(0, READ * np.sqrt(frames), light_HW.shape).astype(np.float32)
    hot_HW = np.asarray(rng.random(light_HW.shape) < HOT_SHARE)
    counts_HW[hot_HW] += rng.uniform(20, 300, int(hot_HW.sum())) * raw_sigma
    smooth_HW = cv2.GaussianBlur(_despiked(counts_HW), (0, 0), SMOOTHING)
    thinned_HW = np.asarray(smooth_HW[::4, ::4], np.float32)
    middle = float(np.median(thinned_HW))
    spread = 1.4826 * float(np.median(np.abs(thinned_HW - middle)))
    return ((smooth_HW - middle) / spread).astype(np.float32)


def flickered(rng: np.random.Generator, spots: list[Spot]) -> list[Spot]:
    """The same spots on another die: each a little brighter or darker."""
    return [replace(spot, snr=spot.snr * float(np.exp(rng.normal(0, 0.25)))) for spot in spots]


def _shine(rng: np.random.Generator, light_HW: np.ndarray, view: View, blur: float, spot: Spot) -> None:
    """Add one spot, at its SNR in the smoothed picture."""
    x, y = view.pixel(spot.x, spot.y)
    sigma = blur * spot.size
    if spot.shape == "line":
        long = max(sigma, spot.length / view.um_per_px / 2.5)
        _gauss(light_HW, x, y, spot.snr, *((long, blur) if spot.flat else (blur, long)))
    elif spot.shape == "diffuse":
        wide = max(3 * blur, 25 * spot.size / view.um_per_px)
        _gauss(light_HW, x, y, spot.snr, wide, wide)
    else:
        _gauss(light_HW, x, y, spot.snr, sigma, sigma)
    if spot.shape == "cluster":
        for dx, dy in rng.normal(0, 60 / view.um_per_px, (int(rng.integers(2, 6)), 2)):
            _gauss(light_HW, x + dx, y + dy, spot.snr * rng.uniform(0.3, 0.8), blur, blur)


def _gauss(light_HW: np.ndarray, x: float, y: float, peak: float, wide: float, high: float) -> None:
    """Add a Gaussian whose peak is `peak` after the smoothing; only its neighbourhood is touched."""
    peak *= np.sqrt((1 + (SMOOTHING / wide) ** 2) * (1 + (SMOOTHING / high) ** 2))
    rows = slice(int(np.clip(y - 4 * high - 2, 0, HEIGHT)), int(np.clip(y + 4 * high + 3, 0, HEIGHT)))
    columns = slice(int(np.clip(x - 4 * wide - 2, 0, WIDTH)), int(np.clip(x + 4 * wide + 3, 0, WIDTH)))
    down = np.exp(-0.5 * ((np.arange(rows.start, rows.stop) - y) / high) ** 2)
    across = np.exp(-0.5 * ((np.arange(columns.start, columns.stop) - x) / wide) ** 2)
    light_HW[rows, columns] += (peak * down[:, None] * across[None, :]).astype(np.float32)


def _despiked(counts_HW: np.ndarray) -> np.ndarray:
    """Single pixels far over their neighbours' median become that median."""
    median_HW = cv2.medianBlur(counts_HW, 3)
    over_HW = counts_HW - median_HW
    spread = 1.4826 * float(np.median(np.abs(over_HW[::4, ::4])))
    return np.where(over_HW > 6 * spread, median_HW, counts_HW)
