"""Pages out of good and bad files. The files are made here; real PDFs are read where they are at hand."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from fabeye.intake.file_pages import BadPage, GoodPage, ReadError
from fabeye.intake.readers import kind_of, open_file, read_pages

LIMIT = 400


def pdf(*sizes: tuple[float, float]) -> bytes:
    document = pdfium.PdfDocument.new()
    for width, height in sizes:
        document.new_page(width, height)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, 200 if mode == "L" else "white").save(buffer, format=kind, **options)
    return buffer.getvalue()


def tiff(*sizes: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    first, *others = [Image.new("L", size, 90) for size in sizes]
    first.save(buffer, format="TIFF", save_all=True, append_images=others)
    return buffer.getvalue()


def huge_png(side: int) -> bytes:
    """A PNG of side x side black pixels in a few kB, never held in memory as pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def read(tmp_path: Path, content: bytes, name: str = "file") -> list[GoodPage | BadPage]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(read_pages(path, dpi=72, max_side=LIMIT))


def good(pages: list[GoodPage | BadPage]) -> list[GoodPage]:
    assert all(isinstance(page, GoodPage) for page in pages), pages
    return [page for page in pages if isinstance(page, GoodPage)]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(pdf((9, 9)), "PDF"), (picture("PNG"), "PNG"), (picture("JPEG"), "JPEG"), (tiff((9, 9)), "TIFF")],
)
def test_the_content_decides_not_the_suffix(tmp_path: Path, content: bytes, kind: str) -> None:
    (tmp_path / "wrong.docx").write_bytes(content)
    assert kind_of(tmp_path / "wrong.docx") == kind
    assert len(good(read(tmp_path, content, "wrong.docx"))) == 1


def test_pdf_pages_have_size_and_dpi(tmp_path: Path) -> None:
    pages = good(read(tmp_path, pdf((100, 200), (50.5, 60))))
    assert [(page.number, page.width, page.height, page.dpi) for page in pages] == [
        (0, 100, 200, 72.0),
        (1, 51, 60, 72.0),
    ]
    with Image.open(io.BytesIO(pages[1].image)) as image:
        assert image.size == (51, 60)


def test_a_page_too_large_costs_itself_alone(tmp_path: Path) -> None:
    for content in (pdf((100, 100), (5000, 100), (90, 90)), tiff((100, 100), (LIMIT + 1, 9), (90, 90))):
        first, middle, last = read(tmp_path, content)
        assert isinstance(middle, BadPage)
        assert "pixels" in middle.reason
        assert [page.width for page in good([first, last])] == [100, 90]


@pytest.mark.parametrize("side", [LIMIT + 1, 12_000])
def test_a_huge_picture_is_not_decoded(tmp_path: Path, side: int) -> None:
    (page,) = read(tmp_path, huge_png(side))
    assert isinstance(page, BadPage)
    assert f"{side} x {side} pixels" in page.reason


def test_a_decompression_bomb_is_not_even_opened(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="decompression bombs"):
        read(tmp_path, huge_png(60_000))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 a zip", "not a PDF"),
        (b"%PDF-1.7 and nothing else", "damaged or cut short"),
        (b"\x89PNG\r\n\x1a\n", "damaged or cut short"),
    ],
)
def test_unreadable_files_are_refused_in_one_sentence(tmp_path: Path, content: bytes, word: str) -> None:
    with pytest.raises(ReadError, match=word) as caught:
        read(tmp_path, content)
    assert "\n" not in str(caught.value)


def test_a_pdf_cut_short_is_refused(tmp_path: Path) -> None:
    whole = pdf(*[(100, 100)] * 30)
    for length in range(200, len(whole) - 20, 500):
        with pytest.raises(ReadError, match="cut short"):
            read(tmp_path, whole[:length])


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    trailer = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> /ID [(a) (a)]" % (b"o" * 32, b"u" * 32)
    with pytest.raises(ReadError, match="encrypted"):
        read(tmp_path, pdf((9, 9)).replace(b"/Root", trailer + b"/Root", 1))


def test_a_picture_cut_short_is_a_bad_page(tmp_path: Path) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 60, 3), dtype=np.uint8))
    for kind in ("PNG", "JPEG"):
        buffer = io.BytesIO()
        noise.save(buffer, format=kind)
        (page,) = read(tmp_path, buffer.getvalue()[: buffer.tell() // 2])
        assert isinstance(page, BadPage)
        assert "cut short" in page.reason


def test_sixteen_bits_keep_their_range(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.fromarray(np.linspace(0, 65535, 64, dtype=np.uint16).reshape(8, 8)).save(buffer, format="TIFF")
    (page,) = good(read(tmp_path, buffer.getvalue()))
    with Image.open(io.BytesIO(page.image)) as image:
        assert image.mode == "L"
        assert image.getextrema() == (0, 255)
        assert len(set(image.getdata())) == 64


def test_transparency_lies_on_white_and_dpi_is_kept(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(buffer, format="PNG", dpi=(300, 300))
    (page,) = good(read(tmp_path, buffer.getvalue()))
    assert page.dpi == pytest.approx(300, abs=0.1)
    with Image.open(io.BytesIO(page.image)) as image:
        assert image.getpixel((4, 4)) == (255, 255, 255)


def test_a_turned_photo_is_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90 degrees
    (page,) = good(read(tmp_path, picture("JPEG", size=(60, 40), exif=exif)))
    assert (page.width, page.height) == (40, 60)


def test_frames_are_read_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "scan.tif").write_bytes(tiff((10, 20), (30, 40), (50, 60)))
    file = open_file(tmp_path / "scan.tif", "TIFF")
    assert file.pages == 3
    assert [page.width for page in good([file.page(number, 72, LIMIT) for number in (2, 0, 1)])] == [50, 10, 30]


def test_a_picture_tells_its_texts(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Wang Zhiqiang"
    (tmp_path / "sem.jpg").write_bytes(picture("JPEG", exif=exif))
    assert open_file(tmp_path / "sem.jpg", "JPEG").metadata()["info"]["Artist"] == "Wang Zhiqiang"


def test_every_page_of_a_real_specification(samples: Path) -> None:
    pages = list(read_pages(samples / "ihp_open_pdk" / "SG13G2_os_process_spec.pdf", dpi=36, max_side=12_000))
    assert [page.number for page in pages] == list(range(26))
    assert "SG13G2" in good(pages)[0].text_layer
