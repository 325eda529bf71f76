"""Second thoughts of OmniDocBench's v16 on texts: other strings across kinds, and a better stretch for a bad match.

Notable:
- Where a text met a formula, both sides are compared as texts.
- A title or text that was matched badly takes a stretch of neighbouring read blocks instead, if that is much nearer and
  nobody else has it. Read blocks are counted here as they were before formulas were cut into lines, the matches' lines
  after: where a page has such formulas, the wrong blocks count as taken. This is the original's, and kept.

Shapes: P read blocks of the page, inline formulas last.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from fabeye.evaluation.official.matches import Match
from fabeye.evaluation.official.normalise import (
    official_formula,
    official_text,
    text_with_letters,
    undelimited,
)
from fabeye.evaluation.official.pieces import FORMULA, INLINE, PARAGRAPH, TEXT, Piece
from fabeye.evaluation.official.version import Version
from fabeye.metrics.scanning import replace_spans, spans

V16 = Version.V16
BAD = 0.45  # a match as far as this, or nearer, stays
LONG = 80  # characters; a shorter text without a formula stays with its match
NEIGHBOURS = 8  # read blocks before and behind the matched one that are looked at
GAIN = 0.2  # by which a stretch must be nearer
WITH_FORMULA, WITHOUT = (8, 0.45), (4, 0.35)  # most blocks of a stretch, and how far it may be
SAME = 1e-12
FORMULA_HINT = re.compile(r"\$[^$]+\$|\\\([^)]*\\\)")
MACROS = (r"\frac", r"\sum", r"\int", r"\sqrt", r"\left", r"\right")
INLINE_PAIRS = (("$", "$"), (r"\(", r"\)"))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring read blocks in place of a match's."""

    match: int
    blocks: tuple[int, ...]
    compared: str
    cost: float
    away: int

    def beats(self, other: "_Stretch | None") -> bool:
        if other is None or abs(self.cost - other.cost) > SAME:
            return other is None or self.cost < other.cost
        return (len(self.blocks), self.away) < (len(other.blocks), other.away)


def distance(one: str, other: str) -> float:
    """Levenshtein's by the longer text's length; 1 where one is empty."""
    longer = max(len(one), len(other))
    return Levenshtein.distance(one, other) / longer if longer else 0.0


def across_kinds(match: Match) -> Match:
    """The match, its strings as texts where a text met a formula."""
    gold, read = match.category == FORMULA, match.read_as in (FORMULA, INLINE)
    if not match.read_as or gold == read:
        return match
    one, other = _as_text(match.raw_gold, gold), _as_text(match.raw_read, read)
    compared, given = official_text(one, V16), official_text(other, V16)
    cost = distance(compared, given)
    return replace(match, raw_gold=one, raw_read=other, gold=compared, read=given, cost=cost)


def with_better_stretches(matches: Sequence[Match], blocks: Sequence[Piece]) -> list[Match]:
    """The matches, bad ones with a better stretch of `blocks` where there is one; the largest gain first."""
    texts = [_as_text(block.content, block.kind == FORMULA) for block in blocks]
    owned = [_owned(match, blocks) for match in matches]
    found = [
        stretch
        for number, match in enumerate(matches)
        if _is_bad(match) and (stretch := _best_stretch(number, matches, owned, blocks, texts))
    ]
    kept, used = list(matches), set[int]()
    for stretch in sorted(found, key=lambda one: matches[one.match].cost - one.cost, reverse=True):
        if used & set(stretch.blocks):
            continue
        used |= set(stretch.blocks)
        start = blocks[stretch.blocks[0]].start
        kept[stretch.match] = replace(
            kept[stretch.match], read=stretch.compared, position=start, read_as=PARAGRAPH, cost=stretch.cost
        )
    return kept


def _as_text(text: str, formula: bool) -> str:
    return text_with_letters(undelimited(text) if formula else text, V16)


def _owned(match: Match, blocks: Sequence[Piece]) -> list[int]:
    """The blocks that a match has: those of its lines' numbers, or those at its position."""
    if known := sorted({line for line in match.lines if line < len(blocks)}):
        return known
    if match.position is None:
        return []
    return [number for number, block in enumerate(blocks) if block.start <= match.position <= block.end]


def _is_bad(match: Match) -> bool:
    if match.cost <= BAD or match.category not in ("title", "text_block"):
        return False
    return match.category == "title" or _has_formula(match.raw_gold) or len(match.gold) >= LONG


def _has_formula(text: str) -> bool:
    if FORMULA_HINT.search(text) or any(macro in text for macro in MACROS):
        return True
    return any(sign in text for sign in "^_") and any(sign in text for sign in "$\\")


def _best_stretch(
    number: int, matches: Sequence[Match], owned: Sequence[list[int]], blocks: Sequence[Piece], texts: Sequence[str]
) -> _Stretch | None:
    match, own = matches[number], owned[number]
    formula = _has_formula(match.raw_gold)
    gold = (
        official_text(_with_bare_formulas(match.raw_gold), V16)
        if formula
        else official_text(_as_text(match.raw_gold, False), V16)
    )
    if not gold:
        return None
    taken = {block for other, found in enumerate(owned) if other != number for block in found}
    most, farthest = WITH_FORMULA if formula else WITHOUT
    first = max(0, own[0] - NEIGHBOURS) if own else 0
    last = min(len(blocks) - 1, own[-1] + NEIGHBOURS) if own else len(blocks) - 1
    usable = [
        first <= at <= last and at not in taken and (block.kind == TEXT or formula) for at, block in enumerate(blocks)
    ]
    best: _Stretch | None = None
    for start in range(first, last + 1):
        for stretch in _stretches(start, most, usable, texts):
            compared = official_text("".join(texts[at] for at in stretch), V16)
            away = abs(start - own[0]) if own else 0
            one = _Stretch(number, stretch, compared, distance(gold, compared), away)
            best = one if compared and one.beats(best) else best
    return best if best and best.cost < match.cost - GAIN and best.cost <= farthest else None


def _stretches(start: int, most: int, usable: Sequence[bool], texts: Sequence[str]) -> Iterator[tuple[int, ...]]:
    end = start
    while end < min(len(texts), start + most) and usable[end]:
        end += 1
        yield tuple(range(start, end))


def _with_bare_formulas(text: str) -> str:
    """A text with its inline formulas as formulas are compared."""
    found = spans(text, INLINE_PAIRS, within_line=True)
    return replace_spans(text, found, lambda span: official_formula(span.inner, V16).strip())
