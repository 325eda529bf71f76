"""Tables out of HTML, and their likeness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.table import LARGEST_TREE, TooLargeTableError, parse_table, teds

CELLS = st.lists(st.lists(st.text(alphabet="ab1-<&", max_size=4), min_size=1, max_size=4), min_size=1, max_size=4)


def table(rows: list[list[str]]) -> str:
    escaped = [[cell.replace("&", "&amp;").replace("<", "&lt;") for cell in row] for row in rows]
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in escaped)
    return f"<html><body><table>{body}</table></body></html>"


@given(CELLS, CELLS)
def test_likeness_is_symmetric_and_one_for_the_same(first: list[list[str]], second: list[list[str]]) -> None:
    one, other = table(first), table(second)
    assert teds(one, one) == teds(one, one, structure_only=True) == 1
    assert teds(one, other) == pytest.approx(teds(other, one), abs=1e-9)
    assert teds(one, other) <= 1
    assert teds(one, other) <= teds(one, other, structure_only=True) + 1e-9


def test_a_cell_read_wrong_costs_its_share_of_the_nodes() -> None:
    gold = table([["tCK", "-40"], ["tRFC", "350"]])
    assert teds(gold.replace("-40", "40"), gold) == pytest.approx(1 - (1 / 3) / 6)
    assert teds(gold.replace("<td>", '<td colspan="2">', 1), gold) == pytest.approx(1 - 1 / 6)


def test_a_tag_in_a_cell_is_one_token_and_one_node() -> None:
    bold, plain = table([["x"]]).replace("x", "<b>x</b>"), table([["x"]])
    assert teds(bold, plain) == pytest.approx(1 - (2 / 3) / 3)


@pytest.mark.parametrize("read", ["", "no table", "<table", "<table></table>", '<table><tr><td colspan="x">1'])
def test_what_is_no_table_scores_nothing(read: str) -> None:
    assert teds(read, table([["a", "b"]])) <= 0


def test_a_large_table_is_scored_and_a_huge_one_refused() -> None:
    large = table([[f"{row}.{column % 7}" for column in range(20)] for row in range(50)])
    assert teds(large.replace("3.3", "3"), large) > 0.99
    with pytest.raises(TooLargeTableError, match=str(LARGEST_TREE)):
        teds("<table>" + "<tr><td>" * LARGEST_TREE, large)


def test_spans_cover_places() -> None:
    source = (
        "<table><thead><tr><th rowspan=2>Symbol</th><th colspan='2'>DDR5&nbsp;4800</th></tr><tr><th>Min</th><th>Max"
        "</th></tr></thead><tbody><tr><td>t<sub>CK</sub></td><td>0.416</td><td>-</td></tr></tbody></table>"
    )
    found = parse_table(source)
    assert (found.rows, found.columns) == (3, 3)
    grid = [[cell.text if cell else None for cell in row] for row in found.grid()]
    assert grid == [["Symbol", "DDR5 4800", "DDR5 4800"], ["Symbol", "Min", "Max"], ["tCK", "0.416", "-"]]
    assert [cell.header for cell in found.cells] == [True] * 4 + [False] * 3
    assert found.cells[4].inner == "t<sub>CK</sub>"


@given(st.text(alphabet='<>/tabletrdh "=1rowspancol0', max_size=80))
def test_any_text_is_some_table(source: str) -> None:
    found = parse_table(f"<table>{source}")
    for cell in found.cells:
        assert cell.row < found.rows
        assert cell.column + cell.colspan <= found.columns


def test_rows_of_a_table_inside_a_cell_are_not_its_own() -> None:
    inner = "<table><tr><td>1</td></tr><tr><td>2</td></tr></table>"
    found = parse_table(f"<table><tr><td>{inner}</td></tr></table>")
    assert (found.rows, found.columns) == (1, 1)
