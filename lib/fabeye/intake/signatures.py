"""What a page looks like and says, in a few hundred bytes: enough to find its near-duplicates.

Notable:
- Before the picture is hashed the page is put straight and cut to its ink, so another scan, margin, resolution or
  compression of the same sheet gives almost the same bits.
- The words are a MinHash of letter runs without spaces, so line breaks and a few misread letters change little.
- A text layer that is not text (fonts that do not say which letters their glyphs are) counts as none.
- A page without a text layer, such as a scan, is read by the embedded recogniser where that is wanted: two forms of one
  template may differ less than two scans of one sheet, so looks alone cannot tell them apart.

Shapes: H, W rows and columns of a picture.
"""

import io
import unicodedata
from dataclasses import dataclass
from functools import cache

import cv2
import imagehash
import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray
from PIL import Image

from fabeye.ocr import TextRecogniser

SIDE = 640  # pixels of the longer side at which a page is looked at
HASH_SIDE = 16  # the picture's hash has this number squared of bits
PICTURE_BITS = HASH_SIDE**2
PERMUTATIONS = 64  # of the MinHash: the Jaccard index is known to about 1 / sqrt of it
RUN = 6  # letters in a run
PAPER_PX = 31  # side of the neighbourhood in which the paper's grey is sought
GRAIN = 20  # grey levels by which paper and noise differ from their surroundings
FULL_INK = 60.0  # grey levels beyond GRAIN from which on ink is ink
WHITE = 255
FRAME = 256  # pixels; side of the square that is hashed
SPREADS = 2.0  # standard deviations of the ink's places that the square reaches to each side
CLEARLY = 1.15  # times as much contrast that a turn must bring to be believed
TWINS = str.maketrans("oli|sbzμ", "0111582u")  # letters that are misread for each other, as one of them
TURNS_DEG = np.arange(-3, 3.01, 0.25)  # skews that are tried
READABLE = 0.9  # share of a text layer's characters that must be letters, digits or signs


@dataclass(frozen=True, slots=True)
class Signature:
    """A page's picture and words in short.

    picture: uint8 (PICTURE_BITS / 8), its perceptual hash. words: uint32 (PERMUTATIONS), its MinHash, all zero where
    letters is 0. letters: those of a usable text layer. ink: share of the page that is ink, 0 to 1.
    """

    picture: NDArray[np.uint8]
    words: NDArray[np.uint32]
    letters: int
    ink: float


def sign(image: bytes, text_layer: str, read_below: int = 0) -> Signature:
    """Signature of a page from its PNG bytes and its text layer; with fewer letters than `read_below` it is read."""
    picture = Image.open(io.BytesIO(image))
    ink = ink_of(np.asarray(picture.convert("L")))
    letters = usable_letters(text_layer)
    if len(letters) < read_below:
        letters = usable_letters(" ".join(line.text for line in _recogniser().read(picture.convert("RGB"))))
    return Signature(picture_hash(ink), word_hash(letters), len(letters), float((ink > FULL_INK / 2).mean()))


@cache
def _recogniser() -> TextRecogniser:
    return TextRecogniser()


def ink_of(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """float32 (H, W), the longer of them SIDE: how far the page differs from the paper around, 0 to FULL_INK."""
    share = SIDE / max(grey.shape)
    size = max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    step = cv2.absdiff(small, cv2.blur(small, (PAPER_PX, PAPER_PX))).astype(np.float32)
    return np.asarray(np.clip(step - GRAIN, 0, FULL_INK))


def picture_hash(ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Perceptual hash of a page's ink, put straight and laid over its middle; uint8 (PICTURE_BITS / 8)."""
    framed = _framed(straightened(ink))
    picture = Image.fromarray((WHITE - framed / FULL_INK * WHITE).astype(np.uint8))
    return np.packbits(imagehash.phash(picture, hash_size=HASH_SIDE).hash.ravel())


def straightened(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """The page turned by the angle at which its rows differ most from each other, as lines of type do.

    A page without lines, such as a picture, is as good at one angle as at another and stays as it is.
    """
    contrast = [_row_contrast(_turned(ink, float(angle))) for angle in TURNS_DEG]
    best = int(np.argmax(contrast))
    if contrast[best] < CLEARLY * _row_contrast(ink):
        return ink
    return _turned(ink, float(TURNS_DEG[best]))


def word_hash(letters: str) -> NDArray[np.uint32]:
    """MinHash of the runs of letters; uint32 (PERMUTATIONS), zero where there is no run."""
    runs = {letters[start : start + RUN].encode("utf-8") for start in range(len(letters) - RUN + 1)}
    if not runs:
        return np.zeros(PERMUTATIONS, np.uint32)
    hashed = MinHash(num_perm=PERMUTATIONS)
    hashed.update_batch(sorted(runs))
    return hashed.hashvalues.astype(np.uint32)


def usable_letters(text_layer: str) -> str:
    """The text layer without spaces, letters that look alike as one; "" where much of it is no text."""
    letters = "".join(unicodedata.normalize("NFKC", text_layer).lower().split())
    readable = sum(
        letter.isprintable() and letter != "\ufffd" and not "\ue000" <= letter <= "\uf8ff" for letter in letters
    )
    return letters.translate(TWINS) if readable >= READABLE * len(letters) else ""


def picture_distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Share of the bits in which two picture hashes differ: 0 for the same picture, about 0.5 for unrelated ones."""
    return float(np.bitwise_count(one ^ other).sum()) / PICTURE_BITS


def word_likeness(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> float:
    """Share of their runs of letters that two pages have in common (Jaccard index, estimated), 0 to 1."""
    return float((one == other).mean())


def _turned(ink: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR), np.float32)


def _row_contrast(ink: NDArray[np.float32]) -> float:
    return float(np.square(np.diff(ink.sum(axis=1))).sum())


def _framed(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """A square around the ink's centre of mass, as wide and high as its spread: both hardly change with the margins."""
    (x, across), (y, down) = _centre_and_spread(ink.sum(axis=0)), _centre_and_spread(ink.sum(axis=1))
    half_x, half_y = SPREADS * max(across, 1.0), SPREADS * max(down, 1.0)
    scale_x, scale_y = FRAME / (2 * half_x), FRAME / (2 * half_y)
    matrix = np.array([[scale_x, 0, FRAME / 2 - x * scale_x], [0, scale_y, FRAME / 2 - y * scale_y]])
    return np.asarray(cv2.warpAffine(ink, matrix, (FRAME, FRAME), flags=cv2.INTER_LINEAR), np.float32)


def _centre_and_spread(weights: NDArray[np.float32]) -> tuple[float, float]:
    """Mean and standard deviation of the places that carry the weights, in pixels; the middle where nothing does."""
    places = np.arange(len(weights))
    if weights.sum() <= 0:
        return len(weights) / 2, len(weights) / 4
    mean = float(np.average(places, weights=weights))
    return mean, float(np.sqrt(np.average(np.square(places - mean), weights=weights)))
