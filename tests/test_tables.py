"""Tables: what goes in comes out, the bytes repeat, and a table is never half there."""

import errno
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye import tables
from fabeye.schema import Page, Quarantined
from fabeye.tables import TableError, count_rows, find_rows, read_columns, read_table, write_table


def quarantined(number: int) -> Quarantined:
    return Quarantined(path=f"文件 {number}.pdf", page=number, stage="corpus", reason="broken")


@given(
    rows=st.lists(st.builds(Quarantined, path=st.text(), page=st.integers(-1, 9), stage=st.text(), reason=st.text()))
)
def test_rows_survive(rows: list[Quarantined], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("tables") / "quarantine"
    assert write_table(folder, Quarantined, rows, rows_per_part=3) == len(rows)
    assert list(read_table(folder, Quarantined)) == rows
    assert count_rows(folder) == len(rows)


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [quarantined(n) for n in range(10)]
    for name in ("one", "two"):
        write_table(tmp_path / name, Quarantined, rows, rows_per_part=4)
    for part in sorted((tmp_path / "one").iterdir()):
        assert part.read_bytes() == (tmp_path / "two" / part.name).read_bytes()


def test_heavy_rows_make_short_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BYTES_PER_PART", 1000)
    heavy = [replace(quarantined(n), reason="x" * (999 if n == 2 else 100)) for n in range(5)]
    write_table(tmp_path / "quarantine", Quarantined, heavy)
    sizes = [pq.read_metadata(path).num_rows for path in sorted((tmp_path / "quarantine").glob("*.parquet"))]
    assert sizes == [3, 2]
    assert list(read_table(tmp_path / "quarantine", Quarantined)) == heavy


def test_a_failed_write_leaves_the_old_table(tmp_path: Path) -> None:
    folder = tmp_path / "quarantine"
    write_table(folder, Quarantined, [quarantined(1)])

    def rows_until_the_disk_is_full() -> Iterator[Quarantined]:
        yield quarantined(2)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_table(folder, Quarantined, rows_until_the_disk_is_full())
    assert list(read_table(folder, Quarantined)) == [quarantined(1)]
    assert [path.name for path in tmp_path.iterdir()] == ["quarantine"]


def test_columns_come_without_the_pictures(tmp_path: Path) -> None:
    page = Page(page_id="d-0000", document_id="d", number=0, width=3, height=4, dpi=150, image=b"png", text_layer="t")
    write_table(tmp_path / "pages", Page, [page])
    assert read_columns(tmp_path / "pages", "page_id", "width").to_pylist() == [{"page_id": "d-0000", "width": 3}]


def test_an_empty_table_is_a_table(tmp_path: Path) -> None:
    write_table(tmp_path / "none", Quarantined, [])
    assert list(read_table(tmp_path / "none", Quarantined)) == []
    assert read_columns(tmp_path / "none", "path").num_rows == 0


def test_a_missing_table_says_what_makes_it(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="dvc repro"):
        list(read_table(tmp_path / "pages", Page))


def test_damage_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "quarantine"
    write_table(folder, Quarantined, [quarantined(1)])
    part = folder / "part-00000.parquet"
    pq.write_table(pq.read_table(part).slice(0, 0), part)
    with pytest.raises(TableError, match="holds 0 rows where its manifest says 1"):
        list(read_table(folder, Quarantined))
    part.write_bytes(b"PAR1 not really")
    with pytest.raises(TableError, match="cannot be read"):
        list(read_table(folder, Quarantined))


def test_rows_are_found_by_a_column_without_reading_the_rest(tmp_path: Path) -> None:
    write_table(tmp_path / "quarantine", Quarantined, [quarantined(n) for n in range(9)], rows_per_part=4)
    found = find_rows(tmp_path / "quarantine", Quarantined, "page", [7, 2])
    assert [row.page for row in found] == [2, 7]
