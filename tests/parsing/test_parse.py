"""The teacher over a small corpus: order, resuming, failures."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import matplotlib
import pytest
from PIL import Image, ImageDraw, ImageFont

from fabeye.parsing import parse
from fabeye.parsing.parse import ParseSummary, parse_corpus
from fabeye.parsing.rapid import Rapid
from fabeye.parsing.readings import FILE, Readings
from fabeye.parsing.teacher import Parsed, Sheet
from fabeye.schema import Element, Page, Quarantined, Review, Source
from fabeye.settings import EngineSettings, load_settings
from fabeye.tables import read_table
from tests.parsing.tiny_corpus import write_corpus

FONT = ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"), 20)
SETTINGS = load_settings().parse
ENGINE = EngineSettings(engine="processes", workers=1, seconds=60, mib=4096)


def png(text: str) -> bytes:
    image = Image.new("RGB", (260, 60), "white")
    ImageDraw.Draw(image).text((15, 15), text, fill="black", font=FONT)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


def parsed(root: Path, images: list[bytes], out: str = "out", **changed: object) -> ParseSummary:
    corpus = write_corpus(root / "corpus", images)
    return parse_corpus(corpus, root / out, root / "work", SETTINGS.model_copy(update=changed), ENGINE)


def lines(out: Path) -> list[tuple[str, str]]:
    return [(one.page_id[-4:], one.text) for one in read_table(out / "elements", Element) if one.level == "line"]


def test_pages_in_order_and_a_rerun_reads_nothing(tmp_path: Path) -> None:
    texts = ["gamma", "alpha", "beta", "alpha"]
    images = [png(text) for text in texts]
    summary = parsed(tmp_path, images)
    assert (summary.pages, summary.reused, summary.quarantined) == (4, 1, 0), "two pages are one picture"
    assert lines(tmp_path / "out") == [(f"{number:04d}", text) for number, text in enumerate(texts)]
    assert parsed(tmp_path, images, "again").reused == 4
    for part in (tmp_path / "out").rglob("*.*"):
        assert part.read_bytes() == (tmp_path / "again" / part.relative_to(tmp_path / "out")).read_bytes()
    assert parsed(tmp_path, [*images, png("more")]).reused == 4
    assert parsed(tmp_path, images, min_score=1.0).reused == 4
    assert lines(tmp_path / "out") == [], "what is unsure is dropped without being read again"


def test_a_page_that_cannot_be_read_goes_to_quarantine(tmp_path: Path) -> None:
    summary = parsed(tmp_path, [b"no picture at all", png("fine")])
    assert (summary.reused, summary.quarantined) == (0, 1)
    (lost,) = read_table(tmp_path / "out" / "quarantine", Quarantined)
    assert (lost.path, lost.page, lost.stage) == ("data/raw/domain/f/报告.pdf", 0, "parse")
    assert lost.reason.startswith("the page cannot be worked on (UnidentifiedImageError")
    first = next(read_table(tmp_path / "out" / "review", Review))
    assert (first.page_id[-4:], first.reason) == ("0000", f"the teacher has failed: {lost.reason}")
    assert parsed(tmp_path, [b"no picture at all", png("fine")]).reused == 1


def test_another_reader_or_picture_is_another_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed(tmp_path, [png("one")])
    monkeypatch.setattr(Rapid, "parameters", lambda _: {"engine": "another"})
    assert parsed(tmp_path, [png("one")]).reused == 0


class Saying:
    """A teacher that says the same words on every page, and remembers which pages it was shown."""

    def __init__(self, source: Source, words: str) -> None:
        self.source, self.words, self.shown = source, words, []

    def parameters(self) -> dict[str, str]:
        return {"words": self.words}

    def key(self, page: Page) -> bytes:
        return page.page_id.encode()

    def read(self, pages: Iterable[tuple[str, Page]]) -> Iterator[tuple[str, str]]:
        for name, page in pages:
            self.shown.append(page.number)
            yield name, self.words

    def parse(self, sheet: Sheet, raw: str) -> Parsed:
        block = {"order": 0, "category": "text_block", "level": "block", "text": raw, "html": "", "latex": ""}
        box = {"x0": 0.0, "y0": 0.0, "x1": 9.0, "y1": 9.0}
        return Parsed([Element(page_id=sheet.page_id, score=1.0, source=self.source.value, **block, **box)])


@pytest.mark.parametrize(("engine", "shown", "doubted"), [("dots_ocr", [1], 1), ("text_layer", [0, 1], 2)])
def test_a_second_teacher_reads_what_has_no_other_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, shown: list[int], doubted: int
) -> None:
    words = "what the first of them says"
    first, second = Saying(Source(engine), words), Saying(Source.RAPIDOCR, "something else altogether")
    monkeypatch.setattr(
        parse, "make_teacher", lambda _settings, _engine, name="": second if name == "rapidocr" else first
    )
    corpus = write_corpus(tmp_path / "corpus", [png("a"), png("b")], [(words, ""), ("", "")])
    quality = SETTINGS.quality.model_copy(update={"second": "rapidocr"})
    settings = SETTINGS.model_copy(update={"engine": engine, "quality": quality})
    assert parse_corpus(corpus, tmp_path / "out", tmp_path / "work", settings, ENGINE).doubted == doubted
    assert (first.shown, second.shown) == ([0, 1], shown)


def test_a_reading_is_kept(tmp_path: Path) -> None:
    with Readings(tmp_path) as readings:
        readings.add("key", '{"text": "失效"}')
    with Readings(tmp_path) as readings:
        assert readings.get("key") == '{"text": "失效"}'
        assert "key" in readings
        assert "other" not in readings
        assert readings.get("other") is None
    assert (tmp_path / FILE).is_file()
