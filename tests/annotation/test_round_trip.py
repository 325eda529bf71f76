"""The round trip on a real Label Studio: pages in, corrected by two people, settled by a third word, out, gold set.

The server is installed into .venv-label-studio where it is not there yet, as `make annotate` does, and keeps its data
in a folder of the test.
"""

import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from label_studio_sdk import LabelStudio
from PIL import Image

from fabeye.annotation.exports import FIRST
from fabeye.annotation.gold import write_gold
from fabeye.annotation.project import SECOND, TITLES, ProjectError, bring_in, export, known_pages, project_of, talking
from fabeye.annotation.server import FILES, bring_in_pages, installed, invitation, running
from fabeye.annotation.tasks import PAGES_FOLDER
from fabeye.evaluation.gold import load_own
from fabeye.paths import Paths
from fabeye.schema import Document, Element, Page, Review, page_id
from fabeye.settings import AnnotateSettings
from fabeye.tables import write_table

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = "0123456789abcdef"
PAGES = 3
SETTINGS = AnnotateSettings(min_text=1, twice=1.0, agreed=0.9)
SECOND_LOGIN = {"email": "second@localhost.local", "password": "a-long-enough-password-1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """Address, token and home of a running server."""
    home = tmp_path_factory.mktemp("label-studio")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(installed(ROOT / ".venv-label-studio"), home, port) as (_, url, who):
        yield url, who.token, home


def project_folder(root: Path) -> Paths:
    """A project with three brought pages, each with one block that the teacher has misread."""
    (root / "annotation" / "exports").mkdir(parents=True)
    (root / "annotation" / "layout.xml").write_bytes((ROOT / "annotation" / "layout.xml").read_bytes())
    buffer = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(buffer, format="PNG")
    paths, names = Paths(root), [page_id(DOCUMENT, number) for number in range(PAGES)]
    document = Document(
        document_id=DOCUMENT, layer="domain", family="fab", language="en", path="data/raw/domain/fab/报告 1.pdf",
        sha256=DOCUMENT * 4, pages=PAGES, split="train", generated=False,
    )  # fmt: skip
    pages = [
        Page(page_id=name, document_id=DOCUMENT, number=number, width=200, height=100, dpi=72, image=buffer.getvalue(),
             text_layer="")
        for number, name in enumerate(names)
    ]  # fmt: skip
    read = [
        Element(page_id=name, order=0, category="text_block", level="block", x0=20, y0=10, x1=120, y1=30,
                text="misread", html="", latex="", score=0.5, source="rapidocr")
        for name in names
    ]  # fmt: skip
    queue = [Review(page_id=name, rank=PAGES - rank, weight=1, reason="unsure") for rank, name in enumerate(names)]
    write_table(paths.curated / "documents", Document, [document])
    write_table(paths.curated / "pages", Page, pages)
    write_table(paths.parses / "elements", Element, read)
    write_table(paths.parses / "review", Review, queue)
    return paths


def second_person(url: str, token: str) -> LabelStudio:
    """Somebody who takes the invitation and uses an own token."""
    with httpx.Client(base_url=url, timeout=120, follow_redirects=True) as browser:
        path = invitation(url, token)
        browser.get(path)
        form = {**SECOND_LOGIN, "csrfmiddlewaretoken": browser.cookies["csrftoken"], "allow_newsletters": "false"}
        browser.post(path, data=form, headers={"Referer": url + path})
        return LabelStudio(base_url=url, api_key=browser.get("/api/current-user/token").json()["token"])


def corrected(prediction: Any, text: str) -> list[dict[str, Any]]:
    """A prediction's regions with another text in each text block."""
    items = json.loads(json.dumps(prediction.result))
    blocks = {item["id"] for item in items if item["value"].get("rectanglelabels") == ["text_block"]}
    for item in items:
        if item["from_name"] == "transcription" and item["id"] in blocks:
            item["value"]["text"] = [text]
    return items


def marked(name: str, control: str, label: str, box: tuple[int, ...], text: str = "") -> list[dict[str, Any]]:
    """A region that a person draws, box in percent: x, y, width, height."""
    place = dict(zip(("x", "y", "width", "height", "rotation"), (*box, 0), strict=True))
    values = [(control, "rectanglelabels", {"rectanglelabels": [label]})]
    values += [("transcription", "textarea", {"text": [text]})] if text else []
    return [
        {"id": name, "from_name": source, "to_name": "page", "type": kind, "value": {**place, **value}}
        for source, kind, value in values
    ]


def annotate(
    client: LabelStudio, project: int, page: str, text: str, extra: list[dict[str, Any]] | None = None
) -> None:
    task = known_pages(client, project)[page]
    client.annotations.create(id=task.id, result=[*corrected(task.predictions[0], text), *(extra or [])])


def test_what_two_people_correct_is_what_the_gold_set_says(server: tuple[str, str, Path], tmp_path: Path) -> None:
    url, token, home = server
    paths, files, client = project_folder(tmp_path), home / FILES, LabelStudio(base_url=url, api_key=token)
    layout, pictures = paths.root / "annotation" / "layout.xml", files / PAGES_FOLDER
    projects = {name: project_of(client, name, layout, pictures) for name in TITLES}
    assert projects == {name: project_of(client, name, layout, pictures) for name in TITLES}, "made once"

    said = bring_in_pages(client, projects, paths, files, SETTINGS)
    assert said.startswith(f"{PAGES} pages brought in")
    assert f"{PAGES} to annotate twice" in said
    assert bring_in_pages(client, projects, paths, files, SETTINGS).startswith("0 pages"), (
        "a rerun brings nothing twice"
    )
    tasks = known_pages(client, projects[FIRST])
    names = [page_id(DOCUMENT, number) for number in range(PAGES)]
    assert sorted(tasks, key=lambda page: tasks[page].id) == names[::-1], "in the queue's order"
    picture = httpx.get(url + tasks[names[0]].data["image"], headers={"Authorization": f"Token {token}"}, timeout=60)
    assert picture.content.startswith(b"\x89PNG")

    extra = [
        *marked("k", "field", "lot_id", (50, 50, 10, 10), "TH8402B.03"),
        *marked("g", "block", "figure", (70, 40, 20, 40)),
        *marked("d", "defect", "void", (75, 50, 10, 10)),
    ]
    other = second_person(url, token)
    annotate(client, projects[FIRST], names[0], "both say this", extra)
    annotate(other, projects[SECOND], names[0], "both say this", extra)
    annotate(client, projects[FIRST], names[1], "one says this", extra)
    annotate(other, projects[SECOND], names[1], "and the other that", extra)
    assert len(export(client, projects, paths.exports)) == 2
    assert export(client, projects, paths.exports) == [], "nothing has changed, so nothing is written"

    summary = write_gold(paths.curated, paths.exports, tmp_path / "gold", SETTINGS)
    assert (summary.pages, summary.own, summary.annotated) == (0, 2, 2)
    agreed = json.loads((tmp_path / "gold" / "agreement.json").read_text())
    assert agreed["agreement"]["pages"] == 2
    assert agreed["agreement"]["region_f1_75"] == 1
    assert [one["page_id"] for one in agreed["to_settle"]] == [names[1]]

    assert bring_in_pages(client, projects, paths, files, SETTINGS).endswith("1 to settle")
    settle = known_pages(client, projects["adjudicated"])[names[1]]
    assert len(settle.predictions) == 2, "what either said"
    annotate(client, projects["adjudicated"], names[1], "settled")
    export(client, projects, paths.exports)
    write_gold(paths.curated, paths.exports, tmp_path / "gold", SETTINGS)
    gold = {page.page_id: page for page in load_own(tmp_path / "gold")}
    assert {name: page.text for name, page in gold.items()} == {names[0]: "both say this", names[1]: "settled"}
    assert gold[names[0]].layout_dets[0].box == (20, 10, 120, 30)
    for page in gold.values():
        assert [(one["field"], one["value"]) for one in page.kie] == [("lot_id", "TH8402B.03")]
        assert [(one.category_type, one.image_gt) for one in page.layout_dets] == [
            ("text_block", None),
            ("figure", {"kind": "marked", "defects": [{"defect": "void", "box": [0.25, 0.25, 0.75, 0.5]}]}),
        ]
    assert json.loads((tmp_path / "gold" / "agreement.json").read_text())["to_settle"] == []
    assert SECOND_LOGIN["email"] not in "".join(path.read_text() for path in paths.exports.glob("*.json"))

    # a batch that stopped half-way: one page without its pre-annotation, one page missing altogether
    lost = tasks[names[2]]
    client.predictions.delete(id=lost.predictions[0].id)
    client.tasks.delete(id=str(tasks[names[0]].id))
    again = [{"data": tasks[name].data, "predictions": [_sent(tasks[name].predictions[0])]} for name in names]
    assert bring_in(client, projects[FIRST], again) == 1
    after = known_pages(client, projects[FIRST])
    assert sorted(after) == names
    assert all(len(task.predictions) == 1 for task in after.values())


def _sent(prediction: Any) -> dict[str, Any]:
    return {key: getattr(prediction, key) for key in ("model_version", "score", "result")}


def test_nobody_signs_up_uninvited_and_a_wrong_token_is_a_sentence(server: tuple[str, str, Path]) -> None:
    url, _, _ = server
    form = {"email": "x@localhost.local", "password": "a-long-enough-password-2"}
    assert httpx.post(f"{url}/user/signup/", data=form, timeout=60).status_code == 403
    with pytest.raises(ProjectError, match="refuses our token"), talking(url):
        list(LabelStudio(base_url=url, api_key="0" * 40).projects.list())


def test_a_lost_connection_is_a_sentence_that_says_to_run_it_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ProjectError, match="run it again"), talking(url):
        list(LabelStudio(base_url=url, api_key="0" * 40).projects.list())
