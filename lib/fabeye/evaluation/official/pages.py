"""One page measured as OmniDocBench's evaluator measures it.

Notable:
- Distances are taken of the joined lines of a match, not of what the matching compared.
- v15 scores formulas that were read as prose as texts; v16 chooses their partners anew among all read formulas.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup
from rapidfuzz.distance import Levenshtein
from scipy.optimize import linear_sum_assignment

from fabeye.evaluation.gold import GoldElement, GoldPage
from fabeye.evaluation.matching import cost_matrix
from fabeye.evaluation.official.formula_choice import choose_formulas
from fabeye.evaluation.official.formula_lines import cut_gold, cut_read
from fabeye.evaluation.official.gold_blocks import (
    SCORED_TEXTS,
    GoldBlock,
    cut_arrays,
    cut_read_arrays,
    matched_blocks,
    tables,
)
from fabeye.evaluation.official.latex import letters
from fabeye.evaluation.official.markdown import by_kind, split_markdown
from fabeye.evaluation.official.matches import Match, in_reading_order, match_texts, sides
from fabeye.evaluation.official.normalise import official_table, official_words
from fabeye.evaluation.official.pieces import FORMULA, HTML, INLINE, LATEX, RESCUE, TEXT, Piece
from fabeye.evaluation.official.text_spans import across_kinds, with_better_stretches
from fabeye.evaluation.official.version import Version
from fabeye.evaluation.results import Sample
from fabeye.metrics.order import order_tally
from fabeye.metrics.table import teds
from fabeye.metrics.tally import Tally

TEXT_EDIT, FORMULA_EDIT, TABLE_EDIT = "text_edit", "formula_edit", "table_edit"
TEDS, TEDS_STRUCTURE, ORDER = "teds", "teds_structure", "reading_order_edit"
METRICS = (TEXT_EDIT, FORMULA_EDIT, TEDS, TEDS_STRUCTURE, TABLE_EDIT, ORDER)
CELL_DOT = r"$\cdot$"

Found = dict[str, list[Piece]]


@dataclass(frozen=True, slots=True)
class PageResult:
    """What a page adds to the scores.

    as_text: formulas that were read as prose; they count as texts if any page has a text. layout: average precision of
    the page's boxes, None where the prediction has none.
    """

    samples: tuple[Sample, ...] = ()
    as_text: tuple[Sample, ...] = ()
    layout: float | None = None


def measure_page(page: GoldPage, markdown: str, version: Version) -> PageResult:
    """Samples of one page. Raises OversizedError, TooLargeTableError."""
    name = page_key(page.page_info.image_path)
    found = by_kind(split_markdown(markdown, version))
    measure = _measured_by_v15 if version is Version.V15 else _measured_by_v16
    return measure(page, name, found)


def page_key(image_path: str) -> str:
    """What the evaluator takes for the page's name: pages whose picture is neither .jpg nor .png may share one."""
    name = image_path.rpartition("/")[2]
    return name[:-4] if name.endswith((".jpg", ".png")) else "_".join(name.split("_")[:-1])


def _measured_by_v15(page: GoldPage, name: str, found: Found) -> PageResult:
    table_matches, unused = _match_tables(tables(page, Version.V15), found)
    pieces = [*_pieces(found), *unused]
    both = sides(cut_arrays(matched_blocks(page, Version.V15)), cut_read_arrays(in_reading_order(pieces)), Version.V15)
    matches = match_texts(both, Version.V15)
    texts = [match for match in matches if match.category in SCORED_TEXTS]
    formulas = [match for match in matches if match.category == FORMULA]
    prose = [match for match in formulas if match.read_as not in (INLINE, FORMULA, "")]
    samples = [_edit(TEXT_EDIT, name, match.gold, match.read) for match in texts]
    samples += [_edit(FORMULA_EDIT, name, match.gold, match.read) for match in formulas if match not in prose]
    samples += [sample for match in table_matches for sample in _table_samples(name, match, Version.V15)]
    as_text = tuple(_edit(TEXT_EDIT, name, _as_prose(match), match.read) for match in prose)
    return PageResult((*samples, *_order(name, texts)), as_text)


def _measured_by_v16(page: GoldPage, name: str, found: Found) -> PageResult:
    blocks, pieces = matched_blocks(page, Version.V16), in_reading_order(_pieces(found))
    table_matches = _match_normalised_tables(tables(page, Version.V16), found)
    matches = match_texts(sides(cut_gold(blocks), cut_read(pieces), Version.V16), Version.V16)
    matches = with_better_stretches([across_kinds(match) for match in matches], pieces)
    texts = [match for match in matches if match.category in SCORED_TEXTS]
    formulas = _chosen_formulas(blocks, found, [match for match in matches if match.category == FORMULA])
    samples = [_edit(TEXT_EDIT, name, match.gold, match.read) for match in texts]
    samples += [_edit(FORMULA_EDIT, name, match.gold, match.read) for match in formulas]
    samples += [sample for match in table_matches for sample in _table_samples(name, match, Version.V16)]
    return PageResult((*samples, *_order(name, [*texts, *formulas, *table_matches])))


def _pieces(found: Found) -> list[Piece]:
    """What is matched as text or formula, kind by kind."""
    return [piece for kind, some in found.items() if kind not in (HTML, LATEX, RESCUE) for piece in some]


def _chosen_formulas(blocks: Sequence[GoldBlock], found: Found, current: Sequence[Match]) -> list[Match]:
    gold = [block for block in blocks if block.category == FORMULA]
    rescued = [replace(piece, kind=FORMULA) for piece in found.get(RESCUE, [])]
    read = list(dict.fromkeys([*found.get(FORMULA, []), *rescued]))
    return choose_formulas(gold, read, current) if gold or read else []


def _match_tables(gold: Sequence[GoldElement], found: Found) -> tuple[list[Match], list[Piece]]:
    """Gold tables with what was read for them, and the cells of read tables that nobody wants, as texts."""
    html, latex = found.get(HTML, []), found.get(LATEX, [])
    if len(latex) > len(html):  # they cannot be compared: the tables that have LaTeX too count as not read
        return [_table_match(one, None) for one in gold if one.latex and one.html], []
    gold = [one for one in gold if one.html]
    if not gold:
        return [], []
    chosen = _assigned([one.html for one in gold], [piece.content for piece in html])
    matches = [_table_match(one, html[chosen[row]] if row in chosen else None) for row, one in enumerate(gold)]
    unused = [piece for column, piece in enumerate(html) if column not in chosen.values()]
    return matches, [text for piece in unused for text in _cell_texts(piece)]


def _match_normalised_tables(gold: Sequence[GoldElement], found: Found) -> list[Match]:
    """v16's: what is compared is normalised."""
    gold, html = [one for one in gold if one.html], found.get(HTML, [])
    wanted, given = (
        [_compared_table(source) for source in side]
        for side in ([one.html for one in gold], [piece.content for piece in html])
    )
    chosen = _assigned(wanted, given)
    matches = [_table_match(one, html[chosen[row]] if row in chosen else None) for row, one in enumerate(gold)]
    return first_table_misplaced(matches, chosen)


def first_table_misplaced(matches: list[Match], chosen: Mapping[int, int]) -> list[Match]:
    """v16's fault: its test for "a table was read" fails for the first one read, which is left without a place."""
    return [replace(match, position=None) if chosen.get(row) == 0 else match for row, match in enumerate(matches)]


def _compared_table(html: str) -> str:
    return official_table(html, Version.V16) if "<table" in html.lower() else html


def _assigned(wanted: Sequence[str], given: Sequence[str]) -> dict[int, int]:
    return dict(zip(*(side.tolist() for side in linear_sum_assignment(cost_matrix(wanted, given))), strict=True))


def _table_match(gold: GoldElement, read: Piece | None) -> Match:
    position = read.start if read else None
    return Match("table", gold.html, read.content if read else "", (gold.order or 0,), position)


def _cell_texts(piece: Piece) -> Iterator[Piece]:
    for cell in BeautifulSoup(piece.content, "html.parser").find_all("td"):
        if cell.string:
            yield replace(piece, kind=TEXT, content=cell.string.replace(CELL_DOT, "").strip())


def _table_samples(page: str, match: Match, version: Version) -> Iterator[Sample]:
    gold = official_table(match.gold, version) or match.gold
    read = official_table(match.read, version) or match.read
    yield Sample(TEDS, page, Tally(teds(read, gold), 1))
    yield Sample(TEDS_STRUCTURE, page, Tally(teds(read, gold, structure_only=True), 1))
    yield _edit(TABLE_EDIT, page, gold, read)


def _edit(metric: str, page: str, gold: str, read: str) -> Sample:
    return Sample(metric, page, Tally(Levenshtein.distance(gold, read), max(len(gold), len(read))))


def _as_prose(match: Match) -> str:
    plain = letters(match.raw_gold, Version.V15) or ""
    return official_words(plain, Version.V15) or plain


def _order(page: str, matches: Sequence[Match]) -> list[Sample]:
    """The order of the gold blocks against the order in which they were read; none where no block has an order."""
    read = sorted((match for match in matches if match.position is not None), key=lambda match: match.position or 0)
    gold_order = sorted(order for match in matches for order in match.orders if order)
    read_order = [order for match in read for order in match.orders if order]
    return [Sample(ORDER, page, order_tally(gold_order, read_order))] if gold_order else []
