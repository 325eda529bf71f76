"""The teacher on a gold set of one drawn page."""

import json
from pathlib import Path

import matplotlib
import pytest
from PIL import Image, ImageDraw, ImageFont

from fabeye.parsing.baseline import score_teacher
from fabeye.schema import Element, Reading
from fabeye.settings import BaselineSettings, load_settings
from fabeye.tables import read_table, write_table

FONT = ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"), 20)
TEXTS = ["Operating voltage", "1.1 V"]


def write_gold(folder: Path) -> None:
    image = Image.new("RGB", (300, 100), "white")
    blocks = []
    for index, text in enumerate(TEXTS):
        top = 10 + 40 * index
        ImageDraw.Draw(image).text((10, top), text, fill="black", font=FONT)
        poly = [5, top, 250, top, 250, top + 28, 5, top + 28]
        blocks.append({"anno_id": index, "category_type": "text_block", "poly": poly, "order": index, "text": text})
    (folder / "images").mkdir(parents=True)
    image.save(folder / "images" / "doc-0000.png")
    attribute = {"data_source": "jedec", "language": "english"}
    info = {"page_no": 0, "width": 300, "height": 100, "image_path": "doc-0000.png", "page_attribute": attribute}
    (folder / "gold.json").write_text(json.dumps([{"page_info": info, "layout_dets": blocks}]))


def element(order: int, text: str, level: str = "block") -> Element:
    return Element(
        page_id="doc-0000",
        order=order,
        category="text_block",
        level=level,
        x0=10,
        y0=10 + 40 * order,
        x1=250,
        y1=30 + 40 * order,
        text=text,
        html="",
        latex="",
        score=0.9,
        source="rapidocr",
    )


def test_scores_readings_and_predictions(tmp_path: Path) -> None:
    write_gold(tmp_path / "gold")
    write_gold(tmp_path / "gold" / "own")
    read = [element(order, text) for order, text in enumerate((TEXTS[0], "1.1 X"))]
    write_table(tmp_path / "parses" / "elements", Element, [*read, element(0, "both lines", level="line")])
    metrics = tmp_path / "reports" / "baseline.json"
    scores = score_teacher(
        tmp_path / "gold",
        tmp_path / "parses",
        tmp_path / "baseline",
        metrics,
        BaselineSettings(regions=9),
        load_settings().evaluate,
        load_settings().parse,
    )
    wrong = round(1 / sum(map(len, TEXTS)), 6)
    assert scores == json.loads(metrics.read_text())
    assert scores["text_edit"] == {"all": wrong, "by_family": {"jedec": wrong}, "by_language": {"en": wrong}}
    assert scores["region_cer"] == {"all": 0.0, "by_language": {"en": 0.0}, "by_category": {"text_block": 0.0}}
    assert (scores["pages"], scores["regions"]) == (1, 2)
    assert scores["own"] == {"composite": scores["composite"], "scores": scores["scores"], "pages": 1}
    assert (tmp_path / "baseline" / "own" / "standing.json").is_file()
    assert scores["scores"]["values"] == 0.0, "1.1 V was read as 1.1 X"
    assert scores["composite"]["all"] == pytest.approx(100 * (1 - wrong) / 2, abs=1e-4)
    standing = json.loads((tmp_path / "baseline" / "standing.json").read_text())
    assert standing["en"]["text_edit"]["value"] == pytest.approx(wrong, abs=1e-6)
    assert standing["all"]["composite"]["low"] <= standing["all"]["composite"]["high"]
    readings = list(read_table(tmp_path / "baseline" / "readings", Reading))
    assert [(one.region_id, one.reader, one.truth) for one in readings] == [
        ("doc-0000-0", "rapidocr", TEXTS[0]),
        ("doc-0000-1", "rapidocr", TEXTS[1]),
    ]
    written = json.loads((tmp_path / "baseline" / "predictions" / "doc-0000.json").read_text())
    assert [one["text"] for one in written] == ["Operating voltage", "1.1 X"]
