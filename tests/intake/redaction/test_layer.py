"""The text layer says what the painted page shows."""

import json

from hypothesis import given
from hypothesis import strategies as st

from fabeye.intake.redaction.detect import Span
from fabeye.intake.redaction.layer import layer_finds, layer_of, rewritten
from fabeye.schema import Sensitive
from tests.intake.redaction.drawn_pages import page, run

PAGE = page((20, 20, "Lot ID"), (200, 20, "TH8402B.03"), (20, 60, "Wafer 17"))


def test_the_layer_as_runs() -> None:
    assert [one.text for one in layer_of(PAGE)] == ["Lot ID", "TH8402B.03", "Wafer 17"]
    assert layer_of(page((20, 20, "scan"), layered=False)) == ()


def test_what_lies_under_paint_goes_and_the_placeholder_comes() -> None:
    text, characters = rewritten(PAGE, [(run(200, 20, "TH8402B.03").box, "LOT-7F3A2.03")], lambda _: [])
    assert text == "Lot ID\nLOT-7F3A2.03\nWafer 17\n"
    assert len(json.loads(characters)) == len(text)


def test_what_is_found_in_the_string_goes_too() -> None:
    text, _ = rewritten(
        PAGE, [], lambda text: [(Span(text.index("17"), text.index("17") + 2, "WAFER", 1), "WAF-00000")]
    )
    assert text.endswith("Wafer WAF-00000\n")


def test_a_layer_without_places_is_rewritten_as_a_string() -> None:
    bare = page((20, 20, "x"), layered=False)
    assert rewritten(bare, [((0, 0, 9, 9), "LOT-7F3A2")], lambda _: []) == ("", "")


def test_spans_of_the_layer_have_boxes_on_the_page() -> None:
    start = PAGE.text_layer.index("TH8402B")
    (find,) = layer_finds(PAGE, [Span(start, start + 10, Sensitive.LOT, 1.0)])
    assert find.text == "TH8402B.03"
    assert abs(find.boxes[0][0] - 200) <= 1


@given(
    st.lists(st.tuples(st.integers(0, 600), st.integers(0, 150), st.integers(1, 300), st.integers(1, 60)), max_size=4)
)
def test_every_letter_keeps_its_entry(boxes: list[tuple[int, int, int, int]]) -> None:
    painted = [((float(x), float(y), float(x + w), float(y + h)), "LOT-7F3A2") for x, y, w, h in boxes]
    text, characters = rewritten(PAGE, painted, lambda _: [])
    assert len(json.loads(characters)) == len(text)
