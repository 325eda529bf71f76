"""The whole generated corpus: the same bytes whatever happens on the way."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from fabeye.engine import Outcome
from fabeye.schema import Element, Entity, Origin
from fabeye.settings import CorpusSettings
from fabeye.synthesis import writing
from fabeye.synthesis.writing import GenerationError, Job, fingerprint, write_documents
from fabeye.tables import read_table
from tests.synthesis.generated_corpus import EVERYTHING, corpus_settings, engine_settings


def digests(folder: Path) -> dict[str, str]:
    """sha256 of every file of a corpus by its name; the work folder is no part of it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "work" not in path.relative_to(folder).parts
    }


def write(settings: CorpusSettings, folder: Path, workers: int = 1) -> dict[str, str]:
    write_documents(settings, engine_settings(workers), folder, folder / "work", folder)
    return digests(folder)


def test_a_written_corpus_matches_the_settings(tmp_path: Path) -> None:
    settings = corpus_settings({"general": 3})
    stale = tmp_path / "generated" / "general" / "general-en-00099.pdf"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"stale")
    incoming = write_documents(settings, engine_settings(1), tmp_path, tmp_path / "work", tmp_path)
    assert [one.name for one in incoming] == [
        "generated/general/general-en-00000.pdf",
        "generated/general/general-zh-00001.pdf",
        "generated/general/general-en-00002.pdf",
    ]
    assert set((tmp_path / "generated").rglob("*.pdf")) == {one.path for one in incoming}
    assert all(one.generated and one.layer == "general" for one in incoming)
    assert not (tmp_path / "work").exists()

    ids = {hashlib.sha256(one.path.read_bytes()).hexdigest()[:16] for one in incoming}
    rows = list(read_table(tmp_path / "truth", Element))
    pages = {one.page_id for one in read_table(tmp_path / "origins", Origin)}
    assert {row.page_id.rpartition("-")[0] for row in rows} == ids
    assert {row.page_id for row in rows} <= pages
    assert {row.page_id for row in read_table(tmp_path / "entities", Entity)} <= pages
    assert len({(row.page_id, row.order) for row in rows}) == len(rows)


@pytest.mark.slow
def test_the_number_of_workers_changes_no_byte(tmp_path: Path) -> None:
    settings = corpus_settings({"general": 3}, finish=EVERYTHING)
    assert write(settings, tmp_path / "one", 1) == write(settings, tmp_path / "two", 2)


def test_what_is_finished_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = corpus_settings({"general": 2})
    whole = write(settings, tmp_path / "whole")
    folder = tmp_path / "work" / fingerprint(settings)
    folder.mkdir(parents=True)
    (tmp_path / "work" / "0123456789abcdef").mkdir()
    first = writing.ordered(settings)[0]
    writing.make(Job(first, settings, folder))

    asked: list[str] = []
    monkeypatch.setattr(writing, "run", lambda task, jobs, _: _here(task, jobs, asked))
    write_documents(settings, engine_settings(1), tmp_path / "rest", tmp_path / "work", tmp_path / "rest")
    assert asked == ["general-zh-00001.pdf"]
    assert digests(tmp_path / "rest") == whole
    assert not (tmp_path / "work").exists()


def _here(task: Callable[[Job], str], jobs: Iterable[Job], asked: list[str]) -> Iterator[Outcome[str]]:
    for job in jobs:
        asked.append(job.order.name)
        yield Outcome(value=task(job))


@pytest.mark.usefixtures("watchful")
def test_a_document_that_cannot_be_made_is_named_and_the_old_tables_stay(tmp_path: Path) -> None:
    settings = corpus_settings({"general": 1})
    whole = write(settings, tmp_path / "corpus")
    impossible = engine_settings(1).model_copy(update={"seconds": 0.001})
    with pytest.raises(GenerationError, match=r"general-en-00000.pdf could not be made: .*engine.seconds"):
        write_documents(settings, impossible, tmp_path / "corpus", tmp_path / "corpus" / "work", tmp_path / "corpus")
    assert digests(tmp_path / "corpus") == whole


def test_the_fingerprint_changes_with_what_a_document_depends_on() -> None:
    base = corpus_settings({"general": 1})
    same = [corpus_settings({"general": 9}), corpus_settings({"general": 1}, gold_share=0.5)]
    other = [corpus_settings({}, seed=4), corpus_settings({}, dpi=100), corpus_settings({}, finish={"scan": 0.1})]
    assert {fingerprint(one) for one in same} == {fingerprint(base)}
    assert len({fingerprint(one) for one in [base, *other]}) == 4


@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    settings = corpus_settings({"general": 6}, finish=EVERYTHING)
    whole = write(settings, tmp_path / "whole")
    program = (
        "import sys; from pathlib import Path; from fabeye.settings import CorpusSettings, EngineSettings\n"
        "from fabeye.synthesis.writing import write_documents\n"
        "out = Path(sys.argv[1])\n"
        "corpus = CorpusSettings.model_validate_json(sys.argv[2])\n"
        "engine = EngineSettings.model_validate_json(sys.argv[3])\n"
        "if __name__ == '__main__': write_documents(corpus, engine, out, out / 'work', out)\n"
    )
    script = tmp_path / "write.py"
    script.write_text(program)
    said = [settings.model_dump_json(), engine_settings(2).model_dump_json()]
    command = [sys.executable, str(script), str(tmp_path / "killed"), *said]
    draws = random.Random(4)
    for _ in range(3):
        started = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        time.sleep(draws.uniform(1.5, 5))
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    assert digests(tmp_path / "killed") == whole
