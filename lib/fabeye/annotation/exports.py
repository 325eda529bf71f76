"""What people marked in Label Studio, as elements: JSON exports in, one list of elements a page out.

Notable:
- A region is several result items with one id: the rectangle, and the texts and numbers that hang on it.
- Of several annotations of a page the last one that was not cancelled counts; a later export file wins over an earlier
  one (in order of file name).
- Boxes come in percent of the picture and become pixels.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fabeye.errors import FabeyeError
from fabeye.schema import Category, Element, Page, Source

PERCENT = 100.0
PIXEL_DIGITS = 1
KNOWN_CATEGORIES = tuple(category.value for category in Category)


class ExportError(FabeyeError):
    """An export cannot be used; the text names the file and what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """What a person says is on one page; boxes in percent of the picture until `on_page` turns them into pixels."""

    page_id: str
    elements: tuple[Element, ...]

    def on_page(self, page: Page) -> list[Element]:
        """The elements in pixels of `page`."""
        return [_scaled(element, page.width / PERCENT, page.height / PERCENT) for element in self.elements]


def read_exports(folder: Path) -> dict[str, Annotated]:
    """Annotated pages by page_id, from every *.json file in `folder`; empty where there is none. Raises ExportError."""
    pages: dict[str, Annotated] = {}
    for path in sorted(folder.glob("*.json")):
        for task in _tasks(path):
            try:
                annotated = _annotated(task)
            except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
                raise ExportError(f"{path}: {_task_name(task)} is not a Label Studio task ({error!r})") from error
            if annotated is not None:
                pages[annotated.page_id] = annotated
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


def _annotated(task: dict[str, Any]) -> Annotated | None:
    """None for a task that nobody has finished."""
    finished = [one for one in task["annotations"] if not one.get("was_cancelled", False)]
    if not finished:
        return None
    last = max(finished, key=lambda one: (str(one.get("updated_at", "")), int(one.get("id") or 0)))
    page_id = str(task["data"]["page_id"])
    regions = [_element(page_id, items) for items in _by_region(last["result"]).values()]
    ordered = sorted(regions, key=lambda element: (element.order < 0, element.order, element.y0, element.x0))
    return Annotated(page_id, tuple(replace(element, order=order) for order, element in enumerate(ordered)))


def _by_region(result: list[dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Region id -> control name -> value; relations and page-level choices, which have no box, are passed over."""
    regions: dict[str, dict[str, dict[str, Any]]] = {}
    for item in result:
        if "id" in item and "value" in item:
            regions.setdefault(item["id"], {})[item["from_name"]] = item["value"]
    return {name: values for name, values in regions.items() if "block" in values}


def _element(page_id: str, values: dict[str, dict[str, Any]]) -> Element:
    """One region; order is -1 where the person gave none."""
    box = values["block"]
    category = box["rectanglelabels"][0]
    if category not in KNOWN_CATEGORIES:
        raise ValueError(f"unknown category {category!r}")
    return Element(
        page_id=page_id,
        order=int(values["order"]["number"]) if "order" in values else -1,
        category=category,
        level="block",
        x0=float(box["x"]),
        y0=float(box["y"]),
        x1=float(box["x"]) + float(box["width"]),
        y1=float(box["y"]) + float(box["height"]),
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


def _scaled(element: Element, horizontal: float, vertical: float) -> Element:
    return replace(
        element,
        x0=round(element.x0 * horizontal, PIXEL_DIGITS),
        y0=round(element.y0 * vertical, PIXEL_DIGITS),
        x1=round(element.x1 * horizontal, PIXEL_DIGITS),
        y1=round(element.y1 * vertical, PIXEL_DIGITS),
    )
