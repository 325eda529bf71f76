"""Samples come back checked, from a folder or from S3, through a cache that stays within its bound."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from fabeye.schema import Split
from fabeye.settings import ShardsSettings
from fabeye.shards import writer
from fabeye.shards.cache import Place
from fabeye.shards.index import ShardsError, pair_id_at
from fabeye.shards.store import Damage, Store
from tests.shards.drawn_corpus import LINES, build_drawn, write_corpus

SOURCE = "domain-jedec"
SETTINGS = ShardsSettings(seed=1, vocabulary=300, max_text=64, longest=0, min_side=4, compression="zstd:3")
GIB = 1 << 30


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Shards of two or three samples each."""
    monkeypatch.setattr(writer, "SHARD_BYTES", 4000)
    write_corpus(tmp_path, [Split.TRAIN] * 3)
    build_drawn(tmp_path, SETTINGS)
    return tmp_path


def open_store(root: Path, remote: str = "", limit: int = GIB) -> Store:
    return Store(root / "shards", "train", Place(remote or str(root / "shards"), root / "cache", limit))


def shard_files(root: Path) -> list[Path]:
    return sorted((root / "shards" / SOURCE / "train").rglob("*.mds*"))


def names(store: Store) -> list[str]:
    return [record["pair_id"] for at in range(2 * LINES) if not isinstance(record := store.read(SOURCE, at), Damage)]


def all_names(root: Path) -> list[str]:
    return [pair_id_at(root / "shards" / SOURCE / "train", at) for at in range(2 * LINES)]


@pytest.fixture
def s3(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The shards' files in a real S3 API on a free loopback port; gives their address there."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    for name, value in {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket="fabeye")
    for path in shard_files(root):
        client.upload_file(str(path), "fabeye", f"some/{path.relative_to(root / 'shards')}")
    yield "s3://fabeye/some"
    server.stop()


def test_every_sample_comes_back_under_its_name(root: Path) -> None:
    before = {path: path.stat().st_mtime for path in (root / "shards").rglob("*")}
    assert names(open_store(root)) == all_names(root)
    assert {path: path.stat().st_mtime for path in (root / "shards").rglob("*")} == before


def test_s3_serves_through_a_cache_that_keeps_to_its_bound(root: Path, s3: str) -> None:
    for path in shard_files(root):
        path.unlink()  # only the indexes are at hand
    store, bound = open_store(root, s3, limit=9000), 0
    for at in range(2 * LINES):
        assert store.read(SOURCE, at)["pair_id"] == all_names(root)[at]
        bound = max(bound, sum(path.stat().st_size for path in (root / "cache").rglob("*.mds")))
    assert 4000 < bound <= 9000
    assert names(store) == all_names(root), "what was dropped is fetched again"


@pytest.mark.parametrize("compression", ["", "zstd:3"])
def test_one_flipped_bit_costs_one_sample(root: Path, compression: str) -> None:
    build_drawn(root, SETTINGS.model_copy(update={"compression": compression}))
    flip(shard_files(root)[0], shard_files(root)[0].stat().st_size // 2)
    store = open_store(root)
    found = [store.read(SOURCE, at) for at in range(2 * LINES)]
    damaged = [one for one in found if isinstance(one, Damage)]
    assert len(damaged) == 1
    (at,) = (at for at, one in enumerate(found) if isinstance(one, Damage))
    assert (damaged[0].source, damaged[0].index, damaged[0].pair_id) == (SOURCE, at, all_names(root)[at])
    assert damaged[0].shard == "p00000/shard.00000.mds" + (".zstd" if compression else "")
    assert damaged[0].pair_id in str(damaged[0])


def test_a_shard_cut_short_costs_its_own_samples_only(root: Path) -> None:
    shard = shard_files(root)[0]
    shard.write_bytes(shard.read_bytes()[:100])
    index = json.loads((root / "shards" / SOURCE / "train" / "index.json").read_text())
    lost = index["shards"][0]["samples"]
    assert names(open_store(root)) == all_names(root)[lost:]


def test_what_a_killed_process_left_in_the_cache_is_made_anew(root: Path) -> None:
    names(open_store(root))
    for path in (root / "cache").rglob("*.mds"):
        path.rename(path.with_suffix(".mds.tmp"))
    assert names(open_store(root)) == all_names(root)


def test_shards_that_are_not_there_are_told_in_a_sentence(root: Path) -> None:
    shard_files(root)[0].unlink()
    with pytest.raises(ShardsError, match="cannot be fetched"):
        names(open_store(root))


def test_uncompressed_shards_are_read_where_they_lie(root: Path) -> None:
    build_drawn(root, SETTINGS.model_copy(update={"compression": ""}))
    assert names(open_store(root)) == all_names(root)
    assert not (root / "cache").exists()


def test_a_cache_that_is_too_small_is_refused(root: Path) -> None:
    with pytest.raises(ShardsError, match="cache_gib"):
        open_store(root, limit=1000).place.check(root / "shards", [SOURCE], "train", 2)


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
