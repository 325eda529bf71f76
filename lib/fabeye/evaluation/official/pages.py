"""One page measured as OmniDocBench's evaluator measures it.

Notable:
- Lines that nothing is left of are dropped, but the blocks that they came from are not: from the first such line on, a
  line takes its position and category from a block too early. This is the original's, and kept.
- Distances are taken of the joined lines of a match, not of what the matching compared.

Shapes: G gold lines, P predicted lines.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup
from rapidfuzz.distance import Levenshtein
from scipy.optimize import linear_sum_assignment

from fabeye.evaluation.gold import GoldElement, GoldPage
from fabeye.evaluation.matching import NEAR, cost_matrix, match_lines
from fabeye.evaluation.official.gold_blocks import (
    PASSED_OVER,
    SCORED_TEXTS,
    GoldBlock,
    cut_formulas,
    matched_blocks,
    tables,
)
from fabeye.evaluation.official.markdown import (
    FORMULA,
    HTML,
    INLINE,
    LATEX,
    TEXT,
    Piece,
    by_kind,
    split_markdown,
)
from fabeye.evaluation.official.normalise import official_formula, official_table, official_text, official_words
from fabeye.evaluation.official.version import Version
from fabeye.evaluation.results import Sample
from fabeye.metrics.order import order_tally
from fabeye.metrics.plain_math import plain_math
from fabeye.metrics.table import teds
from fabeye.metrics.tally import Tally

TEXT_EDIT, FORMULA_EDIT, TABLE_EDIT = "text_edit", "formula_edit", "table_edit"
TEDS, TEDS_STRUCTURE, ORDER = "teds", "teds_structure", "reading_order_edit"
METRICS = (TEXT_EDIT, FORMULA_EDIT, TEDS, TEDS_STRUCTURE, TABLE_EDIT, ORDER)
CELL_DOT = r"$\cdot$"


@dataclass(frozen=True, slots=True)
class PageResult:
    """What a page adds to the scores.

    as_text: formulas that were read as prose; they count as texts if any page has a text.
    """

    samples: tuple[Sample, ...] = ()
    as_text: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class _Match:
    """A gold thing with what was read for it.

    orders: reading orders of the gold blocks, 0 where they have none. position: of what was read, None where unknown.
    """

    category: str
    gold: str
    read: str
    orders: tuple[float, ...]
    position: int | None
    raw_gold: str = ""
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """What is compared, and the text and category that it was made of."""

    compared: str
    raw: str
    category: str


def measure_page(page: GoldPage, markdown: str, version: Version) -> PageResult:
    """Samples of one page. Raises OversizedError, TooLargeTableError."""
    name = page_key(page.page_info.image_path)
    found = by_kind(split_markdown(markdown, version))
    pieces = [piece for kind, some in found.items() if kind not in (HTML, LATEX) for piece in some]
    table_matches, unused = _match_tables(tables(page, version), found, version)
    matches = list(_match_texts(matched_blocks(page, version), [*pieces, *unused], version))
    texts = [match for match in matches if match.category in SCORED_TEXTS]
    formulas = [match for match in matches if match.category == FORMULA]
    prose = [match for match in formulas if match.read_as not in (INLINE, FORMULA, "")]
    ordered = texts if version is Version.V15 else [*texts, *formulas, *table_matches]
    samples = [_edit(TEXT_EDIT, name, match.gold, match.read) for match in texts]
    samples += [_edit(FORMULA_EDIT, name, match.gold, match.read) for match in formulas if match not in prose]
    samples += [sample for match in table_matches for sample in _table_samples(name, match, version)]
    return PageResult(
        (*samples, *_order(name, ordered)),
        tuple(_edit(TEXT_EDIT, name, _as_prose(match, version), match.read) for match in prose),
    )


def page_key(image_path: str) -> str:
    """What the evaluator takes for the page's name: pages whose picture is neither .jpg nor .png may share one."""
    name = image_path.rpartition("/")[2]
    return name[:-4] if name.endswith((".jpg", ".png")) else "_".join(name.split("_")[:-1])


def _match_tables(
    gold: Sequence[GoldElement], found: dict[str, list[Piece]], version: Version
) -> tuple[list[_Match], list[Piece]]:
    """Gold tables with what was read for them, and the cells of read tables that nobody wants, as texts."""
    html, latex = found.get(HTML, []), found.get(LATEX, [])
    if len(latex) > len(html):  # they cannot be compared: the tables that have LaTeX too count as not read
        return [_table_match(one, None) for one in gold if one.latex and one.html], []
    gold = [one for one in gold if one.html]
    if not gold:
        return [], []
    costs = cost_matrix([one.html for one in gold], [piece.content for piece in html])
    chosen = dict(zip(*(indices.tolist() for indices in linear_sum_assignment(costs)), strict=True))
    matches = [_table_match(one, html[chosen[row]] if row in chosen else None) for row, one in enumerate(gold)]
    if version is Version.V16:  # its test for "a table was read" also fails for number 0
        matches = [
            replace(match, position=None) if chosen.get(row) == 0 else match for row, match in enumerate(matches)
        ]
    unused = [piece for column, piece in enumerate(html) if column not in chosen.values()]
    return matches, [text for piece in unused for text in _cell_texts(piece)]


def _table_match(gold: GoldElement, read: Piece | None) -> _Match:
    position = read.start if read else None
    return _Match("table", gold.html, read.content if read else "", (gold.order or 0,), position)


def _cell_texts(piece: Piece) -> Iterator[Piece]:
    for cell in BeautifulSoup(piece.content, "html.parser").find_all("td"):
        if cell.string:
            yield replace(piece, kind=TEXT, content=cell.string.replace(CELL_DOT, "").strip())


def _match_texts(gold: Sequence[GoldBlock], read: Sequence[Piece], version: Version) -> Iterator[_Match]:
    """Matches that have a gold block; those of categories that are not scored take their predictions away first."""
    pieces = cut_formulas(sorted(read, key=lambda piece: (piece.category == INLINE, piece.start)))
    read_lines = [line.compared for line in _lines([(piece.kind, piece.content) for piece in pieces], version)]
    gold_lines = _lines([(block.category, block.content) for block in gold], version)
    wanted = [row for row, line in enumerate(gold_lines) if line.category not in PASSED_OVER]
    passed = [line.compared for line in gold_lines if line.category in PASSED_OVER]
    free = _free(passed, read_lines)
    for match in match_lines([gold_lines[row].compared for row in wanted], [read_lines[column] for column in free]):
        columns = [free[column] for column in match.predicted]
        if match.gold:
            lines = [gold_lines[wanted[row]] for row in match.gold]
            yield _Match(
                category=Counter(line.category for line in lines).most_common(1)[0][0],
                gold="".join(line.compared for line in lines),
                read="".join(read_lines[column] for column in columns),
                orders=tuple(gold[wanted[row]].order for row in match.gold),
                position=pieces[columns[0]].start if columns else None,
                raw_gold=" ".join(line.raw for line in lines),
                read_as=pieces[columns[0]].category if columns else "",
            )


def _lines(blocks: Sequence[tuple[str, str]], version: Version) -> list[_Line]:
    """Lines of (category, content) blocks; a block that leaves nothing to compare has none."""
    made = []
    for category, content in blocks:
        compare = official_formula if category == FORMULA else official_text
        made.append(_Line(compare(content, version), content, category))
    return [line for line in made if line.compared]


def _free(passed: Sequence[str], read: Sequence[str]) -> list[int]:
    """Predicted lines that are not near to a gold line of a category that is not scored."""
    taken = (cost_matrix(passed, read) < NEAR).any(axis=0)
    return [column for column, is_taken in enumerate(taken.tolist()) if not is_taken]


def _table_samples(page: str, match: _Match, version: Version) -> Iterator[Sample]:
    gold = official_table(match.gold, version) or match.gold
    read = official_table(match.read, version) or match.read
    yield Sample(TEDS, page, Tally(teds(read, gold), 1))
    yield Sample(TEDS_STRUCTURE, page, Tally(teds(read, gold, structure_only=True), 1))
    yield _edit(TABLE_EDIT, page, gold, read)


def _edit(metric: str, page: str, gold: str, read: str) -> Sample:
    return Sample(metric, page, Tally(Levenshtein.distance(gold, read), max(len(gold), len(read))))


def _as_prose(match: _Match, version: Version) -> str:
    plain = plain_math(match.raw_gold)
    return official_words(plain, version) or plain


def _order(page: str, matches: Sequence[_Match]) -> list[Sample]:
    """The order of the gold blocks against the order in which they were read; none where no block has an order."""
    read = sorted((match for match in matches if match.position is not None), key=lambda match: match.position or 0)
    gold_order = sorted(order for match in matches for order in match.orders if order)
    read_order = [order for match in read for order in match.orders if order]
    return [Sample(ORDER, page, order_tally(gold_order, read_order))] if gold_order else []
