"""Names and their spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.intake.redaction.people import GIVEN_OF, SURNAME_OF, is_chinese_name, person_key, spellings

NAMES = st.builds(
    lambda surname, given_name: surname + given_name,
    st.sampled_from(sorted(SURNAME_OF)),
    st.text(st.sampled_from(sorted(GIVEN_OF)), min_size=1, max_size=2),
)


@pytest.mark.parametrize("name", ["王伟", "王志强", "欧阳雨桐", "诸葛静"])
def test_names_are_names(name: str) -> None:
    assert is_chinese_name(name)


@pytest.mark.parametrize("word", ["王", "失效分析", "电压", "Wang Wei", "王X", "", "王志强强"])
def test_words_are_none(word: str) -> None:
    assert not is_chinese_name(word)


def test_a_person_is_spelt_in_many_ways() -> None:
    found = spellings("王志强")
    assert {"Wang Zhiqiang", "Zhiqiang Wang", "Z. Wang", "zhiqiang.wang", "wang_zhiqiang"} <= set(found)
    assert {"K. Lin", "kevin.lin", "Lin, Kevin"} <= set(spellings("Kevin Lin"))
    assert "Lindqvist" in spellings("K. Lindqvist")


@given(NAMES)
def test_no_spelling_is_short_enough_to_be_a_word(name: str) -> None:
    for spelling in spellings(name):
        assert len(spelling) >= (5 if spelling[0].isupper() else 7) or not spelling.isalpha()


def test_order_and_punctuation_do_not_change_who_is_meant() -> None:
    assert person_key("Wang Zhiqiang") == person_key("Zhiqiang Wang") == person_key("zhiqiang.wang")
    assert person_key("王志强") != person_key("王志刚")
