"""The embedded recogniser on pictures drawn here: it reads, says nothing, asks nobody, and always the same."""

import logging
import socket
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from fabeye.metrics.text import edit_distance
from fabeye.ocr import Line, TextRecogniser, rows

FONT = ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"), 20)


@pytest.fixture(scope="module")
def recogniser() -> TextRecogniser:
    return TextRecogniser(threads=1)


def drawn(*lines: tuple[int, int, str], size: tuple[int, int] = (500, 160)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    for x, y, text in lines:
        ImageDraw.Draw(image).text((x, y), text, fill="black", font=FONT)
    return image


def test_lines_with_boxes_in_pixels(recogniser: TextRecogniser) -> None:
    found = recogniser.read(drawn((20, 20, "Row precharge time"), (300, 100, "14.16 ns")))
    assert [line.text for line in found] == ["Row precharge time", "14.16 ns"]
    first, second = found
    assert 10 <= first.x0 <= 25 <= first.x1 <= 260
    assert 10 <= first.y0 <= 30 <= first.y1 <= 60
    assert 290 <= second.x0 <= 305
    assert all(line.score > 0.9 for line in found)


def test_the_same_picture_reads_the_same(recogniser: TextRecogniser) -> None:
    image = drawn((20, 20, "VDD = 1.1 V"), (20, 80, "tRCD 14.16"))
    assert recogniser.read(image) == recogniser.read(image) == TextRecogniser(threads=2).read(image)


def test_blank_paper_has_no_text(recogniser: TextRecogniser, capfd: pytest.CaptureFixture[str]) -> None:
    assert recogniser.read(Image.new("RGB", (300, 200), "white")) == []
    assert recogniser.read_crop(Image.new("RGB", (40, 12), "white")) == ""
    assert capfd.readouterr() == ("", "")


def test_loading_is_silent_and_asks_nobody(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the recogniser wants the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with caplog.at_level(logging.DEBUG):
        TextRecogniser(threads=1).read(drawn((20, 20, "quiet")))
    assert capfd.readouterr() == ("", "")
    assert not [record for record in caplog.records if "rapid" in record.name.lower()]


@pytest.mark.parametrize("texts", [["0.48"], ["Refresh cycle time, all banks"], ["first line", "second line"]])
def test_crops_of_one_and_more_lines(recogniser: TextRecogniser, texts: list[str]) -> None:
    tight = drawn(*((4, 2 + 30 * row, text) for row, text in enumerate(texts)), size=(300, 30 * len(texts)))
    assert edit_distance(" ".join(texts), recogniser.read_crop(tight)) == 0


@pytest.mark.parametrize("size", [(1, 1), (3, 400), (2000, 2)])
def test_crops_of_no_size_to_speak_of_do_not_fail(recogniser: TextRecogniser, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    assert isinstance(recogniser.read_crop(Image.fromarray(noise)), str)


def test_cells_side_by_side_are_one_row() -> None:
    cells = [Line(200, 11, 260, 29, "b", 1), Line(0, 10, 50, 30, "a", 1), Line(0, 40, 50, 60, "c", 1)]
    assert [[line.text for line in row] for row in rows(cells)] == [["a", "b"], ["c"]]
