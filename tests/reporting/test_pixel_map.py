"""The map of the pixel loss: its grid is the page's, and what is missing or damaged is a sentence."""

import json
from pathlib import Path

import pytest

from fabeye.reporting.inputs import ReportError
from fabeye.reporting.views import pixel_map_figure

SAID = {
    "page_id": "page-7",
    "rows": 2,
    "columns": 3,
    "errors": [0.1, 0.2, 0.3, 0.4, 0.5],
    "blank": [True, True, False, False, False],
    "shares": {"1.0": 0.2, "0.5": 0.11, "0.0": 0.0},
}


def test_every_patch_but_the_first_has_its_loss(tmp_path: Path) -> None:
    (tmp_path / "pixels.json").write_text(json.dumps(SAID))
    heat, line = pixel_map_figure(tmp_path).data
    assert [list(row) for row in heat.z] == [[None, 0.1, 0.2], [0.3, 0.4, 0.5]]
    assert list(line.x) == [1.0, 0.5, 0.0]
    assert list(line.y) == pytest.approx([20.0, 11.0, 0.0])


def test_a_page_without_blank_paper_has_no_shares(tmp_path: Path) -> None:
    (tmp_path / "pixels.json").write_text(json.dumps({**SAID, "shares": {}}))
    assert list(pixel_map_figure(tmp_path).data[1].x) == []


@pytest.mark.parametrize("content", ["{", json.dumps({**SAID, "rows": 5}), json.dumps({"rows": 2})])
def test_a_damaged_map_is_a_sentence(content: str, tmp_path: Path) -> None:
    (tmp_path / "pixels.json").write_text(content)
    with pytest.raises(ReportError, match="dvc repro -f evaluate"):
        pixel_map_figure(tmp_path)


def test_a_missing_map_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="dvc repro evaluate"):
        pixel_map_figure(tmp_path)
