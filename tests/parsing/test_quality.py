"""What is doubted: against another reading, and by itself; and in which order people see it."""

import io
from pathlib import Path

import pytest
from PIL import Image

from fabeye.parsing.parse import parse_corpus
from fabeye.parsing.quality import PAGE, doubts, failure, latex_balances, letters_of, queue, table_is_rectangle
from fabeye.parsing.teacher import Parsed
from fabeye.schema import Doubt, Element, Review
from fabeye.settings import EngineSettings, load_settings
from fabeye.tables import read_table
from tests.parsing.tiny_corpus import write_corpus

SETTINGS = load_settings().parse.quality
ENGINE = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)


def element(order: int, text: str, page: str = "p", score: float = 1.0, **more: str) -> Element:
    given = {"category": "text_block", "html": "", "latex": "", **more}
    box = {"x0": 0.0, "y0": 0.0, "x1": 9.0, "y1": 9.0}
    return Element(page_id=page, order=order, level="block", text=text, score=score, source="dots_ocr", **box, **given)


def checks(*elements: Element, other: str = "", **parsed: object) -> list[tuple[int, str]]:
    return [(one.order, one.check) for one in doubts("p", Parsed(elements, **parsed), other, SETTINGS)]


@pytest.mark.parametrize("latex", [r"\frac{a}{b}", r"\left( x \right)", r"a \} b", r"\begin{a}\begin{b}\end{b}\end{a}"])
def test_latex_that_balances(latex: str) -> None:
    assert latex_balances(latex)


@pytest.mark.parametrize("latex", [r"\frac{a}{b", "}{", r"\left( x", r"\begin{a}\begin{b}\end{a}\end{b}", r"\end{a}"])
def test_latex_that_does_not(latex: str) -> None:
    assert not latex_balances(latex)


def test_tables_are_rectangles_or_doubted() -> None:
    whole = '<table><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></table>'
    assert table_is_rectangle(whole)
    assert not table_is_rectangle(whole.replace("<td>c</td>", ""))
    assert not table_is_rectangle("no table")


def test_a_page_that_says_what_its_layer_says_is_trusted() -> None:
    said = "Row precharge time is 14.16 ns at -40 °C.\n行预充电时间"
    assert checks(element(0, "Row precharge time is 14.16 ns at −40 °C."), element(1, "行预充电时间"), other=said) == []


def test_each_fault_is_told_by_its_check() -> None:
    said = "Row precharge time is 14.16 ns here. Operating voltage is 1.1 V."
    assert checks(element(0, "Row precharge time is 14.18 ns here."), other=said) == [(0, "values"), (PAGE, "coverage")]
    wrong = element(1, "Something that nobody has ever written")
    right = element(0, said)
    assert checks(right, wrong, other=said) == [(1, "likeness")]
    assert checks(element(0, "loop\n" * 9), other="") == [(0, "repetition")]
    assert checks(element(0, "", latex="{"), element(1, "x", score=0.3)) == [(0, "latex"), (1, "confidence")]
    assert checks(degraded=True, note="it was cut off") == [(PAGE, "degraded")]


@pytest.mark.parametrize(
    ("read", "layer"),
    [
        ("25 mA", "25 uA"),
        ("1.2 mV", "1.2 V"),
        ("40 °C", "-40 °C"),
        ("14.1 ns", "14.16 ns"),
        ("2 V", "12 V"),
        ("≤ 5 V", "≥ 5 V"),
    ],
)
def test_a_value_with_another_number_sign_unit_or_relation_is_doubted(read: str, layer: str) -> None:
    sentence = "The limit of this pin is {} in all modes of operation.".format
    found = doubts("p", Parsed([element(0, sentence(read))]), sentence(layer), SETTINGS)
    assert [one.reason for one in found if one.check == "values"] == [f"the other reading has no {read}"]


@pytest.mark.parametrize(
    ("read", "layer"),
    [
        ("14.16 ns", "14.16ns"),
        ("14.16 ns", "14 .16 ns"),
        ("-40 °C", "− 40 °C to be kept, then -40°C"),
        ("$-40\\,^{\\circ}$C", "-40 °C"),
        ("≤ 5 V", "<= 5V"),
        ("5 V", "≤ 5 V"),
        ("12,000 cycles", "12000 cycles"),
        ("1.14\t1.2\t1.26\tV", "V\n1.14 1.2 1.26"),
        ("0.5 µm", "0.5μm"),
    ],
)
def test_a_value_that_is_only_written_otherwise_is_trusted(read: str, layer: str) -> None:
    found = doubts("p", Parsed([element(0, read)]), layer, SETTINGS)
    assert [one for one in found if one.check == "values"] == []


def test_the_queue_has_the_most_letters_in_doubt_first() -> None:
    pages = {"a": "short but wrong", "b": "long and wrong " * 9, "c": "long and nearly right " * 9}
    letters: dict[tuple[str, int], int] = {}
    for page, text in pages.items():
        letters |= letters_of(Parsed([element(0, text, page=page)]), page)
    scores = {"a": 0.0, "b": 0.0, "c": 0.9}
    found = [Doubt(page_id=page, order=0, check="likeness", score=scores[page], reason=page) for page in "abc"]
    ranked = queue(found, letters)
    assert [(one.page_id, one.rank, one.reason) for one in ranked] == [("b", 0, "b"), ("c", 1, "c"), ("a", 2, "a")]
    assert [one.page_id for one in queue([*found, failure("z", "no answer")], letters)] == ["z", "b", "c", "a"]


def test_pages_go_to_the_queue_when_layer_and_teacher_disagree(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 80), "white").save(buffer, "PNG")
    corpus = write_corpus(tmp_path / "corpus", [buffer.getvalue()] * 2, [("what the teacher misses", ""), ("", "")])
    summary = parse_corpus(corpus, tmp_path / "out", tmp_path / "work", load_settings().parse, ENGINE)
    assert summary.doubted == 1
    (review,) = read_table(tmp_path / "out" / "review", Review)
    assert review.page_id.endswith("-0000")
    assert review.reason == "100% of what the other reading says is missing here"
