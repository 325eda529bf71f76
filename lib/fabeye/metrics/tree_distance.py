"""Edit distance of ordered labelled trees, compiled.

Notable:
- Zhang and Shasha, SIAM J. Computing 18 (1989), at machine speed: the smallest distance, which the tests hold. On
  tables it is that of the Python package apted, which on other trees sometimes finds a longer way.
- For a table (root, rows, cells) it costs about 4·P·G steps, so a better decomposition would win nothing.
- To insert or delete a node costs 1. To rename costs 1 where kinds differ, else the texts' distance by the length of
  the longer one.
- Distances of texts are whole numbers until the last division, so no rounding enters before it.
- The compiled code is kept on disk; the first call of all on a machine takes some seconds.

Shapes: P, G nodes of the two trees in postorder; K keyroots of a tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes in postorder.

    kinds: what must agree for a rename to be cheap, as numbers. texts: what the rename then compares, "" where there is
    nothing. first_leaves: the index of each node's leftmost leaf.
    """

    kinds: Sequence[int]
    texts: Sequence[str]
    first_leaves: Sequence[int]

    def __len__(self) -> int:
        return len(self.kinds)


def tree_distance(first: Tree, second: Tree) -> float:
    """Cheapest sum of insertions, deletions and renames that makes `second` of `first`; trees have at least a root."""
    first_texts, first_index_P = _distinct(first.texts)
    second_texts, second_index_G = _distinct(second.texts)
    return float(
        _zhang_shasha(
            _array(first.first_leaves),
            _array(second.first_leaves),
            _keyroots(first.first_leaves),
            _keyroots(second.first_leaves),
            _array(first.kinds),
            _array(second.kinds),
            first_index_P,
            second_index_G,
            cdist(first_texts, second_texts, scorer=Levenshtein.distance, dtype=np.int32),
            _array([len(text) for text in first_texts]),
            _array([len(text) for text in second_texts]),
        )
    )


def _distinct(texts: Sequence[str]) -> tuple[list[str], Ints]:
    """The different texts, and for each node which one is its own: a table repeats its units and dashes."""
    numbers: dict[str, int] = {}
    index = [numbers.setdefault(text, len(numbers)) for text in texts]
    return list(numbers), _array(index)


def _keyroots(first_leaves: Sequence[int]) -> Ints:
    """The last node of each run that shares its leftmost leaf, ascending: (K,)."""
    last = {leaf: node for node, leaf in enumerate(first_leaves)}
    return _array(sorted(last.values()))


def _array(numbers: Sequence[int]) -> Ints:
    return np.asarray(numbers, dtype=np.int64)


@numba.njit(cache=True)
def _zhang_shasha(  # type: ignore[no-untyped-def]  # compiled; the caller is typed
    leaf_P, leaf_G, root_K, root_L, kind_P, kind_G, text_P, text_G, distance_TU, length_T, length_U
):
    tree_PG = np.zeros((leaf_P.size, leaf_G.size))
    forest = np.zeros((leaf_P.size + 1, leaf_G.size + 1))
    for i in root_K:
        for j in root_L:
            low_i, low_j = leaf_P[i], leaf_G[j]
            rows, columns = i - low_i + 2, j - low_j + 2
            for row in range(rows):
                forest[row, 0] = row
            for column in range(columns):
                forest[0, column] = column
            for row in range(1, rows):
                p = low_i + row - 1
                for column in range(1, columns):
                    g = low_j + column - 1
                    best = min(forest[row - 1, column], forest[row, column - 1]) + 1.0
                    if leaf_P[p] == low_i and leaf_G[g] == low_j:
                        rename = 1.0
                        if kind_P[p] == kind_G[g]:
                            longer = max(length_T[text_P[p]], length_U[text_G[g]])
                            rename = distance_TU[text_P[p], text_G[g]] / longer if longer > 0 else 0.0
                        best = min(best, forest[row - 1, column - 1] + rename)
                        tree_PG[p, g] = best
                    else:
                        best = min(best, forest[leaf_P[p] - low_i, leaf_G[g] - low_j] + tree_PG[p, g])
                    forest[row, column] = best
    return tree_PG[leaf_P.size - 1, leaf_G.size - 1]
