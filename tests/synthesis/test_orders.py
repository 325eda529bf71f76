"""Which documents are asked for: counts, languages in turn, splits that add up."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.schema import Split
from fabeye.settings import load_settings
from fabeye.synthesis.orders import finish_of, ordered, seed_of, split_of, whole_set
from tests.synthesis.generated_corpus import corpus_settings


@given(st.integers(0, 200), st.floats(0, 1), st.floats(0, 1))
def test_splits_add_up_and_gold_comes_first(count: int, gold: float, validation: float) -> None:
    kinds = split_of(count, corpus_settings({}, gold_share=gold, validation_share=validation))
    assert len(kinds) == count
    assert kinds == sorted(kinds, key=[Split.GOLD, Split.VALIDATION, Split.TRAIN].index)
    assert kinds.count(Split.GOLD) >= (1 if count >= 3 else 0)
    assert abs(kinds.count(Split.GOLD) - gold * count) <= 1


def test_shares_are_rounded_half_up_within_a_family_and_languages_are_spread_over_them() -> None:
    orders = ordered(corpus_settings({"jedec": 14, "efa_pfa": 4, "design": 2}))
    counted = Counter((order.family, order.split) for order in orders)
    assert [counted["jedec", split] for split in (Split.GOLD, Split.VALIDATION, Split.TRAIN)] == [4, 2, 8]
    assert [counted["efa_pfa", split] for split in (Split.GOLD, Split.VALIDATION, Split.TRAIN)] == [1, 1, 2]
    assert [counted["design", split] for split in (Split.GOLD, Split.VALIDATION, Split.TRAIN)] == [1, 0, 1]
    spread = Counter((order.language, order.split) for order in orders if order.family == "jedec")
    for split, count in ((Split.GOLD, 2), (Split.VALIDATION, 1), (Split.TRAIN, 4)):
        assert spread["en", split] == spread["zh", split] == count


def test_languages_take_turns() -> None:
    orders = ordered(corpus_settings({"jedec": 4}, languages=["en", "zh", "mixed"]))
    assert [order.name for order in orders] == [
        "jedec-en-00000.pdf",
        "jedec-zh-00001.pdf",
        "jedec-mixed-00002.pdf",
        "jedec-en-00003.pdf",
    ]


def test_the_frozen_set_crosses_languages_and_difficulties_in_every_family() -> None:
    settings = load_settings().corpus
    orders = ordered(whole_set(settings))
    assert len(orders) == 160
    assert {order.split for order in orders} == {Split.GOLD}
    assert len({order.name for order in orders}) == 160
    strata = Counter((order.family, order.language, order.difficulty) for order in orders)
    assert len(strata) == 5 * 3 * 3
    for family, count in whole_set(settings).documents.items():
        of_family = [number for (named, *_), number in strata.items() if named == family]
        assert max(of_family) - min(of_family) <= 1 < min(of_family), (family, count)


def test_a_smaller_corpus_has_the_first_documents_of_the_frozen_set_and_a_larger_one_no_more() -> None:
    settings = load_settings().corpus
    whole = ordered(whole_set(settings))
    few = settings.model_copy(update={"documents": {"efa_pfa": 10, "general": 4}})
    many = settings.model_copy(update={"documents": dict.fromkeys(settings.documents, 1000)})
    golds = [[order for order in ordered(one) if order.split == Split.GOLD] for one in (few, many)]
    assert [order.name for order in golds[0] if order not in whole] == []
    assert 0 < len(golds[0]) < 8
    assert golds[1] == whole


def test_no_setting_of_training_documents_changes_a_frozen_one() -> None:
    settings = load_settings().corpus
    other = settings.model_copy(update={"seed": 1, "languages": ["zh"], "finish": settings.gold.difficulties["clean"]})
    gold, train = ordered(settings)[0], ordered(settings)[-1]
    assert (gold, seed_of(gold, settings), finish_of(gold, settings)) == (
        ordered(other)[0], seed_of(gold, other), finish_of(gold, other)
    )  # fmt: skip
    assert (seed_of(train, settings), seed_of(train, other)) == (settings.seed, 1)
    with pytest.raises(ValueError, match="one seed"):
        type(settings).model_validate(settings.model_dump() | {"seed": settings.gold.seed})
