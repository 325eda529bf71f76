"""The generator as a whole: its truth must be what a renderer shows, and the same in every process."""

import hashlib
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.schema import Category, Element, Split
from fabeye.settings import CorpusSettings
from fabeye.synthesis.generate import (
    FAMILIES,
    GeneratedDocument,
    elements,
    generate_document,
    ordered,
    split_of,
    write_documents,
)
from fabeye.tables import read_table

SEED = 3
INK = 128  # grey level below which a pixel is dark
SCALE = 2.0  # pixels a point in these tests
ROOM = 2  # pixels by which a frame may stick out: a box ends in the middle of a rule that is 1 pt wide
WORDLESS = {Category.FIGURE, Category.FORMULA}
CASES = [(family, language, index) for family in FAMILIES for language in ("en", "zh") for index in range(2)]


def corpus_settings(documents: dict[str, int], **changes: object) -> CorpusSettings:
    given_ = {
        "seed": SEED, "dpi": 150, "languages": ["en", "zh"], "gold_share": 0.25, "validation_share": 0.15,
        "max_side": 12000, "file_seconds": 60, "file_mib": 1024, "documents": documents,
    }  # fmt: skip
    return CorpusSettings.model_validate({**given_, **changes})


Documents = dict[tuple[str, str, int], GeneratedDocument]


@pytest.fixture(scope="module")
def documents() -> Documents:
    return {case: generate_document(case[0], case[1], SEED, case[2]) for case in CASES}


def dark(page: pdfium.PdfPage) -> np.ndarray:
    """bool[H, W]: where ink is."""
    return np.array(page.render(scale=SCALE, grayscale=True).to_pil()) < INK


def plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("case", CASES)
def test_all_ink_lies_in_boxes_and_every_box_has_ink(case: tuple[str, str, int], documents: Documents) -> None:
    for page, truth in zip(pdfium.PdfDocument(documents[case].pdf), documents[case].pages, strict=True):
        ink_HW = dark(page)
        outside_HW = ink_HW.copy()
        for one in truth.truths:
            x0, y0, x1, y1 = (round(edge * SCALE) for edge in one.box)
            assert ink_HW[y0:y1, x0:x1].any(), f"nothing is drawn in the box of {one}"
            outside_HW[max(0, y0 - ROOM) : y1 + ROOM, max(0, x0 - ROOM) : x1 + ROOM] &= one.level != "block"
        ys, xs = np.nonzero(outside_HW)
        assert not len(xs), f"{len(xs)} dark pixels outside all boxes, first at {xs[0] / SCALE}, {ys[0] / SCALE} pt"


@pytest.mark.parametrize("case", CASES)
def test_each_box_holds_its_text(case: tuple[str, str, int], documents: Documents) -> None:
    for page, truth in zip(pdfium.PdfDocument(documents[case].pdf), documents[case].pages, strict=True):
        layer = page.get_textpage()
        for one in truth.truths:
            if one.category in WORDLESS:
                continue
            x0, y0, x1, y1 = one.box
            read = layer.get_text_bounded(x0 + 0.3, truth.height - y1 + 0.3, x1 - 0.3, truth.height - y0 - 0.3)
            if one.category is Category.TABLE and one.level == "block":  # cells that span rows are read elsewhere
                assert Counter(plain(read)) == Counter(plain(one.text))
            else:
                assert plain(read) == plain(one.text)


@pytest.mark.parametrize("case", CASES)
def test_a_document_is_two_pages_with_the_parts_of_its_family(case: tuple[str, str, int], documents: Documents) -> None:
    truths = [one for page in documents[case].pages for one in page.truths]
    kinds = Counter(one.category for one in truths if one.level == "block")
    assert len(documents[case].pages) == 2
    wanted = {"jedec": {Category.FORMULA: 1, Category.TABLE: 2, Category.FIGURE: 1}, "efa_pfa": {Category.FIGURE: 4}}
    assert all(kinds[category] >= count for category, count in wanted[case[0]].items())
    assert kinds[Category.FIGURE] == kinds[Category.FIGURE_CAPTION]
    assert kinds[Category.PAGE_NUMBER] == 2
    chinese = sum("\u4e00" <= letter <= "\u9fff" for one in truths for letter in one.text)
    assert (chinese > 100) if case[1] == "zh" else (chinese == 0)


def test_blocks_do_not_overlap(documents: Documents) -> None:
    for case, document in documents.items():
        for page in document.pages:
            boxes = [one.box for one in page.truths if one.level == "block"]
            for number, (x0, y0, x1, y1) in enumerate(boxes):
                for left, top, right, bottom in boxes[:number]:
                    assert min(x1, right) - max(x0, left) <= 1 or min(y1, bottom) - max(y0, top) <= 1, case


def test_cells_follow_their_table(documents: Documents) -> None:
    for document in documents.values():
        for page in document.pages:
            html = ""
            for one in page.truths:
                html = one.html if one.level == "block" else html
                assert one.level == "block" or (one.category is Category.TABLE and html)


def test_html_tables_are_rectangles(documents: Documents) -> None:
    tables = [one.html for document in documents.values() for page in document.pages for one in page.truths if one.html]
    assert len(tables) >= 2 * len(CASES)
    for html in tables:
        rows = re.findall(r"<tr>(.*?)</tr>", html)
        taken: set[tuple[int, int]] = set()
        for y, row in enumerate(rows):
            for attributes in re.findall(r"<td([^>]*)>", row):
                spans = {name: int(value) for name, value in re.findall(r'(\w+)="(\d+)"', attributes)}
                x = next(x for x in range(99) if (y, x) not in taken)
                cells = {(y + i, x + j) for i in range(spans.get("rowspan", 1)) for j in range(spans.get("colspan", 1))}
                assert not cells & taken
                taken |= cells
        assert len(taken) == len(rows) * (1 + max(x for _, x in taken))


def test_another_process_makes_the_same_bytes(documents: Documents) -> None:
    program = (
        "import hashlib; from fabeye.synthesis.generate import generate_document\n"
        f"for case in {[(f, lang) for f in FAMILIES for lang in ('en', 'zh')]}:\n"
        f"    document = generate_document(*case, {SEED}, 0)\n"
        "    print(hashlib.sha256(document.pdf + repr(document.pages).encode()).hexdigest())"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    here = [documents[family, language, 0] for family in FAMILIES for language in ("en", "zh")]
    assert said == [hashlib.sha256(one.pdf + repr(one.pages).encode()).hexdigest() for one in here]


def test_documents_differ_by_every_argument() -> None:
    arguments = [("jedec", "en", 1, 0), ("jedec", "en", 1, 1), ("jedec", "en", 2, 0), ("jedec", "zh", 1, 0)]
    assert len({generate_document(*given_).pdf for given_ in arguments}) == len(arguments)


def test_an_unknown_family_is_named() -> None:
    with pytest.raises(ValueError, match="no family 'manual'"):
        generate_document("manual", "en", 1, 0)


def test_written_corpus_matches_the_settings(tmp_path: Path) -> None:
    settings = corpus_settings({"jedec": 3, "efa_pfa": 1})
    folder, truth = tmp_path / "data" / "generated", tmp_path / "data" / "truth"
    (folder / "jedec").mkdir(parents=True)
    (folder / "jedec" / "jedec-en-00099.pdf").write_bytes(b"stale")
    incoming = write_documents(settings, folder, truth, tmp_path)

    assert [one.name for one in incoming] == [
        "data/generated/jedec/jedec-en-00000.pdf",
        "data/generated/jedec/jedec-zh-00001.pdf",
        "data/generated/jedec/jedec-en-00002.pdf",
        "data/generated/efa_pfa/efa_pfa-en-00000.pdf",
    ]
    assert set(folder.rglob("*.pdf")) == {one.path for one in incoming}
    assert all(one.generated and one.layer == "domain" for one in incoming)

    rows = list(read_table(truth, Element))
    ids = {hashlib.sha256(one.path.read_bytes()).hexdigest()[:16] for one in incoming}
    assert {row.page_id.rsplit("-", 1)[0] for row in rows} == ids
    assert len({(row.page_id, row.order) for row in rows}) == len(rows)

    kept = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    write_documents(settings, folder, truth, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == kept


def test_elements_are_in_pixels_of_the_rendered_page(documents: Documents) -> None:
    document = documents["jedec", "en", 0]
    found = list(elements(document, dpi=150))
    first = document.pages[0].truths[0]
    assert (found[0].x0, found[0].y1) == pytest.approx((first.box[0] * 150 / 72, first.box[3] * 150 / 72))
    picture = pdfium.PdfDocument(document.pdf)[0].render(scale=150 / 72).to_pil()
    assert all(0 <= one.x0 < one.x1 <= picture.width and 0 <= one.y0 < one.y1 <= picture.height for one in found)
    assert [one.order for one in found if one.page_id.endswith("0000")] == list(range(len(document.pages[0].truths)))


@given(st.integers(0, 200), st.floats(0, 1), st.floats(0, 1))
def test_splits_add_up_and_gold_comes_first(count: int, gold: float, validation: float) -> None:
    kinds = split_of(count, corpus_settings({}, gold_share=gold, validation_share=validation))
    assert len(kinds) == count
    assert kinds == sorted(kinds, key=[Split.GOLD, Split.VALIDATION, Split.TRAIN].index)
    assert kinds.count(Split.GOLD) >= (1 if count >= 3 else 0)
    assert abs(kinds.count(Split.GOLD) - gold * count) <= 1


def test_shares_are_rounded_half_up_within_family_and_language() -> None:
    orders = ordered(corpus_settings({"jedec": 14, "efa_pfa": 4}))
    counted = Counter((order.family, order.language, order.split) for order in orders)
    for language in ("en", "zh"):
        assert counted["jedec", language, Split.GOLD] == 2
        assert counted["jedec", language, Split.VALIDATION] == 1
        assert counted["jedec", language, Split.TRAIN] == 4
        assert counted["efa_pfa", language, Split.GOLD] == 1
