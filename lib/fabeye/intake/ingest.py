"""Every file to documents, pages, pairs and quarantine, whatever the files are, to be killed and continued at any time.

Notable:
- One page is one item of the engine: a page that hangs, eats memory or crashes the decoder costs itself alone, and a
  long PDF is read by all workers at once, here or on a cluster.
- What was read is kept in the work folder's ledger; the tables are written from there, in order of name, so they do not
  depend on which worker was fastest, nor on how often the run was killed.
- Neither pages nor metadata are ever all in memory: it stays the same for 1,000 pages and for 10,000.
- The same bytes are the same document: a second copy goes to quarantine, naming the first.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import tee
from pathlib import Path

from fabeye.engine import Outcome, run
from fabeye.errors import FabeyeError
from fabeye.intake.file_pages import BadPage, GoodPage
from fabeye.intake.find import LAYERS, refusal
from fabeye.intake.ledger import Ledger, ReadPart
from fabeye.intake.readers import PAIR_KINDS
from fabeye.intake.shards import PAIRS_PER_PART, Shard, ShardStore
from fabeye.intake.worker import METADATA, Looked, Metadata, Part, look, read_part
from fabeye.progress import Progress
from fabeye.schema import Document, Incoming, Page, Pair, Quarantined, Split
from fabeye.settings import CorpusSettings, EngineSettings
from fabeye.tables import write_table

STAGE = "corpus"
WHOLE_FILE = -1
ID_DIGITS = 16  # hex digits of the sha256 that name a document
LOST_IN_A_ROW = 8  # pages that a file may lose to hangs and crashes, one after the other, before the rest is given up
READER = 1  # raised when the same file is read otherwise than before, so that what is kept is read anew


class IntakeError(FabeyeError):
    """There is nothing to work with; the text says where to put files."""


@dataclass(frozen=True, slots=True)
class IntakeSummary:
    """How many documents, pages and pairs came in, and how many files, pages or pairs did not."""

    documents: int
    pages: int
    pairs: int
    quarantined: int


@dataclass(slots=True)
class _File:
    """One file that could be opened; lost: reasons of pages that cost their worker; good: pages that came in."""

    incoming: Incoming
    looked: Looked
    key: str
    lost: dict[int, str] = field(default_factory=dict)
    good: int = 0

    def ends(self) -> int:
        """Number of pages to be read: all, or fewer where too many were lost in a row."""
        if len(self.lost) < LOST_IN_A_ROW:
            return self.looked.pages
        row = 0
        for number in range(self.looked.pages):
            row = row + 1 if number in self.lost else 0
            if row == LOST_IN_A_ROW:
                return number + 1
        return self.looked.pages


def ingest(
    incoming: Sequence[Incoming], out: Path, work: Path, settings: CorpusSettings, engine: EngineSettings
) -> IntakeSummary:
    """Write the tables documents, pages, pairs and quarantine below `out`, ordered by file name.

    work: folder of what has been read so far, on a disk that all workers see; may be deleted between runs. Raises
    IntakeError when not a single page or pair could be read; the quarantine is written nevertheless. Raises LedgerError
    when another run uses `work`, OSError when the disk is full.
    """
    quarantine: list[Quarantined] = []
    files, shards = _looked_at(incoming, settings, engine, quarantine)
    store = ShardStore(work / "pairs", settings, engine)
    with Ledger(work) as ledger:
        ledger.keep_only([file.key for file in files])
        _read_missing(files, ledger, settings, engine)
        pages = write_table(out / "pages", Page, _pages(files, ledger, quarantine))
        store.keep_only([shard for _, shard in shards])
        store.take([shard for _, shard in shards])
        pairs = write_table(out / "pairs", Pair, _pairs(shards, store, quarantine), PAIRS_PER_PART)
        documents = write_table(out / "documents", Document, _documents(files, ledger, shards, store, settings))
    quarantine.sort(key=lambda row: (row.path, row.page, row.reason))
    write_table(out / "quarantine", Quarantined, quarantine)
    if pages + pairs == 0:
        raise IntakeError(_nothing_to_read(quarantine))
    return IntakeSummary(documents, pages, pairs, len(quarantine))


def validation_or_train(document_id: str, validation_share: float) -> Split:
    """Split of a brought document: its identifier is a hash, so it is as good as a draw, and never changes."""
    draw = int(document_id, 16) / 16 ** len(document_id)
    return Split.VALIDATION if draw < validation_share else Split.TRAIN


def _looked_at(
    incoming: Sequence[Incoming], settings: CorpusSettings, engine: EngineSettings, quarantine: list[Quarantined]
) -> tuple[list[_File], list[tuple[_File, Shard]]]:
    """The files of pages and the shards of pairs, in order of name, each content once."""
    welcome = []
    for one in sorted(incoming, key=lambda one: one.name):
        if reason := refusal(one):
            quarantine.append(_refused(one, reason))
        else:
            welcome.append(one)
    files: list[_File] = []
    first_names: dict[str, str] = {}
    paths = [one.path for one in welcome]
    for one, outcome in zip(welcome, run(partial(look, max_pages=settings.max_pages), paths, engine), strict=True):
        looked = outcome.value
        if looked is None:
            quarantine.append(_refused(one, outcome.sentence("the file", engine)))
        elif first := first_names.get(looked.sha256):
            quarantine.append(_refused(one, f"the file is a duplicate of {first}"))
        else:
            first_names[looked.sha256] = one.name
            files.append(_File(one, looked, f"{looked.sha256} {settings.dpi} {settings.max_side} {READER}"))
    shards = [(file, _shard(file, settings)) for file in files if file.looked.kind in PAIR_KINDS]
    return [file for file in files if file.looked.kind not in PAIR_KINDS], shards


def _shard(file: _File, settings: CorpusSettings) -> Shard:
    licence = file.incoming.licence or settings.tags.licence
    return Shard(file.looked, file.incoming.name, licence, STAGE)


def _read_missing(files: Sequence[_File], ledger: Ledger, settings: CorpusSettings, engine: EngineSettings) -> None:
    """Read every part that the ledger lacks; what costs its worker is noted in its file's `lost`."""
    progress = Progress("intake: pages", sum(file.looked.pages + 1 for file in files))
    missing, again = tee(_missing(files, ledger, settings, progress))
    outcomes = run(read_part, (part for _, part in missing), engine)
    for (file, part), outcome in zip(again, outcomes, strict=False):
        _note(file, part.number, outcome, ledger, engine)
        progress.advance()


def _missing(
    files: Sequence[_File], ledger: Ledger, settings: CorpusSettings, progress: Progress
) -> Iterator[tuple[_File, Part]]:
    for file in files:
        known = ledger.numbers(file.key)
        if known:
            progress.advance(len(known))
        for number in range(METADATA, file.looked.pages):
            if number >= file.ends():
                progress.advance(file.looked.pages - number)
                break
            if number not in known:
                yield file, Part(file.looked, number, settings.dpi, settings.max_side)


def _note(file: _File, number: int, outcome: Outcome[ReadPart], ledger: Ledger, engine: EngineSettings) -> None:
    if outcome.value is not None:
        ledger.add(file.key, number, outcome.value)
    elif number == METADATA:
        reason = outcome.sentence("what stands beside the pages", engine)
        ledger.add(file.key, number, Metadata(json.dumps({"unread": reason}, ensure_ascii=False)))
    else:
        file.lost[number] = outcome.sentence("the page", engine)


def _pages(files: Sequence[_File], ledger: Ledger, quarantine: list[Quarantined]) -> Iterator[Page]:
    """All good pages from the ledger, in order; the others are written into the quarantine."""
    for file in files:
        ends = file.ends()
        for number in range(ends):
            part = ledger.get(file.key, number)
            if isinstance(part, GoodPage):
                file.good += 1
                yield part.of(file.looked.sha256[:ID_DIGITS])
            else:
                reason = part.reason if isinstance(part, BadPage) else file.lost[number]
                quarantine.append(_refused(file.incoming, reason, number))
        if ends < file.looked.pages:
            reason = (
                f"given up: the {LOST_IN_A_ROW} pages before this one were lost, so it and all later ones are not read"
            )
            quarantine.append(_refused(file.incoming, reason, ends))


def _pairs(shards: Sequence[tuple[_File, Shard]], store: ShardStore, quarantine: list[Quarantined]) -> Iterator[Pair]:
    for _, shard in shards:
        yield from store.pairs(shard)
        quarantine.extend(store.refused(shard))


def _documents(
    files: Sequence[_File],
    ledger: Ledger,
    shards: Sequence[tuple[_File, Shard]],
    store: ShardStore,
    settings: CorpusSettings,
) -> Iterator[Document]:
    """One row a file of which at least one page or pair came in, in order of name."""
    by_name = sorted([*((file, None) for file in files), *shards], key=lambda one: one[0].incoming.name)
    for file, shard in by_name:
        if shard is None:
            metadata = ledger.get(file.key, METADATA)
            text = metadata.text if isinstance(metadata, Metadata) else ""
            if file.good:
                yield _document(file, text, settings)
        elif (facts := store.facts(shard)).pairs:
            text = json.dumps({"pairs": facts.pairs, "left_out": facts.left_out})
            yield _document(file, text, settings)


def _document(file: _File, metadata: str, settings: CorpusSettings) -> Document:
    incoming = file.incoming
    document_id = file.looked.sha256[:ID_DIGITS]
    return Document(
        document_id=document_id,
        layer=incoming.layer,
        family=incoming.family,
        language=incoming.language,
        path=incoming.name,
        sha256=file.looked.sha256,
        pages=file.good,
        split=incoming.split or validation_or_train(document_id, settings.validation_share).value,
        generated=incoming.generated,
        licence=incoming.licence or settings.tags.licence,
        confidentiality=incoming.confidentiality or settings.tags.confidentiality.value,
        metadata=metadata,
    )


def _refused(incoming: Incoming, reason: str, page: int = WHOLE_FILE) -> Quarantined:
    return Quarantined(path=incoming.name, page=page, stage=STAGE, reason=" ".join(reason.split()))


def _nothing_to_read(quarantine: list[Quarantined]) -> str:
    where = " or ".join(f"data/raw/{layer}/<family>/" for layer in LAYERS)
    if not quarantine:
        return f"there is no page to read; put PDF, PNG, JPEG, TIFF, tar or Parquet files into {where}"
    first = quarantine[0]
    return (
        f"there is no page to read: {len(quarantine)} files or pages were refused, the first is {first.path} "
        f"({first.reason}); put readable PDF, PNG, JPEG, TIFF, tar or Parquet files into {where}"
    )
