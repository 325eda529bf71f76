"""Numbers of a standard must agree with each other, as printed."""

import math
import re
from random import Random

import pytest

from fabeye.synthesis.families.command_tables import command_rows, level_rows
from fabeye.synthesis.families.notes import NOTES, NoteBook
from fabeye.synthesis.families.timing_tables import Device, draw_device, timing_rows
from fabeye.synthesis.formulas import GUARD, clocks
from fabeye.synthesis.tabulation import Cell, places

SEEDS = range(40)


def printed(seed: int) -> tuple[Device, dict[str, list[str]]]:
    """A drawn device, and the limits printed for each symbol, bin by bin."""
    rng = Random(seed)
    device = draw_device(rng)
    rows, _ = timing_rows(rng, "en", device, NoteBook("en"))
    by_row: dict[int, list[tuple[int, Cell]]] = {}
    for y, x, cell in places(rows):
        by_row.setdefault(y, []).append((x, cell))
    limits = {}
    for cells in by_row.values():
        texts = {x: cell.text for x, cell in cells}
        if texts.get(1, "").startswith(("t_{", "n_{")):
            limits[texts[1]] = [texts[x] for x in sorted(texts) if 2 <= x < 2 + 2 * len(device.bins)]
    return device, limits


@pytest.mark.parametrize("seed", SEEDS)
def test_row_cycle_is_active_plus_precharge(seed: int) -> None:
    limits = {symbol: shown[0] for symbol, shown in printed(seed)[1].items()}
    assert float(limits["t_{RC}"]) == pytest.approx(float(limits["t_{RAS}"]) + float(limits["t_{RP}"]))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bin_s_longest_clock_is_the_slower_bin_s_shortest(seed: int) -> None:
    device, limits = printed(seed)
    shown = limits["t_{CK(avg)}"]
    for number in range(1, len(device.bins)):
        assert shown[2 * number + 1] == "<" + shown[2 * number - 2]
    assert all(float(shown[n + 1][1:]) > float(shown[n]) for n in range(0, len(shown), 2))


def test_delays_in_clocks_follow_the_printed_rule() -> None:
    checked = 0
    for device, limits in map(printed, SEEDS):
        for number, rate in enumerate(device.bins if "n_{RCD}" in limits else ()):
            expected = math.ceil(device.trcd / device.period(rate) - GUARD)
            assert int(limits["n_{RCD}"][2 * number]) == expected
            checked += 1
    assert checked > len(SEEDS)


def test_the_rule_in_whole_numbers_is_exact() -> None:
    assert clocks(10_000, 625) == 16
    assert clocks(10_006, 625) == 16  # within the guard
    assert clocks(10_007, 625) == 17


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", range(10))
def test_tables_are_rectangles_and_name_only_printed_notes(seed: int, language: str) -> None:
    rng = Random(seed)
    device = draw_device(rng)
    for make in (
        lambda notes: timing_rows(rng, language, device, notes),
        lambda notes: command_rows(rng, language, notes),
        lambda notes: level_rows(rng, language, device.generation, notes),
    ):
        notes = NoteBook(language)
        rows, columns = make(notes)
        width = max(x + cell.colspan for _, x, cell in places(rows))
        assert len(columns.split(",")) == width
        last = [cell.text for _, x, cell in places(rows) if x == width - 1 and re.fullmatch(r"[\d,]+", cell.text)]
        assert {int(mark) for text in last for mark in text.split(",")} == set(range(1, len(notes.lines()) + 1))


def test_every_phrase_is_there_in_both_languages() -> None:
    for phrase in NOTES.values():
        assert phrase.en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in phrase.zh)
