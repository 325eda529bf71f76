"""How well the redaction does, measured in every run: some generated reports are redacted and scored on the side.

Notable:
- Generated documents are the ones whose truth is known, so they stand for the brought ones, of which nothing is known.
- The audit has a key of its own, made of its documents, so a second run gives the same bytes; nothing it hides is ever
  used, and its placeholders lead nowhere.
"""

import hashlib
import shutil
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from fabeye.intake.redaction.corpus import redact_corpus
from fabeye.intake.redaction.score import RedactionScore, score_redaction
from fabeye.schema import Document, Entity, Page, document_of
from fabeye.settings import EngineSettings, RedactSettings
from fabeye.tables import find_rows, read_table, write_table

REPORTS = "efa_pfa"  # family whose documents name people, lots and tools, in text and in pictures
ROWS_PER_PART = 20_000  # of tables without pictures


def audit(corpus: Path, work: Path, settings: RedactSettings, engine: EngineSettings) -> RedactionScore | None:
    """Redact `settings.audit` generated documents of a corpus in `work` and score that; None where there are none.

    Raises TableError when the corpus is missing, OSError on a full disk.
    """
    chosen = _chosen(corpus, settings)
    if not chosen:
        return None
    source, redacted = work / "corpus", work / "redacted"
    _copy(corpus, source, chosen)
    everything = settings.model_copy(update={"generated": True, "layers": ("general", "domain"), "spared": ()})
    key = hashlib.sha256(" ".join(chosen).encode()).digest()
    redact_corpus(source, redacted, work, everything, engine, key)
    score = score_redaction(source, redacted, work, everything, engine)
    shutil.rmtree(source)
    shutil.rmtree(redacted)
    return score


def _chosen(corpus: Path, settings: RedactSettings) -> list[str]:
    """Ids of the first generated reports of the corpus, languages in turn."""
    languages: dict[str, list[str]] = {}
    if (corpus / "entities").is_dir():
        for one in sorted(read_table(corpus / "documents", Document), key=lambda one: (one.language, one.path)):
            if one.generated and one.family == REPORTS:
                languages.setdefault(one.language, []).append(one.document_id)
    return [name for turn in zip_longest(*languages.values()) for name in turn if name][: settings.audit]


def _copy(corpus: Path, out: Path, documents: Sequence[str]) -> None:
    """A corpus of some documents alone; their other truth is left out, as nobody reads it here."""
    write_table(out / "documents", Document, find_rows(corpus / "documents", Document, "document_id", documents))
    write_table(out / "pages", Page, find_rows(corpus / "pages", Page, "document_id", documents))
    entities = (row for row in read_table(corpus / "entities", Entity) if document_of(row.page_id) in documents)
    write_table(out / "entities", Entity, entities, ROWS_PER_PART)
