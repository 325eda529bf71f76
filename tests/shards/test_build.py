"""From parsed pages to shards: what enters, what does not, and the same bytes every time."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from streaming import LocalDataset

from fabeye.model.preprocess import MARGIN
from fabeye.schema import Category, Element, Page, Split
from fabeye.settings import ShardsSettings
from fabeye.shards import build, writer
from fabeye.shards.index import ShardsError, pair_id_at, read_index, read_sizes
from fabeye.shards.pairs import cut_pairs, find_lines
from fabeye.shards.tokenizer import TOKENIZER, TextTokenizer
from fabeye.tables import read_table, write_json, write_table
from tests.shards.drawn_corpus import LINES, build_drawn, write_corpus

SETTINGS = ShardsSettings(seed=1, vocabulary=300, max_text=20, longest=0, min_side=4, compression="")
SPLITS = [Split.TRAIN, Split.TRAIN, Split.VALIDATION, Split.GOLD, Split.TRAIN]  # families take turns


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_pairs_of_train_and_validation_enter_and_gold_does_not(tmp_path: Path) -> None:
    write_corpus(tmp_path, SPLITS)
    summary = build_drawn(tmp_path, SETTINGS)
    assert summary.sources == {
        "domain-efa_pfa": {"train": LINES, "validation": 0},
        "domain-jedec": {"train": 2 * LINES, "validation": LINES},
    }
    assert read_index(tmp_path / "shards").sources == summary.sources
    stored = LocalDataset(str(tmp_path / "shards" / "domain-jedec" / "train"))
    lines = {f"{one.page_id}-{one.order}": one.text for one in read_table(tmp_path / "parses" / "elements", Element)}
    records = [stored[at] for at in range(len(stored))]
    assert {record["document_id"] for record in records} == {f"{0:016x}", f"{4:016x}"}
    assert all(record["text"] == lines[record["pair_id"]] for record in records)
    order = [record["pair_id"] for record in records]
    assert order != sorted(order)


def test_compressed_shards_are_the_same_bytes_and_name_no_place(tmp_path: Path) -> None:
    write_corpus(tmp_path, SPLITS)
    settings = SETTINGS.model_copy(update={"compression": "zstd:3"})
    for name in ("one", "two"):
        build_drawn(tmp_path, settings, name)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert not list((tmp_path / "work").iterdir())
    index = (tmp_path / "one" / "domain-jedec" / "train" / "index.json").read_text()
    assert str(tmp_path) not in index
    assert json.loads(index)["shards"][0]["zip_data"]["hashes"]["sha256"]


def test_sizes_stand_beside_the_shards_in_their_order(tmp_path: Path) -> None:
    write_corpus(tmp_path, SPLITS)
    build_drawn(tmp_path, SETTINGS)
    folder = tmp_path / "shards" / "domain-jedec" / "train"
    stored, sizes = LocalDataset(str(folder)), read_sizes(folder)
    tokenizer = TextTokenizer.load(tmp_path / "shards" / "tokenizer.json")
    assert len(sizes) == len(stored)
    for at in range(len(stored)):
        record = stored[at]
        assert (sizes.width[at], sizes.height[at]) == (record["width"], record["height"])
        assert sizes.tokens[at] == len(tokenizer.targets(record["text"], SETTINGS.max_text))
        assert pair_id_at(folder, at) == record["pair_id"]


def test_a_killed_run_goes_on_with_the_groups_that_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_corpus(tmp_path, SPLITS)
    build_drawn(tmp_path, SETTINGS, "undisturbed")
    written: list[str] = []

    def counted(folder: Path, *args: object) -> None:
        if len(written) == 1:
            raise KeyboardInterrupt
        written.append(folder.parent.name)
        original(folder, *args)

    original = writer._write_shards
    with monkeypatch.context() as patch:
        patch.setattr(writer, "_write_shards", counted)
        with pytest.raises(KeyboardInterrupt):
            build_drawn(tmp_path, SETTINGS)
        written = ["the first is there already"] * 2
        build_drawn(tmp_path, SETTINGS)
    assert len(written) == 4, "of three groups, the two that were missing"
    assert digests(tmp_path / "shards") == digests(tmp_path / "undisturbed")


@pytest.mark.slow
def test_processes_write_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_corpus(tmp_path, SPLITS)
    monkeypatch.setattr(build, "GROUP", 1)
    build_drawn(tmp_path, SETTINGS)
    with monkeypatch.context() as patch:
        patch.setattr(build, "run", None)
        patch.setattr(build, "_each_written", lambda groups, write, _: map(write, groups))
        build_drawn(tmp_path, SETTINGS, "alone")
    assert digests(tmp_path / "shards") == digests(tmp_path / "alone")


def test_a_page_that_cannot_be_decoded_is_counted_and_left_out(tmp_path: Path) -> None:
    write_corpus(tmp_path, SPLITS)
    pages = list(read_table(tmp_path / "corpus" / "pages", Page))
    pages[0] = replace(pages[0], image=pages[0].image[:100])
    write_table(tmp_path / "corpus" / "pages", Page, pages)
    summary = build_drawn(tmp_path, SETTINGS)
    assert summary.broken_pages == 1
    assert summary.sources["domain-jedec"]["train"] == LINES


@pytest.mark.parametrize("folder", ["gold", "gold/own"])
def test_a_train_document_annotated_into_a_gold_set_is_left_out(tmp_path: Path, folder: str) -> None:
    write_corpus(tmp_path, SPLITS)
    attribute = {"data_source": "jedec", "language": "english"}
    info = {"page_no": 0, "width": 1, "height": 1, "image_path": f"{0:016x}-0000.png", "page_attribute": attribute}
    write_json(tmp_path / folder / "gold.json", [{"page_info": info, "layout_dets": []}])
    summary = build_drawn(tmp_path, SETTINGS)
    assert summary.sources["domain-jedec"]["train"] == LINES


def test_a_corpus_without_text_is_refused_and_leaves_the_old_shards(tmp_path: Path) -> None:
    write_corpus(tmp_path, [Split.GOLD])
    (tmp_path / "shards").mkdir()
    with pytest.raises(ShardsError, match="no train document"):
        build_drawn(tmp_path, SETTINGS)
    assert (tmp_path / "shards").is_dir()


def test_regions_are_cut_inside_the_page_and_small_ones_left_out(tmp_path: Path) -> None:
    write_corpus(tmp_path, [Split.TRAIN])
    page = next(read_table(tmp_path / "corpus" / "pages", Page))
    line = next(read_table(tmp_path / "parses" / "elements", Element))
    boxes = [(10.0, 5.0, 30.0, 25.0), (-50.0, 0.0, 500.0, 20.0), (300.0, 5.0, 340.0, 25.0), (10.0, 5.0, 30.0, 8.0)]
    lines = [
        replace(line, order=order, x0=x0, y0=y0, x1=x1, y1=y1, text=" a ")
        for order, (x0, y0, x1, y1) in enumerate(boxes)
    ]
    pairs = list(cut_pairs(page, lines, min_side=4))
    assert [pair.pair_id for pair in pairs] == [f"{page.page_id}-0", f"{page.page_id}-1"]
    assert all(0 < pair.width <= page.width and 0 < pair.height <= 20 + 2 * MARGIN for pair in pairs)
    assert pairs[0].text == "a"


def test_blocks_become_pairs_where_a_page_has_no_lines(tmp_path: Path) -> None:
    write_corpus(tmp_path, [Split.TRAIN, Split.TRAIN])
    lines = list(read_table(tmp_path / "parses" / "elements", Element))
    first, second = (page.page_id for page in read_table(tmp_path / "corpus" / "pages", Page))
    block = replace(lines[0], level="block", page_id=second)
    blocks = [
        replace(block, order=0, text="A paragraph\nof two lines"),
        replace(block, order=1, text="a b", category=Category.TABLE.value, html="<table></table>"),
        replace(block, order=2, text="E = mc2", category=Category.FORMULA.value, latex="E = mc^2"),
        replace(block, order=3, text="", category=Category.FIGURE.value),
        replace(block, order=4, page_id=first, text="a page with lines gives lines"),
    ]
    read = [line for line in lines if line.page_id == first] + blocks
    write_table(tmp_path / "parses" / "elements", Element, read)
    build_drawn(tmp_path, SETTINGS)
    records = [
        record
        for family in ("efa_pfa", "jedec")
        for record in LocalDataset(str(tmp_path / "shards" / f"domain-{family}" / "train"))
    ]
    of_second = {(one["pair_id"], one["kind"], one["text"]) for one in records if one["pair_id"].startswith(second)}
    assert of_second == {
        (f"{second}-0", "region", "A paragraph\nof two lines"),
        (f"{second}-1", "region", "<table></table>"),
        (f"{second}-2", "region", "E = mc^2"),
    }
    of_first = [one for one in records if one["pair_id"].startswith(first)]
    assert len(of_first) == LINES
    assert {one["kind"] for one in of_first} == {"line"}
    only_blocks = find_lines(tmp_path / "parses", ("block",))
    assert [one.text for one in only_blocks[first]] == ["a page with lines gives lines"]


def test_a_checkpoints_tokenizer_is_taken_byte_for_byte(tmp_path: Path) -> None:
    write_corpus(tmp_path, SPLITS)
    checkpoint = tmp_path / "checkpoint"
    checkpoint.mkdir()
    TextTokenizer.train(["other texts, other tokens"] * 9, 310).save(checkpoint / TOKENIZER)
    summary = build_drawn(tmp_path, SETTINGS.model_copy(update={"tokenizer": str(checkpoint)}))
    assert (tmp_path / "shards" / TOKENIZER).read_bytes() == (checkpoint / TOKENIZER).read_bytes()
    assert summary.vocabulary == TextTokenizer.load(checkpoint / TOKENIZER).vocabulary
    (checkpoint / TOKENIZER).write_text("{")
    with pytest.raises(ShardsError, match="name a checkpoint folder"):
        build_drawn(tmp_path, SETTINGS.model_copy(update={"tokenizer": str(checkpoint)}))
