"""A corpus in, the same tables out: nothing sensitive in any byte, alike for any number of workers."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from fabeye import engine
from fabeye.engine import Outcome, Trouble
from fabeye.intake.redaction.corpus import RedactSummary, redact_corpus
from fabeye.intake.redaction.score import score_redaction
from fabeye.schema import Document, Entity, Page, Quarantined
from fabeye.settings import EngineSettings
from fabeye.tables import TableError, read_table, write_table
from tests.intake.redaction.drawn_pages import page, run
from tests.intake.redaction.test_page import KEY, SETTINGS, WORDS

SECRETS = ("TH8402B", "Kevin Lin", "kevin.lin", "TH84")
ENGINE = EngineSettings(engine="processes", workers=1, seconds=300, mib=4096)


def in_turn(task: Callable[[Any], Any], items: Iterable[Any], _: EngineSettings) -> Iterator[Outcome[Any]]:
    """The engine without processes, which take seconds to start."""
    yield from (Outcome(value=task(item)) for item in items)


@pytest.fixture(scope="module", autouse=True)
def here() -> Iterator[pytest.MonkeyPatch]:
    """Everything runs in this process, unless a test says otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fabeye.intake.redaction.corpus.run", in_turn)
        patch.setattr("fabeye.intake.redaction.score.run", in_turn)
        yield patch


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with a layer, a photograph whose file bears the lot, and a document of general knowledge."""
    folder = tmp_path_factory.mktemp("corpus")
    photo = ((20, 20, "HV 5.0 kV"), (20, 100, "TH84O2B map by kevin.lin"))
    names = {"a" * 16: ("domain", "reports"), "b" * 16: ("domain", "reports"), "c" * 16: ("general", "books")}
    documents = [
        Document(
            document_id=name,
            layer=layer,
            family=family,
            language="en",
            path=f"data/raw/{layer}/{family}/TH8402B_{name[0]}.pdf",
            sha256=name,
            pages=1,
            split="train",
            generated=False,
            metadata=json.dumps({"info": {"Author": "Kevin Lin", "Title": "lot TH8402B.03"}}),
        )
        for name, (layer, family) in names.items()
    ]
    pages = [
        page(*WORDS, document="a" * 16),
        page(*photo, document="b" * 16, layered=False),
        page((20, 20, "Kevin Lin wrote a book"), document="c" * 16),
    ]
    write_table(folder / "documents", Document, documents)
    write_table(folder / "pages", Page, pages)
    x0, y0, x1, y1 = run(200, 80, "Kevin Lin").box
    truth = Entity(
        page_id=pages[0].page_id,
        field="",
        kind="PERSON",
        text="Kevin Lin",
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        in_picture=False,
    )
    write_table(folder / "entities", Entity, [truth])
    refused = Quarantined(path="data/raw/domain/reports/TH8402B.03.pdf", page=-1, stage="corpus", reason="cut short")
    write_table(folder / "quarantine", Quarantined, [refused])
    return folder


@pytest.fixture(scope="module")
def redacted(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RedactSummary]:
    out = tmp_path_factory.mktemp("out")
    return out, redact_corpus(corpus, out, out / "work", SETTINGS, ENGINE, KEY)


def rows(folder: Path) -> dict[str, list[str]]:
    return {
        part.parent.name: [str(row) for row in pq.read_table(part).to_pylist()]
        for part in sorted(folder.glob("*/*.parquet"))
    }


def test_no_string_of_any_table_holds_a_secret(redacted: tuple[Path, RedactSummary]) -> None:
    out, summary = redacted
    written = {name: "\n".join(found) for name, found in rows(out).items()}
    for table in ("documents", "entities", "quarantine", "hidden"):
        assert not [secret for secret in SECRETS if secret in written[table]], table
    cleaned = [one for one in read_table(out / "pages", Page) if one.document_id != "c" * 16]
    assert not [secret for secret in SECRETS for one in cleaned if secret in one.text_layer]
    assert (summary.pages, summary.passed, summary.quarantined) == (3, 1, 0)


def test_general_documents_pass_as_they_are(corpus: Path, redacted: tuple[Path, RedactSummary]) -> None:
    last = [list(read_table(folder / "pages", Page))[-1] for folder in (corpus, redacted[0])]
    assert last[0] == last[1]


def test_a_lot_has_one_placeholder_in_pages_pictures_and_file_names(redacted: tuple[Path, RedactSummary]) -> None:
    out, _ = redacted
    lots = {row.text.split(".")[0] for row in read_table(out / "hidden", Entity) if row.kind == "LOT"}
    assert len(lots) == 1
    (lot,) = lots
    assert all(lot in document.path for document in read_table(out / "documents", Document))


def test_the_score_sees_that_nothing_leaked(corpus: Path, redacted: tuple[Path, RedactSummary]) -> None:
    score = score_redaction(corpus, redacted[0], redacted[0] / "work", SETTINGS, ENGINE)
    (person,) = score.kinds
    assert (person.truth, person.found, person.leaked) == (1, 1, 0)
    assert "100.00%" in score.as_text()


def test_the_score_sees_a_leak(corpus: Path, tmp_path: Path) -> None:
    for table, noun in (("documents", Document), ("pages", Page)):
        write_table(tmp_path / table, noun, read_table(corpus / table, noun))
    write_table(tmp_path / "hidden", Entity, [])
    score = score_redaction(corpus, tmp_path, tmp_path / "work", SETTINGS, ENGINE)
    assert [miss.why for miss in score.misses] == ["not covered"]


@pytest.mark.slow
def test_worker_processes_write_the_same(
    corpus: Path, redacted: tuple[Path, RedactSummary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fabeye.intake.redaction.corpus.run", engine.run)
    redact_corpus(corpus, tmp_path / "out", tmp_path / "work", SETTINGS, ENGINE.model_copy(update={"workers": 2}), KEY)
    assert rows(tmp_path / "out") == rows(redacted[0])


def test_what_a_worker_loses_goes_to_quarantine(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(task: Callable[[Any], Any], items: Iterable[Any], _: EngineSettings) -> Iterator[Outcome[Any]]:
        for number, item in enumerate(items):
            yield Outcome(trouble=Trouble.TIMEOUT) if number == 0 else Outcome(value=task(item))

    monkeypatch.setattr("fabeye.intake.redaction.corpus.run", failing)
    summary = redact_corpus(corpus, tmp_path / "out", tmp_path / "work", SETTINGS, ENGINE, KEY)
    assert (summary.pages, summary.quarantined) == (2, 1)
    lost = [row for row in read_table(tmp_path / "out" / "quarantine", Quarantined) if row.stage == "redact"]
    assert [(row.page, "TH8402B" in row.path) for row in lost] == [(0, False)]
    assert "engine.seconds" in lost[0].reason
    assert len(list(read_table(tmp_path / "out" / "documents", Document))) == 2


def test_a_missing_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="documents"):
        redact_corpus(tmp_path, tmp_path / "out", tmp_path / "work", SETTINGS, ENGINE, KEY)
