"""Public pairs: both forms give the same pairs, the broken are refused by name, finished shards are not read again."""

import io
import json
import random
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import webdataset
from PIL import Image

from fabeye.intake import shards as module
from fabeye.intake.find import find_files
from fabeye.intake.ingest import IntakeSummary, ingest
from fabeye.intake.raw_pairs import BATCH
from fabeye.schema import Document, Pair, Quarantined
from fabeye.settings import CorpusSettings, EngineSettings, PairSettings, TagSettings
from fabeye.tables import read_table

SETTINGS = CorpusSettings(
    seed=1,
    dpi=72,
    languages=["en"],
    gold_share=0.25,
    validation_share=0.5,
    max_side=300,
    max_pages=40,
    tags=TagSettings(licence="unknown", confidentiality="public"),
    pairs=PairSettings(min_text=3, max_text=40, min_side=8),
    documents={},
)
ENGINE = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)
Members = list[tuple[str, bytes]]


def picture(
    seed: int, kind: str = "JPEG", size: tuple[int, int] = (24, 16), mode: str = "RGB", **extra: object
) -> bytes:
    shades = random.Random(seed).randbytes(size[0] * size[1] * len(mode))
    buffer = io.BytesIO()
    Image.frombytes(mode, size, shades).save(buffer, format=kind, **extra)
    return buffer.getvalue()


def tar(path: Path, members: Members) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def parquet(path: Path, rows: list[dict[str, object]], group: int = 50) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=group)
    return path


def sample(number: int, **changed: bytes) -> Members:
    """Members of one sample as img2dataset writes them; a change of b"" leaves one out."""
    facts = json.dumps({"url": f"https://pictures.example/{number}", "key": f"{number:05d}", "status": "success"})
    content = {"jpg": picture(number), "txt": f"picture {number} 图".encode(), "json": facts.encode(), **changed}
    return [(f"{number:05d}.{suffix}", one) for suffix, one in content.items() if one]


def take_in(root: Path, engine: EngineSettings = ENGINE) -> tuple[IntakeSummary, list[Pair], list[Quarantined]]:
    summary = ingest(find_files(root / "raw", root), root / "corpus", root / "work", SETTINGS, engine)
    pairs = list(read_table(root / "corpus" / "pairs", Pair))
    quarantine = list(read_table(root / "corpus" / "quarantine", Quarantined))
    assert (summary.pairs, summary.quarantined) == (len(pairs), len(quarantine))
    return summary, pairs, quarantine


def test_a_tar_gives_what_webdataset_reads_from_it(tmp_path: Path) -> None:
    count = 2 * BATCH + 9
    path = tar(tmp_path / "raw/general/dfn/0.tar", [one for number in range(count) for one in sample(number)])
    _, pairs, quarantine = take_in(tmp_path)
    theirs = list(webdataset.WebDataset(str(path), shardshuffle=False, empty_check=False))
    assert [(one.key, one.image, one.text) for one in pairs] == [
        (one["__key__"], one["jpg"], one["txt"].decode()) for one in theirs
    ]
    assert [one.source for one in pairs] == [json.loads(one["json"])["url"] for one in theirs]
    assert len({one.pair_id for one in pairs}) == len(pairs) == count
    assert [one.pair_id for one in pairs] == sorted(one.pair_id for one in pairs)
    assert {(one.kind, one.category, one.licence) for one in pairs} == {("caption", "figure", "unknown")}
    assert quarantine == []


def test_parquet_gives_the_same_pairs_as_the_tar(tmp_path: Path) -> None:
    count = 2 * BATCH + 9
    rows = [
        {"url": f"https://pictures.example/{n}", "key": f"{n:05d}", "caption": f"picture {n} 图", "jpg": picture(n)}
        for n in range(count)
    ]
    parquet(tmp_path / "raw/general/coyo/a.parquet", rows, group=BATCH + 5)
    hugging = [{"text": row["caption"], "image": {"bytes": row["jpg"], "path": "x.jpg"}} for row in rows]
    parquet(tmp_path / "raw/general/coyo/b.parquet", hugging)
    tar(tmp_path / "raw/general/dfn/0.tar", [one for number in range(count) for one in sample(number)])
    _, pairs, _ = take_in(tmp_path)
    a, b, c = (pairs[at * count : (at + 1) * count] for at in range(3))
    assert [(one.key, one.image, one.text, one.source) for one in a] == [
        (one.key, one.image, one.text, one.source) for one in c
    ]
    assert [(one.image, one.text) for one in b] == [(one.image, one.text) for one in a]


def test_documents_tell_where_pairs_come_from(tmp_path: Path) -> None:
    members = [*sample(1), *sample(2, txt=b"no"), *sample(3, txt=b"long " * 9), *sample(4, jpg=b""), ("README", b"hi")]
    members += [*sample(5, jpg=picture(5, size=(7, 90))), *sample(6, txt=b"", json=b'{"caption": "from json"}')]
    path = tar(tmp_path / "raw/general/dfn/0.tar", members)
    path.with_name("SOURCES.yaml").write_text("default: {licence: CC-BY-4.0}")
    _, pairs, _ = take_in(tmp_path)
    (document,) = read_table(tmp_path / "corpus" / "documents", Document)
    assert (document.layer, document.family, document.pages) == ("general", "dfn", 0)
    assert [(one.text, one.licence, one.document_id) for one in pairs] == [
        ("picture 1 图", "CC-BY-4.0", document.document_id),
        ("from json", "CC-BY-4.0", document.document_id),
    ]
    left_out = {"short caption": 1, "long caption": 1, "no picture": 2, "small picture": 1}
    assert json.loads(document.metadata) == {"pairs": 2, "left_out": dict(sorted(left_out.items()))}


def test_what_is_broken_is_refused_by_name_and_costs_no_neighbour(tmp_path: Path) -> None:
    broken = {
        1: {"jpg": picture(1)[:200]},
        2: {"jpg": b"\x89PNG\r\n\x1a\n nothing"},
        3: {"jpg": picture(3, size=(301, 9))},
        4: {"json": b"[" * 100_000},
        5: {"txt": b"\xff\xfe\xff"},
    }
    members = [one for number in range(8) for one in sample(number, **broken.get(number, {}))]
    tar(tmp_path / "raw/general/dfn/0.tar", members)
    _, pairs, quarantine = take_in(tmp_path)
    assert [one.key for one in pairs] == ["00000", "00006", "00007"]
    assert [(one.page, one.reason.partition(":")[0]) for one in quarantine] == [(n, f"{n:05d}") for n in range(1, 6)]
    words = ("cannot be decoded", "cannot be decoded", "301 x 9 pixels", "RecursionError", "UnicodeDecodeError")
    for one, word in zip(quarantine, words, strict=True):
        assert word in one.reason


def test_a_picture_is_stored_as_it_shall_be_seen(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = picture(1, exif=exif)
    clear = picture(2, "PNG", mode="RGBA")
    webp = picture(3, "WEBP")
    for number, (suffix, content) in enumerate((("jpg", turned), ("png", clear), ("webp", webp))):
        tar(tmp_path / f"raw/general/f/{number}.tar", [(f"a.{suffix}", content), ("a.txt", b"caption")])
    _, pairs, _ = take_in(tmp_path)
    assert [(one.width, one.height) for one in pairs] == [(16, 24), (24, 16), (24, 16)]
    for one in pairs:
        with Image.open(io.BytesIO(one.image)) as seen:
            assert (seen.format, seen.mode, seen.size) == ("PNG", "RGB", (one.width, one.height))


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_tar_cut_short_gives_what_is_whole(tmp_path: Path, keep: float) -> None:
    path = tar(tmp_path / "raw/general/f/0.tar", [one for number in range(9) for one in sample(number)])
    end = 9 * sum(512 + -(-len(content) // 512) * 512 for _, content in sample(0))
    path.write_bytes(path.read_bytes()[: int(keep * end)])
    _, pairs, quarantine = take_in(tmp_path)
    assert 1 <= len(pairs) < 9
    assert [one.key for one in pairs] == [f"{number:05d}" for number in range(len(pairs))]
    assert "cut short after" in quarantine[0].reason


def test_links_and_holes_in_a_tar_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "raw/general/f/0.tar"
    tar(path, sample(1))
    with tarfile.open(path, "a") as archive:
        link = tarfile.TarInfo("00002.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    _, pairs, quarantine = take_in(tmp_path)
    assert [one.key for one in pairs] == ["00001"]
    assert [one.reason for one in quarantine] == ["00002: the member is a link, a device or a file with holes"]


def test_a_parquet_file_that_cannot_be_pairs_says_why(tmp_path: Path) -> None:
    path = parquet(tmp_path / "raw/general/f/good.parquet", [{"caption": "good one", "jpg": picture(1)}])
    parquet(path.with_name("urls.parquet"), [{"caption": "a b c", "url": "https://x.example"}])
    parquet(path.with_name("silent.parquet"), [{"jpg": picture(1)}])
    path.with_name("cut.parquet").write_bytes(path.read_bytes()[:-9])
    _, pairs, quarantine = take_in(tmp_path)
    assert len(pairs) == 1
    assert [one.path.rpartition("/")[2] for one in quarantine] == ["cut.parquet", "silent.parquet", "urls.parquet"]
    for one, word in zip(quarantine, ("damaged", "no column of captions", "img2dataset"), strict=True):
        assert word in one.reason


HOSTILE = """
import os
from fabeye.intake.pairs import take_batch as good

def take_batch(rules, work):
    if any(raw.key == "00003" for raw in work[1].read()): os.kill(os.getpid(), 9)
    return good(rules, work)
"""


def test_a_picture_that_kills_its_worker_is_refused_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hostile_pairs.py").write_text(HOSTILE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(module, "take_batch", __import__("hostile_pairs").take_batch)
    tar(tmp_path / "raw/general/f/0.tar", [one for number in range(6) for one in sample(number)])
    _, pairs, quarantine = take_in(tmp_path)
    assert [one.key for one in pairs] == ["00000", "00001", "00002", "00004", "00005"]
    assert [(one.page, one.reason[:6]) for one in quarantine] == [(3, "00003:")]
    assert "died" in quarantine[0].reason


def test_a_finished_shard_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        tar(tmp_path / f"raw/general/f/{number}.tar", sample(number))
    real = module.run  # that a shard is finished is known when the next one begins

    def stops_before_the_third(
        task: Callable[..., object], items: Iterable[object], settings: EngineSettings
    ) -> object:
        for number, outcome in enumerate(real(task, items, settings)):
            if number == 2 and task is not module.index_shard:
                raise KeyboardInterrupt
            yield outcome

    monkeypatch.setattr(module, "run", stops_before_the_third)
    with pytest.raises(KeyboardInterrupt):
        take_in(tmp_path)
    asked: list[object] = []

    def noting(task: Callable[..., object], items: Iterable[object], settings: EngineSettings) -> object:
        listed = list(items)
        asked.extend(item for item in listed if task is not module.index_shard)
        return real(task, listed, settings)

    monkeypatch.setattr(module, "run", noting)
    _, pairs, _ = take_in(tmp_path)
    assert [one.key for one in pairs] == ["00000", "00001", "00002"]
    assert [work[0].path.name for work in asked] == ["1.tar", "2.tar"]  # type: ignore[index]
