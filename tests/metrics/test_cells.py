"""Tables cell by cell: alignment survives lost rows; values, spans and notes are scored where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.cells import cell_tally, cell_value_tally, note_tally, pair_cells, span_tally
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


def test_no_table_and_a_huge_one_align_nothing() -> None:
    gold, nothing = parse_table(TIMING), Table(0, 0, ())
    assert cell_tally(pair_cells(gold, nothing)).score == 0.0
    huge = Table(1000, 1000, gold.cells)
    assert not pair_cells(gold, huge).met
