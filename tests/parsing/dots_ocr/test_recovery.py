"""What is had back from answers that are cut, run together, badly escaped or run in circles."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from fabeye.parsing.dots_ocr.recovery import Cell, recover

CELLS = st.lists(
    st.builds(
        lambda x, y, width, height, category, text: {
            "bbox": [x, y, x + width, y + height],
            "category": category,
            "text": text,
        },
        st.integers(0, 900),
        st.integers(0, 900),
        st.integers(1, 90),
        st.integers(1, 90),
        st.sampled_from(["Text", "Table", "Formula", "Title"]),
        st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="{}"))
        | st.sampled_from([r"\frac{a}{b}", 'a "b" c', "1\n2"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=(lambda cell: tuple(cell["bbox"]), lambda cell: cell["text"]),
)


def as_cells(written: list[dict]) -> tuple[Cell, ...]:
    return tuple(Cell(tuple(cell["bbox"]), cell["category"], cell["text"]) for cell in written)


@settings(max_examples=60)
@given(CELLS, st.integers(0, 10**6))
def test_however_an_answer_is_cut_its_complete_cells_stay(written: list[dict], place: int) -> None:
    answer = json.dumps(written, ensure_ascii=False)
    whole = recover(answer)
    assert whole.sound
    assert whole.cells == as_cells(written)
    end = 1 + place % (len(answer) - 1)
    ends = [len(json.dumps(written[:count], ensure_ascii=False)) - 1 for count in range(1, len(written) + 1)]
    complete = sum(one <= end for one in ends)
    read = recover(answer[:end])
    assert not read.sound
    assert read.cells == as_cells(written)[:complete]


def test_run_together_and_fenced() -> None:
    one = {"bbox": [1, 2, 3, 4], "category": "Text", "text": "a } { b"}
    two = {"bbox": [1, 5, 3, 9], "category": "Picture"}
    read = recover(json.dumps(one) + json.dumps(two))
    assert [cell.text for cell in read.cells] == ["a } { b", ""]
    assert recover(f"```json\n{json.dumps([one, two])}\n```").sound


def test_a_single_cell_without_an_array_is_a_page() -> None:
    assert recover('{"bbox": [1, 2, 3, 4], "category": "Text", "text": "x"}') == recover(
        '[{"bbox": [1, 2, 3, 4], "category": "Text", "text": "x"}]'
    )


def test_latex_with_single_backslashes_is_latex() -> None:
    answer = r'[{"bbox": [1, 2, 3, 4], "category": "Formula", "text": "\alpha \times \frac{a}{b} \nu\nnext"}]'
    (cell,) = recover(answer).cells
    assert recover(answer.replace(r"\alpha", r"\\alpha")).cells == (cell,), "valid JSON, but tabulators and form feeds"
    assert cell.text == "\\alpha \\times \\frac{a}{b} \\nu\nnext"


def test_quotation_marks_inside_a_text() -> None:
    first = '{"bbox": [1, 2, 3, 4], "category": "Text", "text": "the "fast" mode"}'
    answer = f"[{first}, {as_json([1, 5, 3, 9], text='b')}"
    assert [cell.text for cell in recover(answer).cells] == ['the "fast" mode', "b"]


def test_a_cut_cell_keeps_its_box_and_what_was_said() -> None:
    read = recover('[{"bbox": [1, 2, 3, 4], "category": "Table", "text": "<table><tr><td>1</td>\\')
    assert read.cells == ()
    assert read.cut == Cell((1, 2, 3, 4), "Table", "<table><tr><td>1</td>")


def test_circles_are_unrolled_and_noticed() -> None:
    cell = {"bbox": [1, 2, 3, 4], "category": "Text", "text": "loop"}
    read = recover(json.dumps([cell] * 12))
    assert read.cells == as_cells([cell])
    assert not read.sound


def test_what_is_no_cell_is_left_out() -> None:
    bad = [as_json([3, 2, 1, 4]), as_json([1, 2, 3]), as_json([1, 2, 3, 4], category="Poem")]
    assert recover(f"[{', '.join(bad)}]").cells == ()
    assert not recover(f"[{', '.join(bad)}]").sound
    assert recover("I cannot read this page.").cells == ()


def as_json(box: list[int], category: str = "Text", text: str = "a") -> str:
    return json.dumps({"bbox": box, "category": category, "text": text})
