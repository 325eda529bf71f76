"""Numbers of a standard must agree with each other, as printed."""

import math
import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from fabeye.synthesis.families.jedec.arrays import address_rows, refresh_rows, speed_rows, triple
from fabeye.synthesis.families.jedec.balls import COLUMNS, ball_rows, dimensions
from fabeye.synthesis.families.jedec.commands import BITS, FIELDS, bit_rows, command_rows, field_rows, take_fields
from fabeye.synthesis.families.jedec.draft import Draft, Row
from fabeye.synthesis.families.jedec.levels import CURRENTS, derating, level_rows
from fabeye.synthesis.families.jedec.notes import NOTES, NoteBook
from fabeye.synthesis.families.jedec.reliability import STRESSES, stress_rows
from fabeye.synthesis.families.jedec.timing import accumulated, timing_rows
from fabeye.synthesis.figures.package import draw_outline
from fabeye.synthesis.formulas import GUARD
from fabeye.synthesis.markup import to_plain
from fabeye.synthesis.tabulation import places
from tests.synthesis.families.jedec.drafts import LANGUAGES, grid, new_draft

SEEDS = range(30)
UNITS = {"B": 1, "KB": 1024}


def printed(seed: int) -> tuple[Draft, dict[str, list[str]]]:
    """A draft, and the limits printed for each symbol of its timing table, bin by bin."""
    draft = new_draft(seed)
    rows, _ = timing_rows(draft.rng, draft, NoteBook("en", "{} "), keep=0.7)
    width = 2 * len(draft.bins)
    limits = {}
    for cells in grid(rows).values():
        if cells.get(1, "").startswith(("t_{", "n_{")):
            limits[cells[1]] = [cells[x] for x in sorted(cells) if 2 <= x < 2 + width]
    return draft, limits


@pytest.mark.parametrize("seed", SEEDS)
def test_row_cycle_is_active_plus_precharge(seed: int) -> None:
    limits = {symbol: shown[0] for symbol, shown in printed(seed)[1].items()}
    assert float(limits["t_{RC}"]) == pytest.approx(float(limits["t_{RAS}"]) + float(limits["t_{RP}"]))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bin_s_longest_clock_is_the_slower_bin_s_shortest(seed: int) -> None:
    _, limits = printed(seed)
    shown = limits["t_{CK(avg)}"]
    assert all(
        slow[0] == fast[1].removeprefix("<") for slow, fast in pairwise(zip(shown[::2], shown[1::2], strict=True))
    )
    assert all(float(most[1:]) > float(least) for least, most in zip(shown[::2], shown[1::2], strict=True))


def test_delays_in_clocks_follow_the_printed_rule() -> None:
    checked = 0
    for draft, limits in map(printed, SEEDS):
        for symbol, delay in (("n_{RCD}", draft.device.trcd), ("n_{RP}", draft.device.trp)):
            for number, rate in enumerate(draft.bins if symbol in limits else ()):
                assert int(limits[symbol][2 * number]) == math.ceil(delay / draft.device.period(rate) - GUARD)
                checked += 1
    assert checked > len(SEEDS)


def test_errors_accumulate() -> None:
    shares = [accumulated(number) for number in range(1, 13)]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_density_is_the_product_of_its_parts(seed: int) -> None:
    draft = new_draft(seed)
    shown = grid(address_rows(draft))
    for column, width in enumerate(draft.device.widths, start=1):
        groups, _, banks, _, rows, row_bits, column_bits, page = (
            shown[row].get(column, shown[row].get(1, "")) for row in range(1, 9)
        )
        columns = 2 ** (1 + int(column_bits.split("C")[-1]))
        assert int(groups) * int(banks) * int(rows) * columns * width == draft.device.density * 2**30
        assert int(rows) <= 2 ** (1 + int(row_bits.split("R")[-1])) < 2 * int(rows)
        size, unit = page.split()
        assert int(size) * UNITS[unit] == columns * width // 8


@pytest.mark.parametrize("seed", SEEDS)
def test_a_latency_is_reserved_where_the_bin_is_too_slow(seed: int) -> None:
    draft = new_draft(seed)
    shown = grid(speed_rows(draft, NoteBook("en", "{} "))[0])
    for cells in shown.values():
        found = re.fullmatch(r"CL = (\d+)", cells.get(1, ""))
        if found:
            for number, rate in enumerate(draft.bins):
                cell = cells[2 + 2 * number]
                if triple(draft.device, rate)[0] < int(found[1]):
                    assert cell == "Reserved"
                elif cell != "Reserved":
                    assert float(cell) * 1000 >= draft.device.period(rate)


@pytest.mark.parametrize("seed", SEEDS)
def test_refresh_takes_longer_the_denser_the_device(seed: int) -> None:
    draft = new_draft(seed)
    shown = grid(refresh_rows(draft, NoteBook("en", "{} "))[0])
    for row in (1, 2, 3):
        times = [int(text) for column, text in shown[row].items() if column > 1 and re.fullmatch(r"\d{2,}", text)]
        assert len(times) >= 2
        assert times == sorted(times)


@pytest.mark.parametrize("seed", SEEDS)
def test_registers_are_full_and_both_tables_agree(seed: int) -> None:
    draft = new_draft(seed)
    pool = list(FIELDS)
    draft.rng.shuffle(pool)
    fields = take_fields(pool)
    assert sum(one.bits for one in fields) == BITS
    assert all(len(one.codes) <= 2**one.bits for one in fields)
    assert not set(pool) & set(fields)
    assert [cell.colspan for cell in bit_rows(7, fields)[2]] == [one.bits for one in fields]
    operands = [
        text for cells in grid(field_rows(draft, fields, NoteBook("en", ""))).values() for text in cells.values()
    ]
    bits = [bit for text in operands if text.startswith("OP[") for bit in _bits(text)]
    assert bits == list(range(BITS - 1, -1, -1))


def _bits(operand: str) -> list[int]:
    high, *low = (int(number) for number in re.findall(r"\d+", operand))
    return list(range(high, (low[0] if low else high) - 1, -1))


def test_currents_keep_their_order() -> None:
    share = {symbol: share for symbol, share, _ in CURRENTS}
    assert share["I_{DD4R}"] >= share["I_{DD7}"] > share["I_{DD3N}"] > share["I_{DD2N}"] > share["I_{DD2P}"]
    assert share["I_{DD0}"] < share["I_{DD1}"]
    assert 0.7 * share["I_{DD7}"] > share["I_{DD3N}"]


def test_derating_vanishes_at_the_base_and_grows_with_the_slew_rate() -> None:
    assert derating(100, 1.0, 2.0) == 0
    values = [derating(100, slew, 2.0) for slew in (0.6, 0.8, 1.0, 1.5, 4.0)]
    assert values == sorted(values)
    assert derating(100, 1.0, 1.4) > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_devices_tested_add_up(seed: int) -> None:
    draft = new_draft(seed)
    rows = grid(stress_rows(draft, list(STRESSES), NoteBook("en", "{} ")))
    totals = []
    for cells in rows.values():
        found = re.fullmatch(r"(\d+) × (\d+)", cells.get(4, ""))
        if found:
            totals.append(int(cells[5].replace(" ", "")))
            assert totals[-1] == int(found[1]) * int(found[2])
    assert int(rows[len(STRESSES) + 1][5].replace(" ", "")) == sum(totals)


@pytest.mark.parametrize(("width", "count"), [(8, 78), (16, 96)])
@pytest.mark.parametrize("seed", range(10))
def test_balls_keep_to_physics(seed: int, width: int, count: int) -> None:
    rows = ball_rows(new_draft(seed).rng, width)
    balls = {
        (row, column): to_plain(text)
        for row, cells in grid(rows[1:]).items()
        for column, text in cells.items()
        if column
    }
    named = {name: place for place, name in balls.items() if name}
    assert sum(bool(name) for name in balls.values()) == count
    assert all(
        (row, COLUMNS.index(None) + 1) in balls and not balls[row, COLUMNS.index(None) + 1]
        for row in range(len(rows) - 1)
    )
    data = [row for name, (row, _) in named.items() if re.fullmatch(r"DQ[LU]?\d", name)]
    assert len(data) == width
    assert max(data) < min(row for name, (row, _) in named.items() if re.fullmatch(r"CA\d+", name))
    for name, (row, column) in named.items():
        if name.endswith("_t"):
            other_row, other_column = named[name[:-1] + "c"]
            assert (other_row, abs(other_column - column)) == (row, 1)


@pytest.mark.parametrize("seed", range(10))
def test_the_grid_of_balls_fits_the_package(seed: int) -> None:
    sizes = dimensions(draw_outline(new_draft(seed).rng))
    assert float(sizes["D1"][1]) < float(sizes["D"][0])
    assert float(sizes["E1"][1]) < float(sizes["E"][0])
    assert float(sizes["A1"][2]) < float(sizes["A"][2])


Make = Callable[[Draft, NoteBook], tuple[list[Row], str]]
MAKERS: dict[str, Make] = {
    "timing": lambda draft, notes: timing_rows(draft.rng, draft, notes, keep=0.8),
    "commands": lambda draft, notes: command_rows(draft.rng, draft, notes),
    "levels": lambda draft, notes: level_rows(draft.rng, draft, notes),
    "refresh": refresh_rows,
    "speed": speed_rows,
}


@pytest.mark.parametrize("raised", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("maker", MAKERS)
def test_tables_are_rectangles_and_name_only_printed_notes(maker: str, language: str, raised: bool) -> None:
    for seed in range(6):
        draft = new_draft(seed, language)
        notes = NoteBook(language, "{} ", raised)
        rows, columns = MAKERS[maker](draft, notes)
        width = max(x + cell.colspan for _, x, cell in places(rows))
        assert len(columns.split(",")) == width
        if raised:
            marks = re.findall(r"\^\{([\d,]+)\}", " ".join(cell.text for row in rows for cell in row))
        else:
            marks = [cell.text for _, x, cell in places(rows) if x == width - 1 and re.fullmatch(r"[\d,]+", cell.text)]
        assert {int(mark) for text in marks for mark in text.split(",")} == set(range(1, len(notes.lines()) + 1))


def test_every_note_is_said_in_both_languages() -> None:
    for phrase in NOTES.values():
        assert phrase.en.endswith(".")
        assert phrase.zh.endswith("。")
