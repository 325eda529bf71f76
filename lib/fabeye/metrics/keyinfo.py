"""Key information: the values that a form asks for, by their names.

Notable:
- A parser that names them writes a fenced block of the language `kie`, one `field: value` a line; a field may come
  again with another value.
- A parser that names nothing is taken to answer each field with what stands in its text: a value that stands there
  whole is right, any other is a wrong answer. `key_tally` and `found_tally` give the same range, 0 to 1.
- Exact means equal after notation and white space are unified; `anls_tally` gives partly right strings their share,
  as ANLS* does (Peer et al., arXiv 2402.03848): values below half likeness count nothing, and capitals are as small
  letters there. Unlike it, a field with one value and a list of one are the same, since a block writes both alike:
  where ANLS* gives 0 for a value against a list, the list's other values are lost or invented here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.optimize import linear_sum_assignment

from fabeye.metrics.notation import flat
from fabeye.metrics.tally import Tally, f1_tally
from fabeye.metrics.text import normalise

Pair = tuple[str, str]  # field, value

LEAST_LIKENESS = 0.5  # ANLS*'s threshold
LINE = re.compile(r"^\s*([A-Za-z][\w ]*?)\s*[:：]\s*(.*?)\s*$")


def pair(field: str, value: str) -> Pair:
    """A named value in the form in which two are compared."""
    return "_".join(field.lower().split()), normalise(flat(value))


def read_pairs(block: str) -> list[Pair]:
    """Named values of a `kie` block; a line that is none is passed over.

    >>> read_pairs("Lot ID: TH8402B.03")
    [('lot_id', 'TH8402B.03')]
    """
    found = (LINE.match(line) for line in block.splitlines())
    return [pair(one[1], one[2]) for one in found if one]


def key_tally(gold: Sequence[Pair], read: Iterable[Pair]) -> Tally:
    """F1 of named values, each exact."""
    wanted, given = Counter(gold), Counter(read)
    return f1_tally((wanted & given).total(), wanted.total(), given.total())


def anls_tally(gold: Iterable[Pair], read: Iterable[Pair]) -> Tally:
    """ANLS* of named values: likenesses of the best assignment within each field, by the values of the longer side."""
    wanted, given = _by_field(gold), _by_field(read)
    return sum((_field_tally(wanted[name], given[name]) for name in sorted({*wanted, *given})), Tally())


def found_tally(gold: Sequence[Pair], text: str) -> Tally:
    """The F1 of a parser that names nothing: values that stand whole in `text`, by all that are wanted."""
    read = normalise(flat(text))
    return f1_tally(sum(stands_whole(value, read) for _, value in gold), len(gold), len(gold))


def stands_whole(value: str, text: str) -> bool:
    """Whether a value stands in a text with no letter, digit or point grown onto it; both normalised.

    >>> stands_whole("3.2", "13.2"), stands_whole("3.2", "loss 3.2 %")
    (False, True)
    """
    before = r"(?<![A-Za-z0-9])(?<!\d[.,])" if value[:1].isalnum() and value[:1].isascii() else ""
    after = r"(?![A-Za-z0-9])(?![.,]\d)" if value[-1:].isalnum() and value[-1:].isascii() else ""
    return bool(value) and re.search(before + re.escape(value) + after, text) is not None


def _by_field(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = defaultdict(list)
    for field, value in pairs:
        fields[field].append(value)
    return fields


def _field_tally(gold: Sequence[str], read: Sequence[str]) -> Tally:
    likeness = np.array([[_likeness(one, other) for other in read] for one in gold]).reshape(len(gold), len(read))
    rows, columns = linear_sum_assignment(likeness, maximize=True)
    return Tally(float(likeness[rows, columns].sum()), max(len(gold), len(read)))


def _likeness(one: str, other: str) -> float:
    alike = Levenshtein.normalized_similarity(one.lower(), other.lower())
    return alike if alike >= LEAST_LIKENESS else 0.0
