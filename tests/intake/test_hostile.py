"""Two hundred hostile files: every good page comes in, every file is accounted for, nothing hangs."""

from collections import Counter
from pathlib import Path

import pytest

from fabeye.intake.find import find_files
from fabeye.intake.ingest import ingest
from fabeye.schema import Document, Pair, Quarantined
from fabeye.settings import EngineSettings, load_settings
from fabeye.tables import read_table
from tests.intake.hostile import MAKERS, make_folder

FILES = len(MAKERS)  # one of each kind; with 200 files the same test takes minutes
ENGINE = EngineSettings(engine="processes", workers=2, seconds=4, mib=1536)


@pytest.fixture
def real_pdfs() -> list[bytes]:
    """Real PDFs to spoil, where they are at hand."""
    folder = Path(__file__).resolve().parents[2] / ".." / "shared" / "samples" / "ihp_open_pdk"
    return [path.read_bytes() for path in sorted(folder.glob("*.pdf"))]


@pytest.mark.slow
def test_no_good_page_is_lost(tmp_path: Path, real_pdfs: list[bytes]) -> None:
    folder = make_folder(tmp_path / "raw", FILES, seed=5, samples=real_pdfs)
    incoming = find_files(folder.path, folder.path)
    settings = load_settings(Path(__file__).resolve().parents[2]).corpus.model_copy(update={"dpi": 72})
    ingest(incoming, tmp_path / "corpus", tmp_path / "work", settings, ENGINE)

    documents = {one.path: one for one in read_table(tmp_path / "corpus" / "documents", Document)}
    quarantine = list(read_table(tmp_path / "corpus" / "quarantine", Quarantined))
    lost = {
        path: pages for path, pages in folder.pages.items() if path not in documents or documents[path].pages < pages
    }
    assert not lost, [one for one in quarantine if one.path in lost]

    names = {one.document_id: one.path for one in documents.values()}
    pairs = Counter(names[one.document_id] for one in read_table(tmp_path / "corpus" / "pairs", Pair))
    assert {path: pairs[path] for path in folder.pairs} == folder.pairs
    assert {one.name for one in incoming} == set(documents) | {one.path for one in quarantine}
    assert all(one.reason and "\n" not in one.reason for one in quarantine)
