"""Which benchmarks a folder holds, and that none leads out of it."""

import json
from pathlib import Path

import pytest

from fabeye.evaluation.public import Form, PublicError, find_public

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
    with pytest.raises(PublicError, match=r"odd is no benchmark: it needs one JSON file beside images/"):
        find_public(tmp_path)


@pytest.mark.parametrize("name", ["../../secret.pdf", "/etc/secret.pdf", "../../olm/pdfs/a.pdf", ".", "/", "a\0.pdf"])
def test_a_test_cannot_name_a_file_elsewhere(tmp_path: Path, name: str) -> None:
    olmocr(tmp_path / "olm", name)
    (one,) = find_public(tmp_path)
    with pytest.raises(PublicError, match="lies outside of pdfs/"):
        one.places()


def test_an_absolute_name_of_its_own_file_is_refused_too(tmp_path: Path) -> None:
    olmocr(tmp_path / "olm", str(tmp_path / "olm/pdfs/a.pdf"))
    with pytest.raises(PublicError, match="lies outside of pdfs/"):
        find_public(tmp_path)[0].places()


def test_a_picture_that_is_a_link_to_elsewhere_is_refused(tmp_path: Path) -> None:
    omnidocbench(tmp_path / "odb")
    (tmp_path / "odb/images/book-PPT_1.jpg").symlink_to("/etc/hostname")
    with pytest.raises(PublicError, match="lies outside of images/"):
        find_public(tmp_path)[0].places()


def test_hidden_folders_and_files_are_passed_over(tmp_path: Path) -> None:
    omnidocbench(tmp_path / "odb")
    (tmp_path / "odb/._OmniDocBench.json").write_text("of a file manager")
    (tmp_path / ".cache").mkdir()
    assert [one.name for one in find_public(tmp_path)] == ["odb"]


@pytest.mark.parametrize(
    ("content", "said"),
    [("[]", "names no page"), ("{}", "cannot be used as omnidocbench"), ("[" * 100_000, "cannot be used")],
)
def test_a_damaged_truth_is_a_sentence(tmp_path: Path, content: str, said: str) -> None:
    omnidocbench(tmp_path / "odb")
    (tmp_path / "odb/OmniDocBench.json").write_text(content)
    with pytest.raises(PublicError, match=said):
        find_public(tmp_path)[0].places()


def test_two_pages_of_one_name_are_refused(tmp_path: Path) -> None:
    omnidocbench(tmp_path / "odb")
    (tmp_path / "odb/OmniDocBench.json").write_text(json.dumps([PAGE, PAGE]))
    with pytest.raises(PublicError, match="several pages called 'book-PPT_1'"):
        find_public(tmp_path)[0].places()


def test_a_page_of_two_files_of_tests_is_asked_once_whether_it_was_read(tmp_path: Path) -> None:
    olmocr(tmp_path / "olm")
    own = {"pdf": "tables/a.pdf", "page": 2, "id": "own", "type": "baseline", "max_length": 0}
    (tmp_path / "olm/baseline.jsonl").write_text(json.dumps(own))
    asked = [test.id for test in find_public(tmp_path)[0].tests() if test.type == "baseline"]
    assert asked == ["own"]
