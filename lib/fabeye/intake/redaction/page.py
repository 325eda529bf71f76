"""One page: read, searched, painted over, looked at again. What runs in the worker processes.

Notable:
- A page is read once. The second pass gets what the first one has read, and reads anew only what paint in a picture
  has changed: recognition knows a letter's place to a third of a letter, so something may look out beside the paint.
  What is still found there is painted too; what is found even then, in the picture or in a string, sends the page to
  quarantine.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from fabeye.intake.pictures import as_png
from fabeye.intake.redaction.detect import Detector
from fabeye.intake.redaction.ink import Pixels, merged
from fabeye.intake.redaction.known import Known, load
from fabeye.intake.redaction.layer import layer_finds, layer_of, rewritten
from fabeye.intake.redaction.paint import cover, outline, write
from fabeye.intake.redaction.pseudonym import Pseudonyms
from fabeye.intake.redaction.reading import Reader, Reading
from fabeye.intake.redaction.runs import Box, Run, overlap
from fabeye.intake.redaction.search import Find, distinct, literal, search_page, search_text
from fabeye.intake.redaction.strings import Strings
from fabeye.schema import Element, Entity, Page, Sensitive
from fabeye.settings import RedactSettings

ROUNDS = 3  # times a page is painted and looked at again before it is given up
BLOT = "\uffff"  # stands for a letter that lies under paint
BESIDE = 2.0  # heights of a painted line beside it that are read again
UNDER_PAINT = 0.5  # share of a letter's width under paint from which on it is no letter
READABLE_SCORE = 0.6  # mean score of a page's lines, 0 to 1; below it the scan cannot be trusted to be understood
INKED = 0.01  # share of a page that is ink, from which on it must hold some text


@dataclass(frozen=True, slots=True)
class Job:
    """A page to work on, its key among the readings, what was read before, its truth, whether it must be readable."""

    page: Page
    key: str = ""
    reading: Reading | None = None
    elements: tuple[Element, ...] = ()
    entities: tuple[Entity, ...] = ()
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read on a page, what patterns alone find there, and "" or the reason why it cannot be read."""

    reading: Reading
    finds: tuple[tuple[Sensitive, str], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Painted:
    """A box that was painted over, and the placeholder for what was in it; written: what of that stands in this box."""

    kind: Sensitive
    original: str
    placeholder: str
    written: str
    box: tuple[int, int, int, int]
    recognised: bool


@dataclass(frozen=True, slots=True)
class Hidden:
    """A page without what is sensitive; `reason` says why it cannot be cleaned, and then it must not be used."""

    page: Page
    elements: tuple[Element, ...]
    entities: tuple[Entity, ...]
    painted: tuple[Entity, ...]
    reason: str


def gather(settings: RedactSettings, job: Job) -> Seen:
    """Read a page, if nobody has done it before, and look for what patterns find there."""
    detector, reader = tools(settings)
    layer = layer_of(job.page)
    reading = job.reading or reader.page(pixels(job.page.image), layer)
    finds = {(find.kind, find.text) for find in search_page(runs_of(layer, reading), detector, Known())}
    text = job.page.text_layer
    finds |= {(span.kind, text[span.start : span.end]) for span in detector.find(text)}
    return Seen(reading, tuple(sorted(finds)), _unreadable(reading) if job.strict else "")


def hide(settings: RedactSettings, known_file: Path, key: bytes, job: Job) -> Hidden:
    """Paint, rewrite and check a page, its elements and its entities; the job brings what was read on the page."""
    detector, reader = tools(settings)
    known = _known(known_file)
    pseudonyms = Pseudonyms(key, known.persons, known.codes)
    layer = layer_of(job.page)
    reading = job.reading or reader.page(pixels(job.page.image), layer)
    finds = search_page(runs_of(layer, reading), detector, known)
    if reading.layered:
        finds = distinct([*finds, *layer_finds(job.page, search_text(job.page.text_layer, detector, known))])
    image = pixels(job.page.image)
    painted: list[Painted] = []
    for _ in range(ROUNDS):
        fresh = _painted(image, finds, pseudonyms)
        painted += fresh
        beside = [run for box in _changed(fresh) for run in reader.region(image, box)]
        finds = search_page(_uncovered(beside, painted), detector, known)
        if not finds:
            break
    strings = Strings(detector, known, pseudonyms, tuple(dict.fromkeys((one.kind, one.original) for one in painted)))
    reason = f"{finds[0].kind.value} is still legible after {ROUNDS} rounds of painting" if finds else ""
    text, characters = ("", "")
    if reading.layered:
        text, characters = rewritten(job.page, [(one.box, one.written) for one in painted], strings.search)
    picture = encoded(image) if painted else job.page.image
    page = replace(job.page, image=picture, text_layer=text, characters=characters)
    strings.look_at(job.elements)
    elements = tuple(strings.element(element, painted_texts(painted, element)) for element in job.elements)
    entities = tuple(_entity(entity, painted, strings) for entity in job.entities)
    reason = reason or _still_written(page.text_layer, painted)
    return Hidden(page, elements, entities, tuple(_as_entity(page.page_id, one) for one in painted), reason)


def read_again(settings: RedactSettings, job: tuple[Page, Reading | None]) -> Reading:
    """Everything that recognition reads on a page, if nobody has done it before."""
    page, before = job
    return before or Reading(tuple(tools(settings)[1].whole(pixels(page.image))), layered=False, inked=0.0)


def painted_texts(painted: Sequence[Painted], element: Element) -> list[tuple[str, str]]:
    """Originals and placeholders of what was painted inside an element's box."""
    box = (element.x0, element.y0, element.x1, element.y1)
    return [(one.original, one.placeholder) for one in painted if _is_in(one.box, box)]


def runs_of(layer: Sequence[Run], reading: Reading) -> list[Run]:
    """All that is written on a page."""
    return [*(layer if reading.layered else ()), *reading.runs]


def pixels(image: bytes) -> Pixels:
    """A PNG's pixels (H, W, 3), blue first."""
    return np.ascontiguousarray(np.asarray(Image.open(io.BytesIO(image)).convert("RGB"))[:, :, ::-1])


def encoded(image: Pixels) -> bytes:
    """Pixels (H, W, 3), blue first, as PNG; grey ones as grey."""
    blue, green, red = image[..., 0], image[..., 1], image[..., 2]
    is_grey = np.array_equal(blue, green) and np.array_equal(green, red)
    return as_png(Image.fromarray(np.ascontiguousarray(blue if is_grey else image[..., ::-1])))


@lru_cache(maxsize=2)
def tools(settings: RedactSettings) -> tuple[Detector, Reader]:
    """Detector and reader of this process; they take a second or two to load."""
    folder = Path(settings.dictionaries) if settings.dictionaries else None
    return Detector(settings.kinds, settings.min_score, folder), Reader(settings.ocr_scale)


@lru_cache(maxsize=2)
def _known(path: Path) -> Known:
    return load(path)


def _unreadable(reading: Reading) -> str:
    """Why a page of a sensitive family cannot be trusted to be clean, or ""."""
    if reading.layered:
        return ""
    if not reading.runs:
        return "nothing on the page can be read, though something stands there" if reading.inked > INKED else ""
    mean = float(np.average([run.score for run in reading.runs], weights=[len(run.text) for run in reading.runs]))
    return f"the scan cannot be read well enough to be cleaned (mean score {mean:.2f})" if mean < READABLE_SCORE else ""


# ------------------------------------------------------------------------------------------------------------- painting


def _painted(image: Pixels, finds: Sequence[Find], pseudonyms: Pseudonyms) -> list[Painted]:
    """Paint every find; then, on the first of its boxes, write its placeholder, which may run on over blank paper."""
    outlines = [[outline(image, box, find.recognised) for box in find.boxes] for find in finds]
    for box in (box for boxes in outlines for box in boxes):
        cover(image, box)
    done = []
    for find, boxes in zip(finds, outlines, strict=True):
        placeholder = pseudonyms.of(find.kind, find.text)
        for count, box in enumerate(boxes):
            written = placeholder if count == 0 else ""
            taken = write(image, box, written) if written else box
            done.append(Painted(find.kind, find.text, placeholder, written, taken, find.recognised))
    return done


def _changed(painted: Sequence[Painted]) -> list[Box]:
    """Where paint lies on letters that were recognised, and something may look out beside it."""
    return merged([_with_line(one.box) for one in painted if one.recognised])


def _with_line(box: tuple[int, int, int, int]) -> Box:
    """A box with a letter or two at either end of its line."""
    x0, y0, x1, y1 = box
    across, down = (0, x1 - x0) if y1 - y0 > x1 - x0 else (y1 - y0, 0)
    return (
        float(x0 - BESIDE * across),
        float(y0 - BESIDE * down),
        float(x1 + BESIDE * across),
        float(y1 + BESIDE * down),
    )


def _uncovered(runs: Sequence[Run], painted: Sequence[Painted]) -> list[Run]:
    """The runs with a blot for every letter under paint: what was written there is ours."""
    return [_blotted(run, [one.box for one in painted if overlap(one.box, run.box) > 0]) for run in runs]


def _blotted(run: Run, boxes: Sequence[Box]) -> Run:
    if not boxes:
        return run
    text = "".join(
        BLOT if any(_is_in(letter, box) for box in boxes) else sign
        for sign, letter in zip(run.text, run.boxes, strict=True)
    )
    return replace(run, text=text)


def _is_in(inner: Box, outer: Box) -> bool:
    """True where the middle of a box lies in another, a little margin granted."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    margin = (inner[2] - inner[0]) * UNDER_PAINT
    return outer[0] - margin <= x <= outer[2] + margin and outer[1] <= y <= outer[3]


# ------------------------------------------------------------------------------------------------------------- strings


def _still_written(text: str, painted: Sequence[Painted]) -> str:
    for one in painted:
        if len(one.original) > 3 and literal(one.original).search(text):
            return f"{one.kind.value} still stands in the text layer"
    return ""


def _entity(entity: Entity, painted: Sequence[Painted], strings: Strings) -> Entity:
    """The entity as it can be read now: where its box was painted, what stands there instead."""
    box = (entity.x0, entity.y0, entity.x1, entity.y1)
    under = [one for one in painted if overlap(one.box, box) > 0 and (_is_in(box, one.box) or _is_in(one.box, box))]
    if not under:
        return entity
    text = strings.clean(entity.text, [(one.original, one.placeholder) for one in under])
    return replace(entity, text=under[0].placeholder if text == entity.text else text)


def _as_entity(page_id: str, one: Painted) -> Entity:
    x0, y0, x1, y1 = (float(edge) for edge in one.box)
    return Entity(
        page_id=page_id,
        field="",
        kind=one.kind.value,
        text=one.placeholder,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        in_picture=one.recognised,
    )
