"""The shards stage: parsed pages in, tokenizer and MDS shards out.

Notable:
- One source a layer and family, named "<layer>-<family>"; each has a train and a validation folder.
- Pictures that came with their captions go beside the pairs cut from pages, in the source of their own family.
- Groups of pages are written by processes of their own; a killed run goes on with the groups that are missing.
- A page that cannot be decoded is counted and left out; the run goes on.
- data/shards appears whole or not at all.
"""

import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fabeye.engine import run
from fabeye.evaluation.gold import gold_document_ids
from fabeye.progress import track
from fabeye.schema import Document, Element, Split, document_of
from fabeye.settings import EngineSettings, ShardsSettings
from fabeye.tables import part_keys, write_json

from .index import ShardsError, ShardsIndex, write_index
from .pairs import find_captions, find_documents, find_lines
from .tokenizer import TOKENIZER, TextTokenizer, TokenizerError
from .writer import Group, Written, join_groups, write_group

SPLITS = (Split.TRAIN.value, Split.VALIDATION.value)
GROUP = 256  # pages or captioned pictures that one process turns into shards at a time: tens of MB
INPUTS = "inputs.json"
DIGITS = 5  # of a group's number
LIBRARIES_MIB = 1 << 16  # of address space that torch, which Streaming loads, maps before any work is done

Lines = dict[str, list[Element]]  # by page, in reading order
Place = tuple[str, str]  # of a row: the part it stands in, its key


@dataclass(frozen=True, slots=True)
class ShardsSummary:
    """What was written: pairs by source and split, tokens in the vocabulary, pages and regions left out."""

    sources: dict[str, dict[str, int]]
    vocabulary: int
    broken_pages: int
    left_out: int


def build_shards(
    corpus: Path, parses: Path, gold: Path, out: Path, work: Path, settings: ShardsSettings, engine: EngineSettings
) -> ShardsSummary:
    """Write tokenizer.json, index.json and <source>/<split>/ into `out`, replacing it.

    A document with a page in the gold set `gold` is left out, whatever its split: people may have annotated it since.
    work: where a killed run is taken up again. Raises ShardsError when there is no text to train on or a group cannot
    be written, TableError when corpus or parses are missing.
    """
    documents, lines = find_documents(corpus, SPLITS, gold_document_ids(gold)), find_lines(parses, settings.levels)
    draft = work / "shards"
    _take_up(draft, _fingerprint((corpus, parses, gold), documents, settings))
    tokenizer = _tokenizer(draft, corpus, parses, documents, lines, settings)
    groups = [*_page_groups(draft, corpus, documents, lines), *_caption_groups(draft, corpus, documents)]
    written = _write(groups, draft / TOKENIZER, settings, engine)
    sources = _counts(documents, groups, written)
    for folder in sorted({group.folder.parent for group in groups}):
        join_groups(folder)
    write_index(draft, ShardsIndex(sources, settings.max_text))
    (draft / INPUTS).unlink()
    shutil.rmtree(out, ignore_errors=True)
    os.replace(draft, out)
    broken, left_out = sum(len(one.broken_pages) for one in written), sum(one.left_out for one in written)
    return ShardsSummary(sources, tokenizer.vocabulary, broken, left_out)


def source_name(document: Document) -> str:
    """Name of the source a document's pairs go to."""
    return f"{document.layer}-{document.family}"


def _take_up(draft: Path, inputs: str) -> None:
    """Keep what a killed run has written from the same inputs, and nothing else."""
    if not (draft / INPUTS).is_file() or json.loads((draft / INPUTS).read_text(encoding="utf-8")) != inputs:
        shutil.rmtree(draft, ignore_errors=True)
        write_json(draft / INPUTS, inputs)


def _fingerprint(folders: Sequence[Path], documents: dict[str, Document], settings: ShardsSettings) -> str:
    digest = hashlib.sha256(settings.model_dump_json().encode())
    if settings.tokenizer:
        digest.update(_named_tokenizer(settings).read_bytes())
    digest.update("\n".join(documents).encode())
    for path in sorted(path for folder in folders for path in folder.glob("*/manifest.json")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _tokenizer(
    draft: Path, corpus: Path, parses: Path, documents: dict[str, Document], lines: Lines, settings: ShardsSettings
) -> TextTokenizer:
    """The one that the settings name, byte for byte, or one trained on the training texts."""
    path = draft / TOKENIZER
    if path.is_file():
        return TextTokenizer.load(path)
    texts = [*_train_texts(lines, documents), *_train_captions(corpus, documents)]
    if not texts:
        raise ShardsError(
            f"no train document in {corpus} has a line of text in {parses}; add documents, then `dvc repro`"
        )
    written = path.with_suffix(".draft")
    if settings.tokenizer:
        shutil.copyfile(_named_tokenizer(settings), written)
    else:
        TextTokenizer.train(texts, settings.vocabulary).save(written)
    os.replace(written, path)
    return TextTokenizer.load(path)


def _named_tokenizer(settings: ShardsSettings) -> Path:
    path = Path(settings.tokenizer) / TOKENIZER
    try:
        TextTokenizer.load(path)
    except TokenizerError as error:
        raise ShardsError(f"shards.tokenizer: {path} is missing or damaged; name a checkpoint folder") from error
    return path


def _train_texts(lines: Lines, documents: dict[str, Document]) -> Iterator[str]:
    for page_id, elements in lines.items():
        document = documents.get(document_of(page_id))
        if document and document.split == Split.TRAIN:
            yield from (element.text.strip() for element in elements)


def _train_captions(corpus: Path, documents: dict[str, Document]) -> Iterator[str]:
    for pair in find_captions(corpus, documents):
        if documents[pair.document_id].split == Split.TRAIN:
            yield pair.text


def _page_groups(draft: Path, corpus: Path, documents: dict[str, Document], lines: Lines) -> Iterator[Group]:
    places: dict[str, list[Place]] = defaultdict(list)
    for part, page_id in part_keys(corpus / "pages", "page_id"):
        document = documents.get(document_of(page_id))
        if document and page_id in lines:
            places[f"{source_name(document)}/{document.split}"].append((part, page_id))
    for name, rows in places.items():
        yield from _cut(draft / name, "p", corpus / "pages", rows, lines)


def _caption_groups(draft: Path, corpus: Path, documents: dict[str, Document]) -> Iterator[Group]:
    if not (corpus / "pairs").is_dir():
        return
    places: dict[str, list[Place]] = defaultdict(list)
    for part, pair_id in part_keys(corpus / "pairs", "pair_id"):
        document = documents.get(document_of(pair_id))
        if document:
            places[f"{source_name(document)}/{document.split}"].append((part, pair_id))
    for name, rows in places.items():
        yield from _cut(draft / name, "c", corpus / "pairs", rows, {})


def _cut(folder: Path, letter: str, table: Path, rows: list[Place], lines: Lines) -> Iterator[Group]:
    for number, start in enumerate(range(0, len(rows), GROUP)):
        some = rows[start : start + GROUP]
        keys, parts = tuple(key for _, key in some), tuple(dict.fromkeys(part for part, _ in some))
        wanted = {key: lines[key] for key in keys} if lines else {}
        yield Group(folder / f"{letter}{number:0{DIGITS}}", table, keys, parts, wanted)


def _write(groups: list[Group], tokenizer: Path, settings: ShardsSettings, engine: EngineSettings) -> list[Written]:
    """What became of each group, in their order."""
    written = []
    for one in track(_each_written(groups, partial(write_group, settings, tokenizer), engine), "shards", len(groups)):
        for said in one.broken_pages:
            print(f"shards: {said}", flush=True)
        written.append(one)
    return written


def _each_written(groups: list[Group], write: Callable[[Group], Written], engine: EngineSettings) -> Iterator[Written]:
    if sum(len(group.keys) for group in groups) <= GROUP:  # done before a process has started
        yield from map(write, groups)
        return
    patient = engine.model_copy(update={"seconds": engine.seconds * GROUP, "mib": engine.mib + LIBRARIES_MIB})
    for group, outcome in zip(groups, run(write, groups, patient), strict=True):
        if outcome.value is None:
            raise ShardsError(outcome.sentence(f"the group {group.folder}", patient))
        yield outcome.value


def _counts(documents: dict[str, Document], groups: list[Group], written: list[Written]) -> dict[str, dict[str, int]]:
    names = sorted({source_name(document) for document in documents.values()})
    counts = {name: dict.fromkeys(SPLITS, 0) for name in names}
    for group, one in zip(groups, written, strict=True):
        source, split = group.folder.parts[-3:-1]
        counts[source][split] += one.pairs
    return counts
