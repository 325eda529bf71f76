"""Pages as tasks: they fit the layout, come in the right order, and come back as they went out."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from label_studio_sdk.label_interface import LabelInterface

from fabeye.annotation.exports import FIELDS, Annotated, deciding, read_versions
from fabeye.annotation.tasks import TaskError, to_settle, to_task, worst_first
from fabeye.schema import Category, Document, Element, Entity, Page
from fabeye.tables import write_json

LAYOUT_FILE = Path(__file__).resolve().parents[2] / "annotation" / "layout.xml"
LAYOUT = LabelInterface(LAYOUT_FILE.read_text(encoding="utf-8"))
DOCUMENT_ID = "0123456789abcdef"
PAGE = Page(
    page_id=f"{DOCUMENT_ID}-0000",
    document_id=DOCUMENT_ID,
    number=0,
    width=1240,
    height=1754,
    dpi=150,
    image=b"",
    text_layer="",
)


def document(document_id: str = DOCUMENT_ID, generated: bool = False) -> Document:
    return Document(
        document_id=document_id,
        layer="domain",
        family="fab",
        language="und",
        path="data/raw/domain/fab/报告 一.pdf",
        sha256="",
        pages=1,
        split="train",
        generated=generated,
    )


def element(order: int, text: str, score: float = 0.9, category: str = "text_block") -> Element:
    return Element(
        page_id=PAGE.page_id,
        order=order,
        category=category,
        level="line",
        x0=100.5,
        y0=200.0 + 40 * order,
        x1=1300.0,
        y1=230.0 + 40 * order,
        text=text,
        html="",
        latex="",
        score=score,
        source="rapidocr",
    )


def test_every_category_of_ours_fits_the_layout() -> None:
    elements = [element(order, f"text {order}", category=one.value) for order, one in enumerate(Category)]
    task = to_task(PAGE, document(), elements, LAYOUT)
    assert len({item["id"] for item in task["predictions"][0]["result"]}) == len(Category)
    assert task["data"]["image"] == f"/data/local-files/?d=pages/{PAGE.page_id}.png"


def test_what_goes_out_comes_back(tmp_path: Path) -> None:
    elements = [element(0, "失效 分析"), element(1, "second line")]
    task = to_task(PAGE, document(), elements, LAYOUT)
    accepted = {"id": 1, "data": task["data"], "annotations": [{"result": task["predictions"][0]["result"]}]}
    write_json(tmp_path / "a.json", [accepted])
    back = deciding(read_versions(tmp_path))[PAGE.page_id].on_page(PAGE)
    assert [(one.order, one.text) for one in back] == [(0, "失效 分析"), (1, "second line")]
    assert (back[0].x0, back[0].y0, back[0].x1, back[0].y1) == (100.5, 200.0, 1240.0, 230.0), "cut at the page's edge"


def test_what_two_said_comes_back_whole_to_be_settled(tmp_path: Path) -> None:
    void = {"image_gt": {"kind": "marked", "defects": [{"defect": "void", "box": [0.25, 0.5, 0.5, 0.75]}]}}
    box = {"x0": 10.0, "y0": 10.0, "x1": 50.0, "y1": 50.0}  # percent
    figure = replace(element(1, "", category="figure"), detail=json.dumps(void), source="person", score=1.0, **box)
    lot = Entity(page_id=PAGE.page_id, field="lot_id", kind="", text="TH8402B.03", in_picture=False, **box)
    said = [Annotated(PAGE.page_id, (figure,), (lot,), annotator=who) for who in ("a", "b")]
    task = to_settle(PAGE, document(), said, LAYOUT)
    assert [one["model_version"] for one in task["predictions"]] == ["a", "b"]
    accepted = {"id": 1, "data": task["data"], "annotations": [{"result": task["predictions"][0]["result"]}]}
    write_json(tmp_path / "a.json", [accepted])
    back = deciding(read_versions(tmp_path))[PAGE.page_id]
    assert [(one.field, one.text) for one in back.entities] == [("lot_id", "TH8402B.03")]
    assert [json.loads(one.detail) for one in back.elements] == [void]


def test_the_layout_has_a_label_for_every_field_that_people_mark() -> None:
    assert tuple(LAYOUT.get_control("field").labels) == FIELDS


def test_a_prediction_says_who_has_read() -> None:
    read = replace(element(0, "x"), source="dots_ocr")
    assert to_task(PAGE, document(), [read], LAYOUT)["predictions"][0]["model_version"] == "dots_ocr"


@pytest.mark.parametrize("wrong", [element(0, "x", category="no such label"), element(99, "below the page")])
def test_a_prediction_that_does_not_fit_is_an_error_here(wrong: Element) -> None:
    with pytest.raises(TaskError, match=PAGE.page_id):
        to_task(PAGE, document(), [wrong], LAYOUT)


def test_brought_pages_first_and_the_worst_of_them_first() -> None:
    documents = {name: document(name, generated=name == "made") for name in ("made", "mine", "yours")}
    documents["gold"] = replace(document("gold", generated=True), split="gold")
    elements = {
        "made-0000": [element(0, "a", 0.1)],
        "mine-0000": [element(0, "a", 0.9), element(1, "b", 0.7)],
        "mine-0001": [],
        "yours-0000": [element(0, "a", 0.5)],
        "gold-0000": [element(0, "a", 1.0)],
    }
    assert worst_first(documents, elements, {}) == ["mine-0001", "yours-0000", "mine-0000", "gold-0000", "made-0000"]
    queued = {"mine-0000": 0, "made-0000": 1}
    assert worst_first(documents, elements, queued) == [
        *("mine-0000", "mine-0001", "yours-0000", "gold-0000", "made-0000")
    ]
