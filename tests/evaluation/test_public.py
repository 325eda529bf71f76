"""Which benchmarks a folder holds, and that none leads out of it."""

import json
from pathlib import Path

import pytest

from fabeye.evaluation.gold import GoldError
from fabeye.evaluation.public import Form, find_public

PAGE = {
    "page_info": {
        "page_no": 0,
        "width": 10,
        "height": 10,
        "image_path": "deep/book-PPT_1.jpg",
        "page_attribute": {"data_source": "book", "language": "english"},
    },
    "layout_dets": [],
}


def omnidocbench(folder: Path) -> None:
    (folder / "images").mkdir(parents=True)
    (folder / "OmniDocBench.json").write_text(json.dumps([PAGE]))


def olmocr(folder: Path, pdf: str = "tables/a.pdf") -> None:
    (folder / "pdfs").mkdir(parents=True)
    test = {"pdf": pdf, "page": 2, "id": "1", "type": "present", "text": "words"}
    (folder / "table_tests.jsonl").write_text(json.dumps(test) + "\n")


def test_both_forms_are_found_and_their_pages_named(tmp_path: Path) -> None:
    omnidocbench(tmp_path / "odb")
    olmocr(tmp_path / "olm")
    (tmp_path / "README.md").write_text("a file is no benchmark")
    first, second = find_public(tmp_path)
    assert (first.name, first.form) == ("odb", Form.OMNIDOCBENCH)
    assert first.places() == {"book-PPT_1": (tmp_path / "odb/images/book-PPT_1.jpg", 0)}
    assert (second.name, second.form) == ("olm", Form.OLMOCR)
    assert second.places() == {"tables/a_pg2": (tmp_path / "olm/pdfs/tables/a.pdf", 1)}


def test_no_folder_is_no_benchmark(tmp_path: Path) -> None:
    assert find_public(tmp_path / "nowhere") == []


def test_what_is_neither_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    with pytest.raises(GoldError, match=r"odd is no benchmark: it needs one JSON file beside images/"):
        find_public(tmp_path)


@pytest.mark.parametrize("name", ["../../secret.pdf", "/etc/secret.pdf"])
def test_a_test_cannot_name_a_file_elsewhere(tmp_path: Path, name: str) -> None:
    olmocr(tmp_path / "olm", name)
    (one,) = find_public(tmp_path)
    with pytest.raises(GoldError, match="lies outside of its pdfs/"):
        one.places()
