"""Pieces of text to one: with a space between words, without one between Chinese characters."""

import re
from collections.abc import Iterable

WITHOUT_SPACES = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\u3000-\u303f\uff00-\uffef]")


def joined(texts: Iterable[str]) -> str:
    """The texts as one line."""
    whole = ""
    for text in texts:
        text = text.strip()
        close = whole and text and WITHOUT_SPACES.match(whole[-1]) and WITHOUT_SPACES.match(text[0])
        whole += text if close or not whole or not text else f" {text}"
    return whole
