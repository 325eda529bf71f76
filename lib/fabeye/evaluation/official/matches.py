r"""Gold blocks and what was read for them, as OmniDocBench's evaluator pairs texts and formulas.

Notable:
- Lines that nothing is left of are dropped, but the blocks that they came from are not: from the first such line on, a
  line takes its position and category from a block too early. This is the original's, and kept.
- Lines near to a gold line of a category that is not scored are taken away first.

Shapes: G gold lines, P predicted lines.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from fabeye.evaluation.matching import NEAR, LineMatch, cost_matrix, match_lines
from fabeye.evaluation.official.gold_blocks import PASSED_OVER, GoldBlock
from fabeye.evaluation.official.normalise import official_formula, official_text, undelimited
from fabeye.evaluation.official.pieces import FORMULA, INLINE, Piece
from fabeye.evaluation.official.version import Version


@dataclass(frozen=True, slots=True)
class Match:
    """A gold thing with what was read for it.

    gold, read: what is compared. raw_gold, raw_read: what was written. orders: reading orders of the gold blocks, 0
    where they have none. position: of what was read, None where unknown. read_as: its category. lines: its numbers
    among the read lines. cost: the distance by which it was matched.
    """

    category: str
    gold: str
    read: str
    orders: tuple[float, ...]
    position: int | None
    raw_gold: str = ""
    raw_read: str = ""
    read_as: str = ""
    lines: tuple[int, ...] = ()
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """What is compared, and the text and category that it was made of."""

    compared: str
    raw: str
    category: str


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of a page as lines, and the blocks that they were made of."""

    gold: Sequence[GoldBlock]
    read: Sequence[Piece]
    gold_lines: list[Line]
    read_lines: list[Line]


def sides(gold: Sequence[GoldBlock], read: Sequence[Piece], version: Version) -> Sides:
    """Both sides as lines; a block that leaves nothing to compare has none."""
    wanted = _lines([(block.category, block.content, block.category) for block in gold], version)
    given = _lines([(piece.kind, piece.content, piece.category) for piece in read], version)
    return Sides(gold, read, wanted, given)


def in_reading_order(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces by their positions, inline formulas behind all others."""
    return sorted(pieces, key=lambda piece: (piece.category == INLINE, piece.start))


def match_texts(both: Sides, version: Version) -> list[Match]:
    """Matches that have a gold line, those of categories that are not scored last."""
    wanted = [row for row, line in enumerate(both.gold_lines) if line.category not in PASSED_OVER]
    passed = [row for row, line in enumerate(both.gold_lines) if line.category in PASSED_OVER]
    taken = _taken(passed, both)
    free = [column for column in range(len(both.read_lines)) if column not in {one for _, one in taken}]
    whole = _formulas(wanted, both) if version is Version.V16 else []
    found = match_lines(
        [both.gold_lines[row].compared for row in wanted], [both.read_lines[column].compared for column in free], whole
    )
    scored = [_match(match, wanted, free, both) for match in found if match.gold]
    return scored + [_match(match, passed, range(len(both.read_lines)), both) for match in _settled(taken, both)]


def _lines(blocks: Sequence[tuple[str, str, str]], version: Version) -> list[Line]:
    """Lines of (kind, content, category) blocks."""
    made = []
    for kind, content, category in blocks:
        compare = official_formula if kind == FORMULA else official_text
        made.append(Line(compare(content, version), content, category))
    return [line for line in made if line.compared]


def _formulas(rows: Sequence[int], both: Sides) -> list[int]:
    return [place for place, row in enumerate(rows) if both.gold_lines[row].category == FORMULA]


def _taken(passed: Sequence[int], both: Sides) -> list[tuple[int, int]]:
    """(place in `passed`, read line) of each pair that is near."""
    golds = [both.gold_lines[row].compared for row in passed]
    costs = cost_matrix(golds, [line.compared for line in both.read_lines])
    return [(int(row), int(column)) for row, column in np.argwhere(costs < NEAR)]


def _settled(taken: Sequence[tuple[int, int]], both: Sides) -> list[LineMatch]:
    """Each gold line that is not scored with the last line near to it; lines left over go to gold lines left over."""
    last = {row: number for number, (row, _) in enumerate(taken)}
    matches = [LineMatch((row,), (taken[number][1],)) for row, number in last.items()]
    rows = [row for row in range(_passed(both)) if row not in last]
    spare = [number for number in range(len(taken)) if number not in last.values()]
    golds = [line.compared for line in both.gold_lines if line.category in PASSED_OVER]
    costs = cost_matrix([golds[row] for row in rows], [both.read_lines[taken[number][1]].compared for number in spare])
    pairs = zip(*(side.tolist() for side in linear_sum_assignment(costs)), strict=True)
    return matches + [LineMatch((rows[row],), (taken[spare[column]][1],)) for row, column in pairs]


def _passed(both: Sides) -> int:
    return sum(line.category in PASSED_OVER for line in both.gold_lines)


def _match(match: LineMatch, rows: Sequence[int], columns: Sequence[int], both: Sides) -> Match:
    gold = [rows[row] for row in match.gold]
    read = [columns[column] for column in match.predicted]
    lines, given = [both.gold_lines[row] for row in gold], [both.read_lines[column] for column in read]
    category = Counter(line.category for line in lines).most_common(1)[0][0]
    read_as = both.read[read[0]].category if read else ""
    return Match(
        category=category,
        gold="".join(line.compared for line in lines),
        read="".join(line.compared for line in given),
        orders=tuple(both.gold[row].order for row in gold),
        position=both.read[read[0]].start if read else None,
        raw_gold=_written([line.raw for line in lines], category == FORMULA),
        raw_read=_written([line.raw for line in given], "equation" in read_as),
        read_as=read_as,
        lines=tuple(read),
        cost=match.cost,
    )


def _written(texts: Sequence[str], formula: bool) -> str:
    """Texts one behind the other; several formulas as the rows of an array."""
    return rows_of_array(texts) if formula and len(texts) > 1 else "".join(texts)


def rows_of_array(formulas: Sequence[str]) -> str:
    """Several formulas as one."""
    rows = r" \\ ".join(f"{{{undelimited(formula)}}}" for formula in formulas)
    return rf"\begin{{array}}{{l}} {rows} \end{{array}}"
