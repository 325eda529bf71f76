"""The teacher over a small corpus: order, resuming, failures."""

import hashlib
import io
from pathlib import Path

import matplotlib
import pytest
from PIL import Image, ImageDraw, ImageFont

from fabeye.ocr import Line
from fabeye.parsing import rapid
from fabeye.parsing.parse import ParseSummary, parse_corpus
from fabeye.parsing.rapid import fingerprint, to_elements
from fabeye.parsing.worker import load_reading, save_reading
from fabeye.schema import Document, Element, Page, Quarantined, page_id
from fabeye.settings import ParseSettings
from fabeye.tables import read_table, write_table

FONT = ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"), 20)
SETTINGS = ParseSettings(engine="rapidocr", min_score=0.5, workers=2, threads=1)
DOCUMENT = "0123456789abcdef"


def png(text: str) -> bytes:
    image = Image.new("RGB", (260, 60), "white")
    ImageDraw.Draw(image).text((15, 15), text, fill="black", font=FONT)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


def write_corpus(folder: Path, images: list[bytes]) -> Path:
    document = Document(
        document_id=DOCUMENT,
        layer="domain",
        family="f",
        language="en",
        path="data/raw/domain/f/报告.pdf",
        sha256=hashlib.sha256(b"").hexdigest(),
        pages=len(images),
        split="train",
        generated=False,
    )
    pages = [
        Page(
            page_id=page_id(DOCUMENT, number),
            document_id=DOCUMENT,
            number=number,
            width=260,
            height=60,
            dpi=150,
            image=image,
            text_layer="",
        )
        for number, image in enumerate(images)
    ]
    write_table(folder / "documents", Document, [document])
    write_table(folder / "pages", Page, pages)
    return folder


def elements(out: Path) -> list[tuple[str, str]]:
    return [(one.page_id[-4:], one.text) for one in read_table(out / "elements", Element)]


def test_pages_in_order_and_a_rerun_reads_nothing(tmp_path: Path) -> None:
    texts = ["gamma", "alpha", "beta", "alpha"]
    corpus = write_corpus(tmp_path / "corpus", [png(text) for text in texts])
    summary = parse_corpus(corpus, tmp_path / "out", tmp_path / "work", SETTINGS)
    assert summary == ParseSummary(pages=4, reused=1, lines=4, quarantined=0), "two pages are one picture"
    assert elements(tmp_path / "out") == [(f"{number:04d}", text) for number, text in enumerate(texts)]
    again = parse_corpus(corpus, tmp_path / "again", tmp_path / "work", SETTINGS)
    assert again == ParseSummary(pages=4, reused=4, lines=4, quarantined=0)
    for part in (tmp_path / "out").rglob("*.*"):
        assert part.read_bytes() == (tmp_path / "again" / part.relative_to(tmp_path / "out")).read_bytes()


def test_only_what_is_missing_or_damaged_is_read(tmp_path: Path) -> None:
    images = [png("one"), png("two")]
    corpus = write_corpus(tmp_path / "corpus", images)
    kept = [tmp_path / "work" / f"{fingerprint(image)}.json" for image in images]
    save_reading(kept[0], [Line(1, 2, 3, 4, "kept from before", 0.9), Line(1, 9, 3, 12, "unsure", 0.3)])
    kept[1].write_text('[[1, 2, 3, 4, "half a li')
    summary = parse_corpus(corpus, tmp_path / "out", tmp_path / "work", SETTINGS)
    assert summary.reused == 1
    assert elements(tmp_path / "out") == [("0000", "kept from before"), ("0001", "two")]
    unsure = SETTINGS.model_copy(update={"min_score": 0.2})
    assert parse_corpus(corpus, tmp_path / "out", tmp_path / "work", unsure).reused == 2
    assert ("0000", "unsure") in elements(tmp_path / "out")


def test_a_page_that_cannot_be_read_goes_to_quarantine(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", [b"no picture at all", png("fine")])
    summary = parse_corpus(corpus, tmp_path / "out", tmp_path / "work", SETTINGS)
    assert (summary.lines, summary.quarantined) == (1, 1)
    (lost,) = read_table(tmp_path / "out" / "quarantine", Quarantined)
    assert (lost.path, lost.page, lost.stage) == ("data/raw/domain/f/报告.pdf", 0, "parse")
    assert lost.reason == "the teacher failed on this page (UnidentifiedImageError)"


def test_another_engine_or_picture_is_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(b"page")
    assert fingerprint(b"page") == before != fingerprint(b"other page")
    monkeypatch.setattr(rapid, "VERSION", "another engine")
    assert fingerprint(b"page") != before


def test_blank_and_doubtful_lines_are_dropped() -> None:
    lines = [Line(0, 0, 9, 9, "  ", 0.99), Line(0, 20, 9, 29, "sure", 0.5), Line(0, 40, 9, 49, "doubtful", 0.49)]
    assert [(one.order, one.text) for one in to_elements("p", lines, min_score=0.5)] == [(0, "sure")]


def test_a_reading_survives_its_file(tmp_path: Path) -> None:
    lines = [Line(0.5, 1.0, 2.5, 3.0, "失效 分析", 0.9876)]
    save_reading(tmp_path / "a.json", lines)
    assert load_reading(tmp_path / "a.json") == lines
    assert load_reading(tmp_path / "none.json") is None
