"""The data card: what is in a corpus, counted, and a sheet of samples.

Notable:
- Everything is counted from the tables, nothing is said from memory: the card of another corpus is another card.
- The same corpus gives the same bytes; samples are drawn by their names' hashes, in turn from each family, split and
  language.
"""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from PIL import Image, ImageDraw

from fabeye.schema import Document, Duplicate, Page
from fabeye.tables import count_rows, find_rows, read_columns, read_table, write_json

ASPECTS = ("layer", "family", "language", "split", "generated", "licence", "confidentiality")
THUMBNAIL = 220  # pixels of a sample's longer side
COLUMNS = 6  # samples in a row of the sheet
LABEL = 16  # pixels below a sample for its name
BINS = 10  # of the histogram of distances between duplicates
FARTHEST = 0.2  # distance at which it ends


@dataclass(frozen=True, slots=True)
class Card:
    """What a corpus holds.

    documents, pages: by aspect and value. families: documents by "family/language/split". elements: by category, blocks
    only. entities: by kind. operations: pages by damage done. duplicates: pairs, pages dropped, histogram of distances.
    redaction: what the redaction counted. quarantine: by stage.
    """

    documents: dict[str, dict[str, int]]
    pages: dict[str, dict[str, int]]
    families: dict[str, int]
    elements: dict[str, int]
    entities: dict[str, int]
    operations: dict[str, int]
    duplicates: dict[str, Any]
    quarantine: dict[str, int]
    redaction: dict[str, Any] = field(default_factory=dict)


def write_card(corpus: Path, redaction: dict[str, Any], samples: int) -> Card:
    """Write card.json and samples.png into the corpus folder. Raises TableError when a table is missing."""
    card = describe(corpus, redaction)
    write_json(corpus / "card.json", asdict(card))
    sheet(corpus, samples).save(corpus / "samples.png")
    return card


def describe(corpus: Path, redaction: dict[str, Any]) -> Card:
    """Count a corpus's tables; those that it has not got count nothing."""
    documents = list(read_table(corpus / "documents", Document))
    return Card(
        documents={name: _counted(str(getattr(one, name)) for one in documents) for name in ASPECTS},
        pages={name: _pages_by(documents, name) for name in ASPECTS},
        families=_counted(f"{one.family}/{one.language}/{one.split}" for one in documents),
        elements=_values(corpus / "truth", "category", level="block"),
        entities=_values(corpus / "entities", "kind"),
        operations=_counted(_operations(corpus / "origins")),
        duplicates=_duplicates(corpus / "duplicates"),
        quarantine=_values(corpus / "quarantine", "stage"),
        redaction=redaction,
    )


def sheet(corpus: Path, samples: int) -> Image.Image:
    """Thumbnails of some pages, side by side, each with its family, language and split below."""
    documents = {one.document_id: one for one in read_table(corpus / "documents", Document)}
    chosen = _chosen(documents, corpus, samples)
    pages = sorted(find_rows(corpus / "pages", Page, "page_id", chosen), key=lambda page: chosen.index(page.page_id))
    rows = -(-len(pages) // COLUMNS)
    drawn = Image.new("RGB", (COLUMNS * THUMBNAIL, max(1, rows) * (THUMBNAIL + LABEL)), "white")
    for number, page in enumerate(pages):
        left, top = number % COLUMNS * THUMBNAIL, number // COLUMNS * (THUMBNAIL + LABEL)
        one = documents[page.document_id]
        drawn.paste(_thumbnail(page.image), (left, top))
        ImageDraw.Draw(drawn).text(
            (left + 4, top + THUMBNAIL), f"{one.family} {one.language} {one.split}", fill="black"
        )
    return drawn


def _chosen(documents: dict[str, Document], corpus: Path, samples: int) -> list[str]:
    """Ids of the sampled pages: one of each group in turn, in an order that the ids' hashes draw."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for row in read_columns(corpus / "pages", "page_id", "document_id").to_pylist():
        one = documents[row["document_id"]]
        groups.setdefault((one.family, one.split, one.language), []).append(row["page_id"])
    drawn = [sorted(pages, key=_draw) for _, pages in sorted(groups.items())]
    in_turn = [pages[turn] for turn in range(samples) for pages in drawn if turn < len(pages)]
    return in_turn[:samples]


def _draw(page: str) -> str:
    return hashlib.sha256(page.encode()).hexdigest()


def _thumbnail(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    picture.thumbnail((THUMBNAIL - 4, THUMBNAIL))
    return picture


def _pages_by(documents: Sequence[Document], name: str) -> dict[str, int]:
    pages: Counter[str] = Counter()
    for one in documents:
        pages[str(getattr(one, name))] += one.pages
    return dict(sorted(pages.items()))


def _values(folder: Path, column: str, **equal: str) -> dict[str, int]:
    """How often each value stands in a column, of the rows that have the `equal` values; "" is not counted."""
    if not folder.is_dir() or count_rows(folder) == 0:
        return {}
    table = read_columns(folder, column, *equal)
    for name, value in equal.items():
        table = table.filter(pc.equal(table[name], value))
    counts = table[column].value_counts().to_pylist()
    return {one["values"]: one["counts"] for one in sorted(counts, key=lambda one: one["values"]) if one["values"]}


def _operations(folder: Path) -> Iterator[str]:
    if folder.is_dir() and count_rows(folder):
        for said in read_columns(folder, "operations")["operations"].to_pylist():
            yield from json.loads(said)


def _duplicates(folder: Path) -> dict[str, Any]:
    """Pairs found, pages dropped, and how many pairs lie in each bin of picture distances up to FARTHEST."""
    rows = list(read_table(folder, Duplicate)) if folder.is_dir() else []
    bins = [0] * BINS
    for row in rows:
        bins[min(BINS - 1, int(row.picture / FARTHEST * BINS))] += 1
    return {
        "pairs": len(rows),
        "dropped_pages": len({row.page_id for row in rows if row.dropped}),
        "picture_distances": {f"{number * FARTHEST / BINS:.2f}": count for number, count in enumerate(bins)},
    }


def _counted(values: Iterator[str] | Sequence[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
