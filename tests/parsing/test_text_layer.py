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
