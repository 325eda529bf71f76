"""One page: read, searched, painted over, read again. What runs in the worker processes.

Notable:
- What was read is kept in the work folder under a fingerprint of the picture, one small file that appears whole or not
  at all, so a run that was killed reads nothing twice. The work folder holds clear text, as the corpus itself does.
- The painted page is read as a whole, whatever its text layer said, and searched again. What is still found is painted
  too; what is found even then, in the picture or in a string, sends the page to quarantine.
"""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from fabeye.intake.redaction.detect import Detector
from fabeye.intake.redaction.known import Known, load
from fabeye.intake.redaction.layer import layer_finds, rewritten
from fabeye.intake.redaction.paint import Pixels, cover, outline, write
from fabeye.intake.redaction.pseudonym import Pseudonyms
from fabeye.intake.redaction.reading import VERSION, Reader
from fabeye.intake.redaction.runs import Box, Run, overlap
from fabeye.intake.redaction.search import Find, distinct, literal, search_page, search_text
from fabeye.intake.redaction.strings import Strings
from fabeye.ocr import ENGINE
from fabeye.schema import Element, Entity, Page, Sensitive
from fabeye.settings import RedactSettings
from fabeye.tables import write_json

ROUNDS = 3  # times a page is painted and read again before it is given up
BLOT = "\uffff"  # stands for a letter that lies under paint
UNDER_PAINT = 0.5  # share of a letter's width under paint from which on it is no letter
READABLE_SCORE = 0.6  # mean score of a page's lines, 0 to 1; below it the scan cannot be trusted to be understood
INKED = 0.01  # share of dark pixels of a page that must hold some text
DARK = 128  # grey level
PIXEL_DIGITS = 1


@dataclass(frozen=True, slots=True)
class Job:
    """A page to work on, the runs of its text layer, its truth, and whether it must be readable."""

    page: Page
    layer: tuple[Run, ...] = ()
    elements: tuple[Element, ...] = ()
    entities: tuple[Entity, ...] = ()
    strict: bool = False


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


def gather(settings: RedactSettings, work: Path, job: Job) -> tuple[list[tuple[Sensitive, str]], str]:
    """What patterns alone find on a page, and "" or the reason why the page cannot be read."""
    detector, reader = _tools(settings)
    runs = _read(job.page, job.layer, reader, work)
    finds = [(find.kind, find.text) for find in search_page(runs, detector, Known())]
    finds += [(span.kind, job.page.text_layer[span.start : span.end]) for span in detector.find(job.page.text_layer)]
    return finds, _unreadable(job, runs) if job.strict else ""


def hide(settings: RedactSettings, work: Path, known_file: Path, key: bytes, job: Job) -> Hidden:
    """Paint, rewrite and check a page, its elements and its entities."""
    detector, reader = _tools(settings)
    known = _known(known_file)
    pseudonyms = Pseudonyms(key, known.persons, known.codes)
    image = pixels(job.page.image)
    finds = search_page(_read(job.page, job.layer, reader, work), detector, known)
    if job.layer:
        finds = distinct([*finds, *layer_finds(job.page, search_text(job.page.text_layer, detector, known))])
    painted: list[Painted] = []
    for _ in range(ROUNDS):
        painted += _painted(image, finds, pseudonyms)
        seen = _read_pixels(image, reader, work)
        finds = search_page(_uncovered(seen, painted), detector, known)
        if not finds:
            break
    strings = Strings(detector, known, pseudonyms, tuple((one.kind, one.original) for one in painted))
    reason = f"{finds[0].kind.value} is still legible after {ROUNDS} rounds of painting" if finds else ""
    text, characters = _layer(job, strings, reader, painted)
    page = replace(job.page, image=encoded(image), text_layer=text, characters=characters)
    elements = tuple(strings.element(element, painted_texts(painted, element)) for element in job.elements)
    entities = tuple(_entity(entity, painted, strings) for entity in job.entities)
    reason = reason or _still_written(page.text_layer, painted)
    return Hidden(page, elements, entities, tuple(_as_entity(page.page_id, one) for one in painted), reason)


def read_again(settings: RedactSettings, work: Path, page: Page) -> list[Run]:
    """Everything that recognition reads on a page."""
    _, reader = _tools(settings)
    return _read_pixels(pixels(page.image), reader, work)


def painted_texts(painted: Sequence[Painted], element: Element) -> list[tuple[str, str]]:
    """Originals and placeholders of what was painted inside an element's box."""
    box = (element.x0, element.y0, element.x1, element.y1)
    return [(one.original, one.placeholder) for one in painted if _is_in(one.box, box)]


def pixels(image: bytes) -> Pixels:
    """A PNG's pixels (H, W, 3), blue first."""
    return np.ascontiguousarray(np.asarray(Image.open(io.BytesIO(image)).convert("RGB"))[:, :, ::-1])


def encoded(image: Pixels) -> bytes:
    """Pixels (H, W, 3), blue first, as PNG; grey ones as grey."""
    picture = Image.fromarray(np.ascontiguousarray(image[:, :, ::-1]))
    if not np.ptp(image, axis=2).any():
        picture = picture.convert("L")
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue()


@lru_cache(maxsize=2)
def _tools(settings: RedactSettings) -> tuple[Detector, Reader]:
    """Detector and reader of this process; they take a second or two to load."""
    folder = Path(settings.dictionaries) if settings.dictionaries else None
    return Detector(settings.kinds, settings.min_score, folder), Reader(settings.ocr_scale)


@lru_cache(maxsize=2)
def _known(path: Path) -> Known:
    return load(path)


# -------------------------------------------------------------------------------------------------------------- reading


def _read(page: Page, layer: Sequence[Run], reader: Reader, work: Path) -> list[Run]:
    """Runs of a page: of its layer, and what was recognised, from the work folder where it was read before."""
    said = "\n".join(run.text for run in layer)
    print_ = hashlib.sha256(f"{ENGINE} {VERSION} {reader.scale} page\n{said}\n".encode() + page.image).hexdigest()
    kept = work / f"{print_}.json"
    runs = _load(kept)
    if runs is None:
        runs = reader.page(pixels(page.image), layer)
        _save(kept, runs)
    return runs


def _read_pixels(image: Pixels, reader: Reader, work: Path) -> list[Run]:
    print_ = hashlib.sha256(f"{ENGINE} {VERSION} {reader.scale} {image.shape}".encode() + image.tobytes()).hexdigest()
    kept = work / f"{print_}.json"
    runs = _load(kept)
    if runs is None:
        runs = reader.whole(image)
        _save(kept, runs)
    return runs


def _save(path: Path, runs: Sequence[Run]) -> None:
    rows = [
        [run.text, [[round(edge, PIXEL_DIGITS) for edge in box] for box in run.boxes], run.score, run.recognised]
        for run in runs
    ]
    write_json(path, rows)


def _load(path: Path) -> list[Run] | None:
    """Runs that were kept, or None where there are none or the file is damaged."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [Run(text, tuple(tuple(box) for box in boxes), score, seen) for text, boxes, score, seen in rows]
    except (OSError, ValueError, TypeError):
        return None


def _unreadable(job: Job, runs: Sequence[Run]) -> str:
    """Why a page of a sensitive family cannot be trusted to be clean, or ""."""
    recognised = [run for run in runs if run.recognised]
    if any(not run.recognised for run in runs):
        return ""
    if recognised:
        mean = float(np.average([run.score for run in recognised], weights=[len(run.text) for run in recognised]))
        return (
            f"the scan cannot be read well enough to be cleaned (mean score {mean:.2f})"
            if mean < READABLE_SCORE
            else ""
        )
    share = float((pixels(job.page.image).min(axis=2) < DARK).mean())
    return "nothing on the page can be read, though something stands there" if share > INKED else ""


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


def _layer(job: Job, strings: Strings, reader: Reader, painted: Sequence[Painted]) -> tuple[str, str]:
    """Text layer and characters without what is sensitive; "" both where the layer is not what the page shows."""
    if job.layer and not reader.is_true(pixels(job.page.image), job.layer):
        return "", ""
    return rewritten(job.page, [(one.box, one.written) for one in painted], strings.search)


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
