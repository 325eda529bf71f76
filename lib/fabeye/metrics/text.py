"""How far a reading is from what stands there, in characters.

Notable:
- Both sides go through `normalise` first: compatibility forms (NFKC) and dashes are unified, white space becomes one
  space, and beside a Chinese character it goes, as it is a line break or a typesetter's habit there. Scripts and bars
  are letters in line: what they say is for metrics.symbols to judge. Letters, digits, signs, units and punctuation all
  count: -40 read as 40 is an error.
- A distance is Levenshtein's: the fewest characters to insert, delete or replace.
"""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from fabeye.metrics.notation import without_scripts

HAN = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"  # Chinese characters and their punctuation
SPACE_BESIDE_HAN = re.compile(rf"(?<=[{HAN}]) | (?=[{HAN}])")
OVERLINE = "\u0305"
DASHES = str.maketrans(dict.fromkeys("\u2010\u2012\u2013\u2014\u2212", "-"))  # hyphen, dashes, minus


def normalise(text: str) -> str:
    """The text with compatibility forms, scripts, dashes and white space unified; twice is as once."""
    in_line = without_scripts(unicodedata.normalize("NFKC", text).replace(OVERLINE, ""))
    unified = unicodedata.normalize("NFKC", in_line).translate(DASHES)  # again: letters may have come side by side
    return SPACE_BESIDE_HAN.sub("", " ".join(unified.split()))


def edit_distance(truth: str, read: str) -> int:
    """Levenshtein distance of the normalised texts, in characters."""
    return Levenshtein.distance(normalise(truth), normalise(read))


def normalised_edit(truth: str, read: str) -> float:
    """Distance by the longer text's length: 0 where they agree (two empty texts do), 1 where they share nothing."""
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
