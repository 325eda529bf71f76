"""How far a reading is from what stands there, in characters.

Notable:
- Both sides go through `normalise` first: compatibility forms are unified (NFKC), white space becomes one space, and
  white space between two Chinese characters goes, as it is a line break there and not something written. Letters,
  digits, signs, units and punctuation all count: -40 read as 40 is an error.
- A distance is Levenshtein's: the fewest characters to insert, delete or replace.
"""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

HAN = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"  # Chinese characters and their punctuation
BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")


def normalise(text: str) -> str:
    """The text with compatibility forms and white space unified; doing it twice changes nothing."""
    return BETWEEN_HAN.sub("", " ".join(unicodedata.normalize("NFKC", text).split()))


def edit_distance(truth: str, read: str) -> int:
    """Levenshtein distance of the normalised texts, in characters."""
    return Levenshtein.distance(normalise(truth), normalise(read))


def normalised_edit(truth: str, read: str) -> float:
    """Distance by the length of the longer text: 0 where they agree, 1 where they share nothing, 0 for two empty ones."""
    return Levenshtein.normalized_distance(normalise(truth), normalise(read))


def character_error_rate(pairs: Iterable[tuple[str, str]]) -> float:
    """Sum of distances by sum of truth lengths over (truth, read) pairs; may exceed 1, as too much can be read.

    Where no truth has a character, the sum of distances itself.
    """
    distances = lengths = 0
    for truth, read in pairs:
        distances += edit_distance(truth, read)
        lengths += len(normalise(truth))
    return distances / max(lengths, 1)
