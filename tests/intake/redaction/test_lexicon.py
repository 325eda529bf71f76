"""Words are found as they stand and with one letter wrong, wherever that letter is, and nothing else is."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance.Levenshtein import distance

from fabeye.intake.redaction.lexicon import Lexicon

WORD = st.text("AB12", min_size=4, max_size=8)
TEXT = st.text("AB12", max_size=14)


@given(st.sets(WORD, max_size=4), TEXT)
def test_every_place_where_a_word_stands(words: set[str], text: str) -> None:
    wanted = {(at, at + len(word), word) for word in words for at in range(len(text)) if text.startswith(word, at)}
    assert set(Lexicon(words, 4).find(text)) == wanted


@settings(max_examples=60)
@given(WORD, TEXT)
@example("AB12AB", "xAB1AB")
def test_every_word_with_one_letter_wrong(word: str, text: str) -> None:
    pieces = {(start, end) for start in range(len(text)) for end in range(start, len(text) + 1)}
    near = {(start, end) for start, end in pieces if distance(word, text[start:end]) <= 1}
    found = {(start, end) for start, end, _ in Lexicon([word], 4).nearly(text)}
    assert found <= near
    assert bool(found) == bool(near)


def test_short_words_are_not_sought_with_a_wrong_letter() -> None:
    assert list(Lexicon(["TH84"], 7).nearly("TH94")) == []
