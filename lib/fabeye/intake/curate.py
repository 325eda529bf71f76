"""The stage between intake and everything else: a corpus in, a clean one out.

Notable:
- In this order: sensitive things are hidden, near-duplicates are found among what is left, the data card counts the
  result. A gold page with a twin in training ends the stage before anything is written.
- Generated reports are redacted and scored on the side: how well that goes is a number of every run.
- Training pages that are nearly another page are left out of every table; the table `duplicates` tells of each pair.
- The folder appears whole or not at all.
"""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fabeye.intake.card import write_card
from fabeye.intake.duplicates import find_duplicates
from fabeye.intake.redaction.audit import audit
from fabeye.intake.redaction.corpus import redact_corpus
from fabeye.schema import Document, Duplicate, Element, Entity, Origin, Page, document_of
from fabeye.settings import CurateSettings, EngineSettings, RedactSettings
from fabeye.tables import count_rows, read_table, write_json, write_table

ROWS_PER_PART = 20_000  # of tables without pictures
OF_PAGES: dict[str, type[Any]] = {"truth": Element, "entities": Entity, "origins": Origin, "hidden": Entity}


@dataclass(frozen=True, slots=True)
class CurateSummary:
    """What is left: documents and pages; pairs of near-duplicates found, pages dropped for being one."""

    documents: int
    pages: int
    duplicates: int
    dropped: int


def curate_corpus(
    corpus: Path,
    out: Path,
    work: Path,
    redact: RedactSettings,
    settings: CurateSettings,
    engine: EngineSettings,
    key: bytes,
    metrics: Path | None = None,
) -> CurateSummary:
    """Write the tables of a clean corpus, `duplicates`, card.json, audit.json and samples.png below `out`.

    work: folder of what the redaction has read, which an interrupted run takes up again; it holds clear text. key: of
    the placeholders. metrics: JSON file for the audit's numbers and what the corpus lost. Raises LeakError when a gold
    page is nearly a page outside the gold set, TableError when the corpus is missing, and what redact_corpus raises;
    `out` is then untouched.
    """
    draft = out.with_name(out.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(parents=True, exist_ok=True)
    counted = asdict(redact_corpus(corpus, draft, work, redact, engine, key))
    found = find_duplicates(draft, settings.duplicates, engine)
    dropped = {one.page_id for one in found if one.dropped}
    if dropped:
        leave_out(draft, dropped)
    write_table(draft / "duplicates", Duplicate, found)
    write_card(draft, counted, settings.samples)
    score = audit(corpus, work / "audit", redact, engine)
    write_json(draft / "audit.json", score.as_dict() if score else {})
    shutil.rmtree(out, ignore_errors=True)
    os.replace(draft, out)
    documents, pages = count_rows(out / "documents"), count_rows(out / "pages")
    summary = CurateSummary(documents, pages, len(found), len(dropped))
    if metrics:
        write_json(metrics, {**asdict(summary), "redaction": score.numbers() if score else {}})
    return summary


def leave_out(corpus: Path, pages: Collection[str]) -> None:
    """Take pages out of a corpus's tables; a document without any page left goes too."""
    lost: dict[str, int] = {}
    for page in pages:
        document_id = document_of(page)
        lost[document_id] = lost.get(document_id, 0) + 1
    write_table(corpus / "documents", Document, list(_shorter(corpus, lost)))
    write_table(corpus / "pages", Page, _kept(corpus / "pages", Page, pages))
    for name, noun in OF_PAGES.items():
        if (corpus / name).is_dir():
            write_table(corpus / name, noun, _kept(corpus / name, noun, pages), rows_per_part=ROWS_PER_PART)


def _shorter(corpus: Path, lost: Mapping[str, int]) -> Iterator[Document]:
    for document in read_table(corpus / "documents", Document):
        left = document.pages - lost.get(document.document_id, 0)
        if left:
            yield replace(document, pages=left)


def _kept(folder: Path, noun: type[Any], pages: Collection[str]) -> Iterator[Any]:
    """Rows of other pages. The table is replaced only once it is written, so it can be read meanwhile."""
    return (row for row in read_table(folder, noun) if row.page_id not in pages)
