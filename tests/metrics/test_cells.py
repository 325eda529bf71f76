"""Tables cell by cell: alignment survives lost rows; values, spans and notes are scored where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.cells import cell_symbol_tally, cell_tally, cell_value_tally, note_tally, pair_cells, span_tally
from fabeye.metrics.table import Table, parse_table
from fabeye.metrics.tally import Tally

HEAD = (
    "<tr><td rowspan=2>Parameter</td><td colspan=2>4800</td><td rowspan=2>Unit</td><td rowspan=2>Note</td></tr>"
    "<tr><td>Min</td><td>Max</td></tr>"
)
ROWS = (
    "<tr><td>tCK</td><td>0.416</td><td>&lt;0.454</td><td>ns</td><td>1,2</td></tr>"
    "<tr><td>tRFC</td><td>295</td><td>–</td><td>ns</td><td></td></tr>"
)
TIMING = f"<table>{HEAD}{ROWS}</table>"
GRIDS = st.lists(st.lists(st.sampled_from(["1.5", "V", "–", "x"]), min_size=2, max_size=2), min_size=1, max_size=4)


def table(rows: list[list[str]]) -> Table:
    return parse_table(
        "<table>" + "".join("<tr>" + "".join(f"<td>{x}</td>" for x in row) + "</tr>" for row in rows) + "</table>"
    )


@given(GRIDS, GRIDS)
def test_identity_is_perfect_and_every_cell_is_paired_once(one: list, other: list) -> None:
    gold, read = table(one), table(other)
    assert cell_tally(pair_cells(gold, gold)).score == 1.0
    assert cell_value_tally(pair_cells(gold, gold)).score in (None, 1.0)
    found = pair_cells(gold, read)
    used = [id(cell) for _, cell in found.pairs if cell] + [id(cell) for cell in found.extra]
    assert sorted(used) == sorted(map(id, read.cells))
    assert [cell for cell, _ in found.pairs] == list(gold.cells)


@st.composite
def spanned(draw: st.DrawFn) -> str:
    """HTML of a table of 3 columns with a span in its head, references to notes and a column of them."""
    wide = draw(st.sampled_from(["<td colspan=2>a</td><td>Note</td>", "<td rowspan=2>a</td><td>b</td><td>Note</td>"]))
    raised = st.sampled_from(["", "<sup>1</sup>", "<sup>2,3</sup>", "<sup>a)</sup>"])
    words = st.tuples(st.sampled_from(["1.5", "V", "–", "tCK"]), raised).map("".join)
    rows = draw(st.lists(st.tuples(words, words, st.sampled_from(["", "1", "2, 3"])), min_size=2, max_size=4))
    body = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    if "rowspan" in wide:
        body[0] = body[0].partition("</td>")[2]
    return f"<table><tr>{wide}</tr>{''.join(f'<tr>{row}</tr>' for row in body)}</table>"


@given(spanned(), spanned())
def test_identity_of_spans_notes_and_cells(one: str, other: str) -> None:
    gold, read = parse_table(one), parse_table(other)
    alike, found = pair_cells(gold, parse_table(one)), pair_cells(gold, read)
    assert cell_tally(alike).score == span_tally(alike).score == 1.0
    assert note_tally(gold, parse_table(one), alike).score in (None, 1.0)
    for tally in (cell_tally(found), span_tally(found), note_tally(gold, read, found)):
        assert 0 <= tally.got <= tally.of
    assert cell_symbol_tally(alike).score in (None, 1.0)


@pytest.mark.parametrize(
    ("old", "new"),
    [("0.416", "4.16"), ("&lt;0.454", "0.454"), ("–", ""), ("–", "0"), ("<td>ns</td>", "<td>ms</td>"), ("295", "-295")],
)
def test_any_change_of_a_value_is_seen(old: str, new: str) -> None:
    gold, read = parse_table(TIMING), parse_table(TIMING.replace(old, new, 1))
    assert cell_value_tally(pair_cells(gold, gold)).score == 1.0
    assert cell_value_tally(pair_cells(gold, read)).score < 1.0


def test_a_lost_row_costs_itself_alone() -> None:
    gold, read = table([["a", "1"], ["b", "2"], ["c", "3"]]), table([["a", "1"], ["c", "3"]])
    found = pair_cells(gold, read)
    assert found.rows == {0: 0, 2: 1}
    assert cell_tally(found) == Tally(8, 10)


def test_a_span_must_cover_the_same_rows_and_columns() -> None:
    gold = parse_table(TIMING)
    assert span_tally(pair_cells(gold, gold)).score == 1.0
    shorter = parse_table(
        TIMING.replace("<td rowspan=2>Unit</td>", "<td>Unit</td>").replace("<td>Max</td>", "<td>Max</td><td></td>")
    )
    assert span_tally(pair_cells(gold, shorter)) == Tally(6, 7)
    assert span_tally(pair_cells(gold, table([["1", "2"]]))).score == 0.0


def test_references_to_notes() -> None:
    gold = parse_table(TIMING)
    fewer = parse_table(TIMING.replace("1,2", "1"))
    assert note_tally(gold, gold, pair_cells(gold, gold)).score == 1.0
    assert note_tally(gold, fewer, pair_cells(gold, fewer)) == Tally(2, 3)
    raised, glued = table([["tCK<sup>35</sup>", "8<sup>1</sup>"]]), table([["tCK35", "81"]])
    assert note_tally(raised, raised, pair_cells(raised, raised)) == Tally(4, 4)
    assert note_tally(raised, glued, pair_cells(raised, glued)).score == 0.0


def test_a_power_of_a_unit_is_no_reference() -> None:
    powers = table([["area", "mm<sup>2</sup>"], ["dose", "10<sup>15</sup> cm<sup>-2</sup>"]])
    flat = table([["area", "mm2"], ["dose", "1015 cm-2"]])
    assert note_tally(powers, flat, pair_cells(powers, flat)).of == 0
    noted = table([["area<sup>2</sup>", "mm<sup>2</sup>"], ["supply", "V<sup>2</sup>"]])
    assert note_tally(noted, noted, pair_cells(noted, noted)) == Tally(4, 4)


def test_no_table_and_a_huge_one_align_nothing() -> None:
    gold, nothing = parse_table(TIMING), Table(0, 0, ())
    assert cell_tally(pair_cells(gold, nothing)).score == 0.0
    huge = Table(1000, 1000, gold.cells)
    assert not pair_cells(gold, huge).met
