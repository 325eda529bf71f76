"""The plan's steps come as batches, the same whoever makes them and wherever they are taken up."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import torch

from fabeye.schema import Split
from fabeye.settings import AugmentSettings, ShardsSettings
from fabeye.shards.batch import Batch, Collator
from fabeye.shards.budget import Frame
from fabeye.shards.cache import Place
from fabeye.shards.index import ShardsError, pair_id_at
from fabeye.shards.loader import Samples, TrainLoader, ValidationLoader
from fabeye.shards.plan import Filling, read_plan
from fabeye.shards.store import Damage, Store
from fabeye.shards.tokenizer import TextTokenizer
from tests.shards.drawn_corpus import LINES, UNDAMAGED, build_drawn, write_corpus

SPLITS = [Split.TRAIN, Split.TRAIN, Split.VALIDATION, Split.VALIDATION]
GIB = 1 << 30
AUGMENT = AugmentSettings.model_validate(UNDAMAGED | {"noise": 0.5, "skew": 0.5})


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    write_corpus(folder, SPLITS)
    build_drawn(
        folder, ShardsSettings(seed=1, vocabulary=300, max_text=64, longest=0, min_side=4, compression="zstd:3")
    )
    return folder


def place(root: Path) -> Place:
    return Place(str(root / "shards"), root / "cache", GIB)


def collator(root: Path) -> Collator:
    return Collator(TextTokenizer.load(root / "shards" / "tokenizer.json"), 14, 64, AUGMENT, 3)


def loader(root: Path, rank: int = 0, ranks: int = 1, workers: int = 0, pictures: str = "fitted") -> TrainLoader:
    filling = Filling(pictures, 56, 14, 6, 10_000, 30, 120)
    plan = read_plan(root / "shards", {}, filling, 3, 2)
    counts = {source.name: len(source.sizes) for source in plan.sources}
    samples = Samples(Store(root / "shards", Split.TRAIN, place(root)), collator(root), counts)
    return TrainLoader(plan, samples, rank, ranks, workers, pin=False)


def assert_same(ours: Iterable[Batch], theirs: Iterable[Batch]) -> None:
    for one, other in zip(ours, theirs, strict=True):
        assert one.origin == other.origin
        assert torch.equal(one.images.patches_TP, other.images.patches_TP)
        assert torch.equal(one.text.targets_S, other.text.targets_S)


def test_batches_hold_what_was_planned(root: Path) -> None:
    one = loader(root)
    batches = list(one)
    assert [len(batch) for batch in batches] == [6] * 5
    for batch, step in zip(batches, one.plan.steps(), strict=True):
        assert batch.lengths == tuple(step.tokens)
        assert batch.images.lengths == tuple(step.patches)
        folders = [root / "shards" / one.plan.names[source] / "train" for source in step.source]
        assert batch.origin.ids == tuple(pair_id_at(*at) for at in zip(folders, step.index, strict=True))
        assert batch.origin.after == step.after


def test_worker_processes_make_the_same_batches(root: Path) -> None:
    assert_same(loader(root, workers=2), loader(root))


def test_a_loader_goes_on_from_any_batch(root: Path) -> None:
    batches, again = list(loader(root)), loader(root)
    after = batches[1].origin.after
    assert after is not None
    again.resume(after)
    assert_same(again, batches[2:])


def test_processes_share_a_step_out(root: Path) -> None:
    whole = list(loader(root))
    parts = zip(loader(root, 0, 2), loader(root, 1, 2), strict=True)
    for batch, (first, second) in zip(whole, parts, strict=True):
        assert sorted(first.origin.ids + second.origin.ids) == sorted(batch.origin.ids)
        assert sorted(first.origin.draws + second.origin.draws) == list(batch.origin.draws)
        assert first.origin.after == second.origin.after == batch.origin.after


def test_a_squared_picture_fills_its_square(root: Path) -> None:
    assert {length for batch in loader(root, pictures="square") for length in batch.images.lengths} == {16}


def test_microbatches_are_the_batch_in_pieces(root: Path) -> None:
    whole = next(iter(loader(root)))
    parts = whole.split(3)
    assert len(parts) == 3
    assert torch.equal(torch.cat([part.images.patches_TP for part in parts]), whole.images.patches_TP)
    assert torch.equal(torch.cat([part.text.inputs_S for part in parts]), whole.text.inputs_S)
    assert torch.equal(torch.cat([part.text.targets_S for part in parts]), whole.text.targets_S)
    assert sum((part.origin.ids for part in parts), ()) == whole.origin.ids


def test_a_damaged_sample_is_named_and_another_stands_in(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy = list(loader(root))
    bad = healthy[0].origin.ids[2]
    read = Store.read

    def with_one_bad(self: Store, source: str, index: int) -> object:
        record = read(self, source, index)
        is_bad = not isinstance(record, Damage) and record["pair_id"] == bad
        return record | {"image": b"not a picture"} if is_bad else record

    monkeypatch.setattr(Store, "read", with_one_bad)
    first, second = list(loader(root)), list(loader(root))
    assert_same(first, second)
    assert bad not in {name for batch in first for name in batch.origin.ids}
    assert {one.pair_id for batch in first for one in batch.origin.damage} == {bad}
    assert len(first[0]) == len(healthy[0])


def test_nothing_but_damage_stops_the_run_in_a_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Damage("domain-jedec", "shard", 0, "name", "gone")
    monkeypatch.setattr(Store, "read", lambda *_: lost)
    with pytest.raises(ShardsError, match="in a row are damaged"):
        next(iter(loader(root, workers=1)))


@pytest.mark.parametrize("ranks", [1, 3])
def test_validation_gives_every_pair_once(root: Path, ranks: int) -> None:
    loaders = [
        ValidationLoader(root / "shards", place(root), collator(root), Frame(16), 5, rank=rank, ranks=ranks)
        for rank in range(ranks)
    ]
    names = [name for one in loaders for batch in one for name in batch.origin.ids]
    assert len(names) == len(set(names)) == 2 * LINES


def test_a_bounded_validation_takes_the_same_pairs_of_every_source(root: Path) -> None:
    few = ValidationLoader(root / "shards", place(root), collator(root), Frame(16), 4, at_most=LINES)
    first, second = ([name for batch in few for name in batch.origin.ids] for _ in range(2))
    assert first == second
    assert len(first) == LINES
    assert len({name.split("-")[0] for name in first}) == 2


def test_shards_without_pairs_are_told_apart_in_a_sentence(tmp_path: Path) -> None:
    write_corpus(tmp_path, [Split.TRAIN])
    build_drawn(tmp_path, ShardsSettings(seed=1, vocabulary=300, max_text=64, longest=0, min_side=4, compression=""))
    with pytest.raises(ShardsError, match="no validation pairs"):
        ValidationLoader(tmp_path / "shards", place(tmp_path), collator(tmp_path), Frame(16), 4)
    with pytest.raises(ShardsError, match="there are no shards"):
        read_plan(tmp_path / "nowhere", {}, Filling("fitted", 56, 14, 6, 100, 30, 120), 3, 2)


def test_damage_is_reproducible_from_the_origin_of_a_sample(root: Path) -> None:
    first, second = (np.concatenate([batch.images.patches_TP for batch in loader(root)]) for _ in range(2))
    assert np.array_equal(first, second)
