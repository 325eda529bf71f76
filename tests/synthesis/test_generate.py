"""The generator as a whole: its truth must be what a renderer shows, and the same in every process."""

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter

import pytest

from fabeye.evaluation.official.normalise import official_table
from fabeye.evaluation.official.version import Version
from fabeye.metrics.symbols import symbol_tally
from fabeye.metrics.table import teds
from fabeye.schema import Category
from fabeye.synthesis.generate import FAMILIES, GeneratedDocument, generate_document
from tests.synthesis.box_checks import check_document

SEED = 3
CASES = [(family, language) for family in FAMILIES for language in ("en", "zh", "mixed")]

Documents = dict[tuple[str, str], GeneratedDocument]


@pytest.fixture(scope="module")
def documents() -> Documents:
    return {case: generate_document(*case, SEED, 0) for case in CASES}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_the_truth_is_what_a_renderer_shows(case: tuple[str, str], documents: Documents) -> None:
    check_document(documents[case].pdf, documents[case].pages)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_a_document_speaks_its_language(case: tuple[str, str], documents: Documents) -> None:
    text = "".join(one.text for page in documents[case].pages for one in page.truths if one.level == "block")
    chinese = len(re.findall("[\u4e00-\u9fff]", text))
    assert (chinese == 0) if case[1] == "en" else (chinese > 100)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_lines_and_cells_lie_in_their_block(case: tuple[str, str], documents: Documents) -> None:
    for page in documents[case].pages:
        block = None
        for one in page.truths:
            block = one if one.level == "block" else block
            assert block is not None
            assert one.category is block.category
            x0, y0, x1, y1 = one.box
            assert block.box[0] - 1 <= x0 < x1 <= block.box[2] + 1
            assert block.box[1] - 1 <= y0 < y1 <= block.box[3] + 1
            if one.level == "line" and one.category is Category.TABLE:
                assert set(json.loads(one.detail)) == {"row", "column", "rowspan", "colspan"}


def test_html_tables_are_rectangles_and_cells_say_where_they_are(documents: Documents) -> None:
    pages = [page for document in documents.values() for page in document.pages]
    tables = [one for page in pages for one in page.truths if one.html]
    assert len(tables) >= len(CASES)
    for table in tables:
        taken: set[tuple[int, int]] = set()
        rows = re.findall(r"<tr>(.*?)</tr>", table.html)
        for y, row in enumerate(rows):
            for attributes in re.findall(r"<td([^>]*)>", row):
                spans = {name: int(value) for name, value in re.findall(r'(\w+)="(\d+)"', attributes)}
                x = next(x for x in range(99) if (y, x) not in taken)
                cells = {(y + i, x + j) for i in range(spans.get("rowspan", 1)) for j in range(spans.get("colspan", 1))}
                assert not cells & taken
                taken |= cells
        assert len(taken) == len(rows) * (1 + max(x for _, x in taken))


@pytest.mark.parametrize("version", Version)
def test_a_table_is_its_own_equal_for_the_common_evaluator_and_lost_scripts_cost_it_little(
    version: Version, documents: Documents
) -> None:
    tables = [one.html for page in documents["jedec", "en"].pages for one in page.truths if one.html]
    scripted = [table for table in tables if "<sub>" in table]
    assert scripted
    for table in scripted:
        gold, lost = official_table(table, version), re.sub("</?su[bp]>", "", table)
        assert teds(gold, gold) == 1
        assert teds(official_table(lost, version), gold) > 0.99
        tally = symbol_tally(table, lost)
        assert tally.of == 0 or tally.got < tally.of


def test_entities_are_on_the_paper_and_have_a_name_or_a_kind(documents: Documents) -> None:
    kinds = Counter(one.kind for document in documents.values() for page in document.pages for one in page.entities)
    assert kinds["PERSON"]
    for document in documents.values():
        for page in document.pages:
            for one in page.entities:
                assert one.field or one.kind
                assert one.text
                assert -1 <= one.box[0] < one.box[2] <= page.width + 1
                assert -1 <= one.box[1] < one.box[3] <= page.height + 1


def test_another_process_makes_the_same_bytes(documents: Documents) -> None:
    program = (
        "import hashlib; from fabeye.synthesis.generate import generate_document\n"
        f"for case in {[(family, 'en') for family in FAMILIES]}:\n"
        f"    document = generate_document(*case, {SEED}, 0)\n"
        "    print(hashlib.sha256(document.pdf + repr(document.pages).encode()).hexdigest())"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    here = [documents[family, "en"] for family in FAMILIES]
    assert said == [hashlib.sha256(one.pdf + repr(one.pages).encode()).hexdigest() for one in here]


def test_documents_differ_by_every_argument() -> None:
    arguments = [("jedec", "en", 1, 0), ("jedec", "en", 1, 1), ("jedec", "en", 2, 0), ("jedec", "zh", 1, 0)]
    assert len({generate_document(*given_).pdf for given_ in arguments}) == len(arguments)


def test_a_document_of_which_typst_loses_a_line_is_set_in_one_column_and_keeps_it() -> None:
    document = generate_document("jedec", "mixed", 31337, 2)  # a page full of floats amid a paragraph in two columns
    said = "".join(truth.text for page in document.pages for truth in page.truths)
    assert "细粒度模式下每次刷新更短" in said
    check_document(document.pdf, document.pages)


def test_an_unknown_family_is_named() -> None:
    with pytest.raises(ValueError, match="no family 'manual'"):
        generate_document("manual", "en", 1, 0)
