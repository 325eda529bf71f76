"""What the probes are asked: pictures, patches and symbols of generated documents, whose truth is known.

Notable:
- Learn on train documents, test on gold documents. Symbols are sought across documents within the gold set.
- All pictures of a task have one size, so that none is told by its number of patches: pages and elements are seen
  through a square window, symbols lie on a sheet, defects are drawn for the probes (probe_pictures.py).
- Everything is drawn by hash of its name, so more documents do not change which old ones are drawn first.
- An experiment whose corpus has too few examples of a task leaves the task out and says so.
"""

import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from fabeye.degrade import degrade
from fabeye.evaluation.probes.attentive import attentive_accuracy
from fabeye.evaluation.probes.features import Features
from fabeye.evaluation.probes.linear import (
    BACKGROUND,
    Labelled,
    LabelledPatches,
    chance,
    patch_accuracy,
    picture_accuracy,
)
from fabeye.evaluation.probes.retrieval import Symbols, chance_recall, recall_at, symbols_in_common
from fabeye.evaluation.probes.robustness import Change, accuracy_under, resized
from fabeye.model import prepare_image
from fabeye.schema import Document, Element, Page, Split, document_of
from fabeye.settings import ProbeSettings
from fabeye.tables import read_table

from .probe_pictures import draw_task

BLOCK, LINE = "block", "line"
WINDOW = 112  # pixels of the square through which an element is seen, at the page's own resolution
SHEET = (56, 168)  # pixels, height and width, on which a symbol lies in its own size
SYMBOL_LENGTHS = range(2, 13)  # characters of a text that counts as a symbol
DAMAGE = {"light damage": 0.3, "heavy damage": 0.8}  # severities of degrade(), 0 to 1
SIZES = {"half size": 0.5, "quarter size": 0.25}  # shares of a picture's sides
WHITE = 255


@dataclass(frozen=True, slots=True)
class Tasks:
    """Everything the probes ask; a part that the corpus cannot fill is empty."""

    family: tuple[Labelled, Labelled]
    layout: tuple[LabelledPatches, LabelledPatches]
    category: tuple[Labelled, Labelled]
    sem: tuple[Labelled, Labelled]
    wafer: tuple[Labelled, Labelled]
    symbols: Symbols


def gather_tasks(corpus: Path, settings: ProbeSettings, patch: int, side: int) -> Tasks:
    """Read the tasks' pictures from a corpus, none with more patches than a square of `side` pixels.

    Raises TableError when the corpus is missing.
    """
    splits = {one.document_id: one for one in read_table(corpus / "documents", Document) if one.generated}
    parts = {
        split: _gather(corpus, {key: one for key, one in splits.items() if one.split == split}, count, patch, side)
        for split, count in ((Split.TRAIN, settings.train), (Split.GOLD, settings.test))
    }
    train, test = parts[Split.TRAIN], parts[Split.GOLD]
    return Tasks(
        family=(train.pages, test.pages),
        layout=(train.windows, test.windows),
        category=(train.crops, test.crops),
        sem=draw_task("sem", settings.drawn_train, settings.drawn_test, settings.seed, patch),
        wafer=draw_task("wafer", settings.drawn_train, settings.drawn_test, settings.seed, patch),
        symbols=test.symbols,
    )


def probe(features: Features, tasks: Tasks, settings: ProbeSettings) -> dict[str, float]:
    """Scores of one encoder on every task that has at least two classes in its training part; all from 0 to 1."""
    scores: dict[str, float] = {}
    for name, (train, test) in _picture_tasks(tasks).items():
        if _can_be_asked(train.labels, test.labels):
            scores[f"{name}_linear"] = picture_accuracy(features, train, test)
            scores[f"{name}_attentive"] = attentive_accuracy(features, train, test, settings.seed)
    if tasks.layout[0].images and tasks.layout[1].images:
        scores["layout_patch"] = patch_accuracy(features, *tasks.layout)
    if symbols_in_common(tasks.symbols.texts, tasks.symbols.documents):
        scores["symbol_recall"] = recall_at(features, tasks.symbols, settings.nearest)
    return scores


def probe_chance(tasks: Tasks, settings: ProbeSettings) -> dict[str, float]:
    """What a blind guess scores on the same tasks."""
    scores: dict[str, float] = {}
    for name, (train, test) in _picture_tasks(tasks).items():
        if _can_be_asked(train.labels, test.labels):
            known = [label for label in test.labels if label in set(train.labels)]
            scores[f"{name}_linear"] = scores[f"{name}_attentive"] = chance(known)
    if tasks.layout[0].images and tasks.layout[1].images:
        drawn = (label for boxes in tasks.layout[1].boxes for label, _ in boxes)
        scores["layout_patch"] = chance([BACKGROUND, *drawn])
    if symbols_in_common(tasks.symbols.texts, tasks.symbols.documents):
        scores["symbol_recall"] = chance_recall(tasks.symbols, settings.nearest)
    return scores


def probe_robustness(features: Features, tasks: Tasks, settings: ProbeSettings, patch: int) -> dict[str, float]:
    """The linear probe of defects in micrographs on pictures made smaller and on damaged ones."""
    train, test = tasks.sem
    return accuracy_under(_changes(settings.seed, patch), features, train, test)


def _picture_tasks(tasks: Tasks) -> dict[str, tuple[Labelled, Labelled]]:
    return {"family": tasks.family, "category": tasks.category, "sem": tasks.sem, "wafer": tasks.wafer}


def _can_be_asked(train: list[str], test: list[str]) -> bool:
    return len(set(train)) > 1 and len(set(train) & set(test)) > 1


def _changes(seed: int, patch: int) -> Mapping[str, Change]:
    unchanged: dict[str, Change] = {"as it is": lambda image: image}
    smaller = {name: resized(share, patch) for name, share in SIZES.items()}
    return unchanged | smaller | {name: _damaged(severity, seed) for name, severity in DAMAGE.items()}


def _damaged(severity: float, seed: int) -> Change:
    def change(image_CHW: Tensor) -> Tensor:
        pixels_HWC = ((image_CHW.permute(1, 2, 0) + 1) * WHITE / 2).round().byte().numpy()
        worse = degrade(np.ascontiguousarray(pixels_HWC), np.random.default_rng(seed), severity).image
        return (torch.from_numpy(worse).float() * 2 / WHITE - 1).permute(2, 0, 1)

    return change


@dataclass(frozen=True, slots=True)
class _Part:
    """What one split offers to the tasks."""

    pages: Labelled
    windows: LabelledPatches
    crops: Labelled
    symbols: Symbols


def _gather(corpus: Path, documents: Mapping[str, Document], count: int, patch: int, side: int) -> _Part:
    truth = [one for one in read_table(corpus / "truth", Element) if document_of(one.page_id) in documents]
    blocks = [one for one in truth if one.level == BLOCK]
    part = _Part(Labelled([], []), LabelledPatches([], []), Labelled([], []), Symbols([], [], []))
    crops = _by_page(sorted(blocks, key=_draw)[:count])
    symbols = _by_page(_symbol_elements(truth, count))
    shown = set(sorted({one.page_id for one in blocks}, key=_hash)[:count])
    on_page = _by_page(blocks)
    for page in read_table(corpus / "pages", Page):
        if page.page_id not in shown and page.page_id not in crops and page.page_id not in symbols:
            continue
        with Image.open(io.BytesIO(page.image)) as opened:
            picture = opened.convert("RGB")
        if page.page_id in shown:
            part.pages.images.append(prepare_image(square(picture, page.page_id, side, patch), patch, side))
            part.pages.labels.append(documents[page.document_id].family)
            _add_window(part.windows, page.page_id, picture, on_page[page.page_id], patch, side)
        for element in crops.get(page.page_id, []):
            part.crops.images.append(prepare_image(window(picture, element), patch, WINDOW))
            part.crops.labels.append(element.category)
        for element in symbols.get(page.page_id, []):
            part.symbols.images.append(prepare_image(on_sheet(picture, element), patch, max(SHEET)))
            part.symbols.texts.append(element.text)
            part.symbols.documents.append(page.document_id)
    return part


def square(picture: Image.Image, name: str, side: int, patch: int) -> Image.Image:
    """A square as wide as the page's shorter side, at a place drawn by `name`, scaled to whole patches below `side`."""
    short, whole = min(picture.size), side // patch * patch
    left = int(_hash(name), 16) % (picture.width - short + 1)
    top = int(_hash(name), 16) % (picture.height - short + 1)
    return picture.resize((whole, whole), Image.Resampling.LANCZOS, (left, top, left + short, top + short))


def window(picture: Image.Image, element: Element) -> Image.Image:
    """A square of WINDOW pixels around an element's middle; what lies beyond the page is white."""
    left = round((element.x0 + element.x1 - WINDOW) / 2)
    top = round((element.y0 + element.y1 - WINDOW) / 2)
    seen = Image.new("RGB", (WINDOW, WINDOW), "white")
    seen.paste(picture, (-left, -top))
    return seen


def on_sheet(picture: Image.Image, element: Element) -> Image.Image:
    """An element in its own size in the middle of a white sheet; of a larger one the middle."""
    height, width = SHEET
    x0, y0 = max(0, int(element.x0)), max(0, int(element.y0))
    x1, y1 = max(x0 + 1, round(element.x1)), max(y0 + 1, round(element.y1))
    sheet = Image.new("RGB", (width, height), "white")
    cut = picture.crop((x0, y0, min(picture.width, x1), min(picture.height, y1)))
    sheet.paste(cut, ((width - cut.width) // 2, (height - cut.height) // 2))
    return sheet


def _add_window(
    windows: LabelledPatches, page_id: str, picture: Image.Image, blocks: list[Element], patch: int, side: int
) -> None:
    """A square of `side` pixels at the page's own resolution, drawn by hash, with the boxes that reach into it."""
    whole = side // patch * patch
    if picture.width < whole or picture.height < whole:
        return
    draw = int(_hash(page_id), 16)
    left = draw % (picture.width - whole + 1)
    top = (draw >> 64) % (picture.height - whole + 1)
    cut = picture.crop((left, top, left + whole, top + whole))
    windows.images.append(prepare_image(cut, patch, side))
    windows.boxes.append([(one.category, _share(one, left, top, whole)) for one in blocks])


def _share(element: Element, left: int, top: int, side: int) -> tuple[float, float, float, float]:
    """An element's box in shares of a window; it may reach beyond."""
    x0, y0, x1, y1 = element.x0 - left, element.y0 - top, element.x1 - left, element.y1 - top
    return x0 / side, y0 / side, x1 / side, y1 / side


def _symbol_elements(truth: list[Element], count: int) -> list[Element]:
    """Short lines whose text occurs in two documents, most widespread texts first, one a document and text."""
    short = [one for one in truth if one.level == LINE and len(one.text) in SYMBOL_LENGTHS]
    once = {(document_of(one.page_id), one.text): one for one in sorted(short, key=_draw, reverse=True)}
    spread = Counter(text for _, text in once)
    shared = [one for one in once.values() if spread[one.text] > 1]
    return sorted(shared, key=lambda one: (-spread[one.text], _hash(one.text), _draw(one)))[:count]


def _by_page(elements: Iterable[Element]) -> dict[str, list[Element]]:
    pages: dict[str, list[Element]] = defaultdict(list)
    for one in elements:
        pages[one.page_id].append(one)
    return pages


def _draw(element: Element) -> str:
    return _hash(f"{element.page_id}-{element.order}")


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
