"""Character boxes lie on the ink, however the page is turned and cut; metadata tells who and what."""

import io
import json
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from fabeye.intake.file_pages import GoodPage, ReadError
from fabeye.intake.metadata import pdf_metadata
from fabeye.intake.readers import read_pages

TEXT = "Lot TH8402B.03 fails at WL 5-7"
PAPER = 250  # brightness above which there is no ink
ROOM = 2  # pixels by which antialiased ink may leave its box


def written(path: Path, **entries: object) -> Path:
    """A PDF of one page that says TEXT in Helvetica, with further entries in its page."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 200))
    page = pdf.pages[0]
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pdf.make_indirect(font)))
    page.Contents = pdf.make_stream(f"BT /F 14 Tf 40 120 Td ({TEXT}) Tj 0 -30 Td (second) Tj ET".encode())
    for key, value in entries.items():
        page[f"/{key}"] = value
    pdf.save(path)
    return path


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"Rotate": 90},
        {"Rotate": 180},
        {"Rotate": 270},
        {"CropBox": [20, 40, 290.5, 180.25]},
        {"MediaBox": [-50, -60, 280, 210], "Rotate": 90},
        {"UserUnit": 2},
    ],
)
def test_every_letter_is_in_its_box_and_all_ink_in_one(tmp_path: Path, entries: dict[str, object]) -> None:
    (page,) = read_pages(written(tmp_path / "a.pdf", **entries), dpi=150, max_side=4000)
    assert isinstance(page, GoodPage)
    boxes = json.loads(page.characters)
    assert len(boxes) == len(page.text_layer)
    assert sorted(page.text_layer.split("\n")) == [TEXT, "second"]  # of a turned page pdfium begins at the other end
    ink_HW = np.array(Image.open(io.BytesIO(page.image)).convert("L")) < PAPER
    for letter, box in zip(page.text_layer, boxes, strict=True):
        assert (box is None) == (letter == "\n")
        if letter.strip():
            x0, y0, x1, y1 = (round(edge) for edge in box)
            assert ink_HW[y0 : y1 + 1, x0 : x1 + 1].any(), f"no ink in the box of {letter!r}"
            ink_HW[max(0, y0 - ROOM) : y1 + ROOM, max(0, x0 - ROOM) : x1 + ROOM] = False
    assert not ink_HW.any()


def test_a_page_without_text_has_no_boxes(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(tmp_path / "a.pdf")
    (page,) = read_pages(tmp_path / "a.pdf", dpi=72, max_side=4000)
    assert isinstance(page, GoodPage)
    assert (page.text_layer, page.characters) == ("", "")


def test_metadata_of_every_kind_is_found(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    note = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name.Text, "Rect": [0, 0, 9, 9]}
    said = pikepdf.Dictionary(**note, T=pikepdf.String("Li Na"), Contents=pikepdf.String("问 TH8402B"))
    link = pikepdf.Dictionary(**note, A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("mailto:li@fab.cn")))
    page.Annots = pdf.make_indirect(pikepdf.Array([said, link]))
    pdf.docinfo["/Author"] = "王志强"
    pdf.docinfo["/Title"] = ""
    pdf.attachments["raw data.csv"] = b"1,2"
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Lot history", 0))
        outline.root[0].children.append(pikepdf.OutlineItem("Wafer 3", 0))
    with pdf.open_metadata(update_docinfo=False) as xmp:
        xmp["dc:creator"] = ["Wang Zhiqiang"]
    pdf.save(tmp_path / "a.pdf")
    found = pdf_metadata(tmp_path / "a.pdf")
    assert "Title" not in found["info"]
    assert found["info"]["Author"] == "王志强"
    assert "Wang Zhiqiang" in found["xmp"]
    assert found["annotations"] == [
        {"page": 0, "texts": ["Li Na", "问 TH8402B"]},
        {"page": 0, "texts": ["mailto:li@fab.cn"]},
    ]
    assert found["attachments"] == ["raw data.csv"]
    assert found["bookmarks"] == ["Lot history", "Wafer 3"]


def test_metadata_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(ReadError, match="cannot be read"):
        pdf_metadata(tmp_path / "a.pdf")
