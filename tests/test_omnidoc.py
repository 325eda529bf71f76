"""Records in OmniDocBench's form: what stands in them, and that our own reader takes them."""

import json
from pathlib import Path

import numpy as np
import pytest

from fabeye.evaluation.gold import load_gold
from fabeye.geometry import corners, moved_boxes, moved_points
from fabeye.omnidoc import page_record, write_records
from fabeye.schema import Document, Element, Entity, Origin, Page

DOCUMENT, PAGE = "a" * 16, "a" * 16 + "-0003"
TIMING = {"signals": [{"name": "CK_t"}], "ticks": ["T0"]}


def page() -> Page:
    return Page(
        page_id=PAGE, document_id=DOCUMENT, number=3, width=1275, height=1650, dpi=150.0, image=b"", text_layer=""
    )  # fmt: skip


def document(family: str = "jedec", language: str = "mixed") -> Document:
    return Document(
        document_id=DOCUMENT, layer="domain", family=family, language=language, path="a.pdf", sha256=DOCUMENT * 4,
        pages=9, split="gold", generated=True,
    )  # fmt: skip


def element(order: int, category: str, box: tuple[float, ...], level: str = "block", **more: str) -> Element:
    x0, y0, x1, y1 = box
    given = {"text": "", "html": "", "latex": "", "source": "truth", "detail": ""} | more
    return Element(
        page_id=PAGE, order=order, category=category, level=level, x0=x0, y0=y0, x1=x1, y1=y1, score=1.0, **given
    )  # fmt: skip


def entity(field: str, kind: str, text: str, in_picture: bool = False) -> Entity:
    return Entity(page_id=PAGE, field=field, kind=kind, text=text, x0=1, y0=2, x1=3, y1=4, in_picture=in_picture)


def origin(homography: np.ndarray | None = None) -> Origin:
    return Origin(
        page_id=PAGE, family="jedec", language="mixed", seed=7, index=2, scenario=4,
        attributes=json.dumps({"layout": "double_column", "fuzzy_scan": True}), operations='["scan", "skew"]',
        homography=json.dumps((np.eye(3) if homography is None else homography).tolist()),
    )  # fmt: skip


ELEMENTS = [
    element(0, "text_block", (0, 0, 90, 20), text="one two", detail='{"continues": true}'),  # from the page before
    element(1, "text_block", (0, 0, 90, 10), "line", text="one"),
    element(2, "text_block", (100, 0, 190, 10), text="three", detail='{"continues": true}'),
    element(3, "table_caption", (0, 25, 90, 30), text="Table 1"),
    element(
        4,
        "table",
        (0, 32, 90, 60),
        text="a",
        html='<table><tr><td colspan="2">a</td></tr></table>',
        detail='{"continues": true}',
    ),
    element(
        5, "table", (0, 32, 90, 60), "line", text="a", detail='{"row": 0, "column": 0, "rowspan": 1, "colspan": 2}'
    ),
    element(6, "figure", (0, 100, 90, 200), detail=json.dumps({"timing": TIMING})),
    element(7, "figure", (10, 110, 20, 120), "line", text="T0"),
    element(8, "figure_caption", (0, 205, 90, 210), text="Figure 1"),
    element(9, "text_block", (900, 900, 950, 910), "line", text="a line of no block"),
]


def record(**more: object) -> dict:
    given = {"page": page(), "document": document(), "elements": ELEMENTS, "origin": origin()} | more
    return page_record(**given)


def test_the_page_says_what_it_is() -> None:
    info = record()["page_info"]
    assert info["page_attribute"] == {
        "data_source": "jedec_standard",
        "language": "en_ch_mixed",
        "layout": "double_column",
        "fuzzy_scan": True,
    }
    assert (info["page_no"], info["width"], info["height"], info["dpi"]) == (3, 1275, 1650, 150.0)


def test_blocks_cells_lines_and_words_in_pictures() -> None:
    found = record()["layout_dets"]
    assert [one["category_type"] for one in found] == [
        "text_block", "text_block", "table_caption", "table", "figure", "figure_caption",
    ]  # fmt: skip
    cell = found[3]["cells"][0]
    assert (cell["row"], cell["col"], cell["rowspan"], cell["colspan"], cell["text"]) == (0, 0, 1, 2, "a")
    assert found[3]["attribute"] == {"with_span": True}
    assert [one["text"] for one in found[0]["line_with_spans"]] == ["one"]
    assert [one["text"] for one in found[4]["line_with_spans"]] == ["T0"]
    assert found[4]["timing"] == TIMING
    inner = [part for one in found for name in ("cells", "line_with_spans") for part in one.get(name, [])]
    numbers = [one["anno_id"] for one in [*found, *inner]]
    assert sorted(numbers) == list(range(len(numbers)))


def test_relations_name_captions_and_pieces() -> None:
    assert record()["extra"]["relation"] == [
        {"source_anno_id": 0, "target_anno_id": 1, "relation_type": "truncated"},
        {"source_anno_id": 3, "target_anno_id": 2, "relation_type": "parent_son"},
        {"source_anno_id": 4, "target_anno_id": 5, "relation_type": "parent_son"},
    ]


def test_values_and_secrets() -> None:
    values = [entity("lot_id", "LOT", "TH8402B.03"), entity("", "PERSON", "王志强", True), entity("yield", "", "3 %")]
    said = record(entities=values)
    assert [(one["field"], one["value"], one["page"]) for one in said["kie"]] == [
        ("lot_id", "TH8402B.03", 3),
        ("yield", "3 %", 3),
    ]
    assert [(one["type"], one["text"], one["in_image"]) for one in said["pii"]] == [
        ("LOT", "TH8402B.03", False),
        ("PERSON", "王志强", True),
    ]


def test_a_block_says_its_values_and_a_table_those_of_its_cells() -> None:
    html = "<table><tr><td>Delay</td><td>-</td><td>ns</td><td>≤ 14.16</td></tr></table>"
    blocks = [
        element(0, "text_block", (0, 0, 9, 9), text="at −40 °C"),
        element(1, "table", (0, 10, 9, 19), html=html),
        element(2, "title", (0, 20, 9, 29), text="none"),
    ]
    text, table, title = record(elements=blocks)["layout_dets"]
    assert text["values"] == [{"relation": "", "number": "-40", "unit": "°C"}]
    assert [(one["relation"], one["number"], one["unit"]) for one in table["values"]] == [
        ("", "–", ""),
        ("", "", "ns"),
        ("≤", "14.16", ""),
    ]
    assert "values" not in title


def test_where_a_page_comes_from() -> None:
    said = record()["provenance"]
    assert said["degradation"] == {"ops": ["scan", "skew"], "H": np.eye(3).tolist()}
    assert (said["family"], said["seed"], said["index"], said["scenario"]) == ("jedec", 7, 2, 4)
    assert record(origin=None)["provenance"] == {"document": "a.pdf", "sha256": DOCUMENT * 4}


def test_polygons_of_truth_follow_the_skew_and_those_of_people_do_not() -> None:
    angle = np.deg2rad(1.2)
    move = np.array([[np.cos(angle), -np.sin(angle), 4], [np.sin(angle), np.cos(angle), -9], [1e-6, 0, 1]])
    clean = (100.0, 200.0, 900.0, 220.0)
    upright = moved_boxes([clean], move)[0]
    pair = [element(0, "title", upright, text="x"), element(1, "title", upright, text="x", source="person")]
    truth, drawn = record(elements=pair, origin=origin(move))["layout_dets"]
    assert truth["poly"] == pytest.approx(moved_points(corners(clean), move).ravel(), abs=1e-2)
    assert drawn["poly"] == pytest.approx(corners(upright).ravel(), abs=1e-2)


def test_our_own_reader_takes_the_file(tmp_path: Path) -> None:
    assert write_records(tmp_path / "gold.json", iter([record(), record(document=document("letters", "en"))])) == 2
    first, second = load_gold(tmp_path)
    assert (first.family, first.language, first.page_id) == ("jedec", "mixed", PAGE)
    assert (second.family, second.language) == ("letters", "en")
    assert [cell.text for one in first.layout_dets for cell in one.cells] == ["a"]


def test_no_records_are_an_empty_array_and_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "gold.json"
    assert write_records(path, []) == 0
    assert json.loads(path.read_text()) == []
    with pytest.raises(ZeroDivisionError):
        write_records(path, ({"a": 1 // number} for number in (1, 0)))
    assert json.loads(path.read_text()) == []
