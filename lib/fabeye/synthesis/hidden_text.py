"""Invisible text over a scan, as recognition software leaves it: right place, mostly right letters.

Notable:
- The font has no glyphs. A letter is its UTF-16 code, each is half an em wide, and a line is stretched to its box.
- Some letters are mistaken for ones that look alike, as in any recognised text; the truth stays what it was.
"""

from collections.abc import Iterator
from itertools import zip_longest
from random import Random

from pikepdf import Array, Dictionary, Name, Page, Pdf

from fabeye.synthesis.markup import to_plain
from fabeye.synthesis.truth import TruePage, Truth

MISREAD = 0.01  # share of the letters that have a twin and are read as it
TWINS = {"0": "O", "O": "0", "1": "l", "l": "1", "I": "l", "5": "S", "S": "5", "8": "B", "B": "8", "μ": "u", "µ": "u"}
ADVANCE = 500  # thousandths of an em, of every letter
SIZE_SHARE = 0.8  # of a line's height that its letters' size is
BASELINE = 0.25  # share of a line's height below its baseline
INVISIBLE = 3  # text rendering mode
TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""


def add_hidden_text(document: Pdf, page: Page, truth: TruePage, rng: Random) -> None:
    """Write the page's lines invisibly where they stand."""
    page.Resources.Font = Dictionary(Hidden=_font(document))
    lines = [_line(one, truth.height, rng) for one in _lines(truth)]
    source = f"BT {INVISIBLE} Tr\n" + "\n".join(lines) + "\nET"
    page.contents_add(source.encode("ascii"))


def _lines(page: TruePage) -> Iterator[Truth]:
    """What has words, line by line; a block whose lines follow it is left to them."""
    for one, after in zip_longest(page.truths, page.truths[1:]):
        has_lines = after is not None and one.level == "block" and after.level == "line"
        if one.text.strip() and not has_lines:
            yield one


def _line(one: Truth, height: float, rng: Random) -> str:
    x0, y0, x1, y1 = one.box
    size = SIZE_SHARE * (y1 - y0)
    read = "".join(_read(letter, rng) for letter in " ".join(to_plain(one.text).split()))
    codes = read.encode("utf-16-be")
    natural = len(codes) / 2 * size * ADVANCE / 1000
    stretch = 100 * (x1 - x0) / natural
    baseline = height - y1 + BASELINE * (y1 - y0)
    return f"/Hidden {size:.3f} Tf {stretch:.3f} Tz 1 0 0 1 {x0:.3f} {baseline:.3f} Tm <{codes.hex().upper()}> Tj"


def _read(letter: str, rng: Random) -> str:
    return TWINS[letter] if letter in TWINS and rng.random() < MISREAD else letter


def _font(document: Pdf) -> Dictionary:
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.Hidden,
        Flags=4,
        FontBBox=Array([0, -250, ADVANCE, 750]),
        ItalicAngle=0,
        Ascent=750,
        Descent=-250,
        CapHeight=700,
        StemV=80,
    )
    letters = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.Hidden,
        CIDToGIDMap=Name.Identity,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=document.make_indirect(descriptor),
        DW=ADVANCE,
    )
    return document.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.Hidden,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([document.make_indirect(letters)]),
            ToUnicode=document.make_stream(TO_UNICODE),
        )
    )
