r"""Which read formulas belong to which gold formulas, as OmniDocBench's v16 chooses among many ways to pair them.

Notable:
- The ways: the match among all texts, the quick match among formulas, the assignment of least cost, and the best
  pairing in reading order that may join neighbours; each with read formulas whole, cut into lines, and with logical
  steps rewritten. The one with the least sum of distances wins, then the nearest by characters, then the one that
  leaves the fewest read formulas over.
- A read formula that was cut counts as used when one of its lines is: it keeps its source.

Shapes: G gold formulas, P read ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod

import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.optimize import linear_sum_assignment

from fabeye.evaluation.official.formula_alignment import ordered_pairs
from fabeye.evaluation.official.formula_lines import cut_gold, cut_piece, without_logic_cases
from fabeye.evaluation.official.gold_blocks import GoldBlock
from fabeye.evaluation.official.matches import Match, Sides, in_reading_order, match_texts, rows_of_array, sides
from fabeye.evaluation.official.normalise import undelimited
from fabeye.evaluation.official.pieces import FORMULA, INLINE, Piece
from fabeye.evaluation.official.text_spans import distance
from fabeye.evaluation.official.version import Version

MOST_LINES, MOST_CUTS = 8, 128  # of a formula, and ways to cut a page's, beyond which none is tried
SAME = 1e-12
EDIT_DIGITS = 6  # to which two ways to cut count as one
ENVELOPES = (("$$", "$$"), (r"\[", r"\]"), (r"\(", r"\)"))

Pairs = list[tuple[int, ...] | None]  # for each gold formula the read ones, None where there is none


@dataclass(frozen=True, slots=True)
class Read:
    """A read formula, and the one of the page that it was cut from."""

    piece: Piece
    source: Piece


@dataclass(frozen=True)
class _Prepared:
    """Gold formulas and read ones of a page, and both as lines; a formula of which nothing is left has none."""

    read: Sequence[Read]
    both: Sides

    @property
    def count(self) -> int:
        """How many gold formulas are to be paired."""
        return len(self.both.gold_lines)


@dataclass(frozen=True)
class _Way:
    """One way to pair: a match for each gold formula.

    read: what the matches' lines number, as the original takes it. sources: how many read formulas the page has.
    rewritten: how many of them had logical steps.
    """

    matches: list[Match]
    read: Sequence[Read]
    sources: int
    rewritten: int = 0

    @cached_property
    def rank(self) -> tuple[float, float, int, float, int, int]:
        """The less, the better."""
        edits = sum(match.cost for match in self.matches)
        paired = [match for match in self.matches if match.lines]
        length = sum(max(len(match.gold), len(match.read)) for match in paired)
        wrong = sum(Levenshtein.distance(match.gold, match.read) for match in paired)
        used = {self.read[line].source for match in paired for line in match.lines if line < len(self.read)}
        lost = len(self.matches) - len(paired)
        nothing = float("inf")
        return (
            edits,
            (wrong / length if length else 0.0) if self.matches else nothing,
            max(0, self.sources - len(used)),
            edits / len(self.matches) if self.matches else nothing,
            -self.rewritten,
            lost,
        )

    def beats(self, other: "_Way | None") -> bool:
        """Whether the first difference that counts is in its favour."""
        if other is None:
            return True
        for mine, theirs in zip(self.rank, other.rank, strict=True):
            if mine < theirs - (SAME if isinstance(mine, float) or isinstance(theirs, float) else 0):
                return True
            if mine > theirs + (SAME if isinstance(mine, float) or isinstance(theirs, float) else 0):
                return False
        return False


def choose_formulas(gold: Sequence[GoldBlock], read: Sequence[Piece], current: Sequence[Match]) -> list[Match]:
    """A match for each line of the gold formulas. current: the formulas' matches among all texts of the page."""
    best: _Way | None = None
    for way in _ways(gold, [Read(piece, piece) for piece in read], current):
        best = way if way.beats(best) else best
    return best.matches if best else []


def _ways(gold: Sequence[GoldBlock], read: Sequence[Read], current: Sequence[Match]) -> Iterator[_Way]:
    yield from _complete([_as_formulas(current)], _prepared(gold, _in_order(read)), len(read))
    yield from _whole_ways(gold, read)
    yield from _cut_ways(gold, read)
    rewritten = [Read(_rewritten(one.piece), one.source) for one in read]
    changed = sum(one.piece.content != other.piece.content for one, other in zip(read, rewritten, strict=True))
    if changed:
        both = (*_whole_ways(gold, rewritten), *_cut_ways(gold, rewritten))
        yield from (_Way(way.matches, way.read, way.sources, changed) for way in both)


def _whole_ways(gold: Sequence[GoldBlock], read: Sequence[Read]) -> Iterator[_Way]:
    whole = _prepared(gold, _in_order(read))
    pieces = in_reading_order([one.piece for one in read])
    quick = match_texts(sides(cut_gold(gold), pieces, Version.V16), Version.V16)
    ordered = [_ordered(whole, gaps) for gaps in (False, True)]
    yield from _complete([_as_formulas(quick), _matches(_assigned(whole), whole), *ordered], whole, len(read))


def _complete(found: Sequence[list[Match] | None], whole: _Prepared, sources: int) -> Iterator[_Way]:
    """Those that have each gold formula once, with nothing but formulas."""
    for matches in found:
        if whole.count == 0 or (matches and len(matches) == whole.count and all(map(_is_formulas, matches))):
            yield _Way(matches or [], whole.read, sources)


def _cut_ways(gold: Sequence[GoldBlock], read: Sequence[Read]) -> Iterator[_Way]:
    """Read formulas of several lines cut between some of them, then between all."""
    seen = set()
    for cut in _cuts(read):
        prepared = _prepared(gold, _in_order(cut))
        matches = _matches(_assigned(prepared), prepared)
        key = tuple((match.orders, match.lines, round(match.cost, EDIT_DIGITS)) for match in matches)
        if matches and key not in seen:
            seen.add(key)
            yield _Way(matches, prepared.read, len(read))
    whole = _in_order(read)
    lines = [Read(piece, one.source) for one in whole for piece in cut_piece(one.piece)]
    if len(lines) > len(whole):
        prepared = _prepared(gold, lines)
        for gaps in (False, True):
            if ordered := _ordered(prepared, gaps):
                yield _Way(ordered, lines, len(read))


def _cuts(read: Sequence[Read]) -> Iterator[list[Read]]:
    """Every way to cut the page's formulas between lines; none where there are too many, or nothing to cut."""
    choices = [_partitions(one) for one in _in_order(read)]
    if any(len(some) > 1 for some in choices) and prod(map(len, choices)) <= MOST_CUTS:
        for chosen in product(*choices):
            yield [one for part in chosen for one in part]


def _partitions(one: Read) -> list[list[Read]]:
    lines = cut_piece(one.piece)
    if len(lines) <= 1 or len(lines) > MOST_LINES:
        return [[one]]
    found = []
    for mask in range(1 << (len(lines) - 1)):
        ends = [number + 1 for number in range(len(lines) - 1) if mask & (1 << number)]
        parts = zip([0, *ends], [*ends, len(lines)], strict=True)
        found.append([Read(_joined(lines[start:end]), one.source) for start, end in parts])
    return found


def _joined(lines: Sequence[Piece]) -> Piece:
    if len(lines) == 1:
        return lines[0]
    content = joined_formulas([line.content for line in lines])
    if content and not any(content.startswith(one) and content.endswith(other) for one, other in ENVELOPES):
        content = rf"\[{content}\]"
    return Piece(lines[0].kind, lines[0].start, lines[-1].end, content, FORMULA)


def joined_formulas(formulas: Sequence[str]) -> str:
    """Several formulas as the rows of an array, empty ones left out."""
    kept = [formula for formula in formulas if undelimited(formula)]
    return undelimited(kept[0]) if len(kept) == 1 else rows_of_array(kept) if kept else ""


def _prepared(gold: Sequence[GoldBlock], read: Sequence[Read]) -> _Prepared:
    return _Prepared(read, sides(cut_gold(gold), [one.piece for one in read], Version.V16))


def _in_order(read: Sequence[Read]) -> list[Read]:
    return sorted(read, key=lambda one: (one.piece.start, _category(one.piece) == INLINE, one.piece.end))


def _rewritten(piece: Piece) -> Piece:
    return replace(piece, content=without_logic_cases(piece.content))


def _category(piece: Piece) -> str:
    """Its category; what was found in prose, pictures and tables counts as set apart."""
    return FORMULA if piece.category.endswith(("_formula", "_rescue")) else piece.category


def _as_formulas(matches: Sequence[Match]) -> list[Match]:
    return [_with_category(match) for match in matches]


def _with_category(match: Match) -> Match:
    return replace(match, read_as=FORMULA) if match.read_as.endswith(("_formula", "_rescue")) else match


def _is_formulas(match: Match) -> bool:
    return len(match.orders) == 1 and match.read_as in ("", INLINE, FORMULA)


def _assigned(prepared: _Prepared) -> Pairs:
    """One to one by least cost, where to pair with nothing costs 1 on either side."""
    gold, read = prepared.both.gold_lines, prepared.both.read_lines
    costs = np.ones((len(gold) + len(read),) * 2)
    costs[len(gold) :, len(read) :] = 0.0
    for row, line in enumerate(gold):
        costs[row, : len(read)] = [distance(line.compared, other.compared) for other in read]
    columns = linear_sum_assignment(costs)[1].tolist()
    return [(columns[row],) if columns[row] < len(read) else None for row in range(len(gold))]


def _ordered(prepared: _Prepared, gaps: bool) -> list[Match] | None:
    """In reading order, neighbours joined where that is nearer."""
    pairs = ordered_pairs(
        [line.compared for line in prepared.both.gold_lines],
        [line.compared for line in prepared.both.read_lines],
        [_category(one.piece) for one in prepared.read],
        [one.source for one in prepared.read],
        gaps,
    )
    return None if pairs is None else _matches(pairs, prepared)


def _matches(pairs: Pairs, prepared: _Prepared) -> list[Match]:
    return [_match(prepared, row, chosen) for row, chosen in enumerate(pairs)]


def _match(prepared: _Prepared, row: int, chosen: tuple[int, ...] | None) -> Match:
    line, order = prepared.both.gold_lines[row], prepared.both.gold[row].order
    if chosen is None:
        return Match(line.category, line.compared, "", (order,), None, line.raw)
    read = " ".join(prepared.both.read_lines[column].compared for column in chosen).strip()
    first = prepared.read[chosen[0]].piece
    return Match(
        category=line.category,
        gold=line.compared,
        read=read,
        orders=(order,),
        position=first.start,
        raw_gold=line.raw,
        read_as=FORMULA if len(chosen) > 1 else _category(first),
        lines=chosen,
        cost=distance(line.compared, read),
    )
