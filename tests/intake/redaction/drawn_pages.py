"""Pages drawn here, with or without a text layer, whose every word is known."""

import io
import json
from pathlib import Path

import matplotlib
import mplfonts
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fabeye.intake.redaction.paint import Pixels
from fabeye.intake.redaction.runs import Box, Run
from fabeye.schema import Page, page_id

LATIN = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
CHINESE = Path(mplfonts.__file__).parent / "fonts"
SIZE = 20  # pixels of a letter's height


def font(size: int = SIZE) -> ImageFont.FreeTypeFont:
    """DejaVu Sans."""
    return ImageFont.truetype(str(LATIN), size)


def drawn(*words: tuple[int, int, str], size: tuple[int, int] = (640, 200), dark: bool = False) -> Pixels:
    """A page (H, W, 3) with words at (x, y)."""
    image = Image.new("RGB", size, "black" if dark else "white")
    for x, y, text in words:
        for sign, (left, *_) in letters(x, y, text):
            ImageDraw.Draw(image).text((left, y), sign, fill="white" if dark else "black", font=font())
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def letters(x: int, y: int, text: str) -> list[tuple[str, Box]]:
    """Where the letters of a word drawn at (x, y) are."""
    found = []
    for count, sign in enumerate(text):
        start, end = (float(x + round(font().getlength(text[:number]))) for number in (count, count + 1))
        found.append((sign, (start, float(y), end, float(y + SIZE + 4))))
    return found


def run(x: int, y: int, text: str, recognised: bool = False) -> Run:
    """A word drawn at (x, y) as a run."""
    return Run(text, tuple(box for _, box in letters(x, y, text)), 1.0, recognised)


def inked(x: int, y: int, text: str) -> Run:
    """A word drawn at (x, y) as the run of a text layer, whose boxes are those of its letters' ink."""
    boxes = []
    for sign, (left, top, right, bottom) in letters(x, y, text):
        mask, (across, down) = font().getmask2(sign, anchor="la")
        if sign == " ":
            boxes.append((left, top + 4, right, bottom - 4))
            continue
        x0, y0, x1, y1 = mask.getbbox()
        boxes.append((left + across + x0, float(y + down + y0), left + across + x1, float(y + down + y1)))
    return Run(text, tuple(boxes), 1.0, recognised=False)


def png(pixels: Pixels) -> bytes:
    """The picture as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1])).save(buffer, format="PNG")
    return buffer.getvalue()


def page(*words: tuple[int, int, str], document: str = "0" * 16, number: int = 0, layered: bool = True) -> Page:
    """A page of a document, with a text layer that says what is drawn, or as a scan."""
    text, boxes = "", []
    for x, y, word in words if layered else ():
        text += word + "\n"
        boxes += [[round(edge, 1) for edge in box] for box in inked(x, y, word).boxes] + [None]
    picture = drawn(*words)
    return Page(
        page_id=page_id(document, number),
        document_id=document,
        number=number,
        width=picture.shape[1],
        height=picture.shape[0],
        dpi=150.0,
        image=png(picture),
        text_layer=text,
        characters=json.dumps(boxes) if text else "",
    )
