"""The shards stage: parsed pages in, tokenizer and MDS shards out.

Notable:
- One source a layer and family, named "<layer>-<family>"; each has a train and a validation folder.
- Pictures that came with their captions go beside the pairs cut from pages, in the source of their own family.
- A page that cannot be decoded is counted and left out; the run goes on.
- data/shards appears whole or not at all.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from fabeye.evaluation.gold import gold_document_ids
from fabeye.progress import track
from fabeye.schema import Document, Element, Page, Pair, Split, document_of
from fabeye.settings import ShardsSettings
from fabeye.tables import count_rows, read_table

from .index import ShardsError, ShardsIndex, write_index
from .pairs import cut_pairs, find_captions, find_documents, find_lines
from .tokenizer import TextTokenizer
from .writer import PairWriter

SPLITS = (Split.TRAIN.value, Split.VALIDATION.value)
Lines = dict[str, list[Element]]  # by page, in reading order


@dataclass(frozen=True, slots=True)
class ShardsSummary:
    """What was written: pairs by source and split, tokens in the vocabulary, pages and regions left out."""

    sources: dict[str, dict[str, int]]
    vocabulary: int
    broken_pages: int
    left_out: int


def build_shards(corpus: Path, parses: Path, gold: Path, out: Path, settings: ShardsSettings) -> ShardsSummary:
    """Write tokenizer.json, index.json and <source>/<split>/ into `out`, replacing it.

    A document with a page in the gold set `gold` is left out, whatever its split: people may have annotated it since.
    Raises ShardsError when there is no text to train on, TableError when corpus or parses are missing.
    """
    documents, lines = find_documents(corpus, SPLITS, gold_document_ids(gold)), find_lines(parses)
    texts = [*_train_texts(lines, documents), *_train_captions(corpus, documents)]
    if not texts:
        raise ShardsError(
            f"no train document in {corpus} has a line of text in {parses}; add documents, then `dvc repro`"
        )
    draft = out.with_name(out.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    tokenizer = TextTokenizer.train(texts, settings.vocabulary)
    tokenizer.save(draft / "tokenizer.json")
    summary = _write_pairs(corpus, draft, documents, lines, settings, tokenizer.vocabulary)
    write_index(draft, ShardsIndex(summary.sources, settings.max_text))
    shutil.rmtree(out, ignore_errors=True)
    os.replace(draft, out)
    return summary


def source_name(document: Document) -> str:
    """Name of the source a document's pairs go to."""
    return f"{document.layer}-{document.family}"


def _train_texts(lines: Lines, documents: dict[str, Document]) -> Iterator[str]:
    for page_id, elements in lines.items():
        document = documents.get(document_of(page_id))
        if document and document.split == Split.TRAIN:
            yield from (element.text.strip() for element in elements)


def _train_captions(corpus: Path, documents: dict[str, Document]) -> Iterator[str]:
    for pair in find_captions(corpus, documents):
        if documents[pair.document_id].split == Split.TRAIN:
            yield pair.text


def _write_pairs(
    corpus: Path,
    draft: Path,
    documents: dict[str, Document],
    lines: Lines,
    settings: ShardsSettings,
    vocabulary: int,
) -> ShardsSummary:
    names = sorted({source_name(document) for document in documents.values()})
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        writers = {
            (name, split): stack.enter_context(
                PairWriter(draft / name / split, settings.compression, f"{settings.seed} {name} {split}")
            )
            for name in names
            for split in SPLITS
        }
        pages = read_table(corpus / "pages", Page)
        for page in track(pages, "shards: pages", count_rows(corpus / "pages")):
            document = documents.get(page.document_id)
            if document and page.page_id in lines:
                pairs = _pairs_of(page, lines, settings, counts)
                for pair in pairs:
                    writers[source_name(document), document.split].write(pair)
        for pair in find_captions(corpus, documents):
            document = documents[pair.document_id]
            writers[source_name(document), document.split].write(pair)
    sources = {name: {split: writers[name, split].count for split in SPLITS} for name in names}
    return ShardsSummary(sources, vocabulary, counts["broken pages"], counts["left out"])


def _pairs_of(page: Page, lines: Lines, settings: ShardsSettings, counts: Counter[str]) -> list[Pair]:
    try:
        pairs = list(cut_pairs(page, lines[page.page_id], settings.min_side))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # all of them PIL's
        print(f"shards: page {page.page_id} is left out, its picture cannot be decoded ({error})")
        counts["broken pages"] += 1
        return []
    counts["left out"] += len(lines[page.page_id]) - len(pairs)
    return pairs
