"""Documents of one family must not be near-duplicates, must follow from their seed, and stand in their boxes."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest

from fabeye.synthesis.blocks import walk
from fabeye.synthesis.families import design, general, process
from fabeye.synthesis.generate import generate_document
from fabeye.synthesis.markup import to_plain
from tests.synthesis.box_checks import check_document

FAMILIES = {"process": process.compose, "design": design.compose, "general": general.compose}
SHINGLE = 5  # words, or Chinese letters
ALIKE = 0.6  # share of shingles from which two documents are near-duplicates


def shingles(text: str, language: str) -> set[str]:
    units = text.split() if language == "en" else list(text.replace(" ", ""))
    return {" ".join(units[start : start + SHINGLE]) for start in range(len(units) - SHINGLE + 1)}


@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
@pytest.mark.parametrize("family", FAMILIES)
def test_no_two_documents_are_near_duplicates(family: str, language: str) -> None:
    written = [FAMILIES[family](Random(f"{family}/{language}/{seed}"), language) for seed in range(12)]
    sets = [shingles(" ".join(to_plain(block.text) for block in walk(one.nodes)), language) for one in written]
    for one, two in combinations(sets, 2):
        assert len(one & two) / len(one | two) < ALIKE


@pytest.mark.parametrize("family", FAMILIES)
def test_a_document_follows_from_its_seed(family: str) -> None:
    first, again, other = (generate_document(family, "mixed", seed, 3) for seed in (1, 1, 2))
    assert first.pdf == again.pdf
    assert first.pages == again.pages
    assert first.pdf != other.pdf


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
@pytest.mark.parametrize("family", FAMILIES)
def test_everything_stands_in_its_box(family: str, language: str) -> None:
    for index in range(2):
        document = generate_document(family, language, 11, index)
        check_document(document.pdf, document.pages)
        levels = Counter(one.level for page in document.pages for one in page.truths)
        assert min(levels["line"], levels["block"]) > 4
