"""A timing diagram must say what its protocol says: spans between edges that obey latencies, and true time breaks."""

from random import Random

import pytest

from fabeye.synthesis.figures.timing import KINDS, draw_timing
from fabeye.synthesis.figures.timing_chart import Row, Segment, TimingChart, merged
from fabeye.synthesis.figures.timing_scripts import SCRIPTS, draw_speed

SEEDS = range(12)
OBEYED = {  # parameter -> the derived number that it is
    "tRCD": "nRCD", "RL": "RL", "WL": "WL", "tRP": "nRP", "tRFC": "nRFC", "tREFI": "nREFI", "tWR": "nWR",
    "tMRD": "nMRD", "tMOD": "nMOD", "tPD": "nPD", "tXP": "nXP", "tXS": "nXS", "tCKESR": "nCKESR", "ODTLon": "ODTLon",
    "ODTLoff": "ODTLoff", "tWLDQSEN": "nWLDQSEN", "tWLMRD": "nWLMRD", "tWLO": "nWLO", "tCATM_Valid": "nValid",
}  # fmt: skip


def moments(timing: dict) -> dict[str, float]:
    return dict(zip(timing["ticks"], timing["tick_clocks"], strict=True))


def clock_of(name: str, clocks: dict[str, float]) -> float:
    tick, sign, rest = name.partition("+")
    return clocks[tick] + (float(rest) if sign else 0.0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_annotations_are_distances_between_edges_and_obey_the_derived_numbers(kind: str, seed: int) -> None:
    _, shown = draw_timing(Random(seed), "en", kind)
    timing = shown.detail["timing"]
    clocks = moments(timing)
    assert len(timing["annotations"]) >= 2
    for one in timing["annotations"]:
        assert one["clocks"] == clock_of(one["to"], clocks) - clock_of(one["from"], clocks)
        if one["parameter"] in OBEYED:
            assert one["clocks"] == timing["derived"][OBEYED[one["parameter"]]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_edges_are_named_once_and_breaks_are_where_clocks_are_left_out(kind: str, seed: int) -> None:
    _, shown = draw_timing(Random(seed), "zh", kind)
    timing = shown.detail["timing"]
    assert 8 <= len(timing["ticks"]) <= 28
    assert len(set(timing["ticks"])) == len(timing["ticks"])
    assert 4 <= len(timing["signals"]) <= 9
    jumps = [
        (a, b)
        for (a, before), (b, after) in zip(
            list(moments(timing).items())[:-1], list(moments(timing).items())[1:], strict=True
        )
        if after != before + 1
    ]
    assert [(one["after"], one["before"]) for one in timing["breaks"]] == jumps
    assert all(before.endswith("0") for _, before in jumps)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_read_samples_its_commands_at_edges_and_sends_every_bit_after_the_latency(seed: int) -> None:
    _, shown = draw_timing(Random(seed), "en", "READ")
    timing = shown.detail["timing"]
    rows, clocks = {row["name"]: row["segments"] for row in timing["signals"]}, moments(timing)
    commands = {one["label"]: one for one in rows["Command"] if one["label"] != "DES"}
    assert list(commands) == ["ACT", "RD", "PRE"]
    assert all(one["from"] == one["to"] for one in commands.values())
    bits = [one for one in rows["DQ"] if one["state"] == "data"]
    assert [bit["label"] for bit in bits] == [f"D{n}" for n in range(timing["derived"]["BL"])]
    first = clock_of(bits[0]["from"], clocks)
    assert first == clocks[commands["RD"]["from"]] + timing["derived"]["RL"]
    assert clock_of(bits[-1]["to"], clocks) == first + timing["derived"]["BL"] / 2
    assert clocks[commands["PRE"]["from"]] >= first + timing["derived"]["BL"] / 2


@pytest.mark.parametrize("kind", KINDS)
def test_rows_have_neither_gaps_nor_overlaps(kind: str) -> None:
    for seed in SEEDS:
        rng = Random(seed)
        for row in SCRIPTS[kind](rng, "en", draw_speed(rng)).rows:
            ends = [one.end for one in row.segments[:-1]]
            drawn_only = row.name in {"Command", "Address", "Bank"}  # a bus is told at the edges that are drawn
            assert drawn_only or [one.start for one in row.segments[1:]] == ends, row
            assert all(one.start < one.end for one in row.segments)


def test_windows_that_nearly_meet_are_one() -> None:
    assert merged([(8, 9), (0, 2), (4, 5)]) == ((0, 5), (8, 9))


def test_a_moment_is_named_after_the_edge_before_it() -> None:
    chart = TimingChart("X", (Row("CK", (Segment(-0.5, 41.5, "toggle"),)),), (), ((0, 2), (40, 41)), {})
    assert chart.names == ["T0", "T1", "T2", "Ta0", "Ta1"]
    assert [chart.moment(at) for at in (0, 1.5, 40, 41.25)] == ["T0", "T1+0.5", "Ta0", "Ta1+0.25"]
    assert chart.place(2.5) == chart.place(20) == chart.place(39.5) == 3.0
    assert chart.place(40) == 3.5
