"""The library: what it finds, what it keeps, what it refuses."""

import shutil
from pathlib import Path

import pytest

from app.state import AppError, Kept, Library
from fabeye.errors import FabeyeError
from fabeye.model import DecoderConfig, EncoderConfig, PretrainConfig, PretrainModel, save_pretrained
from fabeye.paths import Paths
from fabeye.schema import Document
from fabeye.tables import read_table, write_table
from tests.reporting.tiny_project import page_ids


def test_documents_pages_and_elements_are_found(library: Library) -> None:
    first, second = page_ids()[:2]
    documents = library.documents()
    assert [each.family for each in documents] == sorted(each.family for each in documents)
    assert library.page_ids(first.split("-")[0]) == [first, second]
    assert library.picture(first).size == (420, 594)
    counts = [len(library.elements(first, kind)) for kind in ("truth", "truth_lines", "parse")]
    assert counts == [3, 1, 2]
    assert library.checkpoints() == ["native", "base"]


def test_a_page_is_encoded_once_per_checkpoint(library: Library) -> None:
    first = page_ids()[0]
    grid = library.grid("native", first)
    assert library.grid("native", first) is grid
    assert library.grid("base", first) is not grid


@pytest.mark.parametrize("name", ["highres", "../../corpus", "", "native/encoder"])
def test_a_checkpoint_that_is_not_listed_is_refused(library: Library, name: str) -> None:
    with pytest.raises(AppError, match="no checkpoint"):
        library.grid(name, page_ids()[0])


def test_an_unknown_page_is_a_sentence(library: Library) -> None:
    with pytest.raises(FabeyeError, match="no page"):
        library.picture("../../etc/passwd")
    assert library.page_ids("nothing") == []
    assert library.elements("nothing", "truth") == []


def test_a_rerun_of_the_pipeline_shows_up(project: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(project, tmp_path / "own"))
    library = Library(Paths(root))
    assert len(library.documents()) == 4
    table = root / "data" / "curated" / "documents"
    write_table(table, Document, list(read_table(table, Document))[:1])
    assert len(library.documents()) == 1


def test_weights_that_come_with_the_project_stand_first(project: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(project, tmp_path / "own"))
    decoder = DecoderConfig(dim=16, depth=1, heads=2, patch=14, vocabulary=300, max_text=8)
    model = PretrainModel(PretrainConfig(encoder=EncoderConfig(patch=14, dim=16, depth=1, heads=2), decoder=decoder))
    save_pretrained(model, root / "data" / "pretrained" / "fabeye-nano")
    (root / "data" / "pretrained" / "fabeye-nano" / "tokenizer.json").touch()
    library = Library(Paths(root))
    assert library.checkpoints() == ["fabeye-nano", "native", "base"]
    assert library.grid("fabeye-nano", page_ids()[0]) is not None


def test_a_damaged_checkpoint_is_a_sentence(project: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(project, tmp_path / "own"))
    weights = root / "data" / "checkpoints" / "native" / "encoder" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:99])
    with pytest.raises(AppError, match="cannot be read"):
        Library(Paths(root)).grid("native", page_ids()[0])


def test_the_oldest_result_goes_first_and_failures_are_not_kept() -> None:
    kept, made = Kept(2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        kept.get(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]
    with pytest.raises(ZeroDivisionError):
        kept.get("x", lambda: 1 / 0)
    assert kept.get("x", lambda: 7) == 7
