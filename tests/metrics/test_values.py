"""Values with units: no single change of sign, point, relation or unit goes unseen."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fabeye.metrics.values import find_values, lost_tally, value_tally

UNITS = re.findall(
    r"\S+",
    """
    ns ps µs ms s min h hours days weeks months years fF pF µF nH V mV kV µA mA nA Ω kΩ MΩ Ω/sq Ω/□ Ω·cm S W mW mWh Wh
    Ah mAh Vpp mVpp Vrms V/ns V/µs dB dBm eV keV MHz GHz Hz Mbps Gbps kbps Gb/s MT/s GB °C °F K °C/W % wt% at% vol% ppm
    ppb nm µm mm cm Å mil mm² cm⁻² cm⁻³ cm⁻²/wafer cm²/V·s nm/min L mL µL g mg kg mol rad krad Mrad Gy Pa MPa Torr mTorr
    bar psi sccm slm rpm N J T Oe FIT nCK UI bits bytes cycles 秒 分钟 小时 天 周 月 年 纳米 微米 毫升 毫伏 次 片
    """,
)
RELATIONS = ["", "<", ">", "≤", "≥", "±", "≠", "≈"]
FRAMES = [
    "The limit is {} at most.",
    "温度{}以下",
    "偏置为{}时测试；",
    "（{}）",
    "rail:{},",
]
OFFSETS = [
    "V_{{DD}} {}",
    "VDD{}",
    "VIH(AC){}",
    "t_{{CK}}{}",
    "0.7 × VDDQ {}",
    "V<sub>REF</sub>(DC) {}",
    "T<sub>j</sub> {}",
]
DECIMALS = st.tuples(st.integers(0, 999), st.integers(1, 99)).map(lambda parts: f"{parts[0]}.{parts[1]:02d}")


@st.composite
def quantities(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """relation, sign, number, unit."""
    relation = draw(st.sampled_from(RELATIONS))
    sign = "" if relation == "±" else draw(st.sampled_from(["", "-", "+"]))
    return relation, sign, draw(DECIMALS), draw(st.sampled_from(UNITS))


def written(quantity: tuple[str, str, str, str]) -> str:
    relation, sign, number, unit = quantity
    return f"{relation}{sign}{number} {unit}"


def other_than(one: str, some: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([other for other in some if other != one])


@settings(max_examples=300)
@given(quantities(), st.sampled_from(FRAMES), st.data())
def test_any_single_change_is_seen(quantity: tuple[str, str, str, str], frame: str, data: st.DataObject) -> None:
    relation, sign, number, unit = quantity
    changed = data.draw(
        st.sampled_from(
            [
                (relation, data.draw(other_than(sign, ["", "-", "+"])), number, unit)
                if relation != "±"
                else ("", "", number, unit),
                (relation, sign, number.replace(".", ""), unit),
                (relation, sign, number[:-3] + number[-2] + "." + number[-1], unit),
                (relation, sign, number, data.draw(other_than(unit, UNITS))),
                (data.draw(other_than(relation, RELATIONS)), sign, number, unit),
            ]
        )
    )
    text, other = (frame.format(written(one)) for one in (quantity, changed))
    assert value_tally(text, text).score == 1.0
    assert value_tally(text, other).score < 1.0
    assert value_tally(written(quantity), written(changed), cell=True).score < 1.0


@given(
    st.sampled_from(["10^{{{}}}", "$10^{{{}}}$", "10<sup>{}</sup>", "3.2 × 10^{{{}}}", "$5 \\times 10^{{{}}}$"]),
    st.integers(2, 19),
    st.sampled_from(FRAMES),
    st.data(),
)
def test_a_power_of_ten_is_one_number_with_a_unit(form: str, power: int, frame: str, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(UNITS))
    changed = data.draw(
        st.sampled_from(
            [(f"{power}", unit), (f"-{power + 1}", unit), (f"-{power}", data.draw(other_than(unit, UNITS)))]
        )
    )
    text = frame.format(f"{form.format(f'-{power}')} {unit}")
    other = frame.format(f"{form.format(changed[0])} {changed[1]}")
    assert len(find_values(text)) == 1
    assert value_tally(text, other).score < 1.0


@given(st.sampled_from(OFFSETS), DECIMALS, st.sampled_from(["", " "]), st.data())
def test_an_offset_has_a_sign(offset: str, number: str, gap: str, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(["V", "mV", "ns", "°C"]))
    sign = data.draw(st.sampled_from("+-"))
    text = offset.format(f"{sign}{gap}{number} {unit}")
    changed = [f"{'-' if sign == '+' else '+'}{gap}{number} {unit}", f"{sign}{gap}{number} k{unit}"]
    assert value_tally(text, offset.format(f"{sign}{number} {unit}")).score == 1.0
    assert value_tally(text, offset.format(data.draw(st.sampled_from(changed)))).score < 1.0


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("5-10 V", ["5", "10"]),
        ("5 V - 10 V", ["5", "10"]),
        ("1 V-2 V", ["1", "2"]),
        ("3小时-5小时", ["3", "5"]),
        ("5 Ω–10 Ω", ["5", "10"]),
        ("part A-17 of DDR4-3200, IEC-60749", ["17", "3200", "60749"]),
        ("VIH(AC)-0.3", ["-0.3"]),
        ("VIH(AC)0.3", ["0.3"]),
        ("1.1×VDD-0.05 V", ["1.1", "-0.05"]),
        ("≤ - 5 V", ["-5"]),
        ("- 5 V", ["-5"]),
        ("tRCD - max(4 nCK, 7.5 ns)", ["-max(4nCK,7.5ns)"]),
        ("2024年5月3日", ["2024", "5", "3"]),
        ("10<sup>1)</sup> of 310<sup>2</sup>", ["10", "310"]),
    ],
)
def test_a_dash_of_a_range_or_a_name_is_no_sign(text: str, numbers: list[str]) -> None:
    assert [value.number for value in find_values(text)] == numbers


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
        ("5 × 10⁻⁹ A", "5×10^-9 A"),
        ("10⁻⁹ A", "$10^{-9}$ A"),
        ("300 cm² V⁻¹ s⁻¹", "300 cm<sup>2</sup> V<sup>-1</sup> s<sup>-1</sup>"),
        ("5 cm⁻²", "5 cm^{-2}"),
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
