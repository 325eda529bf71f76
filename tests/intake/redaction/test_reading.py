"""What no text layer says is read: pictures, turned lines, small letters; and a layer that lies is left out."""

import cv2
import numpy as np
import pytest

from fabeye.intake.redaction.reading import Reader
from fabeye.intake.redaction.runs import overlap
from tests.intake.redaction.drawn_pages import drawn, inked, run


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(scale=2.0)


def test_letters_are_where_they_are_read(reader: Reader) -> None:
    (found,) = reader.read(drawn((200, 80, "TH8402B")))
    assert found.text == "TH8402B"
    truth = run(200, 80, "TH8402B")
    for seen, box in zip(found.boxes, truth.boxes, strict=True):
        assert abs((seen[0] + seen[2]) - (box[0] + box[2])) / 2 < 6, "pixels, half a letter"


@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
def test_lines_are_read_in_four_directions(reader: Reader, quarter: int) -> None:
    picture = np.ascontiguousarray(np.rot90(drawn((120, 80, "Analyst Kevin Lin"), size=(500, 200)), quarter))
    (found,) = reader.read(picture)
    assert found.text.replace(" ", "") == "AnalystKevinLin"
    first, last = found.boxes[0], found.boxes[-1]
    across, down = last[0] - first[0], last[1] - first[1]
    assert {0: across > 50, 1: down < -50, 2: across < -50, 3: down > 50}[quarter]


def test_small_letters_are_read(reader: Reader) -> None:
    small = cv2.resize(drawn((20, 60, "HV 5.0 kV Tool SEM16B")), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert "SEM16B" in " ".join(one.text for one in reader.read(np.asarray(small, np.uint8)))


def test_a_true_layer_spares_reading_and_a_false_one_is_left_out(reader: Reader) -> None:
    picture = drawn((20, 20, "Requested by"), (200, 120, "Kevin Lin"))
    believed = reader.page(picture, [inked(20, 20, "Requested by"), inked(200, 120, "Kevin Lin")])
    assert (believed.layered, believed.runs) == (True, ())
    read = reader.page(picture, [run(20, 20, "Nothing here"), run(200, 120, "Xq7 ## zz")])
    assert not read.layered
    assert "Kevin" in " ".join(one.text for one in read.runs)


def test_a_picture_beside_the_layer_is_read(reader: Reader) -> None:
    picture = drawn((20, 20, "Requested by"), (200, 120, "TH8402B"))
    reading = reader.page(picture, [inked(20, 20, "Requested by")])
    assert (reading.layered, [(one.text, one.recognised) for one in reading.runs]) == (True, [("TH8402B", True)])
    assert overlap(reading.runs[0].box, run(200, 120, "TH8402B").box) > 0


def test_blank_paper_says_nothing(reader: Reader) -> None:
    assert reader.read(drawn()) == []
