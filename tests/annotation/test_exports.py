"""Label Studio's JSON to elements: the form it really has, and the ways in which it goes wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from fabeye.annotation.exports import ExportError, deciding, read_versions
from fabeye.schema import Page

PAGE = Page(
    page_id="0123456789abcdef-0000",
    document_id="0123456789abcdef",
    number=0,
    width=1000,
    height=2000,
    dpi=150,
    image=b"",
    text_layer="",
)


def region(
    name: str, label: str, box: tuple[float, ...], text: str = "", order: int | None = None
) -> list[dict[str, Any]]:
    x, y, width, height = box
    value = {"x": x, "y": y, "width": width, "height": height, "rotation": 0, "rectanglelabels": [label]}
    items: list[dict[str, Any]] = [{"id": name, "from_name": "block", "type": "rectanglelabels", "value": value}]
    if text:
        items.append({"id": name, "from_name": "transcription", "type": "textarea", "value": {"text": [text]}})
    if order is not None:
        items.append({"id": name, "from_name": "order", "type": "number", "value": {"number": order}})
    return items


def task(*annotations: dict[str, Any], page_id: str = PAGE.page_id) -> dict[str, Any]:
    return {
        "id": 7,
        "data": {"image": "/data/local-files/?d=x.png", "page_id": page_id},
        "annotations": list(annotations),
    }


def annotation(result: list[dict[str, Any]], when: str = "2026-01-01", **more: Any) -> dict[str, Any]:
    return {"id": 1, "result": result, "updated_at": when, "was_cancelled": False, "completed_by": 1, **more}


def export(folder: Path, content: Any, name: str = "a.json") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))


def test_regions_become_elements_in_pixels_and_in_order(tmp_path: Path) -> None:
    result = [
        *region("r1", "text_block", (10, 50, 20, 5), "second", order=5),
        *region("r2", "title", (10, 10, 20, 5), "first", order=1),
        *region("r3", "figure", (50, 5, 20, 5)),
        {"type": "relation", "from_id": "r1", "to_id": "r2"},
    ]
    export(tmp_path, [task(annotation(result))])
    elements = deciding(read_versions(tmp_path))[PAGE.page_id].on_page(PAGE)
    assert [(one.order, one.category, one.text) for one in elements] == [
        (0, "title", "first"),
        (1, "text_block", "second"),
        (2, "figure", ""),
    ]
    assert (elements[0].x0, elements[0].y0, elements[0].x1, elements[0].y1) == (100, 200, 300, 300)
    assert {one.source for one in elements} == {"person"}


def test_the_last_word_that_was_not_taken_back_counts(tmp_path: Path) -> None:
    def saying(text: str) -> list[dict[str, Any]]:
        return region("r", "title", (0, 0, 1, 1), text)

    early, late = annotation(saying("early"), "2026-01-01"), annotation(saying("late"), "2026-02-01")
    cancelled = annotation(saying("cancelled"), "2026-03-01", was_cancelled=True)
    export(tmp_path, [task(late, early, cancelled)])
    assert deciding(read_versions(tmp_path))[PAGE.page_id].elements[0].text == "late"
    export(tmp_path, [task(annotation(saying("next file")))], name="b.json")
    assert deciding(read_versions(tmp_path))[PAGE.page_id].elements[0].text == "next file"


def test_unfinished_tasks_and_missing_folders_are_nothing(tmp_path: Path) -> None:
    export(tmp_path, [task()])
    assert deciding(read_versions(tmp_path)) == {}
    assert deciding(read_versions(tmp_path / "none")) == {}


@pytest.mark.parametrize(
    "content",
    [
        "[{",
        {"images": [], "annotations": []},
        [{"image": "JSON_MIN", "label": []}],
        ["text"],
        [task(annotation(region("r", "no such category", (0, 0, 1, 1))))],
        [task(annotation([{"id": "r", "from_name": "block", "value": {"x": "left"}}]))],
    ],
)
def test_a_malformed_export_is_one_error_naming_the_file(tmp_path: Path, content: Any) -> None:
    export(tmp_path, content, name="broken.json")
    with pytest.raises(ExportError, match=r"broken\.json") as caught:
        deciding(read_versions(tmp_path))
    assert "\n" not in str(caught.value)
