"""A folder of files that nobody should have to open, among good ones: the same for the same seed.

Each maker writes one kind of malice; `make_folder` takes them in turn, so any number of files holds every kind.
"""

import io
import os
import random
import struct
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pikepdf
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

LONGEST_NAME = 200  # bytes; most file systems end at 255
DEEP = 60  # folders of a path of some thousand letters
NESTING = 20_000  # brackets
BOMB_BYTES = 2**30  # what a picture unfolds to
METADATA_BYTES = 2**26  # what a metadata stream unfolds to: pikepdf reads it when it saves the file
CLAIMED_PAGES = 10**6


@dataclass(slots=True)
class Folder:
    """What was made: pages that must come in, by the file's name below the folder, and pairs that must."""

    path: Path
    rng: random.Random
    samples: list[bytes]
    pages: dict[str, int] = field(default_factory=dict)
    pairs: dict[str, int] = field(default_factory=dict)

    def put(self, name: str, content: bytes) -> Path:
        """Write a file of the domain layer."""
        path = self.path / "domain" / "hostile" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def good(self, name: str, content: bytes, pages: int = 1) -> None:
        """Write a file whose `pages` pages must come in."""
        self.put(name, content)
        self.pages[f"domain/hostile/{name}"] = pages


Maker = Callable[[Folder, str], None]


def make_folder(path: Path, count: int, seed: int, samples: list[bytes]) -> Folder:
    """Write `count` files below `path`; samples: real PDFs to spoil, may be empty."""
    folder = Folder(path, random.Random(seed), samples)
    for number in range(count):
        MAKERS[number % len(MAKERS)](folder, f"{number:04d}")
    return folder


def page_pdf(folder: Folder, pages: int = 1, drawing: str = "") -> pikepdf.Pdf:
    """A PDF of blank pages, no two alike, with `drawing` on the first."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(folder.rng.randint(60, 200), folder.rng.randint(60, 200)))
    pdf.pages[0].Contents = pdf.make_stream(f"% {folder.rng.random()}\n{drawing}".encode())
    return pdf


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    """The bytes of a PDF."""
    buffer = io.BytesIO()
    pdf.save(buffer, **options)
    return buffer.getvalue()


def picture(folder: Folder, kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A noisy picture, no two alike."""
    buffer = io.BytesIO()
    Image.frombytes("L", size, folder.rng.randbytes(size[0] * size[1])).save(buffer, format=kind)
    return buffer.getvalue()


@cache
def unfolding(size: int) -> bytes:
    """A small stream that unfolds to `size` bytes, whole MiB."""
    packer = zlib.compressobj(9)
    zeros = bytes(2**20)
    return b"".join(packer.compress(zeros) for _ in range(size // len(zeros))) + packer.flush()


def honest(folder: Folder, name: str) -> None:
    folder.good(f"{name}.pdf", saved(page_pdf(folder, 3)), 3)


def honest_scan(folder: Folder, name: str) -> None:
    frames = [Image.frombytes("L", (20, 20), folder.rng.randbytes(400)) for _ in range(3)]
    buffer = io.BytesIO()
    frames[0].save(buffer, format="TIFF", save_all=True, append_images=frames[1:])
    folder.good(f"{name}.tif", buffer.getvalue(), 3)


def cut_pdf(folder: Folder, name: str) -> None:
    whole = saved(page_pdf(folder, 5))
    folder.put(f"{name}.pdf", whole[: folder.rng.randrange(1, len(whole) - 30)])


def cut_picture(folder: Folder, name: str) -> None:
    whole = picture(folder, folder.rng.choice(["PNG", "JPEG", "TIFF"]))
    folder.put(f"{name}.png", whole[: folder.rng.randrange(4, len(whole) // 2)])


def encrypted(folder: Folder, name: str) -> None:
    folder.put(f"{name}.pdf", saved(page_pdf(folder), encryption=pikepdf.Encryption(user="u", owner="o")))


def owner_password(folder: Folder, name: str) -> None:
    locked = pikepdf.Encryption(user="", owner="o", allow=pikepdf.Permissions(extract=False))
    folder.good(f"{name}.pdf", saved(page_pdf(folder, 2), encryption=locked), 2)


def pixel_bomb(folder: Folder, name: str) -> None:
    side = folder.rng.choice([20_000, 60_000, 2**31 - 1])
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(folder.rng.randint(9, 99)))), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in chunks)
    folder.put(f"{name}.png", b"\x89PNG\r\n\x1a\n" + body)


def huge_page(folder: Folder, name: str) -> None:
    pdf = page_pdf(folder, 3)
    pdf.pages[1].MediaBox = [0, 0, 1e9, 1e9]
    folder.good(f"{name}.pdf", saved(pdf), 2)


def flate_bomb(folder: Folder, name: str) -> None:
    """A picture and a metadata stream that unfold to a gigabyte each; the other page is good."""
    pdf = page_pdf(folder, 2)
    flate = pikepdf.Name.FlateDecode
    pdf.Root.Metadata = pikepdf.Stream(pdf, unfolding(METADATA_BYTES), Type=pikepdf.Name.Metadata, Filter=flate)
    image = pikepdf.Stream(
        pdf, unfolding(BOMB_BYTES), Subtype=pikepdf.Name.Image, Width=32_768, Height=32_768, Filter=flate
    )
    image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 8
    pdf.pages[1].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
    pdf.pages[1].Contents = pdf.make_stream(b"50 0 0 50 0 0 cm /I Do")
    folder.put(f"{name}.pdf", saved(pdf))
    folder.pages[f"domain/hostile/{name}.pdf"] = 1


def endless_drawing(folder: Folder, name: str) -> None:
    """Forms that draw forms, ten times each, many levels deep; the first page is good."""
    pdf = page_pdf(folder, 2)
    inner = pikepdf.Stream(pdf, b"0 0 m 9 9 l S", Subtype=pikepdf.Name.Form, BBox=[0, 0, 99, 99])
    for _ in range(12):
        outer = pikepdf.Stream(pdf, b"/F Do " * 10, Subtype=pikepdf.Name.Form, BBox=[0, 0, 99, 99])
        outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=pdf.make_indirect(inner)))
        inner = outer
    pdf.pages[1].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=pdf.make_indirect(inner)))
    pdf.pages[1].Contents = pdf.make_stream(b"/F Do")
    folder.put(f"{name}.pdf", saved(pdf))
    folder.pages[f"domain/hostile/{name}.pdf"] = 1


def deep_nesting(folder: Folder, name: str) -> None:
    head, _, tail = saved(page_pdf(folder)).partition(b"/Type /Page")
    folder.put(f"{name}.pdf", head + b"/X " + b"[" * NESTING + b"]" * NESTING + b" /Type /Page" + tail)


def too_many_pages(folder: Folder, name: str) -> None:
    whole = saved(page_pdf(folder), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    folder.put(f"{name}.pdf", whole.replace(b"/Count 1", b"/Count %d" % CLAIMED_PAGES, 1))


def circular_pages(folder: Folder, name: str) -> None:
    pdf = page_pdf(folder, 2)
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)
    folder.put(f"{name}.pdf", saved(pdf))


def broken_font(folder: Folder, name: str) -> None:
    pdf = page_pdf(folder)
    font = pikepdf.Stream(pdf, folder.rng.randbytes(3000))
    described = pikepdf.Dictionary(Type=pikepdf.Name.FontDescriptor, FontFile2=pdf.make_indirect(font), Flags=4)
    kinds = {"Type": pikepdf.Name.Font, "Subtype": pikepdf.Name.TrueType, "BaseFont": pikepdf.Name.Broken}
    page_font = pikepdf.Dictionary(**kinds, FontDescriptor=pdf.make_indirect(described), Widths=[-1, 1e30])
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pdf.make_indirect(page_font)))
    pdf.pages[0].Contents = pdf.make_stream(f"% {folder.rng.random()}\nBT /F 12 Tf (broken \\377) Tj ET".encode())
    folder.good(f"{name}.pdf", saved(pdf))


def script_and_attachment(folder: Folder, name: str) -> None:
    pdf = page_pdf(folder)
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("while (true) app.alert(1);"))
    pdf.Root.OpenAction = pdf.make_indirect(script)
    pdf.attachments["../../../etc/evil.exe"] = b"MZ"
    folder.good(f"{name}.pdf", saved(pdf))


def loop_of_bookmarks(folder: Folder, name: str) -> None:
    pdf = page_pdf(folder)
    item = pdf.make_indirect(pikepdf.Dictionary(Title=pikepdf.String("again")))
    item.Next = item
    pdf.Root.Outlines = pdf.make_indirect(pikepdf.Dictionary(First=item, Last=item))
    folder.good(f"{name}.pdf", saved(pdf))


def wrong_suffix(folder: Folder, name: str) -> None:
    folder.good(f"{name}.docx", saved(page_pdf(folder)))


def foreign(folder: Folder, name: str) -> None:
    content = folder.rng.choice([b"PK\x03\x04", b"MZ\x90", b"\x7fELF", b"<html>", b"\x1f\x8b\x08"])
    folder.put(f"{name}.pdf", content + folder.rng.randbytes(99))


def empty(folder: Folder, name: str) -> None:
    folder.put(f"{name}.pdf", b"")


def odd_name(folder: Folder, name: str) -> None:
    odd = folder.rng.choice(["line\nbreak", "😀失效 报告", "tab\there", "quote'\"`$(rm)", "%s{0}", "x" * LONGEST_NAME])
    folder.good(f"{name} {odd}.png", picture(folder))


def no_utf8_name(folder: Folder, name: str) -> None:
    folder.put(os.fsdecode(f"{name} ".encode() + b"\xb1\xa8.txt"), b"no page")


def deep_path(folder: Folder, name: str) -> None:
    folder.good("/".join([name, *["d" * 50] * DEEP, "x.png"]), picture(folder))


def link_out(folder: Folder, name: str) -> None:
    outside = folder.path.parent / "outside.pdf"
    outside.write_bytes(saved(page_pdf(folder)))
    (folder.put("x", b"x").parent / f"{name}.pdf").symlink_to(outside)


def link_to_itself(folder: Folder, name: str) -> None:
    link = folder.put("x", b"x").parent / f"{name}.pdf"
    link.symlink_to(link)


def pipe(folder: Folder, name: str) -> None:
    os.mkfifo(folder.put("x", b"x").parent / f"{name}.pdf")


def spoilt_sample(folder: Folder, name: str) -> None:
    """A real PDF, or a made one, with some bytes changed."""
    content = bytearray(folder.rng.choice(folder.samples) if folder.samples else saved(page_pdf(folder, 4)))
    for _ in range(folder.rng.choice([1, 30, 1000])):
        content[folder.rng.randrange(len(content))] = folder.rng.randrange(256)
    folder.put(f"{name}.pdf", bytes(content))


def spoilt_tar(folder: Folder, name: str) -> None:
    """Good pairs around a link, a bomb and a broken picture."""
    path = folder.path / "general" / "pairs" / f"{name}.tar"
    path.parent.mkdir(parents=True, exist_ok=True)
    members = [
        ("a", picture(folder, size=(80, 80))),
        ("b", b"\xff\xd8\xff broken"),
        ("c", picture(folder, size=(90, 90))),
    ]
    with tarfile.open(path, "w") as archive:
        for key, content in members:
            for suffix, body in (("jpg", content), ("txt", b"a caption")):
                info = tarfile.TarInfo(f"{key}.{suffix}")
                info.size = len(body)
                archive.addfile(info, io.BytesIO(body))
        link = tarfile.TarInfo("../../d.jpg")
        link.type, link.linkname = tarfile.LNKTYPE, "/etc/passwd"
        archive.addfile(link)
    folder.pairs[f"general/pairs/{name}.tar"] = 2


def spoilt_parquet(folder: Folder, name: str) -> None:
    path = folder.path / "general" / "pairs" / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    pq.write_table(pa.table({"jpg": [picture(folder, size=(80, 80))] * 9, "caption": ["a caption"] * 9}), buffer)
    content = bytearray(buffer.getvalue())
    for _ in range(20):
        content[folder.rng.randrange(4, len(content) - 8)] = folder.rng.randrange(256)
    path.write_bytes(bytes(content))


MAKERS: list[Maker] = [
    honest, honest_scan, cut_pdf, cut_picture, encrypted, owner_password, pixel_bomb, huge_page, deep_nesting,
    too_many_pages, circular_pages, broken_font, script_and_attachment, loop_of_bookmarks, wrong_suffix, foreign, empty,
    odd_name, no_utf8_name, deep_path, link_out, link_to_itself, pipe, spoilt_sample, spoilt_tar, spoilt_parquet,
    flate_bomb, endless_drawing,
]  # fmt: skip
