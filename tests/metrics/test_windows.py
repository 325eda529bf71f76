"""The closest window, against trying every one."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from fabeye.metrics.windows import closest_window

TEXTS = st.text(alphabet="ab\ud800中", max_size=70)


@given(TEXTS, st.text(alphabet="ab中", min_size=1, max_size=8), st.integers(0, 9))
def test_it_is_the_best_of_all_windows(text: str, sought: str, limit: int) -> None:
    windows = [text[start : start + len(sought)] for start in range(len(text) - len(sought) + 1)]
    best = min((Levenshtein.distance(window, sought) for window in windows), default=limit + 1)
    assert closest_window(text, sought, limit) == min(best, limit + 1)
