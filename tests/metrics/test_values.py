"""Values with units: no single change of sign, point, relation or unit goes unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.metrics.values import find_values, lost_tally, value_tally

UNITS = ["ns", "ps", "V", "mV", "µA", "mA", "°C", "%", "nm", "MHz", "Ω", "nCK", "V/ns", "Gb/s"]
RELATIONS = ["", "<", ">", "≤", "≥", "±"]
NUMBERS = st.tuples(st.integers(0, 999), st.integers(1, 99)).map(lambda parts: f"{parts[0]}.{parts[1]:02d}")


@st.composite
def quantities(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """relation, sign, number, unit."""
    relation = draw(st.sampled_from(RELATIONS))
    sign = "" if relation == "±" else draw(st.sampled_from(["", "-"]))
    return relation, sign, draw(NUMBERS), draw(st.sampled_from(UNITS))


def written(quantity: tuple[str, str, str, str]) -> str:
    relation, sign, number, unit = quantity
    return f"{relation}{sign}{number} {unit}"


@given(quantities(), st.data())
def test_any_single_change_is_seen(quantity: tuple[str, str, str, str], data: st.DataObject) -> None:
    relation, sign, number, unit = quantity
    changed = data.draw(
        st.sampled_from(
            [
                (relation, "" if sign else "-", number, unit) if relation != "±" else ("", "", number, unit),
                (relation, sign, number.replace(".", ""), unit),
                (relation, sign, number[:-3] + number[-2] + "." + number[-1], unit),
                (relation, sign, number, data.draw(st.sampled_from([one for one in UNITS if one != unit]))),
                (data.draw(st.sampled_from([one for one in RELATIONS if one != relation])), sign, number, unit),
            ]
        )
    )
    text, other = (f"The limit is {written(one)} at most." for one in (quantity, changed))
    assert value_tally(text, text).score == 1.0
    assert value_tally(text, other).score < 1.0
    assert value_tally(written(quantity), written(changed), cell=True).score < 1.0


@given(st.lists(quantities(), min_size=1, max_size=5), st.lists(quantities(), max_size=5))
def test_symmetric_and_between_0_and_1(one: list, other: list) -> None:
    texts = ["; ".join(map(written, side)) for side in (one, other)]
    tally = value_tally(*texts)
    assert tally == value_tally(*reversed(texts))
    assert 0 <= tally.score <= 1
    assert len(find_values(texts[0])) == len(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("–", "-"),
        ("5 × 10⁻⁹ A", "5e-9 A"),
        ("1,000 h", "1000 h"),
        ("2.5 \u00b5A", "2.5 \u03bcA"),
        ("<= 3 V", "≤3 V"),
        ("−40 °C", "-40 ℃"),
        ("max(4 nCK, 7.5 ns)", "max (4nCK,7.5ns)"),
        ("8<sup>1</sup>", "8"),
    ],
)
def test_two_writings_of_one_value(one: str, other: str) -> None:
    assert value_tally(one, other, cell=True).score == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("–", ""),
        ("–", "0"),
        ("TBD", "–"),
        ("TBD", ""),
        ("0", ""),
        ("ns", "ms"),
        ("max(4 nCK, 7.5 ns)", "max(4 nCK, 75 ns)"),
        ("max(4 nCK, 7.5 ns)", "min(4 nCK, 7.5 ns)"),
        ("8<sup>1</sup>", "81"),
        ("2.5 uA", "2.5 µA"),
        ("1.20 V", "1.2 V"),
        ("9 × tREFI", "9"),
        ("7.8 µs", "7.8 ∝s"),
        ("0x1F", "0x1E"),
        ("<0.682", "0.682"),
    ],
)
def test_what_is_not_the_same_value(one: str, other: str) -> None:
    assert value_tally(one, other, cell=True).score < 1.0


def test_order_matters_and_names_hold_no_value() -> None:
    assert value_tally("5 V, 10 V", "10 V, 5 V").score == 0.5
    assert find_values("DDR5 of lot A17 at TH8402B") == []
    assert [value.number for value in find_values("0.48–0.52, −55/125 °C")] == ["0.48", "0.52", "-55", "125"]


def test_a_flat_gold_text_forgives_scripts() -> None:
    assert value_tally("1 × 10-9 A", "1 × 10<sup>-9</sup> A").score == 1.0


def test_what_stands_alone_is_lost() -> None:
    assert (lost_tally(["-40 °C", "ns"], cell=True).got, lost_tally(["-40 °C", "ns"], cell=True).of) == (0, 2)


@pytest.mark.parametrize("hostile", ["max(" * 5000, "<sub>" * 5000, "1,111" * 5000, "$" * 20000, "10^{" * 5000])
def test_hostile_text_ends(hostile: str) -> None:
    find_values(hostile, cell=True)
