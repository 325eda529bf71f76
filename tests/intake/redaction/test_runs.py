"""Letters become runs, runs become texts, and texts know where their letters are."""

from hypothesis import given
from hypothesis import strategies as st

from fabeye.intake.redaction.runs import around, below, columns, continued, rows, runs_of_letters, sheet
from tests.intake.redaction.drawn_pages import letters, run

WORDS = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 900), st.text("abc #1", min_size=1, max_size=6)), max_size=8
)


def test_rows_from_the_top_and_cells_from_the_left() -> None:
    runs = [run(300, 52, "b"), run(10, 10, "Title"), run(10, 50, "a")]
    assert sheet(runs).text == "Title\na\tb"
    assert rows(runs) == [[1], [2, 0]]


@given(WORDS)
def test_a_sheet_knows_the_place_of_every_letter(words: list[tuple[int, int, str]]) -> None:
    runs = [run(x, y, text) for x, y, text in words]
    whole = sheet(runs)
    assert len(whole.text) == len(whole.places)
    for sign, place in zip(whole.text, whole.places, strict=True):
        assert (sign in "\t\n") if place is None else runs[place[0]].text[place[1]] == sign
    assert sorted(place for place in whole.places if place) == [
        (number, letter) for number, one in enumerate(runs) for letter in range(len(one.text))
    ]


def test_a_wide_gap_and_a_new_line_begin_a_run() -> None:
    found = runs_of_letters([*letters(10, 10, "Lot ID"), *letters(300, 10, "TH8402B"), *letters(10, 60, "Wafer")])
    assert [one.text for one in found] == ["Lot ID", "TH8402B", "Wafer"]
    assert found[1].box == around([box for _, box in letters(300, 10, "TH8402B")])


def test_letters_without_a_box_are_spaces_and_line_ends() -> None:
    found = runs_of_letters([*letters(10, 10, "a"), (" ", None), *letters(30, 10, "b"), ("\n", None)])
    assert [one.text for one in found] == ["a b"]


def test_a_column_ends_at_a_gap() -> None:
    runs = [run(10, 10, "Owner"), run(10, 40, "J. Wu"), run(10, 70, "A. Chen"), run(10, 300, "far"), run(400, 40, "x")]
    assert columns(runs) == [[1, 2], [2], [], [], []]
    assert below(runs, 0, 1)[0].text == "Owner\nJ. Wu"


def test_a_word_goes_on_in_the_next_line() -> None:
    both, seam = continued([run(10, 10, "lot TH84"), run(10, 40, "02B.03")], 0, 1)
    assert both.text == "lot TH8402B.03"
    assert len(both.boxes(seam - 4, len(both.text))) == 2


def test_a_turned_line_is_one_run_and_a_row_of_its_own() -> None:
    upwards = [(sign, (5.0, 190.0 - 12 * at, 15.0, 200.0 - 12 * at)) for at, sign in enumerate("by Kevin Lin")]
    turned, flat = runs_of_letters([*upwards, *letters(40, 100, "Lot ID")])
    assert (turned.text, turned.level, flat.level) == ("by Kevin Lin", False, True)
    assert rows([turned, flat]) == [[1], [0]]
