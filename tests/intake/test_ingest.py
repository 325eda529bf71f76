"""Folders of files to tables: everything accounted for, nothing hostile gets out of its worker."""

import importlib
import io
import textwrap
from collections.abc import Callable
from pathlib import Path

import nbformat
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient
from PIL import Image

from fabeye.intake import ingest as module
from fabeye.intake.find import find_files
from fabeye.intake.ingest import IntakeError, ingest, validation_or_train
from fabeye.schema import Document, Page, Quarantined
from fabeye.settings import CorpusSettings
from fabeye.tables import read_table

SETTINGS = CorpusSettings(
    seed=1,
    dpi=72,
    languages=["en"],
    gold_share=0.25,
    validation_share=0.5,
    max_side=300,
    file_seconds=60,
    file_mib=4096,
    documents={},
)


def png(shade: int, size: tuple[int, int] = (30, 20)) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size, shade).save(buffer, format="PNG")
    return buffer.getvalue()


def pdf(*sizes: tuple[float, float]) -> bytes:
    document = pdfium.PdfDocument.new()
    for width, height in sizes:
        document.new_page(width, height)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def raw(tmp_path: Path) -> Callable[..., Path]:
    def fill(files: dict[str, bytes]) -> Path:
        folder = tmp_path / "data" / "raw"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder

    return fill


def take_in(raw: Path, out: Path, **changed: object) -> tuple[list[Document], list[Page], list[Quarantined]]:
    root = raw.parents[1]
    summary = ingest(find_files(raw, root), out, SETTINGS.model_copy(update=changed))
    tables = (
        list(read_table(out / "documents", Document)),
        list(read_table(out / "pages", Page)),
        list(read_table(out / "quarantine", Quarantined)),
    )
    assert (summary.documents, summary.pages, summary.quarantined) == tuple(map(len, tables))
    return tables


def test_everything_is_accounted_for(raw: Callable[..., Path], tmp_path: Path) -> None:
    folder = raw(
        {
            "domain/失效/报告 二.pdf": pdf((100, 100), (900, 9), (50, 50)),
            "domain/失效/a.png": png(1),
            "domain/失效/b.png": png(1),
            "domain/失效/cut.pdf": pdf((100, 100))[:300],
            "general/pictures/deep/er/c.jpg": png(2),
            "lost.png": png(3),
        }
    )
    documents, pages, quarantine = take_in(folder, tmp_path / "corpus")
    assert [(one.path.rpartition("/")[2], one.pages, one.family) for one in documents] == [
        ("a.png", 1, "失效"),
        ("报告 二.pdf", 2, "失效"),
        ("c.jpg", 1, "pictures"),
    ]
    assert [page.page_id for page in pages] == [
        f"{documents[0].document_id}-0000",
        f"{documents[1].document_id}-0000",
        f"{documents[1].document_id}-0002",
        f"{documents[2].document_id}-0000",
    ]
    assert [(one.path.rpartition("/")[2], one.page) for one in quarantine] == [
        ("b.png", -1),
        ("cut.pdf", -1),
        ("报告 二.pdf", 1),
        ("lost.png", -1),
    ]
    assert quarantine[0].reason == "the file is a duplicate of data/raw/domain/失效/a.png"
    assert all(one.stage == "corpus" for one in quarantine)
    assert not (tmp_path / "corpus" / "intake.draft").exists()


def test_two_runs_write_the_same_bytes(raw: Callable[..., Path], tmp_path: Path) -> None:
    folder = raw({f"domain/f/{index}.png": png(index, (30 + 9 * index, 20)) for index in range(5)})
    take_in(folder, tmp_path / "one")
    take_in(folder, tmp_path / "two")
    for path in sorted((tmp_path / "one").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_nothing_to_read_says_where_to_put_files(raw: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"put PDF, PNG, JPEG or TIFF files into data/raw/general/<family>/"):
        ingest([], tmp_path / "corpus", SETTINGS)
    folder = raw({"domain/f/a.txt": b"hello"})
    with pytest.raises(IntakeError, match=r"1 files or pages were refused, the first is data/raw/domain/f/a\.txt"):
        take_in(folder, tmp_path / "corpus")
    assert len(list(read_table(tmp_path / "corpus" / "quarantine", Quarantined))) == 1


HOSTILE = """
import os, time
from pathlib import Path
from fabeye.intake.worker import take_in as good

def take_in(path: Path, *others: object) -> object:
    what = path.read_bytes()
    if what == b"die": os.kill(os.getpid(), 9)
    if what == b"hang": time.sleep(1000)
    if what == b"eat": bytearray(1 << 40)
    if what == b"raise": raise UnicodeError("odd")
    return good(path, *others)
"""


def test_a_worker_that_dies_hangs_or_eats_costs_its_file_alone(
    raw: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hostile.py").write_text(HOSTILE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(module, "take_in", importlib.import_module("hostile").take_in)
    files = {f"domain/f/{what}.pdf": what.encode() for what in ("die", "hang", "eat", "raise")}
    folder = raw(files | {"domain/f/a.png": png(1), "domain/f/z.png": png(2)})
    documents, _, quarantine = take_in(folder, tmp_path / "corpus", file_seconds=5)
    assert [one.path.rpartition("/")[2] for one in documents] == ["a.png", "z.png"]
    reasons = {one.path.rpartition("/")[2]: one.reason for one in quarantine}
    assert "died" in reasons["die.pdf"]
    assert "more than 5 s" in reasons["hang.pdf"]
    assert "MiB of memory" in reasons["eat.pdf"]
    assert "UnicodeError" in reasons["raise.pdf"]


@given(st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}"), st.floats(0, 1))
def test_the_split_is_never_gold_and_grows_with_its_share(document_id: str, share: float) -> None:
    split = validation_or_train(document_id, share)
    assert split in ("train", "validation")
    assert validation_or_train(document_id, 0) == "train"
    assert split == "train" or validation_or_train(document_id, min(1.0, share + 0.1)) == "validation"


def test_it_works_from_a_notebook(raw: Callable[..., Path], tmp_path: Path) -> None:
    """A kernel's own main module is not one that a worker could import."""
    folder = raw({"domain/f/a.png": png(1)})
    code = textwrap.dedent(f"""
        from pathlib import Path
        from fabeye.intake.find import find_files
        from fabeye.intake.ingest import ingest
        from fabeye.settings import CorpusSettings
        root = Path({str(tmp_path)!r})
        settings = CorpusSettings.model_validate_json({SETTINGS.model_dump_json()!r})
        print(ingest(find_files(Path({str(folder)!r}), root), root / "corpus", settings))
    """)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    said = "".join(output.get("text", "") for output in notebook.cells[0].outputs)
    assert "IntakeSummary(documents=1, pages=1, quarantined=0)" in said
