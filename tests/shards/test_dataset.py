"""Shards come back as batches: every pair once, in an order that can be taken up again."""

import os
from pathlib import Path

import pytest
import torch

from fabeye.schema import Element, Split
from fabeye.settings import ShardsSettings
from fabeye.shards.build import build_shards
from fabeye.shards.dataset import Batch, Collator, Totals, train_loader, unpacking_folder, validation_loader
from fabeye.shards.index import ShardsError
from fabeye.shards.tokenizer import TextTokenizer
from fabeye.tables import read_table
from tests.shards.drawn_corpus import LINES, write_corpus

SETTINGS = ShardsSettings(seed=1, vocabulary=300, max_text=64, min_side=4, compression="zstd:3")
SPLITS = [Split.TRAIN, Split.TRAIN, Split.VALIDATION, Split.VALIDATION]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    write_corpus(folder, SPLITS)
    build_shards(folder / "corpus", folder / "parses", folder / "gold", folder / "shards", SETTINGS)
    return folder


@pytest.fixture
def collator(root: Path) -> Collator:
    return Collator(TextTokenizer.load(root / "shards" / "tokenizer.json"), patch=14, side=56, max_text=64)


def texts(batch: Batch, collator: Collator) -> list[str]:
    return [collator.tokenizer.decode(ids.tolist()) for ids in batch.text.targets_S.split(batch.text.lengths)]


@pytest.mark.parametrize("size", [5, 100])
def test_validation_gives_every_pair_once(root: Path, collator: Collator, tmp_path: Path, size: int) -> None:
    with unpacking_folder(tmp_path) as unpacked:
        batches = list(validation_loader(root / "shards", unpacked, collator, size))
    lines = list(read_table(root / "parses" / "elements", Element))[2 * LINES :]
    assert sorted(text for batch in batches for text in texts(batch, collator)) == sorted(one.text for one in lines)
    assert sum(len(batch) for batch in batches) == 2 * LINES
    assert max(length for batch in batches for length in batch.images.lengths) <= (56 // 14) ** 2


def test_a_bounded_validation_takes_the_same_pairs_of_every_source(
    root: Path, collator: Collator, tmp_path: Path
) -> None:
    with unpacking_folder(tmp_path) as unpacked:
        loader = validation_loader(root / "shards", unpacked, collator, 4, at_most=LINES)
        first, second = ([text for batch in loader for text in texts(batch, collator)] for _ in range(2))
    lines = [one.text for one in read_table(root / "parses" / "elements", Element)][2 * LINES :]
    assert first == second
    assert len(first) == LINES
    assert len(set(first) & set(lines[:LINES])) >= 1
    assert len(set(first) & set(lines[LINES:])) >= 1


def test_one_epoch_has_the_wanted_samples_from_all_sources(root: Path, collator: Collator, tmp_path: Path) -> None:
    def orders(seed: int) -> list[str]:
        with unpacking_folder(tmp_path) as unpacked:
            loader = train_loader(root / "shards", unpacked, collator, batch=4, samples=30, seed=seed)
            return [text for batch in loader for text in texts(batch, collator)]

    once = orders(3)
    assert len(once) == 30
    assert once == orders(3)
    assert once != orders(4)


def test_the_tracked_folder_and_the_work_folder_stay_clean(root: Path, collator: Collator, tmp_path: Path) -> None:
    before = sorted((root / "shards").rglob("*"))
    with unpacking_folder(tmp_path) as unpacked:
        next(iter(validation_loader(root / "shards", unpacked, collator, 4)))
        assert os.listdir(tmp_path) == [unpacked.name]
    assert sorted((root / "shards").rglob("*")) == before
    assert os.listdir(tmp_path) == []


def test_two_readers_live_side_by_side(root: Path, collator: Collator, tmp_path: Path) -> None:
    with unpacking_folder(tmp_path) as one, unpacking_folder(tmp_path) as two:
        first = iter(validation_loader(root / "shards", one, collator, 4))
        second = iter(validation_loader(root / "shards", two, collator, 4))
        for _ in range(3):
            assert texts(next(first), collator) == texts(next(second), collator)


def test_shards_without_validation_pairs_are_told_apart_in_a_sentence(tmp_path: Path) -> None:
    write_corpus(tmp_path, [Split.TRAIN])
    build_shards(tmp_path / "corpus", tmp_path / "parses", tmp_path / "gold", tmp_path / "shards", SETTINGS)
    collator = Collator(TextTokenizer.load(tmp_path / "shards" / "tokenizer.json"), 14, 56, 64)
    with pytest.raises(ShardsError, match="no validation pairs"):
        validation_loader(tmp_path / "shards", tmp_path / "unpacked", collator, 4)
    with pytest.raises(ShardsError, match="there are no shards"):
        train_loader(tmp_path / "nowhere", tmp_path / "unpacked", collator, 4, 4, 0)


def test_microbatches_are_the_batch_in_pieces(root: Path, collator: Collator, tmp_path: Path) -> None:
    with unpacking_folder(tmp_path) as unpacked:
        whole = next(iter(validation_loader(root / "shards", unpacked, collator, 7)))
    whole = Batch(whole.images, whole.text, tuple(range(7)), Totals(7, 1, 1))
    parts = whole.split(3)
    assert [len(part) for part in parts] == [3, 3, 1]
    assert torch.equal(torch.cat([part.images.patches_TP for part in parts]), whole.images.patches_TP)
    assert torch.equal(torch.cat([part.text.inputs_S for part in parts]), whole.text.inputs_S)
    assert torch.equal(torch.cat([part.text.targets_S for part in parts]), whole.text.targets_S)
    assert sum((part.prefixes or () for part in parts), ()) == whole.prefixes
    assert {part.totals for part in parts} == {whole.totals}
