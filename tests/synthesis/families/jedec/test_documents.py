"""Whole standards: numbering, wording, variety."""

import re
from itertools import combinations, groupby
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.schema import Category
from fabeye.synthesis.blocks import Block, walk
from fabeye.synthesis.families.jedec import compose
from fabeye.synthesis.families.jedec.draft import FEWEST_ROWS, split
from fabeye.synthesis.families.jedec.front import draw_names, notice
from fabeye.synthesis.manuscript import Manuscript
from fabeye.synthesis.markup import to_plain
from fabeye.synthesis.tabulation import Cell, places
from fabeye.synthesis.wording import Phrase
from tests.synthesis.families.jedec.drafts import LANGUAGES, new_draft

CASES = [(language, seed) for language in LANGUAGES for seed in range(8)]
SHINGLE = 5  # words
ALIKE = 0.6  # share of common shingles from which two texts are near-duplicates
CONTINUED = ("(cont'd)", "（续）")


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def document(request: pytest.FixtureRequest) -> tuple[str, Manuscript, list[Block]]:
    language, seed = request.param
    manuscript = compose(Random(seed), language)
    return language, manuscript, list(walk(manuscript.nodes))


def test_captions_are_numbered_in_reading_order(document: tuple[str, Manuscript, list[Block]]) -> None:
    _, manuscript, blocks = document
    for category in (Category.TABLE_CAPTION, Category.FIGURE_CAPTION):
        texts = [block.text for block in blocks if block.category is category]
        numbers = [re.search(r"[\dA-Z]+(?:-\d+)?", text.removeprefix("Table").removeprefix("Figure")) for text in texts]
        shown = [found[0] for found, text in zip(numbers, texts, strict=True) if found and not text.endswith(CONTINUED)]
        if manuscript.style.counts_by_chapter:
            for chapter, alike in groupby(shown, key=lambda number: number.split("-")[0]):
                assert list(alike) == [f"{chapter}-{at}" for at in range(1, shown_in(shown, chapter) + 1)]
        else:
            assert shown == [str(number) for number in range(1, len(shown) + 1)]


def shown_in(shown: list[str], chapter: str) -> int:
    return sum(number.split("-")[0] == chapter for number in shown)


def test_every_table_and_figure_has_a_caption(document: tuple[str, Manuscript, list[Block]]) -> None:
    _, _, blocks = document
    for body, head in ((Category.TABLE, Category.TABLE_CAPTION), (Category.FIGURE, Category.FIGURE_CAPTION)):
        kinds = [block.category for block in blocks]
        assert kinds.count(body) == kinds.count(head)


def test_no_slot_is_left_and_languages_are_not_mixed_up(document: tuple[str, Manuscript, list[Block]]) -> None:
    language, _, blocks = document
    for block in blocks:
        assert not re.search(r"<(?!page>)[a-z]+>", block.text), block.text
        if language == "en":
            assert not re.search("[\u4e00-\u9fff]", to_plain(block.text)), block.text


def test_contents_name_every_numbered_heading(document: tuple[str, Manuscript, list[Block]]) -> None:
    _, manuscript, blocks = document
    if manuscript.bare:
        targets = {id(block.target) for block in blocks if block.target}
        numbered = [
            block for block in blocks if block.category is Category.TITLE and re.match(r"\d+(\.\d+)*  ", block.text)
        ]
        assert numbered
        assert all(id(block) in targets for block in numbered if not block.text.endswith(CONTINUED))


def test_all_kinds_of_tables_and_figures_come_up() -> None:
    details, texts = set(), ""
    for seed in range(60):
        for block in walk(compose(Random(seed), "en").nodes):
            for kind, detail in block.detail.items():
                details.add(detail["kind"] if kind in ("timing", "image_gt") else kind)
            texts += block.text + "\n" if block.category in (Category.TABLE, Category.TITLE, Category.CODE) else ""
    assert {"READ", "WRITE", "REF", "MRW", "PDE", "eye_mask", "ballout", "package_outline", "power_up"} <= details
    assert {"chart_data", "waveform", "continues"} <= details
    for words in (
        "Average clock period", "CL-nRCD-nRP", "V_{REF}", "T_{STG}", "I_{DD4R}", "OP[7]", "CA pins", "DQS_t",
        "Column address", "Same bank", "Derating in ps", "HTOL", "Revision Date Kind Change", "D1", "☑", "crc8",
        "Burst length: transfers",
    ):  # fmt: skip
        assert to_plain(words) in to_plain(texts), words


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[A-Za-z0-9.]+|[\u4e00-\u9fff]", text)
    return set(zip(*(words[start:] for start in range(SHINGLE)), strict=False))


@pytest.mark.parametrize("language", LANGUAGES)
def test_notices_are_not_near_duplicates(language: str) -> None:
    texts = []
    for seed in range(12):
        draft = new_draft(seed, language)
        blocks = walk(notice(draft, draw_names(draft.rng, Phrase("x", "x"))))
        texts.append(shingles(" ".join(to_plain(block.text) for block in blocks)))
    for one, two in combinations(texts, 2):
        assert len(one & two) / len(one | two) < ALIKE


def test_a_document_depends_on_its_seed_only() -> None:
    one, same, other = (compose(Random(seed), "en") for seed in (5, 5, 6))
    assert [block.text for block in walk(one.nodes)] == [block.text for block in walk(same.nodes)]
    assert one.pictures == same.pictures
    assert [block.text for block in walk(one.nodes)] != [block.text for block in walk(other.nodes)]


@given(st.lists(st.integers(1, 3), min_size=1, max_size=30), st.integers(4, 12))
def test_a_cut_table_loses_nothing_and_cuts_no_span(heights: list[int], most: int) -> None:
    rows = [[Cell("h", heading=True), Cell("h", heading=True)]]
    for group, height in enumerate(heights):
        for line in range(height):
            name = [Cell(f"g{group}", rowspan=height)] if not line else []
            rows.append([*name, Cell(f"{group}.{line}")])
    parts = split(rows, most)
    for part in parts:
        list(places(part))  # raises where a span is cut
        assert part[0] == rows[0]
        assert len(part) - 1 <= most
    assert [row for part in parts for row in part[1:]] == rows[1:]
    assert len(parts) == 1 or len(parts[-1]) - 1 >= min(FEWEST_ROWS, heights[-1])
