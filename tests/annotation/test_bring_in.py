"""What is brought in at a start: readings, truth to be checked, and the reason; the server is a stand-in."""

import io
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from label_studio_sdk import LabelStudio
from PIL import Image

from fabeye.annotation.project import TITLES
from fabeye.annotation.server import bring_in_pages
from fabeye.annotation.tasks import PAGES_FOLDER
from fabeye.paths import Paths
from fabeye.schema import Document, Element, Entity, Page, Review, page_id
from fabeye.settings import AnnotateSettings
from fabeye.tables import write_table

ROOT = Path(__file__).resolve().parents[2]
BROUGHT, MADE = "a" * 16, "b" * 16


def project_folder(root: Path) -> Paths:
    """A project with a brought page that the teacher has read, and a page of the evaluation set to be checked."""
    shutil.copytree(ROOT / "conf", root / "conf")
    (root / "annotation" / "exports").mkdir(parents=True)
    (root / "annotation" / "layout.xml").write_bytes((ROOT / "annotation" / "layout.xml").read_bytes())
    params = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (root / "params.yaml").write_text(re.sub(r"check_gold: \S+", "check_gold: 1.0", params), encoding="utf-8")
    (root / "dvc.yaml").write_text("stages: {}\n")
    paths, names = Paths(root), [page_id(BROUGHT, 0), page_id(MADE, 0)]
    documents = [
        Document(document_id=name, layer="domain", family="fab", language="en", path=f"{name}.pdf", sha256=name * 4,
                 pages=1, split=split, generated=split == "gold")
        for name, split in ((BROUGHT, "train"), (MADE, "gold"))
    ]  # fmt: skip
    buffer = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(buffer, format="PNG")
    pages = [
        Page(page_id=name, document_id=name[:16], number=0, width=200, height=100, dpi=72, image=buffer.getvalue(),
             text_layer="")
        for name in names
    ]  # fmt: skip
    box: dict[str, Any] = {"x0": 20, "y0": 10, "x1": 120, "y1": 30}
    read, truth = [
        Element(page_id=name, order=0, category="text_block", level="block", text=text, html="", latex="", score=score,
                source=source, **box)
        for name, text, score, source in ((names[0], "misread", 0.5, "rapidocr"), (names[1], "true", 1.0, "truth"))
    ]  # fmt: skip
    lot = Entity(page_id=names[1], field="lot_id", kind="LOT", text="TH8402B", in_picture=False, **box)
    bank = Entity(page_id=names[1], field="bank", kind="", text="3", in_picture=False, **box)
    write_table(paths.curated / "documents", Document, documents)
    write_table(paths.curated / "pages", Page, pages)
    write_table(paths.curated / "truth", Element, [truth])
    write_table(paths.curated / "entities", Entity, [lot, bank])
    write_table(paths.parses / "elements", Element, [read])
    write_table(paths.parses / "review", Review, [Review(page_id=names[0], rank=0, weight=1, reason="it was unsure")])
    return paths


def marked(task: Any) -> dict[str, str]:
    """Label -> text of what a task's pre-annotation marks."""
    (prediction,) = task.predictions
    words = {item["id"]: item["value"]["text"][0] for item in prediction.result if item["from_name"] == "transcription"}
    boxes = [item for item in prediction.result if "rectanglelabels" in item["value"]]
    return {item["value"]["rectanglelabels"][0]: words[item["id"]] for item in boxes}


def assert_told(brought: Any, made: Any) -> None:
    """The brought page comes with what was read, the generated one with what is true."""
    assert (brought.predictions[0].model_version, marked(brought)) == ("rapidocr", {"text_block": "misread"})
    assert (made.predictions[0].model_version, made.data["reason"][:16]) == ("truth", "a generated page")
    assert marked(made) == {"text_block": "true", "lot_id": "TH8402B"}
    assert brought.data["reason"] == "it was unsure"


def test_a_page_comes_with_its_reading_or_its_truth_and_with_why_it_should_be_looked_at(tmp_path: Path) -> None:
    paths, files, sent = project_folder(tmp_path / "project"), tmp_path / "files", []
    (files / PAGES_FOLDER).mkdir(parents=True)
    client = SimpleNamespace(
        tasks=SimpleNamespace(list=lambda **_: []),
        projects=SimpleNamespace(import_tasks=lambda _, request, **__: sent.extend(request)),
    )
    settings = AnnotateSettings(min_text=1, twice=0.0, check_gold=1.0)
    said = bring_in_pages(cast(LabelStudio, client), dict.fromkeys(TITLES, 1), paths, files, settings)
    assert said.startswith("2 pages brought in")
    brought, made = (
        SimpleNamespace(predictions=[SimpleNamespace(**one) for one in task["predictions"]], data=task["data"])
        for task in sent
    )
    assert_told(brought, made)
    sent.clear()
    none = settings.model_copy(update={"check_gold": 0.0})
    assert bring_in_pages(cast(LabelStudio, client), dict.fromkeys(TITLES, 1), paths, files, none).startswith("1 pages")
