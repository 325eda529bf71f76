"""The gold set out of truth and annotations, read back with the reader that everyone uses."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fabeye import cli
from fabeye.annotation.datasheet import thin_kinds
from fabeye.annotation.gold import GoldSummary, corrected, write_gold
from fabeye.evaluation.gold import OWN, GoldPage, gold_document_ids, load_gold, load_own
from fabeye.schema import Document, Element, Page, page_id
from fabeye.settings import AnnotateSettings, load_settings
from fabeye.tables import write_json, write_table

SETTINGS = AnnotateSettings(min_text=1)
GENERATED_GOLD, GENERATED_TRAIN, BROUGHT = "a" * 16, "b" * 16, "c" * 16


def element(page: str, order: int, category: str, level: str, box: tuple[float, ...], text: str = "") -> Element:
    x0, y0, x1, y1 = box
    return Element(
        page_id=page,
        order=order,
        category=category,
        level=level,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        text=text,
        html="<table></table>" if (category, level) == ("table", "block") else "",
        latex="",
        score=1.0,
        source="truth",
    )


def truth(page: str) -> list[Element]:
    return [
        element(page, 0, "title", "block", (0, 0, 90, 10), "Title"),
        element(page, 1, "title", "line", (0, 0, 90, 10), "Title"),
        element(page, 2, "table", "block", (0, 20, 90, 60), "a b"),
        element(page, 3, "table", "line", (0, 20, 45, 40), "a"),
        element(page, 4, "table", "line", (45, 20, 90, 40), "b"),
        element(page, 5, "figure", "block", (0, 70, 90, 90)),
        element(page, 6, "text_block", "block", (0, 92, 90, 99), " "),
        element(page, 7, "text_block", "line", (0, 200, 9, 210), "stray"),
    ]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    kinds = [(GENERATED_GOLD, "gold", True), (GENERATED_TRAIN, "train", True), (BROUGHT, "train", False)]
    documents = [
        Document(
            document_id=name,
            layer="domain",
            family="jedec" if generated else "fab",
            language="zh" if generated else "und",
            path=f"{name}.pdf",
            sha256=name * 4,
            pages=2,
            split=split,
            generated=generated,
        )
        for name, split, generated in kinds
    ]
    pages = [
        Page(
            page_id=page_id(name, number),
            document_id=name,
            number=number,
            width=100,
            height=100,
            dpi=150,
            image=f"{name}{number}".encode(),
            text_layer="",
        )
        for name, _, _ in kinds
        for number in range(2)
    ]
    folder = tmp_path / "corpus"
    write_table(folder / "documents", Document, documents)
    write_table(folder / "pages", Page, pages)
    write_table(folder / "truth", Element, [one for page in pages[:4] for one in truth(page.page_id)])
    return folder


def export(folder: Path, *pages: str) -> Path:
    value = {"x": 10, "y": 20, "width": 30, "height": 40, "rectanglelabels": ["text_block"]}
    result = [
        {"id": "r", "from_name": "block", "value": value},
        {"id": "r", "from_name": "transcription", "value": {"text": ["said by a person"]}},
    ]
    tasks = [{"data": {"page_id": page}, "annotations": [{"result": result}]} for page in pages]
    folder.mkdir(exist_ok=True)
    (folder / "export.json").write_text(json.dumps(tasks))
    return folder


def by_id(folder: Path) -> dict[str, GoldPage]:
    return {page.page_id: page for page in load_gold(folder)}


def test_truth_of_gold_documents_becomes_omnidocbench(corpus: Path, tmp_path: Path) -> None:
    summary = write_gold(corpus, tmp_path / "none", tmp_path / "gold", SETTINGS)
    assert summary == GoldSummary(pages=2, annotated=0, elements=6, documents=1)
    page = by_id(tmp_path / "gold")[page_id(GENERATED_GOLD, 1)]
    assert (page.family, page.language, page.page_info.page_no) == ("jedec", "zh", 1)
    title, table, figure = page.layout_dets
    assert (title.category_type, title.text, title.box) == ("title", "Title", (0, 0, 90, 10))
    assert [(cell.text, cell.box) for cell in table.cells] == [("a", (0, 20, 45, 40)), ("b", (45, 20, 90, 40))]
    assert figure.category_type == "figure"
    ids = [one.anno_id for one in page.layout_dets] + [cell.anno_id for cell in table.cells]
    assert len(set(ids)) == len(ids)
    assert page.image_file(tmp_path / "gold").read_bytes() == f"{GENERATED_GOLD}1".encode()


def test_people_win_over_truth_and_make_documents_gold(corpus: Path, tmp_path: Path) -> None:
    annotated = [page_id(GENERATED_GOLD, 0), page_id(BROUGHT, 1)]
    summary = write_gold(corpus, export(tmp_path / "exports", *annotated), tmp_path / "gold", SETTINGS)
    assert (summary.pages, summary.own, summary.annotated, summary.documents) == (2, 1, 2, 1)
    pages, own = by_id(tmp_path / "gold"), by_id(tmp_path / "gold" / OWN)
    assert pages[annotated[0]].text == own[annotated[1]].text == "said by a person"
    assert own[annotated[1]].layout_dets[0].box == (10, 20, 40, 60)
    assert pages[page_id(GENERATED_GOLD, 1)].text.startswith("Title")
    assert gold_document_ids(tmp_path / "gold") == {GENERATED_GOLD, BROUGHT}


def test_own_pages_make_a_second_set_and_leave_the_first_as_it_is(corpus: Path, tmp_path: Path) -> None:
    out, names = tmp_path / "gold", [page_id(BROUGHT, 0), page_id(GENERATED_TRAIN, 1)]
    write_gold(corpus, tmp_path / "none", out, SETTINGS)
    first = {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert not (out / OWN).exists()
    assert write_gold(corpus, export(tmp_path / "exports", *names), out, SETTINGS).own == 2
    assert {
        path.name: path.read_bytes() for path in out.rglob("*") if path.is_file() and OWN not in path.parts
    } == first
    assert set(by_id(out / OWN)) == set(names)
    sheet = (out / OWN / "DATASHEET.md").read_text()
    assert f"| {BROUGHT} | {BROUGHT * 4} | 1 |" in sheet
    assert sheet.startswith("# Own documents")
    assert all(page.image_file(out / OWN).is_file() for page in load_own(out))


def test_what_a_person_leaves_as_it_is_keeps_what_the_generator_knows() -> None:
    page = page_id(GENERATED_GOLD, 0)
    blocks = [one for one in truth(page) if one.level == "block"]
    said = [replace(one, source="person", x0=one.x0 + 0.3) for one in blocks]
    kept_all = corrected(said, truth(page))
    assert [one.source for one in kept_all] == ["truth"] * len(kept_all)
    assert [one.text for one in kept_all if one.level == "line"] == ["Title", "a", "b"]
    changed = corrected([replace(said[1], html="<table><tr><td>c</td></tr></table>")], truth(page))
    assert [(one.source, one.level) for one in changed] == [("person", "block")]


def test_the_datasheet_names_who_has_checked_what_and_what_is_to_be_settled(corpus: Path, tmp_path: Path) -> None:
    value = {"x": 10, "y": 20, "width": 30, "height": 40, "rectanglelabels": ["text_block"]}

    def annotation(who: str, round_name: str, text: str) -> dict[str, Any]:
        words = {"id": "r", "from_name": "transcription", "value": {"text": [text]}}
        return {
            "annotator": who,
            "round": round_name,
            "result": [{"id": "r", "from_name": "block", "value": value}, words],
        }

    page, folder = page_id(GENERATED_GOLD, 0), tmp_path / "exports"
    said = [annotation("0a", "first", "one thing"), annotation("0b", "second", "quite another")]
    write_json(folder / "a.json", [{"data": {"page_id": page}, "annotations": said}])
    write_gold(corpus, folder, tmp_path / "gold", SETTINGS)
    sheet = (tmp_path / "gold" / "DATASHEET.md").read_text()
    assert "1 of 2 pages were annotated by people" in sheet
    assert "| 0a | first | 1 |\n| 0b | second | 1 |" in sheet
    assert f"To settle: {page}." in sheet


def test_annotations_of_pages_that_are_gone_are_told(corpus: Path, tmp_path: Path) -> None:
    summary = write_gold(corpus, export(tmp_path / "exports", "gone-0000"), tmp_path / "gold", SETTINGS)
    assert summary.vanished == ["gone-0000"]
    assert summary.annotated == 0


def test_two_runs_write_the_same_and_leave_no_old_pictures(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "gold"
    write_gold(corpus, tmp_path / "none", out, SETTINGS)
    first = (out / "gold.json").read_bytes()
    (out / "images" / "stale.png").write_bytes(b"")
    write_gold(corpus, tmp_path / "none", out, SETTINGS)
    assert (out / "gold.json").read_bytes() == first
    assert len(list((out / "images").iterdir())) == 2


def test_kinds_of_which_a_language_has_too_little_are_named(corpus: Path, tmp_path: Path) -> None:
    write_gold(corpus, tmp_path / "none", tmp_path / "gold", SETTINGS)
    pages = load_gold(tmp_path / "gold")
    assert thin_kinds(pages, least=2) == {}
    assert thin_kinds(pages, least=3) == {"figure, zh": 2, "table, zh": 2, "title, zh": 2}
    sheet = (tmp_path / "gold" / "DATASHEET.md").read_text()
    assert "a score on them says little: figure, zh (2); table, zh (2); title, zh (2)." in sheet


@pytest.mark.slow
def test_a_gold_set_of_very_few_documents_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    few = settings.corpus.gold.model_copy(update={"documents": {"general": 1, "design": 1}})
    corpus = settings.corpus.model_copy(update={"gold": few})
    engine = settings.engine.model_copy(update={"engine": "processes", "workers": 1})
    monkeypatch.setattr(cli, "load_settings", lambda: settings.model_copy(update={"corpus": corpus, "engine": engine}))
    cli.gold_build(tmp_path)
    pages = load_gold(tmp_path)
    assert len({page.document_id for page in pages}) == 2
    assert all(page.image_file(tmp_path).is_file() for page in pages)
    assert f"{len(pages)} pages of 2 documents" in (tmp_path / "DATASHEET.md").read_text()
