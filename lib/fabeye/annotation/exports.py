"""What people marked in Label Studio, as elements: JSON exports in, one list of elements a page out.

Notable:
- A region is several result items with one id: the rectangle, and the texts and numbers that hang on it. A rectangle is
  a block of the layout, a value that a form asks for, or a defect, which is kept with the figure around it.
- Of several annotations of a page an adjudicated one counts, else the last one that was not cancelled; a later export
  file wins over an earlier one (in order of path).
- Boxes come in percent of the picture and become pixels.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fabeye.errors import FabeyeError
from fabeye.schema import Category, Element, Entity, Page, Source

PERCENT = 100.0
PIXEL_DIGITS = 1
SHARE_DIGITS = 4
ADJUDICATED = "adjudicated"  # the round whose word is the last
FIRST = "first"  # the round of exports that name none
FIELDS = (  # values of a form that annotation/layout.xml has a label for
    *("case_no", "product", "lot_id", "wafer_id", "fail_mode", "source", "requester", "analyst", "request_date"),
    *("customer", "tool", "chamber", "recipe", "serial"),
)
KNOWN_CATEGORIES = tuple(category.value for category in Category)


class ExportError(FabeyeError):
    """An export cannot be used; the text names the file and what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """What a person says is on one page; boxes in percent of the picture until `on_page` turns them into pixels.

    annotator: who, without a name. round: "first", "second" or "adjudicated". when: of the last change, as text.
    """

    page_id: str
    elements: tuple[Element, ...]
    entities: tuple[Entity, ...] = ()
    annotator: str = ""
    round: str = FIRST
    when: str = ""

    def on_page(self, page: Page) -> list[Element]:
        """The elements in pixels of `page`."""
        return [_scaled(element, page.width / PERCENT, page.height / PERCENT) for element in self.elements]

    def values_on_page(self, page: Page) -> list[Entity]:
        """The form's values in pixels of `page`."""
        return [_scaled(entity, page.width / PERCENT, page.height / PERCENT) for entity in self.entities]


def deciding(versions: Mapping[str, Sequence[Annotated]]) -> dict[str, Annotated]:
    """Of the annotations of each page, in the order of their files, the one that counts."""
    return {page: (_adjudicated(said) or list(said))[-1] for page, said in versions.items()}


def settled(versions: Mapping[str, Sequence[Annotated]]) -> list[str]:
    """The pages on which a third person has had the last word."""
    return [page for page, said in versions.items() if _adjudicated(said)]


def read_versions(folder: Path) -> dict[str, list[Annotated]]:
    """Everything that was said of each page, from *.json below `folder`, the last word last.

    Empty where there is no export. Raises ExportError.
    """
    pages: dict[str, list[Annotated]] = {}
    for path in sorted(folder.rglob("*.json")):
        for task in _tasks(path):
            try:
                said = _annotated(task)
            except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
                raise ExportError(f"{path}: {_task_name(task)} is not a Label Studio task ({error!r})") from error
            for one in said:
                pages.setdefault(one.page_id, []).append(one)
    return pages


def _tasks(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExportError(f"{path} is not readable JSON ({error}); export again from Label Studio as JSON") from error
    if not isinstance(content, list):
        raise ExportError(f"{path} is not a list of tasks; export from Label Studio as JSON (not JSON_MIN or COCO)")
    return content


def _task_name(task: Any) -> str:
    return f"task {task['id']}" if isinstance(task, dict) and "id" in task else "an entry"


def _adjudicated(said: Sequence[Annotated]) -> list[Annotated]:
    return [one for one in said if one.round == ADJUDICATED]


def _annotated(task: dict[str, Any]) -> list[Annotated]:
    """Every finished annotation of a task, the last word last; none for a task that nobody has finished."""
    finished = [one for one in task["annotations"] if not one.get("was_cancelled", False)]
    finished.sort(key=lambda one: (str(one.get("updated_at", "")), int(one.get("id") or 0)))
    return [_version(str(task["data"]["page_id"]), task, one) for one in finished]


def _version(page_id: str, task: dict[str, Any], said: dict[str, Any]) -> Annotated:
    regions = _by_region(said["result"])
    blocks = [_element(page_id, one) for one in regions if "block" in one]
    ordered = sorted(blocks, key=lambda element: (element.order < 0, element.order, element.y0, element.x0))
    numbered = [replace(element, order=order) for order, element in enumerate(ordered)]
    return Annotated(
        page_id=page_id,
        elements=tuple(_with_defects(numbered, [one for one in regions if "defect" in one])),
        entities=tuple(_entity(page_id, one) for one in regions if "field" in one),
        annotator=str(said.get("annotator", said.get("completed_by", ""))),
        round=str(said.get("round", task["data"].get("round", FIRST))),
        when=str(said.get("updated_at", "")),
    )


def _by_region(result: list[dict[str, Any]]) -> list[dict[str, dict[str, Any]]]:
    """Of each region control name -> value; relations and page-level choices, which have no box, are passed over."""
    regions: dict[str, dict[str, dict[str, Any]]] = {}
    for item in result:
        if "id" in item and "value" in item:
            regions.setdefault(item["id"], {})[item["from_name"]] = item["value"]
    return list(regions.values())


def _element(page_id: str, values: dict[str, dict[str, Any]]) -> Element:
    """One region; order is -1 where the person gave none."""
    box = values["block"]
    category = box["rectanglelabels"][0]
    x0, y0, x1, y1 = _box(box)
    if category not in KNOWN_CATEGORIES:
        raise ValueError(f"unknown category {category!r}")
    return Element(
        page_id=page_id,
        order=int(values["order"]["number"]) if "order" in values else -1,
        category=category,
        level="block",
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        text=_text(values, "transcription"),
        html=_text(values, "table_html"),
        latex=_text(values, "latex"),
        score=1.0,
        source=Source.PERSON.value,
    )


def _text(values: dict[str, dict[str, Any]], control: str) -> str:
    """A text area's content: a list of entries, or one string in older exports."""
    said = values.get(control, {}).get("text", "")
    return said if isinstance(said, str) else "\n".join(said)


def _entity(page_id: str, values: dict[str, dict[str, Any]]) -> Entity:
    x0, y0, x1, y1 = _box(values["field"])
    name, text = values["field"]["rectanglelabels"][0], _text(values, "transcription").strip()
    return Entity(page_id=page_id, field=name, kind="", text=text, x0=x0, y0=y0, x1=x1, y1=y1, in_picture=False)


def _with_defects(blocks: list[Element], defects: list[dict[str, dict[str, Any]]]) -> list[Element]:
    """The blocks, each figure with the defects whose centre lies in it; a defect outside every figure is an error."""
    told: dict[int, list[dict[str, Any]]] = {}
    for defect in defects:
        x0, y0, x1, y1 = _box(defect["defect"])
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        around = [one for one in blocks if one.category == Category.FIGURE and _holds(one, x, y)]
        if not around:
            raise ValueError("a defect lies in no figure; draw a box of the category figure around its picture")
        figure = min(around, key=lambda one: (one.x1 - one.x0) * (one.y1 - one.y0))
        label = defect["defect"]["rectanglelabels"][0]
        told.setdefault(figure.order, []).append({"defect": label, "box": _shares(figure, (x0, y0, x1, y1))})
    return [
        replace(one, detail=json.dumps({"image_gt": {"kind": "marked", "defects": told[one.order]}}))
        if one.order in told
        else one
        for one in blocks
    ]


def _holds(block: Element, x: float, y: float) -> bool:
    return block.x0 <= x <= block.x1 and block.y0 <= y <= block.y1


def _shares(figure: Element, box: tuple[float, float, float, float]) -> list[float]:
    """A box as shares of the figure's sides, cut at its edges."""
    width, height = figure.x1 - figure.x0, figure.y1 - figure.y0
    sides = ((box[0] - figure.x0) / width, (box[1] - figure.y0) / height)
    ends = ((box[2] - figure.x0) / width, (box[3] - figure.y0) / height)
    return [round(min(max(share, 0.0), 1.0), SHARE_DIGITS) for share in (*sides, *ends)]


def _box(value: dict[str, Any]) -> tuple[float, float, float, float]:
    x, y = float(value["x"]), float(value["y"])
    return x, y, x + float(value["width"]), y + float(value["height"])


def _scaled(one: Any, horizontal: float, vertical: float) -> Any:
    """An element or entity with its box in pixels."""
    return replace(
        one,
        x0=round(one.x0 * horizontal, PIXEL_DIGITS),
        y0=round(one.y0 * vertical, PIXEL_DIGITS),
        x1=round(one.x1 * horizontal, PIXEL_DIGITS),
        y1=round(one.y1 * vertical, PIXEL_DIGITS),
    )
