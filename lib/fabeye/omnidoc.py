"""Pages as OmniDocBench's JSON records, with what we know beyond it.

Notable:
- OmniDocBench's own keys stand first and mean what they mean there, so its evaluator reads our files.
- Added: dpi, a block's values with relation, number and unit, cells with their place in the table, the data behind a
  figure (chart_data, timing, image_gt), the values that a form asks for (kie), what must not leave the house (pii), and
  how the page was made (provenance).
- A polygon follows the page's skew: four corners, clockwise from the top left, in pixels.
- Records are written one at a time, so a gold set of any size takes no more memory than one page.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from fabeye.geometry import Box, Matrix, corners, quadrilateral
from fabeye.metrics.table import parse_table
from fabeye.metrics.values import find_values
from fabeye.schema import DATA_SOURCES, LANGUAGES, Category, Document, Element, Entity, Origin, Page, Source

BLOCK, LINE = "block", "line"
FIGURE_KEYS = ("chart_data", "timing", "image_gt")
CAPTIONS = {  # what belongs to what: a category -> the category of its owner
    Category.TABLE_CAPTION.value: Category.TABLE.value,
    Category.TABLE_FOOTNOTE.value: Category.TABLE.value,
    Category.FIGURE_CAPTION.value: Category.FIGURE.value,
    Category.FORMULA_NUMBER.value: Category.FORMULA.value,
}

DECIMALS = 3  # of a pixel

Record = dict[str, Any]


def page_record(
    page: Page,
    document: Document,
    elements: Sequence[Element],
    entities: Sequence[Entity] = (),
    origin: Origin | None = None,
) -> Record:
    """One page in OmniDocBench's form: its blocks with their cells and lines, their relations, and what we add.

    elements, entities: those of this page. A line or a cell that lies in no block of its category is left out.
    """
    homography = np.array(json.loads(origin.homography)) if origin else np.eye(3)
    blocks = sorted((one for one in elements if one.level == BLOCK), key=lambda one: one.order)
    lines = [one for one in elements if one.level == LINE]
    return {
        "page_info": _page_info(page, document, origin),
        "layout_dets": _detections(blocks, lines, homography),
        "extra": {"relation": _relations(blocks)},
        "kie": [_key_value(one, page, homography) for one in entities if one.field],
        "pii": [_sensitive(one, homography) for one in entities if one.kind],
        "provenance": _provenance(document, origin),
    }


def write_records(path: Path, records: Iterable[Record]) -> int:
    """Write records as a JSON array, atomically; returns how many. Raises OSError when the disk is full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft, written = path.with_name(path.name + ".draft"), 0
    with draft.open("w", encoding="utf-8") as file:
        for record in records:
            file.write("[\n" if written == 0 else ",\n")
            json.dump(record, file, ensure_ascii=False, indent=1)
            written += 1
        file.write("\n]\n" if written else "[]\n")
    os.replace(draft, path)
    return written


def _page_info(page: Page, document: Document, origin: Origin | None) -> Record:
    attributes = json.loads(origin.attributes) if origin else {}
    return {
        "page_no": page.number,
        "width": page.width,
        "height": page.height,
        "dpi": page.dpi,
        "image_path": f"{page.page_id}.png",
        "page_attribute": {
            "data_source": DATA_SOURCES.get(document.family, document.family),
            "language": LANGUAGES.get(document.language, document.language),
            **attributes,
        },
    }


def _detections(blocks: Sequence[Element], lines: Iterable[Element], homography: Matrix) -> list[Record]:
    """Blocks first, numbered from 0; their cells and lines go on counting, so an anno_id is unique on its page."""
    found = [{"anno_id": number, **_block(block, homography)} for number, block in enumerate(blocks)]
    numbers = count(len(blocks))
    for line in sorted(lines, key=lambda one: (one.order, one.y0, one.x0)):
        owner = _owner(line, blocks)
        if owner is None:
            continue
        part = {"anno_id": next(numbers), "poly": _poly(line, homography), "text": line.text}
        if found[owner]["category_type"] == Category.TABLE:
            found[owner].setdefault("cells", []).append({**_place(line), **part})
        else:
            found[owner].setdefault("line_with_spans", []).append({"category_type": "text_span", **part})
    return found


def _block(element: Element, homography: Matrix) -> Record:
    notation = {name: value for name, value in (("html", element.html), ("latex", element.latex)) if value}
    detail = _detail(element)
    return {
        "category_type": element.category,
        "poly": _poly(element, homography),
        "order": element.order,
        "ignore": False,
        "text": element.text,
        **notation,
        **_values(element),
        "attribute": _attribute(element),
        **{key: detail[key] for key in FIGURE_KEYS if key in detail},
    }


def _values(element: Element) -> Record:
    """What the evaluator finds of values with units in a block, a table cell by cell; nothing where there is none."""
    if element.category == Category.TABLE:
        found = [value for cell in parse_table(element.html).cells for value in find_values(cell.inner, cell=True)]
    else:
        found = find_values(element.text)
    return {"values": [asdict(value) for value in found]} if found else {}


def _attribute(element: Element) -> Record:
    return {"with_span": "span=" in element.html} if element.category == Category.TABLE else {}


def _place(cell: Element) -> Record:
    """Row, column and spans of a cell; nothing where a teacher or a person drew it without saying."""
    detail = _detail(cell)
    if "row" not in detail:
        return {}
    return {
        "row": detail["row"],
        "col": detail["column"],
        "rowspan": detail.get("rowspan", 1),
        "colspan": detail.get("colspan", 1),
    }


def _owner(line: Element, blocks: Sequence[Element]) -> int | None:
    """Index of the smallest block of the line's category that holds its centre."""
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    around = [
        ((block.x1 - block.x0) * (block.y1 - block.y0), index)
        for index, block in enumerate(blocks)
        if block.category == line.category and block.x0 <= x <= block.x1 and block.y0 <= y <= block.y1
    ]
    return min(around)[1] if around else None


def _relations(blocks: Sequence[Element]) -> list[Record]:
    """Captions and notes with what they belong to, and a paragraph's pieces in their order.

    A piece that goes on from the page before has no earlier one here; tables that do are none of OmniDocBench's.
    """
    found = []
    for number, block in enumerate(blocks):
        if owner := CAPTIONS.get(block.category):
            near = _nearest(number, owner, blocks)
            found += [_relation(near, number, "parent_son")] if near is not None else []
        elif block.category != Category.TABLE and _detail(block).get("continues"):
            earlier = [index for index in range(number) if blocks[index].category == block.category]
            found += [_relation(earlier[-1], number, "truncated")] if earlier else []
    return found


def _nearest(number: int, category: str, blocks: Sequence[Element]) -> int | None:
    """The block of `category` with the least gap to block `number`, the earlier one of two."""
    own = blocks[number]
    gaps = [(_gap(own, other), index) for index, other in enumerate(blocks) if other.category == category]
    return min(gaps)[1] if gaps else None


def _gap(one: Element, other: Element) -> float:
    """Pixels of white between two boxes, across and down together; 0 where they touch or overlap."""
    across = max(one.x0 - other.x1, other.x0 - one.x1, 0.0)
    down = max(one.y0 - other.y1, other.y0 - one.y1, 0.0)
    return across + down


def _relation(source: int, target: int, kind: str) -> Record:
    return {"source_anno_id": source, "target_anno_id": target, "relation_type": kind}


def _key_value(entity: Entity, page: Page, homography: Matrix) -> Record:
    return {
        "field": entity.field,
        "value": entity.text,
        "page": page.number,
        "poly": _poly(entity, homography),
        "in_image": entity.in_picture,
    }


def _sensitive(entity: Entity, homography: Matrix) -> Record:
    poly = _poly(entity, homography)
    return {"type": entity.kind, "text": entity.text, "poly": poly, "in_image": entity.in_picture}


def _provenance(document: Document, origin: Origin | None) -> Record:
    if origin is None:
        return {"document": document.path, "sha256": document.sha256}
    return {
        "family": origin.family,
        "language": origin.language,
        "seed": origin.seed,
        "index": origin.index,
        "scenario": origin.scenario,
        "degradation": {"ops": json.loads(origin.operations), "H": json.loads(origin.homography)},
    }


def _poly(boxed: Element | Entity, homography: Matrix) -> list[float]:
    """Eight numbers; what a person or a teacher drew was upright from the start and stays so."""
    box: Box = (boxed.x0, boxed.y0, boxed.x1, boxed.y1)
    drawn = isinstance(boxed, Element) and boxed.source != Source.TRUTH
    found = corners(box) if drawn else quadrilateral(box, homography)
    return [round(float(edge), DECIMALS) for edge in found.ravel()]


def _detail(element: Element) -> Mapping[str, Any]:
    detail: dict[str, Any] = json.loads(element.detail) if element.detail else {}
    return detail
