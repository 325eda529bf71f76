"""Near-duplicates among a corpus's pages: other scans, other resolutions, other margins of the same sheet.

Notable:
- Two pages are the same when their pictures are alike and, where both have text, their words are too: two forms of one
  template look alike and say different things, two tables may share their words and not their looks.
- A page with too little on it is compared with nothing: all blank pages are alike.
- Nothing compares every page with every other. Pages meet when a band of their signatures agrees (locality-sensitive
  hashing), and in a crowded band only their nearest neighbours: the work grows with the number of pages.
- A page passes through memory once; what stays of it is its signature, a few hundred bytes.

Shapes: P pages, B bytes of a picture's hash, M values of a MinHash, K pairs.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from datasketch import MinHashLSH
from numpy.typing import NDArray

from fabeye.engine import run
from fabeye.errors import FabeyeError
from fabeye.intake.signatures import PERMUTATIONS, PICTURE_BITS, Signature, sign
from fabeye.progress import Progress
from fabeye.schema import Document, Duplicate, Page, Split
from fabeye.settings import DuplicateSettings, EngineSettings
from fabeye.tables import count_rows, read_table

PICTURE_BANDS = 16  # of 16 bits: of pages that differ in 8 % of their bits, 99 % have one in common
MISSES_WEIGH = 0.8  # against false candidates, which cost a comparison only
NEIGHBOURS = 16  # in a band's sorted order that a page is compared with
NAMED = 5  # pairs that an error names
NOT_COMPARED = -1.0

Pairs = NDArray[np.int64]  # (K, 2), the earlier page first


class LeakError(FabeyeError):
    """A gold page is nearly a page that would be trained on; the text names both."""


class CompareError(FabeyeError):
    """A page could not be looked at, so nobody knows whether it has a twin; the text names it."""


@dataclass(frozen=True, slots=True)
class Signed:
    """All pages' signatures: what they are called, what they may be used for, how they look and what they say.

    pages: ids. documents: (P,) numbers. splits: of each page. pictures: uint8 (P, B). words: uint32 (P, M).
    has_picture, has_words: bool (P,), where there is enough to compare.
    """

    pages: list[str]
    documents: NDArray[np.int64]
    splits: list[str]
    pictures: NDArray[np.uint8]
    words: NDArray[np.uint32]
    has_picture: NDArray[np.bool_]
    has_words: NDArray[np.bool_]


def find_duplicates(corpus: Path, settings: DuplicateSettings, engine: EngineSettings) -> list[Duplicate]:
    """Pairs of nearly the same pages, in the corpus's order; `dropped` is set on training pages to be left out.

    Raises LeakError when a gold page has a twin outside the gold set, CompareError when a page cannot be looked at,
    TableError when the corpus is missing.
    """
    documents = {one.document_id: one for one in read_table(corpus / "documents", Document)}
    signed = sign_pages(corpus, documents, settings, engine)
    pairs = alike(signed, settings)
    _refuse_leaks(signed, pairs, documents)
    dropped = _superfluous(signed, pairs)
    return [_duplicate(signed, one, other, dropped) for one, other in pairs]


def sign_pages(
    corpus: Path, documents: dict[str, Document], settings: DuplicateSettings, engine: EngineSettings
) -> Signed:
    """Signatures of a corpus's pages, made in parallel. Raises CompareError when a page cannot be signed."""
    pages: list[str] = []
    owners: list[int] = []
    splits: list[str] = []
    signatures: list[Signature] = []
    numbers = {document_id: number for number, document_id in enumerate(documents)}
    progress = Progress("duplicates", count_rows(corpus / "pages"))

    def items() -> Iterator[tuple[bytes, str]]:
        for page in read_table(corpus / "pages", Page):
            pages.append(page.page_id)
            owners.append(numbers[page.document_id])
            splits.append(documents[page.document_id].split)
            yield page.image, page.text_layer

    for outcome in run(partial(_signed, settings), items(), engine):
        if outcome.value is None:
            said = outcome.sentence("the page", engine)
            raise CompareError(f"page {pages[len(signatures)]} could not be compared with the others: {said}")
        signatures.append(outcome.value)
        progress.advance()
    return _stacked(pages, owners, splits, signatures, settings)


def alike(signed: Signed, settings: DuplicateSettings) -> Pairs:
    """Pairs of pages of different documents that are taken for the same, int64 (K, 2), sorted."""
    found = [_confirmed(signed, pairs, settings) for pairs in _candidates(signed, settings)]
    return np.unique(np.concatenate([np.empty((0, 2), np.int64), *found]), axis=0)


def picture_distances(signed: Signed, pairs: Pairs) -> NDArray[np.float64]:
    """Share of the bits in which the pictures of each pair differ, (K,)."""
    different = signed.pictures[pairs[:, 0]] ^ signed.pictures[pairs[:, 1]]
    return np.asarray(np.bitwise_count(different).sum(axis=1) / PICTURE_BITS)


def word_likeness(signed: Signed, pairs: Pairs) -> NDArray[np.float64]:
    """Estimated Jaccard index of the words of each pair, (K,); NOT_COMPARED where one has none."""
    both = signed.has_words[pairs].all(axis=1)
    same = (signed.words[pairs[:, 0]] == signed.words[pairs[:, 1]]).mean(axis=1)
    return np.where(both, same, NOT_COMPARED)


def _signed(settings: DuplicateSettings, item: tuple[bytes, str]) -> Signature:
    image, text_layer = item
    return sign(image, text_layer, settings.min_letters if settings.read else 0)


def _stacked(
    pages: list[str],
    owners: Sequence[int],
    splits: list[str],
    signatures: Sequence[Signature],
    settings: DuplicateSettings,
) -> Signed:
    return Signed(
        pages=pages,
        documents=np.array(owners, np.int64),
        splits=splits,
        pictures=np.array([one.picture for one in signatures], np.uint8).reshape(len(pages), -1),
        words=np.array([one.words for one in signatures], np.uint32).reshape(len(pages), -1),
        has_picture=np.array([one.ink >= settings.min_ink for one in signatures], bool),
        has_words=np.array([one.letters >= settings.min_letters for one in signatures], bool),
    )


def _candidates(signed: Signed, settings: DuplicateSettings) -> Iterator[Pairs]:
    """Pairs that agree in a band of their picture's bits, or in a band of their words."""
    enough = np.flatnonzero(signed.has_picture)
    for band in np.array_split(np.arange(signed.pictures.shape[1]), PICTURE_BANDS):
        yield _meeting(signed.pictures[:, band], enough, signed)
    chosen = MinHashLSH(settings.words, num_perm=PERMUTATIONS, weights=(1 - MISSES_WEIGH, MISSES_WEIGH))
    speaking = np.flatnonzero(signed.has_picture & signed.has_words)
    for start in range(0, chosen.b * chosen.r, chosen.r):
        yield _meeting(signed.words[:, start : start + chosen.r], speaking, signed)


def _meeting(band: NDArray[np.uint8] | NDArray[np.uint32], chosen: NDArray[np.int64], signed: Signed) -> Pairs:
    """Pairs of chosen pages whose bands are equal, NEIGHBOURS apart at most when sorted by band and picture."""
    _, keys = np.unique(band[chosen], axis=0, return_inverse=True)
    looks = np.ascontiguousarray(signed.pictures[chosen][:, :8]).view(">u8").ravel()
    order = np.lexsort((looks, keys.ravel()))
    pages, keys = chosen[order], keys.ravel()[order]
    found = [np.empty((0, 2), np.int64)]
    for step in range(1, min(NEIGHBOURS, len(pages) - 1) + 1):
        same = keys[:-step] == keys[step:]
        found.append(np.stack([pages[:-step][same], pages[step:][same]], axis=1))
    return np.sort(np.concatenate(found), axis=1)


def _confirmed(signed: Signed, pairs: Pairs, settings: DuplicateSettings) -> Pairs:
    """Those of the pairs that are of different documents and nearly the same page."""
    pairs = pairs[signed.documents[pairs[:, 0]] != signed.documents[pairs[:, 1]]]
    pictures, words = picture_distances(signed, pairs), word_likeness(signed, pairs)
    speaking = words != NOT_COMPARED
    together = speaking & (words >= settings.words) & (pictures <= settings.picture)
    verbatim = speaking & (words >= settings.same_words) & (pictures <= settings.same_words_picture)
    alone = ~speaking & (pictures <= settings.alone)
    return pairs[together | verbatim | alone]


def _refuse_leaks(signed: Signed, pairs: Pairs, documents: dict[str, Document]) -> None:
    crossing = [pair for pair in pairs if _crosses(signed, pair)]
    if not crossing:
        return
    paths = {document.document_id: document.path for document in documents.values()}
    named = "; ".join(_named(signed, pair, paths) for pair in crossing[:NAMED])
    more = f" and {len(crossing) - NAMED} more pairs" if len(crossing) > NAMED else ""
    raise LeakError(
        f"gold pages have near-duplicates outside the gold set: {named}{more}; take one file of each pair away, "
        "or make curate.duplicates stricter where they are not the same"
    )


def _crosses(signed: Signed, pair: NDArray[np.int64]) -> bool:
    return len({signed.splits[page] == Split.GOLD for page in pair}) == 2


def _named(signed: Signed, pair: NDArray[np.int64], paths: dict[str, str]) -> str:
    """Both pages, the gold one first, and how far they are apart."""
    gold_first = sorted(pair, key=lambda page: signed.splits[page] != Split.GOLD)
    said = [_place(signed.pages[page], paths) for page in gold_first]
    picture, words = picture_distances(signed, pair[None])[0], word_likeness(signed, pair[None])[0]
    likeness = "no words to compare" if words == NOT_COMPARED else f"{words:.0%} of the words in common"
    return f"{said[0]} and {said[1]} ({picture:.0%} of the picture differs, {likeness})"


def _place(page: str, paths: dict[str, str]) -> str:
    document, _, number = page.rpartition("-")
    return f"{paths[document]} page {int(number) + 1}"


def _superfluous(signed: Signed, pairs: Pairs) -> set[int]:
    """Training pages that are nearly a page that stays: an earlier training page, or any validation page."""
    dropped = {page for page, twin in _both_ways(pairs) if _validates(signed, page, twin)}
    for one, other in sorted(pairs.tolist(), key=lambda pair: (pair[1], pair[0])):
        trained = signed.splits[one] == signed.splits[other] == Split.TRAIN
        if trained and one not in dropped:
            dropped.add(other)
    return dropped


def _validates(signed: Signed, page: int, twin: int) -> bool:
    return signed.splits[page] == Split.TRAIN and signed.splits[twin] == Split.VALIDATION


def _both_ways(pairs: Pairs) -> Iterable[tuple[int, int]]:
    return [(one, other) for pair in pairs.tolist() for one, other in (pair, reversed(pair))]


def _duplicate(signed: Signed, one: int, other: int, dropped: set[int]) -> Duplicate:
    """The pair as a row; page_id is the one that is dropped, or else the later one."""
    page, twin = (one, other) if one in dropped and other not in dropped else (other, one)
    pair = np.array([[one, other]])
    return Duplicate(
        page_id=signed.pages[page],
        twin_id=signed.pages[twin],
        picture=float(picture_distances(signed, pair)[0]),
        words=float(word_likeness(signed, pair)[0]),
        dropped=page in dropped,
    )
