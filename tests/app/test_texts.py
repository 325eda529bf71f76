"""Every sentence exists in both languages, with the same placeholders."""

from string import Formatter

import pytest

from app.texts import TEXTS, preferred, say


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_both_languages_say_the_same(key: str) -> None:
    text = TEXTS[key]
    assert placeholders(text.en) == placeholders(text.zh)
    assert any("一" <= character <= "鿿" for character in text.zh)
    assert not any("一" <= character <= "鿿" for character in text.en)


def test_say_fills_in_and_falls_back_to_english() -> None:
    assert say("nothing_here", "zh", x=1, y=2) == "(1, 2) 处没有元素。"
    assert say("page", "fr") == "Page"


@pytest.mark.parametrize(
    ("header", "expected"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,zh", "en"), ("fr,de;q=0.5", "en"), ("", "en"), ("fr, zh-TW", "zh")],
)
def test_the_browsers_language_is_followed(header: str, expected: str) -> None:
    assert preferred(header) == expected
