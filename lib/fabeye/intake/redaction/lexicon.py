"""Many words sought in a text at once: as they are, and with one letter wrong, added or lost.

Notable:
- The time taken grows with the text and hardly with the number of words: where a word's first letters do not stand,
  nothing is compared.
- A word with one wrong letter has one of its halves right: halves are sought, and what stands beside one is compared.
"""

from collections.abc import Collection, Iterator

from rapidfuzz.distance.Levenshtein import distance

Hit = tuple[int, int, str]  # start and end in the text, and the word that is meant
Half = tuple[str, bool]  # a word, and whether its first half is meant

HEAD = 2  # letters of a word that are looked at first


class Lexicon:
    """Words to be found; of those with `least_near` letters or more also what is nearly them."""

    def __init__(self, words: Collection[str], least_near: int):
        self.words = frozenset(words)
        self._lengths = _lengths(self.words)
        self._halves: dict[str, list[Half]] = {}
        for word in sorted(word for word in self.words if len(word) >= least_near):
            middle = len(word) // 2
            self._halves.setdefault(word[:middle], []).append((word, True))
            self._halves.setdefault(word[middle:], []).append((word, False))
        self._half_lengths = _lengths(self._halves)

    def find(self, text: str) -> Iterator[Hit]:
        """Every place where a word stands, also inside another one."""
        for start, end in _standing(text, self._lengths):
            if text[start:end] in self.words:
                yield start, end, text[start:end]

    def nearly(self, text: str) -> Iterator[Hit]:
        """Every place where a word stands with at most one letter wrong, added or lost; spaces and signs count."""
        for start, end in _standing(text, self._half_lengths):
            for word, is_first in self._halves.get(text[start:end], ()):
                rest = len(word) - (end - start)
                if is_first:
                    length = _near(word[-rest:], text[end : end + rest + 1])
                else:
                    length = _near(word[:rest][::-1], text[max(0, start - rest - 1) : start][::-1])
                if length is not None:
                    yield (start, end + length, word) if is_first else (start - length, end, word)


def _lengths(words: Collection[str]) -> dict[str, list[int]]:
    """Lengths of the words by their first letters, the longest first."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[:HEAD], set()).add(len(word))
    return {head: sorted(lengths, reverse=True) for head, lengths in found.items()}


def _standing(text: str, lengths: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
    """Start and end of all pieces of a text that may be words, by their first letters and lengths."""
    for start in range(len(text)):
        for length in lengths.get(text[start : start + HEAD], ()):
            if start + length <= len(text):
                yield start, start + length


def _near(wanted: str, text: str) -> int | None:
    """How many letters from the start of a text are `wanted` but for one letter, or None where they are not."""
    for length in (len(wanted), len(wanted) - 1, len(wanted) + 1):
        if 0 <= length <= len(text) and distance(wanted, text[:length], score_cutoff=1) <= 1:
            return length
    return None
