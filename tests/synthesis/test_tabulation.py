"""Tables with spans: every law of a rectangle."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.synthesis.tabulation import Cell, places, table_html, table_text


@st.composite
def tilings(draw: st.DrawFn) -> tuple[list[list[Cell]], int, int]:
    """A table cut at random into cells, with its height and width."""
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    taken: set[tuple[int, int]] = set()
    rows: list[list[Cell]] = [[] for _ in range(height)]
    for y in range(height):
        for x in range(width):
            if (y, x) in taken:
                continue
            free = next((n for n in range(width - x) if (y, x + n) in taken), width - x)
            colspan, rowspan = draw(st.integers(1, free)), draw(st.integers(1, height - y))
            taken |= {(y + i, x + j) for i in range(rowspan) for j in range(colspan)}
            rows[y].append(Cell(f"{y}.{x}", rowspan, colspan))
    return rows, height, width


@given(tilings())
def test_cells_are_found_where_they_were_cut(cut: tuple[list[list[Cell]], int, int]) -> None:
    rows, height, width = cut
    found = list(places(rows))
    assert all(cell.text == f"{y}.{x}" for y, x, cell in found)
    assert sum(cell.rowspan * cell.colspan for _, _, cell in found) == height * width


@given(tilings())
def test_html_and_text_hold_every_cell_in_order(cut: tuple[list[list[Cell]], int, int]) -> None:
    rows, height, _ = cut
    written = [cell.text for row in rows for cell in row]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", table_html(rows)) == written
    assert table_text(rows).split() == written
    assert table_html(rows).count("<tr>") == height


def test_a_table_that_is_no_rectangle_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fill 2 rows of 2 columns"):
        list(places([[Cell("a"), Cell("b")], [Cell("c")]]))
    with pytest.raises(ValueError, match="do not fill"):
        list(places([[Cell("a", rowspan=2), Cell("b")], [Cell("c", colspan=2)]]))
