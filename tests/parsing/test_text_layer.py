"""The text layer as a teacher: letters to lines, and a page that has none."""

import io
import json
from pathlib import Path

from PIL import Image

from fabeye.parsing.parse import parse_corpus
from fabeye.parsing.text_layer import lines_of
from fabeye.schema import Element, Quarantined
from fabeye.settings import EngineSettings, load_settings
from fabeye.tables import read_table
from tests.parsing.tiny_corpus import write_corpus

ENGINE = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)


def layer(*texts: tuple[float, float, str]) -> tuple[str, str]:
    """Text and characters of letters 10 wide and 20 high; each text ends its line."""
    text, boxes = "", []
    for x, y, words in texts:
        text += words + "\n"
        boxes += [[x + 10 * n, y, x + 10 * n + 9, y + 20] for n in range(len(words))] + [None]
    return text, json.dumps(boxes)


def test_letters_become_lines() -> None:
    found = lines_of(*layer((10, 10, "tRCD 14 ns"), (10, 40, "时序参数"), (10, 70, " ")))
    assert [(line.text, line.x0, line.y0, line.x1, line.y1) for line in found] == [
        ("tRCD 14 ns", 10, 10, 109, 30),
        ("时序参数", 10, 40, 49, 60),
    ]


def test_a_gap_or_a_step_ends_a_line() -> None:
    text, boxes = layer((10, 10, "left"), (200, 10, "right"))
    both = text.replace("\n", "")
    places = [box for box in json.loads(boxes) if box]
    assert [line.text for line in lines_of(both, json.dumps(places))] == ["left", "right"]


def letters(*placed: tuple[str, float, float, float, float]) -> tuple[str, str]:
    return "".join(one[0] for one in placed), json.dumps([list(one[1:]) for one in placed])


def test_points_dashes_and_narrow_letters_part_no_word() -> None:
    text, boxes = letters(
        ("1", 3, 10, 7, 24), (".", 12, 22, 14, 24), ("7", 18, 10, 26, 24), ("-", 30, 17, 34, 18), ("_", 38, 27, 46, 28),
        ("t", 52, 11, 56, 24), (" ", 56, 10, 62, 24), ("V", 62, 10, 72, 24),
    )  # fmt: skip
    assert [line.text for line in lines_of(text, boxes)] == ["1.7-_t V"]


def test_a_layer_without_spaces_gets_them_by_its_gaps() -> None:
    text, boxes = letters(("1", 3, 10, 7, 24), (".", 10, 22, 12, 24), ("7", 15, 10, 22, 24), ("V", 28, 10, 38, 24))
    assert [line.text for line in lines_of(text, boxes)] == ["1.7 V"]


def test_pages_with_and_without_a_layer(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(buffer, "PNG")
    said = layer((40, 100, "Operating voltage"), (40, 130, "is 1.1 V"))
    corpus = write_corpus(tmp_path / "corpus", [buffer.getvalue()] * 2, [said, ("", "")])
    settings = load_settings().parse.model_copy(update={"engine": "text_layer"})
    summary = parse_corpus(corpus, tmp_path / "out", tmp_path / "work", settings, ENGINE)
    assert summary.quarantined == 1
    (lost,) = read_table(tmp_path / "out" / "quarantine", Quarantined)
    assert lost.reason == "the page has no text layer; parse it with another teacher"
    lines = [one.text for one in read_table(tmp_path / "out" / "elements", Element) if one.level == "line"]
    assert lines == ["Operating voltage", "is 1.1 V"]
