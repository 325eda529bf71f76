"""A project folder with a little of everything, written by hand in a second: what the report and the app read."""

import csv
import hashlib
import io
import shutil
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from fabeye.evaluation.gold import load_gold
from fabeye.intake.card import write_card
from fabeye.parsing.reader_scores import score_reader
from fabeye.paths import Paths
from fabeye.schema import Document, Element, Page, Quarantined, Reading, page_id
from fabeye.settings import STAGES, load_settings
from fabeye.tables import write_json, write_table

HOSTILE = "<script>alert(1)</script>"
HOSTILE_FAMILY = "<b>fam</b>"
WIDTH, HEIGHT = 420, 594
REDACTED = {"pages": 8, "passed": 6, "quarantined": 1, "hidden": {"LOT": 5, "PERSON": 4, "ADDRESS": 0}}
AUDIT = {
    "pages": 7,
    "quarantined": 1,
    "kinds": [
        {"kind": "LOT", "place": "picture", "truth": 4, "found": 3, "leaked": 1, "quarantined": 0, "recall": 0.75},
        {"kind": "LOT", "place": "text", "truth": 6, "found": 6, "leaked": 0, "quarantined": 0, "recall": 1.0},
        {"kind": "PERSON", "place": "text", "truth": 5, "found": 5, "leaked": 0, "quarantined": 2, "recall": 1.0},
    ],
    "precision": {"LOT": {"boxes": 12, "right": 11, "precision": 0.9167}},
    "misses": [{"page_id": "0-0001", "kind": "LOT", "text": HOSTILE, "in_picture": True, "why": "pixels"}],
}
CLONE = Path(__file__).resolve().parents[2]


def write_project(root: Path) -> Path:
    """Four documents of two pages, their parses, gold set, readings, metrics and curves; returns root."""
    paths = Paths(root)
    shutil.copytree(CLONE / "conf", root / "conf")
    shutil.copy(CLONE / "params.yaml", root / "params.yaml")
    (root / "dvc.yaml").write_text("stages: {}\n")
    documents = [_document(index) for index in range(4)]
    pages = [_page(document, number) for document in documents for number in range(2)]
    write_table(paths.curated / "documents", Document, documents)
    write_table(paths.curated / "pages", Page, pages)
    write_table(paths.curated / "truth", Element, [each for page in pages[:-2] for each in _truth(page)])
    write_table(paths.curated / "quarantine", Quarantined, [_quarantined(f"data/raw/domain/bad/{HOSTILE}.pdf", -1)])
    write_table(paths.parses / "elements", Element, [each for page in pages for each in _parse(page)])
    write_table(paths.parses / "quarantine", Quarantined, [])
    write_card(paths.curated, REDACTED, samples=4)
    write_json(paths.curated / "audit.json", AUDIT)
    _write_gold(paths, pages[:2])
    _write_readers(paths, pages[:2])
    _write_metrics(paths.reports)
    return root


def page_ids() -> list[str]:
    """Ids of the pages written, in order; the first is page 0 of an English document with truth."""
    return [page_id(_document(index).document_id, number) for index in range(4) for number in range(2)]


def _document(index: int) -> Document:
    sha256 = hashlib.sha256(str(index).encode()).hexdigest()
    generated = index < 3
    return Document(
        document_id=sha256[:16],
        layer="domain",
        family="jedec" if generated else HOSTILE_FAMILY,
        language=("en", "zh", "en", "und")[index],
        path=f"data/corpus/generated/jedec/{index}.pdf",
        sha256=sha256,
        pages=2,
        split=("gold", "train", "validation", "train")[index],
        generated=generated,
    )


def _page(document: Document, number: int) -> Page:
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    brush = ImageDraw.Draw(image)
    brush.text((42, 46), "JESD79 Timing", fill="black")
    for row in range(8):
        brush.text((42, 120 + 14 * row), f"row {row} tCK(avg) 0.{625 + row} ns", fill="black")
    brush.rectangle((60, 330, 300, 500), fill=(70, 90, 140))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return Page(
        page_id=page_id(document.document_id, number),
        document_id=document.document_id,
        number=number,
        width=WIDTH,
        height=HEIGHT,
        dpi=50,
        image=buffer.getvalue(),
        text_layer="",
    )


def _truth(page: Page) -> list[Element]:
    return [
        _element(page, 0, "title", "block", (40, 40, 200, 64), "JESD79 Timing", "truth"),
        _element(page, 1, "table", "block", (40, 116, 240, 236), f"tCK {HOSTILE}", "truth"),
        _element(page, 2, "table", "line", (40, 116, 240, 130), f"cell {HOSTILE}", "truth"),
        _element(page, 3, "figure", "block", (60, 330, 300, 500), "", "truth"),
    ]


def _parse(page: Page) -> list[Element]:
    return [
        _element(page, 0, "text_block", "line", (42, 44, 190, 62), "JESD79 Timlng", "rapidocr", 0.91),
        _element(page, 1, "text_block", "line", (42, 118, 230, 130), f"row 0 {HOSTILE}", "rapidocr", 0.75),
    ]


def _element(
    page: Page,
    order: int,
    category: str,
    level: str,
    box: tuple[float, float, float, float],
    text: str,
    source: str,
    score: float = 1.0,
) -> Element:
    x0, y0, x1, y1 = box
    return Element(
        page_id=page.page_id,
        order=order,
        category=category,
        level=level,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        text=text,
        html="",
        latex="",
        score=score,
        source=source,
    )


def _quarantined(path: str, page: int) -> Quarantined:
    return Quarantined(path=path, page=page, stage="corpus", reason=f"not a PDF {HOSTILE}")


def _write_gold(paths: Paths, pages: list[Page]) -> None:
    (paths.gold / "images").mkdir(parents=True)
    for page in pages:
        (paths.gold / "images" / f"{page.page_id}.png").write_bytes(page.image)
    regions = [(page, element) for page in pages for element in _truth(page) if element.text]
    said = {"rapidocr": "JESD79 Timlng", "v0.5": "JE 79 7im", "v1.0": "JESD79 Timing"}
    teacher = [_reading(page, element, "rapidocr", said["rapidocr"]) for page, element in regions]
    encoders = [_reading(page, element, name, said[name]) for name in ("v0.5", "v1.0") for page, element in regions]
    write_table(paths.baseline / "readings", Reading, teacher)
    write_table(paths.evaluation / "readings", Reading, encoders)


def _write_readers(paths: Paths, pages: list[Page]) -> None:
    """gold.json, the teacher's and v1.0's readings of its pages with their scores, and a verdict."""
    write_json(paths.gold / "gold.json", [_gold_record(page) for page in pages])
    write_json(paths.gold / "agreement.json", {"agreement": {"pages": 2, "region_f1_50": 0.9}, "to_settle": []})
    write_json(paths.parses / "teacher.json", {"teacher": "rapidocr", "parameters": {"rapidocr": HOSTILE}})
    gold, settings = load_gold(paths.gold), load_settings(CLONE).evaluate
    for folder, title in ((paths.baseline, "JESD79 Timlng"), (paths.evaluation, "JESD79 Timing")):
        elements = {
            page.page_id: [_element(page, 0, "title", "block", (40, 40, 200, 64), title, "rapidocr")] for page in pages
        }
        score_reader(paths.gold / "gold.json", gold, elements, folder, settings.composite, settings.gate)
    said = {"outcome": "undecided", "en": "Undecided: too few documents.", "zh": "未定：文档太少。"}
    write_json(paths.evaluation / "verdict.json", said)


def _gold_record(page: Page) -> dict[str, Any]:
    info = {"page_no": page.number, "width": WIDTH, "height": HEIGHT, "image_path": f"{page.page_id}.png"}
    poly = [40, 40, 200, 40, 200, 64, 40, 64]
    texts = [("title", "JESD79 Timing"), ("text_block", f"row 0 {HOSTILE} 1.2 V")]
    blocks = [
        {"anno_id": at, "category_type": category, "poly": poly, "order": at, "text": text}
        for at, (category, text) in enumerate(texts)
    ]
    attribute = {"data_source": "jedec_standard", "language": "english"}
    return {"page_info": {**info, "page_attribute": attribute}, "layout_dets": blocks}


def _reading(page: Page, element: Element, reader: str, text: str) -> Reading:
    return Reading(
        region_id=f"{page.page_id}-{element.order}",
        page_id=page.page_id,
        family="jedec",
        language="en",
        category=element.category,
        x0=element.x0,
        y0=element.y0,
        x1=element.x1,
        y1=element.y1,
        reader=reader,
        truth=element.text,
        text=text,
    )


def _write_metrics(reports: Path) -> None:
    metrics, plots = reports / "metrics", reports / "plots"
    plots.mkdir(parents=True)
    baseline = {
        "text_edit": {"all": 0.21, "by_family": {"jedec": 0.2, HOSTILE: 0.3}, "by_language": {"en": 0.18, "zh": 0.24}},
        "region_cer": {
            "all": 0.07,
            "by_language": {"en": 0.05, "zh": 0.1},
            "by_category": {"title": 0.02, "table": 0.12},
        },
        "pages": 2,
        "regions": 6,
    }
    write_json(metrics / "baseline.json", baseline)
    write_json(metrics / "parse.json", {"pages": 2, "doubted": 0, "quarantined": 0, "tokens_out": 1234.0})
    for place, stage in enumerate(STAGES):
        first = {"text": 6.0 - place, "image": 1.0, "total": 6.4 - place}
        last = {"text": 5.0 - place, "image": 1.1, "total": 5.44 - place}
        content = {"samples": 100, "parameters": 123456, "validation_first": first, "validation_last": last}
        write_json(metrics / f"pretrain_{stage}.json", content)
        for part in ("train", "validation"):
            _write_curve(plots / f"pretrain_{stage}_{part}.csv", first, last)
    losses = {"text": 3.0, "image": 1.0, "total": 3.4}
    evaluation = {
        "validation": {"v0.5": {**losses, "text": 4.0}, "v1.0": losses},
        "reading": {"rapidocr": {"region_cer": 0.07}, "v0.5": {"region_cer": 0.9}, "v1.0": {"region_cer": 0.6}},
        "probes": {
            "v0.5": {"layout_patch": 0.6},
            "v1.0": {"layout_patch": 0.7, "symbol_recall": 0.5},
            "untrained": {"layout_patch": 0.4},
            "chance": {"symbol_recall": 0.1},
        },
        "robustness": {"v1.0": {"as it is": 0.9, "half size": 0.8}},
        "regions": 6,
    }
    write_json(metrics / "evaluate.json", evaluation)
    notebooks = reports / "notebooks"
    notebooks.mkdir()
    (notebooks / "01_corpus.html").write_text("<html></html>")
    (notebooks / "09_report.html").write_text("<html></html>")


def _write_curve(path: Path, first: dict[str, float], last: dict[str, float]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["samples", "text", "image", "total"])
        writer.writeheader()
        for step in range(6):
            share = step / 5
            losses = {name: round(first[name] + share * (last[name] - first[name]), 4) for name in first}
            writer.writerow({"samples": 20 * step, **losses})
