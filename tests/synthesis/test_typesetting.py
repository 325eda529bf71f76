"""Setting Typst: exact boxes, the same bytes everywhere, clear errors."""

import pytest

from fabeye.synthesis.typesetting import TypesettingError, boxes, fonts, typeset

HEAD = '#import "truth.typ": region, marked-table, heavy\n#set document(date: none)\n'
PAGE = "#set page(width: 300pt, height: 200pt, margin: 20pt)\n"


def test_a_box_is_where_the_region_is() -> None:
    done = typeset(f'{HEAD}{PAGE}#region("a", rect(width: 50pt, height: 30pt, stroke: none))', {})
    assert done.boxes == {(0, "a"): (20, 20, 70, 50)}


def test_cells_cover_their_table_without_gaps() -> None:
    table = 'marked-table("t", columns: (40pt, 60pt), rows: (20pt, 30pt), inset: 2pt, stroke: none'
    done = typeset(f'{HEAD}{PAGE}#region("t", {table}, table.cell(rowspan: 2)[a], [b], [c]))', {})
    assert done.boxes[0, "t"] == (20, 20, 120, 70)
    assert done.boxes[0, "t/0/0"] == (20, 20, 60, 70)
    assert done.boxes[0, "t/0/1"] == (60, 20, 120, 40)
    assert done.boxes[0, "t/1/1"] == (60, 40, 120, 70)


def test_pages_are_counted_from_zero() -> None:
    done = typeset(f'{HEAD}{PAGE}#region("a", [x])\n#pagebreak()\n#region("b", [y])', {})
    assert set(done.boxes) == {(0, "a"), (1, "b")}


def test_the_same_source_gives_the_same_bytes_in_any_folder() -> None:
    source = f'{HEAD}{PAGE}#region("a", [text])'
    assert typeset(source, {}).pdf == typeset(source, {}).pdf
    assert b"CreationDate" not in typeset(source, {}).pdf


def test_a_broken_source_is_told_in_typst_s_words() -> None:
    with pytest.raises(TypesettingError, match="unknown variable: nowhere"):
        typeset("#nowhere", {})


def test_a_region_over_two_pages_is_an_error() -> None:
    with pytest.raises(TypesettingError, match="region a is broken over pages"):
        boxes([("a", 0, 1, 0.0, 0.0), ("a", 1, 2, 9.0, 9.0)])


def test_fonts_are_read_once_and_are_those_we_name() -> None:
    assert fonts() is fonts()
    named = {"DejaVu Sans", "DejaVu Serif", "Libertinus Serif", "STIXGeneral", "Noto Sans CJK SC", "Noto Serif CJK SC"}
    assert named <= set(fonts().families())
