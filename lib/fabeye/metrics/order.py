"""How far the order in which a page was read is from the order that is right."""

from collections.abc import Hashable, Sequence

from rapidfuzz.distance import Levenshtein

from fabeye.metrics.tally import Tally


def order_tally(gold: Sequence[Hashable], read: Sequence[Hashable]) -> Tally:
    """Places to insert, delete or replace, of the longer order's length: 0 for the same order; symmetric."""
    return Tally(Levenshtein.distance(gold, read), max(len(gold), len(read)))
