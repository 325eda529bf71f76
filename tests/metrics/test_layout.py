"""Average precision, against what COCO's evaluation gave for OmniDocBench's evaluator."""

import json
from pathlib import Path
from typing import Any

import pytest

from fabeye.metrics.layout import LabelledBox, average_precision

ORACLE = Path(__file__).parents[1] / "evaluation" / "official" / "oracle" / "detection.json"


@pytest.fixture(scope="module")
def case() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(ORACLE.read_text(encoding="utf-8"))
    return content


def boxes(case: dict[str, Any], side: str) -> dict[str, list[LabelledBox]]:
    return {
        str(page["img_id"]): [
            LabelledBox(case["classes"][label], tuple(box), score)
            for box, label, score in zip(
                page["bboxes"], page["labels"], page.get("scores", [1.0] * len(page["labels"])), strict=True
            )
        ]
        for page in case[side]
    }


def test_precision_is_that_of_the_original(case: dict[str, Any]) -> None:
    found = average_precision(boxes(case, "gold"), boxes(case, "read"), case["classes"])
    expected = case["scores"]
    assert found.overall == pytest.approx(expected["bbox_mAP"], abs=1e-9)
    assert found.overlap_50 == pytest.approx(expected["bbox_mAP_50"], abs=1e-9)
    assert found.overlap_75 == pytest.approx(expected["bbox_mAP_75"], abs=1e-9)
    assert found.small is None, "there said as -1"
    assert found.medium == pytest.approx(expected["bbox_mAP_m"], abs=1e-9)
    assert found.large == pytest.approx(expected["bbox_mAP_l"], abs=1e-9)
    for label, score in found.by_class.items():
        assert score == pytest.approx(expected[f"bbox_{label}_precision"], abs=1e-9)


def test_identity_is_perfect_and_nothing_is_nothing(case: dict[str, Any]) -> None:
    gold = boxes(case, "gold")
    assert average_precision(gold, gold, case["classes"]).overall == pytest.approx(1.0)
    assert average_precision(gold, {}, case["classes"]).overall == 0
    assert average_precision({"p": []}, {"p": []}, ["title"]).overall is None
