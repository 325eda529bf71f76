"""A page is searched by rows, columns and line ends, and for what is known."""

import pytest

from fabeye.intake.redaction.detect import Detector
from fabeye.intake.redaction.known import Known, known_from
from fabeye.intake.redaction.search import literal, search_page, search_texts
from fabeye.schema import Sensitive
from tests.intake.redaction.drawn_pages import run


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(Sensitive, 0.5)


def test_a_value_beside_and_below_its_label(detector: Detector) -> None:
    runs = [run(10, 10, "Analyst"), run(200, 10, "J. Wu"), run(10, 60, "Owner"), run(10, 90, "M. Rahmani")]
    runs += [run(10, 120, "P. Osei"), run(200, 60, "Due"), run(200, 90, "2024-05-17")]
    assert [find.text for find in search_page(runs, detector, Known())] == ["J. Wu", "M. Rahmani", "P. Osei"]


def test_what_ends_a_column_ends_the_search(detector: Detector) -> None:
    runs = [run(10, 10, "Lot ID"), run(10, 40, "Wafer map"), run(10, 70, "A7781-22")]
    assert search_page(runs, detector, Known()) == []


def test_what_is_read_in_a_ruling_ends_no_column_of_a_text_layer(detector: Detector) -> None:
    runs = [run(10, 10, "Owner"), run(10, 40, "日", recognised=True), run(10, 70, "M. Rahmani")]
    assert [find.text for find in search_page(runs, detector, Known())] == ["M. Rahmani"]


def test_a_thing_broken_over_two_lines(detector: Detector) -> None:
    runs = [run(10, 10, r"saved in \\fab-fs03\FA\20"), run(10, 38, r"24\TH8402B for all")]
    (find,) = [find for find in search_page(runs, detector, Known()) if len(find.boxes) == 2]
    assert find.text == r"\\fab-fs03\FA\2024\TH8402B"


def test_what_is_known_from_elsewhere(detector: Detector) -> None:
    known = known_from([(Sensitive.LOT, "TH8402B")])
    (find,) = search_page([run(10, 10, "map TH8402B7 x", recognised=True)], detector, known)
    assert (find.kind, find.recognised) == (Sensitive.LOT, True)


def test_the_same_string_elsewhere_on_the_page(detector: Detector) -> None:
    runs = [run(10, 10, "chamber CH-D"), run(10, 100, "CH-D"), run(300, 100, "CH-DX")]
    assert [find.text for find in search_page(runs, detector, Known())] == ["CH-D", "CH-D"]


def test_a_string_is_a_word_of_its_own() -> None:
    assert literal("CH-D").search("at CH-D.")
    assert not literal("CH-D").search("CH-DX")
    assert literal("Kevin Lin").search("Kevin\nLin")
    assert literal("王伟").search("由王伟确认")


def test_strings_of_the_page_are_sought_in_a_text(detector: Detector) -> None:
    first, second = search_texts(["title ABC", "lot TH8402B.03"], detector, Known(), [(Sensitive.CASE, "ABC")])
    assert [(span.start, span.end, span.kind) for span in first] == [(6, 9, Sensitive.CASE)]
    assert [(span.start, span.end, span.kind) for span in second] == [(4, 14, Sensitive.LOT)]
