"""The curated corpus: hidden, free of twins, counted, whole or not there."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from fabeye.intake import curate
from fabeye.intake.card import sheet as contact_sheet
from fabeye.intake.curate import CurateSummary, curate_corpus, leave_out
from fabeye.intake.duplicates import LeakError
from fabeye.schema import Document, Duplicate, Element, Origin, Page
from fabeye.settings import EngineSettings, load_settings
from fabeye.tables import read_table
from tests.intake.drawn_pages import Drawn, sheet, write_corpus

ENGINE = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)
TWIN = (sheet(1), "")


@dataclass
class Hidden:
    """What the stand-in for the redaction counts."""

    pages: int = 3


@pytest.fixture(autouse=True)
def redaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redaction reads every page by OCR and has tests of its own: here it hides nothing and says what it counted."""

    def copied(corpus: Path, out: Path, *_: object) -> Hidden:
        shutil.copytree(corpus, out)
        return Hidden()

    monkeypatch.setattr(curate, "redact_corpus", copied)


def curated(folder: Path) -> CurateSummary:
    own = load_settings()
    return curate_corpus(
        folder / "corpus", folder / "curated", folder / "work", own.redact, own.curate, ENGINE, b"0123456789abcdef"
    )


def test_twins_go_from_every_table_and_the_card_counts_the_rest(tmp_path: Path) -> None:
    first, second, third = write_corpus(
        tmp_path / "corpus",
        [Drawn("train", [TWIN, (sheet(2), "")]), Drawn("train", [TWIN]), Drawn("gold", [(sheet(3), "")])],
    )
    summary = curated(tmp_path)
    assert summary == CurateSummary(documents=2, pages=3, duplicates=1, dropped=1)

    out, lost = tmp_path / "curated", f"{second}-0000"
    assert [one.document_id for one in read_table(out / "documents", Document)] == [first, third]
    for name, noun in (("pages", Page), ("truth", Element), ("origins", Origin)):
        assert lost not in {one.page_id for one in read_table(out / name, noun)}
    pairs = list(read_table(out / "duplicates", Duplicate))
    assert [(one.page_id, one.twin_id, one.dropped) for one in pairs] == [(lost, f"{first}-0000", True)]

    card = json.loads((out / "card.json").read_text())
    assert card["families"] == {"jedec/en/gold": 1, "jedec/en/train": 1}
    assert card["pages"]["split"] == {"gold": 1, "train": 2}
    assert card["elements"] == {"title": 3}
    assert card["operations"] == {"jpeg": 3, "scan": 3}
    assert card["quarantine"] == {"corpus": 1}
    assert card["duplicates"]["dropped_pages"] == 1
    assert sum(card["duplicates"]["picture_distances"].values()) == 1
    assert card["redaction"] == {"pages": 3}
    assert Image.open(out / "samples.png").width > 0


def test_a_leak_leaves_what_stood_there(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus", [Drawn("train", [TWIN]), Drawn("gold", [TWIN])])
    (tmp_path / "curated").mkdir()
    (tmp_path / "curated" / "old").touch()
    with pytest.raises(LeakError):
        curated(tmp_path)
    assert (tmp_path / "curated" / "old").exists()


def test_a_document_that_loses_some_pages_counts_the_others(tmp_path: Path) -> None:
    (only,) = write_corpus(tmp_path, [Drawn("train", [(sheet(seed), "") for seed in range(3)])])
    leave_out(tmp_path, [f"{only}-0001"])
    assert [one.pages for one in read_table(tmp_path / "documents", Document)] == [2]
    assert [one.number for one in read_table(tmp_path / "pages", Page)] == [0, 2]


def test_samples_come_from_every_group_in_turn_and_repeat(tmp_path: Path) -> None:
    pages = [(sheet(seed), "") for seed in range(2)]
    write_corpus(tmp_path, [Drawn("train", pages), Drawn("gold", pages), Drawn("validation", pages)])
    few, all_ = contact_sheet(tmp_path, 3), contact_sheet(tmp_path, 6)
    half = (0, 0, few.width // 2, few.height)
    assert few.crop(half).tobytes() == all_.crop(half).tobytes(), "the first of each group come first"
    assert few.tobytes() != all_.tobytes()
    assert few.tobytes() == contact_sheet(tmp_path, 3).tobytes()
