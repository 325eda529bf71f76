"""Patch retrieval: is the nearest picture of a symbol the same symbol in another document?

Notable:
- A symbol such as tRCD is set in another face, size and place in every document; who knows it by its features has
  learned to read it, and nothing is fitted on the way.
- Pictures of the same document never count, neither as hit nor as miss: faces would give them away. Neither do texts
  of another length: how much ink there is would do.

Shapes: Q queries, G pictures of the gallery, D numbers each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from .features import Features
from .linear import mean_rows


@dataclass(frozen=True, slots=True)
class Symbols:
    """Prepared pictures (CHW) of short texts, the text of each, and the document it stands in."""

    images: list[Tensor]
    texts: list[str]
    documents: list[str]


def recall_at(features: Features, symbols: Symbols, nearest: int) -> float:
    """Share of pictures that find their own text among the `nearest` pictures of texts as long in other documents.

    Only pictures whose text occurs in another document are asked. Raises ValueError when there is none.
    """
    rows_GD = mean_rows(features(symbols.images))
    rows_GD = rows_GD - rows_GD.mean(axis=0)  # what all pictures share says nothing about any of them
    rows_GD /= np.linalg.norm(rows_GD, axis=1, keepdims=True) + np.finfo(np.float64).tiny
    hits = [hit for hit in _hits(rows_GD, symbols, nearest) if hit is not None]
    if not hits:
        raise ValueError("no text occurs in two documents, so there is nothing to find again")
    return sum(hits) / len(hits)


def chance_recall(symbols: Symbols, nearest: int) -> float:
    """The same for a blind draw of `nearest` pictures of other documents."""
    shares = []
    for text, document in zip(symbols.texts, symbols.documents, strict=True):
        others = _others(symbols, text, document)
        right = sum(symbols.texts[at] == text for at in others)
        if right:
            shares.append(1 - _all_wrong(len(others), right, nearest))
    return sum(shares) / len(shares) if shares else 0.0


def _hits(rows_GD: NDArray[np.float64], symbols: Symbols, nearest: int) -> list[bool | None]:
    likeness_GG = rows_GD @ rows_GD.T
    hits: list[bool | None] = []
    for at, (text, document) in enumerate(zip(symbols.texts, symbols.documents, strict=True)):
        others = _others(symbols, text, document)
        found = sorted(others, key=lambda other: (-likeness_GG[at, other], other))[:nearest]
        asked = any(symbols.texts[other] == text for other in others)
        hits.append(any(symbols.texts[other] == text for other in found) if asked else None)
    return hits


def _others(symbols: Symbols, text: str, document: str) -> list[int]:
    """Pictures in other documents whose text is as long."""
    homes = enumerate(zip(symbols.texts, symbols.documents, strict=True))
    return [at for at, (other, home) in homes if home != document and len(other) == len(text)]


def _all_wrong(total: int, right: int, draws: int) -> float:
    chance = 1.0
    for drawn in range(min(draws, total)):
        chance *= max(0, total - right - drawn) / (total - drawn)
    return chance


def symbols_in_common(texts: Sequence[str], documents: Sequence[str]) -> set[str]:
    """Texts that occur in at least two documents."""
    homes: dict[str, set[str]] = {}
    for text, document in zip(texts, documents, strict=True):
        homes.setdefault(text, set()).add(document)
    return {text for text, where in homes.items() if len(where) > 1}
