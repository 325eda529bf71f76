"""Pairs as MDS shards: groups of pages, each written by one process, joined to a folder for each source and split.

Notable:
- A group's folder appears whole or not at all, and a folder that is there is not written again: a run that was killed
  goes on with the groups that are missing, and the same pages give the same bytes whoever writes them.
- Pairs are shuffled inside their group, so that neighbours on a page are not neighbours in a shard.
- Every shard file carries its sha256 and every sample a checksum of its own, so a flipped bit costs one sample, not
  the whole shard. Indexes name no path but the group's, so folders can move.
"""

import json
import os
import random
import shutil
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from fabeye.schema import Element, Page, Pair
from fabeye.settings import ShardsSettings
from fabeye.tables import find_rows, write_json

from .index import INDEX, SIZES, SizeRow, merge_sizes, write_sizes
from .pairs import cut_pairs
from .tokenizer import TextTokenizer

COLUMNS = {
    "pair_id": "str",
    "document_id": "str",
    "kind": "str",
    "category": "str",
    "width": "int",
    "height": "int",
    "image": "bytes",
    "text": "str",
    "crc32": "int",
}
HASH = "sha256"
SHARD_BYTES = 1 << 26  # 64 MiB before compression
SUMMARY = "summary.json"


@dataclass(frozen=True, slots=True)
class Group:
    """Pages or captioned pictures of one source and split that one process turns into shards.

    folder: where they go. table, column, keys, parts: where they come from, as find_rows() takes it.
    lines: the pages' elements by page_id; empty for pictures that came with their captions.
    """

    folder: Path
    table: Path
    keys: tuple[str, ...]
    parts: tuple[str, ...]
    lines: dict[str, list[Element]]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a group: pairs written, why which pages could not be decoded, regions that were too small."""

    pairs: int
    broken_pages: list[str]
    left_out: int


def write_group(settings: ShardsSettings, tokenizer: Path, group: Group) -> Written:
    """Write a group's pairs to its folder: shards, index.json, sizes.parquet and summary.json.

    Raises TableError when a table it reads from is damaged.
    """
    summary = group.folder / SUMMARY
    if summary.is_file():
        return Written(**json.loads(summary.read_text(encoding="utf-8")))
    pairs, broken, left_out = _pairs(group, settings)
    random.Random(f"{settings.seed} {'/'.join(group.folder.parts[-3:])}").shuffle(pairs)
    draft = group.folder.with_name(group.folder.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    _write_shards(draft, pairs, settings.compression)
    text = TextTokenizer.load(tokenizer)
    rows = (SizeRow(one.pair_id, one.width, one.height, _tokens(text, one, settings)) for one in pairs)
    write_sizes(draft, list(rows))
    written = Written(len(pairs), broken, left_out)
    write_json(draft / SUMMARY, asdict(written))
    shutil.rmtree(group.folder, ignore_errors=True)
    os.replace(draft, group.folder)
    return written


def join_groups(folder: Path) -> None:
    """Make one set of shards of a split's groups: their index.json and sizes.parquet, taken from the groups'."""
    groups = sorted(path for path in folder.iterdir() if path.is_dir())
    shards = [shard for group in groups for shard in _shards_of(group)]
    merge_sizes(groups, folder)
    (folder / INDEX).write_text(json.dumps({"version": 2, "shards": shards}, sort_keys=True), encoding="utf-8")
    for group in groups:  # last, as until here a killed run finds its groups whole
        for name in (SUMMARY, INDEX, SIZES):
            (group / name).unlink()
        if not any(group.iterdir()):
            group.rmdir()


def checksum(record: dict[str, Any]) -> int:
    """CRC-32 of all that a sample is made of, but for the checksum itself."""
    value = 0
    for name in COLUMNS:
        if name != "crc32":
            content = record[name]
            value = zlib.crc32(content if isinstance(content, bytes) else str(content).encode("utf-8"), value)
    return value


def _pairs(group: Group, settings: ShardsSettings) -> tuple[list[Pair], list[str], int]:
    """A group's pairs, why which pages are left out, how many regions are."""
    if not group.lines:
        return list(find_rows(group.table, Pair, "pair_id", group.keys, group.parts)), [], 0
    pairs, broken, left_out = [], [], 0
    for page in find_rows(group.table, Page, "page_id", group.keys, group.parts):
        lines = group.lines[page.page_id]
        try:
            short = (line for line in lines if not settings.longest or len(line.text) <= settings.longest)
            cut = list(cut_pairs(page, short, settings.min_side))
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # all of them PIL's
            broken.append(f"page {page.page_id} is left out, its picture cannot be decoded ({error})")
            continue
        pairs += cut
        left_out += len(lines) - len(cut)
    return pairs, broken, left_out


def _write_shards(folder: Path, pairs: Iterable[Pair], compression: str) -> None:
    from .mds import MDSWriter  # loads torch: only the processes that write need it

    with MDSWriter(
        out=str(folder),
        columns=COLUMNS,
        compression=compression or None,
        hashes=[HASH],
        size_limit=SHARD_BYTES,
        max_workers=1,
    ) as writer:
        for pair in pairs:
            record = {name: getattr(pair, name) for name in COLUMNS if name != "crc32"}
            writer.write(record | {"crc32": checksum(record)})


def _tokens(tokenizer: TextTokenizer, pair: Pair, settings: ShardsSettings) -> int:
    return len(tokenizer.targets(pair.text, settings.max_text))


def _shards_of(group: Path) -> Iterator[dict[str, Any]]:
    """Entries of a group's index, as seen from the folder above."""
    for shard in json.loads((group / INDEX).read_text(encoding="utf-8"))["shards"]:
        for data in ("raw_data", "zip_data"):
            if shard[data]:
                shard[data]["basename"] = f"{group.name}/{shard[data]['basename']}"
        yield shard
