"""Which timing parameter runs from which clock edge to which: what a reader of a timing diagram wants to know.

Notable:
- A parser writes what it sees as a fenced block of the language `timing`, one parameter a line:

      ```timing
      tRCD: T0 -> Ta1
      RL: Ta1 -> Tb0
      ```

- A parameter counts when its name and both its edges are right. Scripts in its name are not asked for.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from fabeye.metrics.notation import flat
from fabeye.metrics.tally import Tally, f1_tally

Edge = tuple[str, str, str]  # parameter, from, to; both ends are names of ticks

LINE = re.compile(r"^\s*(?P<name>[^:：]+)[:：]\s*(?P<start>\S+?)\s*(?:->|→|-->)\s*(?P<end>\S+)\s*$")


def edge(parameter: str, start: str, end: str) -> Edge:
    """An edge in the form in which two are compared: no scripts, no spaces, one notation."""
    return _name(parameter), _name(start), _name(end)


def read_edges(block: str) -> list[Edge]:
    """Edges of a `timing` block; a line that is none is passed over.

    >>> read_edges("tRCD: T0 -> Ta1")
    [('tRCD', 'T0', 'Ta1')]
    """
    found = (LINE.match(line) for line in block.splitlines())
    return [edge(one["name"], one["start"], one["end"]) for one in found if one]


def edge_tally(gold: Sequence[Edge], read: Iterable[Edge]) -> Tally:
    """F1 of the edges of one page; an edge drawn twice is wanted twice."""
    wanted, given = Counter(gold), Counter(read)
    return f1_tally((wanted & given).total(), wanted.total(), given.total())


def _name(text: str) -> str:
    return "".join(flat(text).split())
