"""One page scored by what matters in chip documents: the `fabeye` evaluator.

Notable:
- What the common evaluator cannot see counts here: signs, decimal points, units and relations; scripts; invented text.
- Each number is a Tally, so a page can be left out, doubled or regrouped later without scoring it again.
- matched_page.py says what stands for what, and what is not asked for; here are the tallies.
- Names are the official modes' where the meaning is. results.DISTANCES says of which the less is the better.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from fabeye.evaluation.blocks import Kind
from fabeye.evaluation.gold import GoldPage
from fabeye.evaluation.matched_page import MatchedPage, comparable, counted, match_page
from fabeye.evaluation.piece_matching import joined
from fabeye.metrics.cells import (
    CellPairs,
    cell_symbol_tally,
    cell_tally,
    cell_value_tally,
    note_tally,
    pair_cells,
    span_tally,
)
from fabeye.metrics.formula import formula_score, token_score, unset
from fabeye.metrics.keyinfo import Pair, anls_tally, found_tally, key_tally, pair, read_pairs
from fabeye.metrics.layout_f1 import Box, Labelled, layout_tallies, mean_layout_tallies
from fabeye.metrics.symbols import symbol_tally
from fabeye.metrics.table import Table, TooLargeTableError, teds
from fabeye.metrics.tally import Tally, f1_tally
from fabeye.metrics.timing import Edge, edge, edge_tally, read_edges
from fabeye.metrics.values import lost_tally, value_tally
from fabeye.schema import Category

ByClass = Mapping[str, Mapping[str, Tally]]  # metric -> class of boxes -> its tally

CAPTIONS = {Category.FIGURE_CAPTION, Category.TABLE_CAPTION, Category.TABLE_FOOTNOTE, "figure_footnote"}
LONGEST_SHOWN = 200  # characters of a formula in a list
LAYOUT_CLASSES: dict[str, str] = {  # classes that layout parsers do not tell apart -> one name
    **dict.fromkeys(("figure_caption", "table_caption"), "caption"),
    **dict.fromkeys(("table_footnote", "figure_footnote", "page_footnote"), "footnote"),
    **dict.fromkeys(("header", "footer", "page_number"), "margin"),
    **dict.fromkeys(("code_txt", "reference"), "text_block"),
}


def page_tallies(page: GoldPage, markdown: str, boxes: Sequence[Labelled] | None = None) -> dict[str, Tally]:
    """Every tally of one page; layout's only where the reading says its boxes (class, pixels of the page's picture)."""
    tallies = matched_tallies(match_page(page, markdown))
    return tallies if boxes is None else tallies | boxed_tallies(layout_by_class(page, boxes))


def matched_tallies(matched: MatchedPage) -> dict[str, Tally]:
    """The same of a page whose matches are known, without boxes."""
    return {name: tally(matched) for name, tally in TALLIES.items()} | _named_tallies(matched)


def layout_by_class(page: GoldPage, boxes: Sequence[Labelled]) -> ByClass:
    """The tallies of layout F1 -> class -> its part, for the boxes of a reading."""
    wanted, given = gold_layout(page), merged_layout(boxes)
    return {"layout_f1": layout_tallies(wanted, given), "layout_f1_mean": mean_layout_tallies(wanted, given)}


def boxed_tallies(by_class: ByClass) -> dict[str, Tally]:
    """What boxes say of a page: layout F1 over all classes, and where its figures are rather than how many."""
    figures = by_class["layout_f1"].get(Category.FIGURE, Tally())
    return {metric: sum(parts.values(), Tally()) for metric, parts in by_class.items()} | {"figures": figures}


def text_edit(matched: MatchedPage) -> Tally:
    """Characters that are wrong, of the longer side's characters of each run; what is lost or invented is all wrong."""
    sides = ((joined(matched.gold_texts, run.gold), joined(matched.read_texts, run.read)) for run in matched.runs)
    return sum((_edit(gold, read) for gold, read in sides), Tally())


def hallucination_tally(matched: MatchedPage) -> Tally:
    """Characters read that stand for nothing on the page, of all that were read as text or in tables.

    A cell of a matched table is invented where no gold cell faces it and none of the page's has its words.
    """
    invented = sum(len(joined(matched.read_texts, run.read)) for run in matched.runs if not run.gold)
    known = {comparable(cell.inner) for gold, _, _ in matched.cell_pairs for cell in gold.cells}
    alone = [comparable(cell.inner) for _, _, found in matched.cell_pairs for cell in found.extra]
    cells = [comparable(cell.inner) for _, read, _ in matched.cell_pairs for cell in read.cells]
    return Tally(
        invented + sum(len(words) for words in alone if words not in known),
        sum(map(len, matched.read_texts)) + sum(map(len, cells)),
    )


def values_tally(matched: MatchedPage) -> Tally:
    """F1 of values with units, in text run by run and in tables cell by cell."""
    tally = sum((cell_value_tally(found) for _, _, found in matched.cell_pairs), Tally())
    tally += sum((value_tally(gold, read) for gold, read in _sides(matched)), Tally())
    cells = [cell.inner for table in matched.lost_tables for cell in table.cells]
    return tally + lost_tally(cells, cell=True)


def symbols_tally(matched: MatchedPage) -> Tally:
    """F1 of symbols, as for values."""
    tally = sum((cell_symbol_tally(found) for _, _, found in matched.cell_pairs), Tally())
    tally += sum((symbol_tally(gold, read) for gold, read in _sides(matched)), Tally())
    cells = [cell.inner for table in matched.lost_tables for cell in table.cells]
    return tally + sum((symbol_tally(cell, "") for cell in cells), Tally())


def teds_tally(matched: MatchedPage, *, structure_only: bool = False) -> Tally:
    """TEDS of each gold table, both sides in one notation; a lost table and an invented one count 0."""
    scores = sum(_teds(gold, read, structure_only) for gold, read, _ in matched.cell_pairs)
    return Tally(scores, len(matched.tables) + len(matched.lost_tables) + _invented_tables(matched))


def structure_tally(matched: MatchedPage) -> Tally:
    """TEDS without the cells' words."""
    return teds_tally(matched, structure_only=True)


def table_edit(matched: MatchedPage) -> Tally:
    """Characters of the tables' HTML that are wrong, as a share of each table; a lost or invented one is all wrong."""
    shares = (_edit(_rewritten(gold), _rewritten(read)).score or 0.0 for gold, read, _ in matched.cell_pairs)
    alone = len(matched.lost_tables) + _invented_tables(matched)
    return Tally(sum(shares) + alone, len(matched.cell_pairs) + alone)


def cells_tally(matched: MatchedPage) -> Tally:
    """F1 of cells with exactly the same words."""
    return _over_tables(matched, lambda _gold, _read, found: cell_tally(found))


def spans_tally(matched: MatchedPage) -> Tally:
    """F1 of cells over several rows or columns."""
    return _over_tables(matched, lambda _gold, _read, found: span_tally(found))


def notes_tally(matched: MatchedPage) -> Tally:
    """F1 of references to notes in tables."""
    return _over_tables(matched, note_tally)


def formulas_tally(matched: MatchedPage) -> Tally:
    """Likeness of each gold formula; a lost one and an invented one count 0."""
    scores = sum(formula_score(gold, read) for gold, read in matched.formula_pairs)
    return Tally(scores, len(matched.formulas) + matched.lone_formulas)


def formulas_unset(matched: MatchedPage) -> list[str]:
    """Formulas, of either side, that cannot be set, so that their pairs are compared by tokens; long ones cut."""
    found = (unset(gold, read) for gold, read in matched.formula_pairs)
    return [latex.strip()[:LONGEST_SHOWN] for pair_unset in found for latex in pair_unset]


def formula_edit(matched: MatchedPage) -> Tally:
    """LaTeX tokens that are wrong, as a share of each formula; a lost one and an invented one are all wrong."""
    shares = (1 - token_score(gold, read) for gold, read in matched.formula_pairs)
    return Tally(sum(shares) + matched.lone_formulas, len(matched.formulas) + matched.lone_formulas)


def figures_tally(matched: MatchedPage) -> Tally:
    """F1 of the number of figures: a reading without boxes says how many there are, not where."""
    wanted = len(matched.of_category(Category.FIGURE))
    return f1_tally(min(wanted, matched.figures), wanted, matched.figures)


def captions_tally(matched: MatchedPage) -> Tally:
    """Characters of captions and notes below figures and tables that were read, of all of them."""
    detections, tally = matched.page.layout_dets, Tally()
    for run in matched.runs:
        read = joined(matched.read_texts, run.read)
        for one in run.gold:
            if detections[matched.pieces[one].element].category_type in CAPTIONS:
                tally += _window_tally(matched.gold_texts[one], read)
    return tally


def order_edit(matched: MatchedPage) -> Tally:
    """Places that differ between the gold order of elements and the order in which they were read.

    An element that was not read at all is missing from the second.
    """
    places: dict[int, int] = {index: block.at for index, block in (*matched.tables, *matched.formulas)}
    for run in matched.runs:
        for one in run.gold if run.read else ():
            places.setdefault(matched.pieces[one].element, matched.words[run.read[0]].at)
    wanted = _in_order(matched)
    read = sorted(
        (index for index in wanted if index in places), key=lambda index: (places[index], wanted.index(index))
    )
    return Tally(Levenshtein.distance(wanted, read), len(wanted))


TALLIES: dict[str, Callable[[MatchedPage], Tally]] = {
    "text_edit": text_edit,
    "hallucination": hallucination_tally,
    "values": values_tally,
    "symbols": symbols_tally,
    "teds": teds_tally,
    "teds_structure": structure_tally,
    "table_edit": table_edit,
    "cells": cells_tally,
    "spans": spans_tally,
    "note_references": notes_tally,
    "formulas": formulas_tally,
    "formula_edit": formula_edit,
    "figures": figures_tally,
    "captions": captions_tally,
    "reading_order_edit": order_edit,
}


def gold_pairs(page: GoldPage) -> list[Pair]:
    """What a form asks for on the page."""
    return [pair(str(one.get("field", "")), str(one.get("value", ""))) for one in page.kie if one.get("value")]


def gold_edges(page: GoldPage) -> list[Edge]:
    """The parameters of the page's timing diagrams."""
    drawn = [one.timing for one in page.layout_dets if one.timing]
    notes = [note for timing in drawn for note in timing.get("annotations", [])]
    return [edge(str(note.get("parameter", "")), str(note.get("from", "")), str(note.get("to", ""))) for note in notes]


def _named_tallies(matched: MatchedPage) -> dict[str, Tally]:
    wanted = gold_pairs(matched.page)
    timing = [one for block in matched.named if block.kind == Kind.TIMING for one in read_edges(block.content)]
    tallies = {"timing": edge_tally(gold_edges(matched.page), timing)}
    blocks = [block for block in matched.named if block.kind == Kind.KEY_VALUES]
    if blocks:
        given = [one for block in blocks for one in read_pairs(block.content)]
        return tallies | {
            "key_information": key_tally(wanted, given),
            "key_information_anls": anls_tally(wanted, given),
        }
    found = found_tally(wanted, "\n".join(_all_words(matched)))
    return tallies | {"key_information": found, "key_information_anls": found}


def _all_words(matched: MatchedPage) -> Iterator[str]:
    """Everything that was read as text or in a table's cell."""
    yield from (block.content for block in matched.words)
    for _, read, _ in matched.cell_pairs:
        yield from (cell.inner for cell in read.cells)


def gold_layout(page: GoldPage) -> list[Labelled]:
    """The boxes of a page that count, by the classes that layout parsers tell apart."""
    return merged_layout((one.category_type, one.box) for _, one in counted(page))


def merged_layout(boxes: Iterable[tuple[str, Box]]) -> list[Labelled]:
    """Boxes by the classes that layout parsers tell apart."""
    return [(LAYOUT_CLASSES.get(label, label), box) for label, box in boxes]


def _sides(matched: MatchedPage) -> list[tuple[str, str]]:
    """Both sides of each run as they are written."""
    gold = [piece.text for piece in matched.pieces]
    read = [block.content for block in matched.words]
    return [(joined(gold, run.gold), joined(read, run.read)) for run in matched.runs]


def _over_tables(matched: MatchedPage, tally: Callable[[Table, Table, CellPairs], Tally]) -> Tally:
    """The sum over matched tables, and over lost ones against an empty table."""
    empty = Table(0, 0, ())
    lost = [(table, empty, pair_cells(table, empty)) for table in matched.lost_tables]
    return sum((tally(*one) for one in (*matched.cell_pairs, *lost)), Tally())


def _edit(gold: str, read: str) -> Tally:
    return Tally(Levenshtein.distance(gold, read), max(len(gold), len(read)))


def _invented_tables(matched: MatchedPage) -> int:
    return sum(block.kind == Kind.TABLE for block in matched.extra)


def _teds(gold: Table, read: Table, structure_only: bool) -> float:
    try:
        return max(0.0, teds(_rewritten(read), _rewritten(gold), structure_only=structure_only))
    except TooLargeTableError:
        return 0.0


def _rewritten(table: Table) -> str:
    """The table as HTML with nothing but rows, cells, spans and words in the one notation."""
    rows: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        spans = f' rowspan="{cell.rowspan}" colspan="{cell.colspan}"'
        rows[cell.row].append(f"<td{spans}>{escape(comparable(cell.inner), quote=False)}</td>")
    return "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"


def _window_tally(gold: str, read: str) -> Tally:
    """Right characters of `gold` where it stands best in `read`, of its length."""
    found = partial_ratio_alignment(gold, read) if gold and len(read) >= len(gold) else None
    window = read[found.dest_start : found.dest_end] if found else read
    wrong = min(Levenshtein.distance(gold, window), len(gold))
    return Tally(len(gold) - wrong, len(gold))


def _in_order(matched: MatchedPage) -> list[int]:
    """Gold elements with a place in the reading order that a reading must hold, in that order."""
    asked = {piece.element for piece in matched.pieces if piece.asked}
    asked |= {index for index, _ in (*matched.tables, *matched.formulas)} | set(matched.lost)
    orders = {index: matched.page.layout_dets[index].order for index in asked}
    return sorted((index for index in asked if orders[index] is not None), key=lambda index: orders[index] or 0)
