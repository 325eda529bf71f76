"""SOURCES.yaml: the nearest word wins, and one that cannot be read closes its folder."""

from pathlib import Path

import pytest

from fabeye.intake.find import find_files, refusal
from fabeye.intake.tags import TAGS_FILE


def family(tmp_path: Path, **files: str) -> Path:
    for name, content in {"x.pdf": "x", "below/y.pdf": "y"}.items():
        (tmp_path / "raw/domain/f" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "raw/domain/f" / name).write_text(content)
    for folder, content in files.items():
        (tmp_path / "raw/domain/f" / folder.replace("here", ".") / TAGS_FILE).write_text(content)
    return tmp_path / "raw"


def test_the_nearest_word_wins(tmp_path: Path) -> None:
    here = "default: {licence: CC-BY-4.0, confidentiality: confidential}\nfiles: {x.pdf: {confidentiality: secret}}"
    raw = family(tmp_path, here=here, below="default: {licence: CC0-1.0, language: zh}")
    y, x = find_files(raw, tmp_path)
    assert (x.path.name, x.licence, x.confidentiality, x.language) == ("x.pdf", "CC-BY-4.0", "secret", "und")
    assert (y.path.name, y.licence, y.confidentiality, y.language) == ("y.pdf", "CC0-1.0", "confidential", "zh")
    assert refusal(x) is None


@pytest.mark.parametrize(
    "content",
    [
        "default: {confidentiality: sceret}",
        "default: {license: MIT}",
        "- a list",
        "files: [",
        "[" * 5000,
        "\x00",
        "files: {x.pdf: 3}",
        "#" * (2**20 + 1),
    ],
)
def test_tags_that_cannot_be_read_close_their_folder(tmp_path: Path, content: str) -> None:
    y, x = find_files(family(tmp_path, here=content), tmp_path)
    for one in (x, y):
        reason = refusal(one)
        assert reason is not None
        assert reason.startswith(f"f/{TAGS_FILE} cannot be understood")
        assert "\n" not in reason


def test_an_empty_one_says_nothing(tmp_path: Path) -> None:
    y, _ = find_files(family(tmp_path, here=""), tmp_path)
    assert (y.licence, refusal(y)) == ("", None)
