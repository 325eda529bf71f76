"""Folders of files to tables: everything accounted for, nothing hostile gets out of its worker."""

import importlib
import io
import json
import textwrap
from collections.abc import Callable, Iterable, Iterator
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
from fabeye.settings import CorpusSettings, EngineSettings, PairSettings, TagSettings
from fabeye.tables import read_table

SETTINGS = CorpusSettings(
    seed=1,
    dpi=72,
    languages=["en"],
    gold_share=0.25,
    validation_share=0.5,
    max_side=300,
    max_pages=40,
    tags=TagSettings(licence="unknown", confidentiality="internal"),
    pairs=PairSettings(min_text=3, max_text=40, min_side=8),
    documents={},
)
ENGINE = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)


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


def take_in(raw: Path, out: Path, seconds: float = 60) -> tuple[list[Document], list[Page], list[Quarantined]]:
    root = raw.parents[1]
    engine = ENGINE.model_copy(update={"seconds": seconds})
    summary = ingest(find_files(raw, root), out, out.with_name(out.name + ".work"), SETTINGS, engine)
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
    assert {one.name for one in (tmp_path / "corpus").iterdir()} == {"documents", "pages", "pairs", "quarantine"}


def test_two_runs_write_the_same_bytes(raw: Callable[..., Path], tmp_path: Path) -> None:
    folder = raw({f"domain/f/{index}.png": png(index, (30 + 9 * index, 20)) for index in range(5)})
    take_in(folder, tmp_path / "one")
    take_in(folder, tmp_path / "two")
    for path in sorted((tmp_path / "one").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_nothing_to_read_says_where_to_put_files(raw: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(
        IntakeError, match=r"put PDF, PNG, JPEG, TIFF, tar or Parquet files into data/raw/general/<family>/"
    ):
        ingest([], tmp_path / "corpus", tmp_path / "work", SETTINGS, ENGINE)
    folder = raw({"domain/f/a.txt": b"hello"})
    with pytest.raises(IntakeError, match=r"1 files or pages were refused, the first is data/raw/domain/f/a\.txt"):
        take_in(folder, tmp_path / "corpus")
    assert len(list(read_table(tmp_path / "corpus" / "quarantine", Quarantined))) == 1


HOSTILE = """
import os, time
from fabeye.intake.worker import Part, read_part as good

def read_part(part: Part) -> object:
    what = part.file.path.stem
    if part.number >= 1 and what in ("die", "hang", "eat", "raise", "endless"):
        if what == "die" and part.number == 1: os.kill(os.getpid(), 9)
        if what == "hang" and part.number == 2: time.sleep(1000)
        if what == "eat" and part.number == 1: bytearray(1 << 40)
        if what == "raise" and part.number == 1: raise UnicodeError("odd")
        if what == "endless": os.kill(os.getpid(), 9)
    if what == "dumb" and part.number < 0: raise ValueError("no metadata")
    return good(part)
"""


@pytest.fixture
def hostile_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading misbehaves on the pages of files with certain names."""
    (tmp_path / "hostile_reader.py").write_text(HOSTILE)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    monkeypatch.setattr(module, "read_part", importlib.import_module("hostile_reader").read_part)


@pytest.mark.slow
@pytest.mark.usefixtures("hostile_reader")
def test_a_page_that_kills_its_worker_costs_itself_alone(raw: Callable[..., Path], tmp_path: Path) -> None:
    names = ("die", "hang", "eat", "raise", "dumb")
    folder = raw({f"domain/f/{name}.pdf": pdf(*[(40, 50 + at)] * 3) for at, name in enumerate(names)})
    documents, _, quarantine = take_in(folder, tmp_path / "corpus", seconds=4)
    assert {Path(one.path).stem: one.pages for one in documents} == dict.fromkeys(names, 2) | {"dumb": 3}
    assert {(Path(one.path).stem, one.page): one.reason for one in quarantine} == {
        ("die", 1): "the process that worked on the page died: it is damaged, or too large for engine.mib",
        ("hang", 2): "the page took more than 4 s (engine.seconds)",
        ("eat", 1): "the page took more than 4096 MiB of memory (engine.mib)",
        ("raise", 1): "the page cannot be worked on (UnicodeError: odd); check it with another program",
    }
    (dumb,) = [one for one in documents if Path(one.path).stem == "dumb"]
    assert "ValueError: no metadata" in json.loads(dumb.metadata)["unread"]


@pytest.mark.slow
@pytest.mark.usefixtures("hostile_reader")
def test_a_file_that_kills_worker_after_worker_is_given_up(raw: Callable[..., Path], tmp_path: Path) -> None:
    folder = raw({"domain/f/endless.pdf": pdf(*[(40, 40)] * 30), "domain/f/z.png": png(3)})
    documents, _, quarantine = take_in(folder, tmp_path / "corpus")
    assert [one.pages for one in documents] == [1, 1]
    assert [one.page for one in quarantine] == list(range(1, module.LOST_IN_A_ROW + 2))
    assert quarantine[-1].reason.startswith("given up")


def test_only_what_is_missing_is_read_again(
    raw: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = raw({"domain/f/a.pdf": pdf((40, 50), (60, 70)), "domain/f/b.png": png(1)})
    first = take_in(folder, tmp_path / "corpus")
    (folder / "domain/f/b.png").rename(folder / "domain/f/0.png")
    (folder / "domain/f/c.png").write_bytes(png(2))
    asked: list[tuple[str, int]] = []

    def noting(task: Callable[..., object], items: Iterable[object], settings: EngineSettings) -> Iterator[object]:
        for item in items:
            if task is module.read_part:
                asked.append((item.file.path.name, item.number))  # type: ignore[attr-defined]
            yield from real(task, [item], settings)

    real = module.run
    monkeypatch.setattr(module, "run", noting)
    second = take_in(folder, tmp_path / "corpus")
    assert asked == [("c.png", -1), ("c.png", 0)]
    assert {page.page_id for page in second[1]} > {page.page_id for page in first[1]}


def test_tags_and_metadata_come_with_the_document(raw: Callable[..., Path], tmp_path: Path) -> None:
    tags = b"default: {licence: CC-BY-4.0}\nfiles: {a.png: {confidentiality: secret, language: zh}}"
    folder = raw({"domain/f/a.png": png(1), "domain/f/b.png": png(2), "domain/f/SOURCES.yaml": tags})
    (a, b), _, quarantine = take_in(folder, tmp_path / "corpus")
    assert (a.licence, a.confidentiality, a.language) == ("CC-BY-4.0", "secret", "zh")
    assert (b.licence, b.confidentiality, b.language) == ("CC-BY-4.0", "internal", "und")
    assert (json.loads(a.metadata), quarantine) == ({}, [])


def test_a_file_with_too_many_pages_is_refused(raw: Callable[..., Path], tmp_path: Path) -> None:
    folder = raw({"domain/f/a.pdf": pdf(*[(9, 9)] * 41), "domain/f/b.png": png(1)})
    _, _, quarantine = take_in(folder, tmp_path / "corpus")
    assert [one.reason for one in quarantine] == [
        "the file says that it has 41 pages, it may have 40 at most (corpus.max_pages)"
    ]


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
        from fabeye.settings import CorpusSettings, EngineSettings, PairSettings, TagSettings
        root = Path({str(tmp_path)!r})
        settings = CorpusSettings.model_validate_json({SETTINGS.model_dump_json()!r})
        engine = EngineSettings.model_validate_json({ENGINE.model_dump_json()!r})
        print(ingest(find_files(Path({str(folder)!r}), root), root / "corpus", root / "work", settings, engine))
    """)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    said = "".join(output.get("text", "") for output in notebook.cells[0].outputs)
    assert "IntakeSummary(documents=1, pages=1, pairs=0, quarantined=0)" in said
