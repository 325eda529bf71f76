"""Which documents are asked for: counts, languages in turn, splits that add up."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from fabeye.schema import Split
from fabeye.synthesis.orders import ordered, split_of
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
