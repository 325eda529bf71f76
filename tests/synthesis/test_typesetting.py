"""Setting Typst: exact boxes, the same bytes everywhere, clear errors; letters stay in their boxes."""

import string

import pypdfium2 as pdfium
import pytest

from fabeye.synthesis.checks.boxes import read_letters
from fabeye.synthesis.markup import escape
from fabeye.synthesis.style import CJK_PAIRS, LATIN_PAIRS
from fabeye.synthesis.truth import with_overhang
from fabeye.synthesis.typesetting import Mark, TypesettingError, boxes, flows, fonts, typeset

HEAD = '#import "truth.typ": flow, heavy, mark, marked-table, region\n#set document(date: none)\n'
PAGE = "#set page(width: 300pt, height: 200pt, margin: 20pt)\n"


def test_a_box_is_where_the_region_is() -> None:
    done = typeset(f'{HEAD}{PAGE}#region("a", rect(width: 50pt, height: 30pt, stroke: none))', {})
    assert done.boxes == {(0, "a"): (20, 20, 70, 50)}


def test_cells_cover_their_table_without_gaps() -> None:
    table = 'marked-table("t", columns: (40pt, 60pt), rows: (20pt, 30pt), inset: 2pt, stroke: none'
    done = typeset(f'{HEAD}{PAGE}#region("t", {table}, table.cell(rowspan: 2)[a], [b], [c]))', {})
    assert done.boxes[0, "t"] == (20, 20, 120, 70)
    assert done.boxes[0, "t/0/0"] == (20, 20, 60, 70)
    assert done.boxes[0, "t/0/1"] == (60, 20, 120, 40)
    assert done.boxes[0, "t/1/1"] == (60, 40, 120, 70)


def test_pages_are_counted_from_zero() -> None:
    done = typeset(f'{HEAD}{PAGE}#region("a", [x])\n#pagebreak()\n#region("b", [y])', {})
    assert set(done.boxes) == {(0, "a"), (1, "b")}


def test_the_same_source_gives_the_same_bytes_in_any_folder() -> None:
    source = f'{HEAD}{PAGE}#region("a", [text])'
    assert typeset(source, {}).pdf == typeset(source, {}).pdf
    assert b"CreationDate" not in typeset(source, {}).pdf


def test_a_broken_source_is_told_in_typst_s_words() -> None:
    with pytest.raises(TypesettingError, match="unknown variable: nowhere"):
        typeset("#nowhere", {})


def test_a_region_over_two_pages_is_an_error() -> None:
    with pytest.raises(TypesettingError, match="region a is broken over pages"):
        boxes([("a", 0, 1, 0.0, 0.0), ("a", 1, 2, 9.0, 9.0)])


def test_fonts_are_read_once_and_are_those_we_name() -> None:
    assert fonts() is fonts()
    named = {"DejaVu Sans", "DejaVu Serif", "Libertinus Serif", "STIXGeneral", "Noto Sans CJK SC", "Noto Serif CJK SC"}
    assert named <= set(fonts().families())


def test_a_turned_region_has_its_corners_in_order() -> None:
    done = typeset(f'{HEAD}{PAGE}#rotate(-90deg, reflow: true, region("a", rect(width: 50pt, height: 30pt)))', {})
    assert done.boxes[0, "a"] == pytest.approx((20, 20, 50, 70))


def test_running_text_tells_its_base_lines() -> None:
    words = " ".join("word#w;" for _ in range(200))
    done = typeset(f'{HEAD}{PAGE}#let w = mark("a", 4)\n#flow("a", [{words}#h(0pt)])', {})
    flow = done.flows["a"]
    assert len(flow.ends) == 200
    assert {end.page for end in flow.ends} == {0, 1}
    assert flow.start.page == 0
    assert flow.end.page == 1
    assert all(one <= two or two.x < one.x for one, two in zip(flow.ends, flow.ends[1:], strict=False))


def test_flows_and_boxes_share_one_query() -> None:
    marks = [
        ("a", 2, 1, 0.0, 0.0),
        ("b", 0, 1, 1.0, 1.0),
        ("a", 4, 1, 5.0, 3.0),
        ("a", 3, 2, 9.0, 9.0),
        ("b", 1, 1, 2.0, 2.0),
    ]
    assert boxes(marks) == {(0, "b"): (1, 1, 2, 2)}
    assert flows(marks)["a"].ends == (Mark(0, 5.0, 3.0),)


LETTERS = string.ascii_letters + string.digits + string.punctuation + "µμΩΔσ°±≥≤×–—−"
IDEOGRAPHS = "填员货典责其独黄具以惠芯秒心练沙协真标触必费始办环杯小冻织胶稳校一口日田中国人机电"
SMALL_EM = 0.013  # by which any letter may leave its advance
EM_PT = 60.0
EDGES = "top-edge: 0.92em, bottom-edge: -0.3em"


@pytest.mark.parametrize("weight", ["regular", "bold"])
@pytest.mark.parametrize("face", sorted({face for pair in (*LATIN_PAIRS, *CJK_PAIRS) for face in pair}))
def test_no_letter_reaches_farther_than_its_truth_grants(face: str, weight: str) -> None:
    letters_of = LETTERS + (IDEOGRAPHS if {face} & {one for pair in CJK_PAIRS for one in pair} else "")
    look = f'font: "{face}", weight: "{weight}", size: {EM_PT}pt, fallback: false, {EDGES}'
    setting = f"#set block(spacing: 0pt)\n#set text({look})"
    words = "\n".join(f'#region("{number}", [{escape(letter)}])' for number, letter in enumerate(letters_of))
    done = typeset(f"{HEAD}#set page(width: 400pt, height: 14000pt)\n{setting}\n{words}", {})
    letters = read_letters(pdfium.PdfDocument(done.pdf)[0])
    assert len(letters.x_N) > len(letters_of) * 0.9  # some faces lack a few signs
    for x, y, half in zip(letters.x_N, letters.y_N, letters.half_N, strict=True):
        number, box = next((int(name), box) for (_, name), box in done.boxes.items() if box[1] <= y <= box[3])
        granted = with_overhang(box, [letters_of[number]], EM_PT)
        assert granted[0] - (x - half) <= SMALL_EM * EM_PT, letters_of[number]
        assert x + half - granted[2] <= SMALL_EM * EM_PT, letters_of[number]
