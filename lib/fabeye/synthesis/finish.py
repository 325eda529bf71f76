"""What happens to a document after it is set: scanned, searched, locked, turned, annotated, as real files have been.

Notable:
- Every change says where the truth went: a scan's skew and a page's new margin are one homography a page, and all boxes
  follow it.
- Author, notes and attachments repeat persons, lots and mail addresses that stand on the document's own pages, so
  whatever hides them on the pages must hide them in the file as well.
- Nothing is stamped with a date or a random identifier: the same draw gives the same bytes. The password is of the
  old 128-bit kind for that reason; the newer ones salt themselves.
- A finish that changes nothing visible (notes, links, turned content streams) leaves every pixel at its place.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Pdf

from fabeye.degrade import degrade
from fabeye.geometry import Matrix, moved_boxes, rescaled
from fabeye.schema import Category, Sensitive
from fabeye.settings import FinishSettings
from fabeye.synthesis.hidden_text import add_hidden_text
from fabeye.synthesis.markup import to_plain
from fabeye.synthesis.truth import TruePage

Item = TypeVar("Item")

POINTS_PER_INCH = 72
SCAN_DPI = (150, 200)
SCAN_QUALITY = 88  # of the JPEG that a scanner writes
LEAST_SEVERITY = 0.2  # of the worst that the settings allow
PAGE_SHARE = 0.4  # of a document's pages, one at least, that a finish of single pages touches
MARGINS_PT = (18.0, 36.0, 72.0)  # added to a page's sides
NO_VIEW = 1 << 5  # annotation flag: kept in the file, not drawn on the screen
NOTE_PT = 18.0  # side of a note's icon


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """A page as it is in the end: its truth, the damage done, and how its points moved (in points)."""

    truth: TruePage
    operations: tuple[str, ...]
    homography: Matrix


@dataclass(frozen=True, slots=True)
class Finished:
    """A document as it is in the end."""

    pdf: bytes
    pages: tuple[FinishedPage, ...]


def finish(pdf: bytes, pages: Sequence[TruePage], rng: Random, settings: FinishSettings) -> Finished:
    """Draw and do what happens to a document after it was set; a pure function of its arguments."""
    chances = settings.model_dump(exclude={"severity"})
    drawn = {name for name, chance in chances.items() if rng.random() < chance}
    return finish_as(pdf, pages, rng, drawn, settings.severity)


def finish_as(pdf: bytes, pages: Sequence[TruePage], rng: Random, drawn: set[str], severity: float) -> Finished:
    """Do the finishes named in `drawn` (fields of FinishSettings); `severity` is that of the worst scan, 0 to 1.

    A scan has no text of its own, so of a scanned document's text nothing is broken.
    """
    if not drawn:
        return untouched(pdf, pages)
    done = [FinishedPage(page, (), np.eye(3)) for page in pages]
    document = pikepdf.open(io.BytesIO(pdf))
    if drawn & {"scan", "searchable"}:
        document, done = _scanned(pdf, done, rng, severity)
        if "searchable" in drawn:
            for sheet, page in zip(document.pages, done, strict=True):
                add_hidden_text(document, sheet, page.truth, rng)
    elif "broken_text" in drawn:
        _break_text(document, rng)
    if "resized" in drawn:
        done = _resized(document, done, rng)
    if "rotated" in drawn:
        _rotate(document, rng)
    if "bookmarks" in drawn:
        _bookmark(document, done)
    if "metadata" in drawn:
        _sign(document, pages)
    if "annotations" in drawn:
        _annotate(document, pages, rng)
    if "attachments" in drawn:
        _attach(document, pages)
    return Finished(_saved(document, locked="password" in drawn), tuple(done))


def untouched(pdf: bytes, pages: Sequence[TruePage]) -> Finished:
    """A document as it was set."""
    return Finished(pdf, tuple(FinishedPage(page, (), np.eye(3)) for page in pages))


def moved_page(page: TruePage, homography: Matrix, width: float, height: float) -> TruePage:
    """The page's truth after all its points moved, on a sheet of the given size; lengths in points."""
    boxes = iter(moved_boxes([one.box for one in page.truths] + [one.box for one in page.entities], homography))
    truths = tuple(replace(one, box=next(boxes)) for one in page.truths)
    entities = tuple(replace(one, box=next(boxes)) for one in page.entities)
    return replace(page, width=width, height=height, truths=truths, entities=entities)


def _scanned(pdf: bytes, pages: Sequence[FinishedPage], rng: Random, severity: float) -> tuple[Pdf, list[FinishedPage]]:
    """A new file whose pages are pictures of the old one's."""
    document, done = Pdf.new(), []
    dpi = rng.choice(SCAN_DPI)
    worst = severity * rng.uniform(LEAST_SEVERITY, 1)
    with pdfium.PdfDocument(pdf) as clean:
        for number, page in enumerate(pages):
            picture = np.array(clean[number].render(scale=dpi / POINTS_PER_INCH).to_pil().convert("RGB"))
            scale = picture.shape[1] / page.truth.width
            boxes = [tuple(edge * scale for edge in one.box) for one in page.truth.truths if one.text]
            damaged = degrade(picture, np.random.default_rng(rng.getrandbits(64)), worst, boxes)
            _add_picture(document, damaged.image, page.truth.width, page.truth.height)
            move = rescaled(damaged.homography, 1 / scale)
            truth = moved_page(page.truth, move, page.truth.width, page.truth.height)
            done.append(FinishedPage(truth, ("scan", *damaged.operations), move))
    return document, done


def _add_picture(document: Pdf, picture: np.ndarray, width: float, height: float) -> None:
    """Append a page of the given size in points, filled by a picture, uint8 (H, W, 3) RGB."""
    colour = bool((picture[..., :1] != picture[..., 1:]).any())
    shown = picture[..., ::-1] if colour else picture[..., 0]
    coded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, SCAN_QUALITY])[1].tobytes()
    image = document.make_stream(
        coded,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.shape[1],
        Height=picture.shape[0],
        ColorSpace=Name.DeviceRGB if colour else Name.DeviceGray,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    page = document.add_blank_page(page_size=(width, height))
    page.Resources = Dictionary(XObject=Dictionary(Scan=image))
    page.Contents = document.make_stream(f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Scan Do Q".encode())


def _break_text(document: Pdf, rng: Random) -> None:
    """Take the way from glyph to letter out of some fonts, one at least: their text can be seen but not copied."""
    fonts = {font.objgen: font for page in document.pages for font in page.Resources.get("/Font", {}).values()}
    mapped = [fonts[key] for key in sorted(fonts) if "/ToUnicode" in fonts[key]]
    for font in _some(mapped, rng):
        del font["/ToUnicode"]


def _resized(document: Pdf, pages: Sequence[FinishedPage], rng: Random) -> list[FinishedPage]:
    """Give some pages more margin, on a sheet whose origin is not its corner."""
    done = list(pages)
    for number in _some(range(len(pages)), rng):
        left, below, right, above = (rng.choice(MARGINS_PT) for _ in range(4))
        x0, y0, x1, y1 = (float(edge) for edge in document.pages[number].mediabox)
        document.pages[number].mediabox = Array([x0 - left, y0 - below, x1 + right, y1 + above])
        for name in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
            if name in document.pages[number]:
                del document.pages[number][name]
        move = np.array([[1, 0, left], [0, 1, above], [0, 0, 1.0]])
        page = done[number]
        truth = moved_page(page.truth, move, page.truth.width + left + right, page.truth.height + below + above)
        done[number] = FinishedPage(truth, page.operations, move @ page.homography)
    return done


def _rotate(document: Pdf, rng: Random) -> None:
    """Turn the content of some pages and tell the viewer to turn it back, so that all looks as before."""
    for number in _some(range(len(document.pages)), rng):
        page = document.pages[number]
        x0, y0, x1, y1 = (float(edge) for edge in page.mediabox)
        width, height = x1 - x0, y1 - y0
        turn, matrix = rng.choice(
            (
                (90, (0, 1, -1, 0, height + y0, -x0)),
                (180, (-1, 0, 0, -1, width + x0, height + y0)),
                (270, (0, -1, 1, 0, -y0, width + x0)),
            )
        )
        page.contents_add(f"q {' '.join(f'{number:.4f}' for number in matrix)} cm\n".encode(), prepend=True)
        page.contents_add(b"\nQ")
        page.mediabox = Array([0, 0, width, height] if turn == 180 else [0, 0, height, width])
        page.Rotate = turn


def _bookmark(document: Pdf, pages: Sequence[FinishedPage]) -> None:
    """Every title as a bookmark to its page."""
    with document.open_outline() as outline:
        outline.root.clear()
        for number, page in enumerate(pages):
            outline.root.extend(pikepdf.OutlineItem(title, number) for title in _titles(page.truth))


def _sign(document: Pdf, pages: Sequence[TruePage]) -> None:
    """Author, title and keywords, twice: in the information dictionary and as XMP."""
    persons, cases = _said(pages, Sensitive.PERSON), _said(pages, Sensitive.CASE, Sensitive.LOT)
    titles = [title for page in pages for title in _titles(page)]
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        if persons:
            document.docinfo["/Author"] = persons[0]
            xmp["dc:creator"] = persons[:2]
        if titles:
            document.docinfo["/Title"] = xmp["dc:title"] = titles[0]
        if cases:
            document.docinfo["/Keywords"] = xmp["pdf:Keywords"] = ", ".join(cases)


def _annotate(document: Pdf, pages: Sequence[TruePage], rng: Random) -> None:
    """A reviewer's note, and a link that writes to somebody; neither is drawn on the screen."""
    persons, mails, lots = (_said(pages, kind) for kind in (Sensitive.PERSON, Sensitive.EMAIL, Sensitive.LOT))
    page = document.pages[rng.randrange(len(document.pages))]
    x0, _, _, y1 = (float(edge) for edge in page.mediabox)
    place = Array([x0, y1 - NOTE_PT, x0 + NOTE_PT, y1])
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=place,
        F=NO_VIEW,
        Contents=pikepdf.String(" ".join(("please check", *lots[:1], *mails[:1]))),
        T=pikepdf.String((persons or ["reviewer"])[-1]),
    )
    kept = [document.make_indirect(note)]
    for mail in mails[:1]:
        action = Dictionary(S=Name.URI, URI=pikepdf.String(f"mailto:{mail}"))
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=place, Border=Array([0, 0, 0]), A=action)
        kept.append(document.make_indirect(link))
    page.Annots = Array([*page.get("/Annots", Array()), *kept])


def _attach(document: Pdf, pages: Sequence[TruePage]) -> None:
    """The values of the document as a small table in a file of its own."""
    rows = sorted({(one.field or one.kind, one.text) for page in pages for one in page.entities})
    content = "\n".join(("field,value", *(f'{name},"{text}"' for name, text in rows))) + "\n"
    name = "_".join(("values", *_said(pages, Sensitive.LOT)[:1])).replace("/", "-") + ".csv"
    document.attachments[name] = pikepdf.AttachedFileSpec(
        document,
        content.encode("utf-8"),
        description="",
        filename=name,
        mime_type="text/csv",
        creation_date="",
        mod_date="",
    )


def _titles(page: TruePage) -> list[str]:
    """The page's headings as somebody would type them."""
    return [to_plain(one.text) for one in page.truths if one.category is Category.TITLE and one.level == "block"]


def _said(pages: Sequence[TruePage], *kinds: Sensitive) -> list[str]:
    """What the pages say of these kinds, each once, in reading order."""
    wanted = {kind.value for kind in kinds}
    return list(dict.fromkeys(one.text for page in pages for one in page.entities if one.kind in wanted))


def _some(items: Sequence[Item], rng: Random) -> list[Item]:
    """About PAGE_SHARE of the items, one at least where there is any, in their order."""
    drawn = [rng.random() < PAGE_SHARE for _ in items]
    if items and not any(drawn):
        drawn[rng.randrange(len(items))] = True
    return [item for item, taken in zip(items, drawn, strict=True) if taken]


def _saved(document: Pdf, locked: bool) -> bytes:
    """The file's bytes; a locked one opens without a password but forbids copying."""
    buffer = io.BytesIO()
    if locked:
        permissions = pikepdf.Permissions(extract=False, modify_other=False)
        lock = pikepdf.Encryption(owner="fab", user="", R=3, aes=False, metadata=False, allow=permissions)
        document.save(buffer, static_id=True, encryption=lock)
    else:
        document.save(buffer, deterministic_id=True)
    return buffer.getvalue()
