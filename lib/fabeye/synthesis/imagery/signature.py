"""A person's name as a picture: a signature in ink, or the red seal that signs for it.

Notable:
- The name is in pixels only, which is where redaction is easily forgotten.
"""

import io

import cv2
import numpy as np
from PIL import Image

from fabeye.schema import Sensitive
from fabeye.synthesis.imagery.picture import Colour, Sheet, encoded
from fabeye.synthesis.shown import PictureText, Shown

WIDTH, HEIGHT = 300, 96  # pixels
SIZE = 50
INKS: tuple[Colour, ...] = ((20, 30, 120), (10, 10, 20), (30, 30, 150))
SEAL_RED: Colour = (200, 16, 46)


def make_signature(rng: np.random.Generator, name: str, field: str = "") -> tuple[bytes, Shown]:
    """PNG and truth of a name signed in ink: slanted, uneven, with a stroke below."""
    sheet = Sheet.blank(WIDTH, HEIGHT)
    ink = INKS[int(rng.integers(len(INKS)))]
    size = min(SIZE, int(1.5 * (WIDTH - 70) / max(len(name.encode("gb18030")) * 0.85, 1)))
    sheet.write(34, HEIGHT / 2 - 4, name, size, ink, anchor="lm")
    end = sheet.texts[0].box[2] * WIDTH
    sheet.pen.line([30, HEIGHT - 20, end + rng.uniform(0, 20), HEIGHT - 26], fill=ink, width=3)
    x_HW, y_HW = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    slant = np.float32(rng.uniform(0.1, 0.25))
    wave_HW = 2.2 * np.sin(x_HW / np.float32(rng.uniform(14, 24)) + np.float32(rng.uniform(0, 6)))
    moved = cv2.remap(
        np.asarray(sheet.image),
        x_HW + slant * (y_HW - HEIGHT / 2),
        y_HW + wave_HW.astype(np.float32),
        cv2.INTER_LINEAR,
        None,
        cv2.BORDER_CONSTANT,
        (255, 255, 255),
    )
    reach = float(slant) * HEIGHT / 2 + 2
    x0, y0, x1, y1 = sheet.texts[0].box
    box = sheet.shares((x0 * WIDTH - reach, y0 * HEIGHT - 4, x1 * WIDTH + reach, y1 * HEIGHT + 4))
    truth = {"kind": "signature", "width": WIDTH, "height": HEIGHT}
    texts = (PictureText(name, box, field, Sensitive.PERSON.value),)
    return encoded(Image.fromarray(moved), "PNG"), Shown({"image_gt": truth}, texts)


def make_seal(name: str, field: str = "") -> tuple[bytes, Shown]:
    """PNG and truth of a square red seal with a name in it."""
    side = HEIGHT
    sheet = Sheet.blank(int(side * (0.9 + 0.24 * len(name))), side)
    width = sheet.image.width
    sheet.pen.rectangle([6, 6, width - 7, side - 7], outline=SEAL_RED, width=5)
    size = int(min(0.46 * side, (width - 28) / (len(name) * (1.02 if name[0] >= "\u2e80" else 0.62))))
    sheet.write(width / 2, side / 2, name, size, SEAL_RED, anchor="mm", field=field, kind=Sensitive.PERSON.value)
    return sheet.finished("seal", {})


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a picture in pixels. Raises OSError for what is no picture."""
    return Image.open(io.BytesIO(content)).size
