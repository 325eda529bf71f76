"""The intake's benchmark makes the same files each time and counts what came in."""

from pathlib import Path

from fabeye.bench.ingest import PAGES_PER_FILE, make_files, run_ingest
from fabeye.settings import load_settings


def test_the_same_files_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_files(tmp_path / name, PAGES_PER_FILE + 1)
    files = sorted((tmp_path / "one").rglob("*.pdf"))
    assert len(files) == 2
    for path in files:
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()


def test_a_run_says_pages_and_memory() -> None:
    run = run_ingest(load_settings(Path(__file__).resolve().parents[2]), pages=3)
    assert run.pages == 3
    assert run.pages_per_s > 0
    assert min(run.parent_mib, run.worker_mib) > 10
