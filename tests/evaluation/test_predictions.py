"""Predictions as files: names, Markdown, layout JSON, and what cannot be used."""

import json
import re
from pathlib import Path

import pytest

from fabeye.evaluation.predictions import LARGEST_FILE, PredictionError, read_prediction


@pytest.mark.parametrize("name", ["a.pdf_3.md", "a_3.mmd", "a_3.md", "a.pdf_3.png.md"])
def test_files_are_found_by_any_of_the_usual_names(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("text")
    assert read_prediction(tmp_path, "a.pdf_3.png").markdown == "text"


def test_layout_json_becomes_markdown_and_boxes(tmp_path: Path) -> None:
    cells = [
        {"bbox": [0, 0, 9, 1], "category": "Page-header", "text": "JEDEC"},
        {"bbox": [0, 1, 9, 2], "category": "Title", "text": " # Timing "},
        {"bbox": [0, 2, 9, 3], "category": "Formula", "text": "x=1"},
        {"bbox": [0, 3, 9, 4], "category": "Formula", "text": r"\[y=2\]"},
        {"bbox": [0, 4, 9, 5], "category": "Picture"},
    ]
    (tmp_path / "p.json").write_text(json.dumps(cells))
    read = read_prediction(tmp_path, "p.png")
    assert read.markdown == "# Timing\n\n$$\nx=1\n$$\n\n\\[y=2\\]\n\n![](figure)"
    assert [region.label for region in read.regions or ()] == [
        "header",
        "title",
        "equation_isolated",
        "equation_isolated",
        "figure",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.md", b" \n", "empty"),
        ("p.md", b"\xff\xfe", "not UTF-8 at byte 0"),
        ("p.md", b"a" * (LARGEST_FILE + 1), "larger than the 4 MiB"),
        ("p.md", b"# 10 MB\n" * 1_250_000, "larger than the 4 MiB"),
        ("p.json", b"{", "no list of regions"),
        ("p.json", b'[{"category": "Text"}]', "no list of regions"),
        ("p.json", b"[" * 100_000, "no list of regions"),
        ("p.json", b"[]", "no region"),
        ("q.md", b"x", r"no file p\.md"),
    ],
)
def test_what_cannot_be_used_says_why(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    read = read_prediction(tmp_path, "p.png")
    assert re.search(said, read.problem)
    assert read.missing == (name == "q.md")


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PredictionError, match="nowhere"):
        read_prediction(tmp_path / "nowhere", "p.png")
