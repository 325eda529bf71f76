"""Sizes, boxes, cleaned answers and Markdown are those of the model's own package, case by case."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fabeye.parsing.dots_ocr.conversation import Question, Turn, result
from fabeye.parsing.dots_ocr.markdown import formula, to_markdown
from fabeye.parsing.dots_ocr.official import cleaned, kept
from fabeye.parsing.dots_ocr.prompts import Mode
from fabeye.parsing.dots_ocr.resize import ResizeError, on_page, resized

ORACLE = Path(__file__).with_name("oracle")


def cases(name: str) -> Any:
    return json.loads((ORACLE / f"{name}.json").read_text(encoding="utf-8"))


def test_every_size() -> None:
    for case in cases("smart_resize"):
        bounds = case["min_pixels"], case["max_pixels"]
        if isinstance(case["out_h_w"], str):
            with pytest.raises(ResizeError, match="strip"):
                resized((case["w"], case["h"]), *bounds)
        else:
            assert resized((case["w"], case["h"]), *bounds) == tuple(reversed(case["out_h_w"])), case


def test_every_box() -> None:
    for case in cases("post_process_cells"):
        seen, page = resized(tuple(case["input_w_h"])), tuple(case["orig_w_h"])
        assert [list(on_page(cell["bbox"], seen, page)) for cell in case["cells"]] == [c["bbox"] for c in case["out"]]


def test_every_answer() -> None:
    for case in cases("output_cleaner"):
        expected = case["post_process_output(560x560)"]
        assert cleaned(case["in"]) == case["clean_model_output"], case["in"]
        assert list(kept(case["in"])) == expected, case["in"]


def test_the_official_cleaner_gives_the_cells_of_every_sound_answer() -> None:
    for case in cases("output_cleaner"):
        expected, broken = case["post_process_output(560x560)"]
        read = result([Turn(Question(Mode.LAYOUT, 0.1), case["in"], "stop")], (560, 560), "official")
        assert read.degraded == broken
        if not broken:
            said = [{"bbox": list(one.box), "category": one.category, "text": one.text} for one in read.cells]
            assert said == [{"text": "", **cell} for cell in expected], case["in"]


def test_markdown() -> None:
    case = cases("layoutjson2md")
    page = Image.new("RGB", (60, 40), (200, 10, 10))
    assert to_markdown(case["cells"], page) == case["md"]
    assert to_markdown(case["cells"], page, furniture=False) == case["md_nohf"]


def test_every_formula() -> None:
    assert [formula(case["in"]) for case in cases("formula_in_markdown")] == [
        case["out"] for case in cases("formula_in_markdown")
    ]
