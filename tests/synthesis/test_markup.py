"""The notation must show exactly what the truth says, whatever characters it holds."""

import re
import unicodedata

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fabeye.metrics.notation import unified
from fabeye.metrics.text import edit_distance
from fabeye.synthesis.markup import Value, barred, pieces, to_html, to_plain, to_text, to_typst, values
from fabeye.synthesis.typesetting import typeset

HEAD = """#import "truth.typ": region
#set page(width: 600pt, height: 200pt, margin: 20pt)
#set text(font: ("DejaVu Sans Mono", "Noto Sans CJK SC"), fallback: false, size: 8pt)
"""
PRINTABLE = st.text(st.sampled_from("aZ09 #$*_`<>@[]~=/-+'\"^()&|.:;,!?%\\µΩ±≥–测试"), min_size=1, max_size=60)


def shown(text: str) -> str:
    """What a reader of the set text finds, without white space."""
    pdf = typeset(f'{HEAD}#region("a", [{to_typst(text)}])', {}).pdf
    found = pdfium.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    return without_space(found)


def without_space(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@settings(max_examples=25, deadline=None)
@given(PRINTABLE)
def test_every_character_is_shown_as_it_is(text: str) -> None:
    assert shown(f"x{text}x") == without_space(f"x{text}x")


@pytest.mark.parametrize(
    "text", ["-- a --- b", "// no comment", "= no heading", "+ no list", "1. no list", "/ a: b", "$x$", "#panic()"]
)
def test_markup_of_the_typesetter_means_nothing(text: str) -> None:
    assert shown(text) == without_space(text)


SCRIPTED = f"V_{{DDQ}} on CK_t, {barred('CS')} after 10^{{-9}} s"


def test_scripts_and_bars_are_set_and_in_line_in_plain_text() -> None:
    assert to_typst("V_{DDQ}") == "V#sub[DDQ]"
    assert to_plain(SCRIPTED) == "VDDQ on CK_t, CS after 10-9 s"
    assert shown(SCRIPTED) == without_space(to_plain(SCRIPTED))


def test_the_metrics_read_scripts_and_bars_alike_in_truth_and_in_html() -> None:
    assert unified(to_text(SCRIPTED)) == r"V_{DDQ} on CK_t, \bar{CS} after 10^{-9} s"
    cell = to_html([[(SCRIPTED, 1, 1)]]).removeprefix("<table><tr><td>").removesuffix("</td></tr></table>")
    assert unified(cell) == unified(to_text(SCRIPTED))
    assert edit_distance(to_text(SCRIPTED), to_plain(SCRIPTED)) == 0


def test_html_keeps_spans_and_escapes() -> None:
    html = to_html([[("<0.5 & t_{CK}", 1, 2)], [("a", 1, 1), ("b", 1, 1)]])
    cells = '<tr><td colspan="2">&lt;0.5 &amp; t<sub>CK</sub></td></tr><tr><td>a</td><td>b</td></tr>'
    assert html == f"<table>{cells}</table>"


VALUED = "lot [[lot_id:LOT|TH8402B.03]] by [[:PERSON|王志强]], rail [[rail:|V_{DDQ}]] a[0] [[b"


def test_values_are_found_and_shown_without_their_names() -> None:
    assert values(VALUED) == [
        Value("lot_id", "LOT", "TH8402B.03"),
        Value("", "PERSON", "王志强"),
        Value("rail", "", "VDDQ"),
    ]
    assert to_plain(VALUED) == "lot TH8402B.03 by 王志强, rail VDDQ a[0] [[b"
    assert shown(VALUED) == without_space(to_plain(VALUED))
    assert '#span("b3/v1", [王志强])' in to_typst(VALUED, "b3")
    assert "span" not in to_typst(VALUED)


@given(PRINTABLE)
def test_pieces_are_the_text(text: str) -> None:
    assert "".join(plain for plain, _ in pieces(text, "a")) == text
    assert "".join(typst for _, typst in pieces(text, "a")) == to_typst(text, "a")


def test_a_piece_ends_wherever_a_line_may() -> None:
    assert [plain for plain, _ in pieces("set-up of V_{DDQ}(max) 测试A", "a")] == [
        "set", "-", "up ", "of ", "V_{DDQ}(max) ", "测", "试", "A",
    ]  # fmt: skip
