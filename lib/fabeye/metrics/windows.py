"""How well a text occurs inside a longer one.

Notable:
- The question is about windows of exactly the shorter text's length. Asked window by window it costs a Levenshtein
  each; here one pass of Sellers' recurrence (J. Algorithms 1, 1980) tells where a close window can end, and only those
  are measured. The answer is the same: the nearest infix is never farther away than the window that ends with it.
"""

import numba
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

FEW_WINDOWS = 32  # so many are measured sooner than the pass is made


def closest_window(text: str, sought: str, limit: int) -> int:
    """Least Levenshtein distance between `sought` and a window of its length in `text`, in characters.

    limit + 1 where no window is as near as `limit`, or where `text` is the shorter one.
    """
    best = limit + 1
    for end in _candidate_ends(text, sought, limit):
        window = text[end - len(sought) : end]
        best = min(best, Levenshtein.distance(window, sought, score_cutoff=best))
        if best == 0:
            break
    return best


def _candidate_ends(text: str, sought: str, limit: int) -> NDArray[np.int64]:
    ends = np.arange(len(sought), len(text) + 1)
    if len(ends) <= FEW_WINDOWS:
        return ends
    return ends[_infix_distances(_codes(text), _codes(sought))[len(sought) - 1 :] <= limit]


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@numba.njit(cache=True)
def _infix_distances(text, sought):  # type: ignore[no-untyped-def]  # compiled; the caller is typed
    """Distance of `sought` from the nearest infix that ends after each character of `text`."""
    found = np.empty(text.size, dtype=np.int32)
    column = np.arange(sought.size + 1).astype(np.int32)
    for end in range(text.size):
        above = column[0]
        for row in range(1, sought.size + 1):
            left = column[row]
            column[row] = min(above + (sought[row - 1] != text[end]), left + 1, column[row - 1] + 1)
            above = left
        found[end] = column[sought.size]
    return found
