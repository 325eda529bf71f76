"""The real server on a free port, driven as a browser or a script would drive it."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError as ClientError

from app.handlers import Handlers
from app.main import NotLoopbackError, launch
from app.state import Library
from fabeye.paths import Paths
from tests.reporting.tiny_project import HOSTILE, page_ids


@pytest.fixture(scope="module")
def served(project: Path) -> Iterator[gr.Blocks]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = launch(project, "127.0.0.1", port, wait=False)
    yield page
    page.close()


@pytest.fixture(scope="module")
def client(served: gr.Blocks) -> Client:
    return Client(served.local_url, verbose=False)


def test_a_page_is_chosen_and_shown(client: Client) -> None:
    first = page_ids()[0]
    language, documents, checkpoints, status = client.predict(api_name="/start")
    assert language == "en"
    assert len(documents["choices"]) == 4
    assert checkpoints["value"] == "native"
    assert "4 documents" in status
    assert client.predict("jedec gold", "en", api_name="/find")["value"] == first.split("-")[0]
    assert client.predict(first.split("-")[0], api_name="/open_document")["value"] == first
    picture, table, under, *_ = client.predict(first, ["truth", "truth_lines"], "zh", api_name="/show_page")
    assert Path(picture).stat().st_size > 1000
    assert len(table["data"]) == 4
    assert "请点击页面" in under


def test_a_wrong_page_shows_no_traceback(client: Client) -> None:
    with pytest.raises(ClientError) as caught:
        client.predict("../../etc/passwd", ["truth"], "en", api_name="/show_page")
    assert "Traceback" not in str(caught.value)


def test_the_browser_is_told_to_fetch_from_here_alone(served: gr.Blocks) -> None:
    answer = httpx.get(served.local_url)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert not re.search(r"https?:|\*", policy)


def test_files_of_the_project_are_not_served(served: gr.Blocks, project: Path) -> None:
    for path in (project / "params.yaml", Path("/etc/passwd")):
        assert httpx.get(f"{served.local_url}gradio_api/file={path}").status_code in (403, 404)


def test_an_empty_project_opens_and_says_what_to_run(tmp_path: Path) -> None:
    handlers = Handlers(Library(Paths(tmp_path)))
    assert "dvc repro corpus" in handlers.status("en")
    assert "尚无文档" in handlers.status("zh")
    assert handlers.start(None)[0] == "en"


def test_a_click_finds_the_element_and_its_like(library: Library) -> None:
    first, handlers = page_ids()[0], Handlers(library)
    event = gr.SelectData(None, {"index": [100, 200], "value": None})
    _, under, point = handlers.click(first, ["truth"], "en", event)
    assert point == (100, 200)
    assert "<b>table</b>" in under
    assert HOSTILE not in under
    figure, about = handlers.similar(first, point, "native", 2, 0.5, "en")
    assert figure is not None
    assert about.startswith("Patch (row 15, column 8) of 43 × 30")
    row = gr.SelectData(None, {"index": [0, 0], "value": 0, "row_value": [0, "title", "truth", 1, ""]})
    assert "<b>title</b>" in handlers.choose_row(first, ["truth"], "en", None, row)[1]


def test_what_is_missing_is_a_sentence_and_nothing_changes(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(gr, "Warning", said.append)
    handlers = Handlers(library)
    assert handlers.similar(page_ids()[0], (1, 1), "highres", 2, 0.5, "en") == gr.skip()
    assert "highres" in said[0]
    monkeypatch.setattr(library, "documents", lambda: 1 / 0)
    handlers.find("x", "en")
    assert "terminal" in said[1]
    assert "division" not in said[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_it_listens_on_this_machine_only(project: Path, host: str) -> None:
    with pytest.raises(NotLoopbackError, match="no log-in"):
        launch(project, host, 7860, wait=False)
