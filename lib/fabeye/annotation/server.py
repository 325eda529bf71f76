"""What `make annotate` runs: Label Studio on this machine, with the pages to check, until Ctrl-C.

Notable:
- The server lives in an environment of its own, .venv-label-studio: in ours it would drag numpy and others back.
- It listens on the loopback address only. Its password and token are drawn at the first start and readable by their
  owner alone.
- On Ctrl-C what people have finished is exported to annotation/exports/, where the gold set takes it up.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, cast

from label_studio_sdk import LabelStudio
from label_studio_sdk.label_interface import LabelInterface

from fabeye.annotation.tasks import PAGES_FOLDER, to_task, worst_first
from fabeye.errors import FabeyeError
from fabeye.evaluation.gold import load_gold
from fabeye.omnidoc import BLOCK
from fabeye.paths import Paths
from fabeye.progress import duration
from fabeye.schema import Document, Element, Page, Review
from fabeye.tables import read_table, write_json

SERVER = "label-studio==1.23.2"
HOST = "127.0.0.1"
PROJECT = "fabeye pages"
USERNAME = "annotator@localhost.local"
TASKS_AT_ONCE = 200  # pages brought in at each start; importing into a crowded project is slow
START_SECONDS = 600.0  # the first start migrates a database, 100 s on two cores
TICK_SECONDS = 5.0
STOP_SECONDS = 20.0


class ServerError(FabeyeError):
    """Label Studio cannot be installed or started; the text says where its log lies."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who may log in; kept between starts."""

    username: str
    password: str
    token: str


def serve(paths: Paths, port: int) -> None:
    """Install where needed, start, bring in pages, wait for Ctrl-C, export. Raises ServerError."""
    if _is_taken(port):
        raise ServerError(f"port {port} is taken; stop what runs there, or take another: `fabeye annotate --port 8081`")
    home = paths.work / "label-studio"
    program = _installed(paths.root / ".venv-label-studio")
    who = credentials(home / "credentials.json")
    files = home / "files"
    (files / PAGES_FOLDER).mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    command = [str(program), "start", "--no-browser", "--internal-host", HOST, "--port", str(port)]
    signal.signal(signal.SIGTERM, _as_interrupt)
    with log.open("wb") as sink:
        server = subprocess.Popen(command, env=environment(home, files, who), stdout=sink, stderr=sink, process_group=0)
    try:
        _wait_until_healthy(server, port, log)
        client = LabelStudio(base_url=f"http://{HOST}:{port}", api_key=who.token)
        project = _project(client, paths.root / "annotation" / "layout.xml", files / PAGES_FOLDER)
        print(f"{_bring_in(client, project, paths, files)} pages brought in, least certain first", flush=True)
        print(f"http://{HOST}:{port}/projects/{project}  {who.username}  {who.password}  (Ctrl-C exports and stops)")
        _wait_for_interrupt(server, log)
        print(_export(client, project, paths.exports), flush=True)
    finally:
        _stop(server)


def credentials(path: Path) -> Credentials:
    """The login kept at `path`, drawn at random when there is none; only the owner may read the file."""
    if not path.is_file():
        drawn = {"username": USERNAME, "password": secrets.token_urlsafe(12), "token": secrets.token_hex(20)}
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(drawn, file)
    return Credentials(**json.loads(path.read_text()))


def environment(home: Path, files: Path, who: Credentials) -> dict[str, str]:
    """The server's environment: its own data, one user, our pictures, and no word to anybody outside."""
    return {
        **{name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")},
        "LABEL_STUDIO_BASE_DATA_DIR": str(home / "data"),
        "LABEL_STUDIO_USERNAME": who.username,
        "LABEL_STUDIO_PASSWORD": who.password,
        "LABEL_STUDIO_USER_TOKEN": who.token,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "true",
        "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT": str(files),
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
    }


def _installed(folder: Path) -> Path:
    """The server's program, installed with uv when it is not there."""
    program = folder / "bin" / "label-studio"
    if program.is_file():
        return program
    uv = shutil.which("uv")
    if uv is None:
        raise ServerError("uv is not on the PATH; install it (https://docs.astral.sh/uv) and run `make annotate` again")
    print(f"installing {SERVER} into {folder.name}, once, some minutes", flush=True)
    steps = (
        [uv, "venv", "--quiet", "--clear", "--python", "3.11", str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), SERVER],
    )
    for step in steps:
        if subprocess.run(step).returncode:
            raise ServerError(f"{SERVER} could not be installed: `{' '.join(step)}` failed, see its message above")
    return program


def _wait_until_healthy(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    started = time.monotonic()
    while not _is_healthy(port):
        spent = time.monotonic() - started
        if server.poll() is not None or spent > START_SECONDS:
            raise ServerError(f"Label Studio did not start; its log is {log} (is port {port} taken?)")
        print(f"Label Studio starts, {duration(spent)} (the first start takes about two minutes)", flush=True)
        time.sleep(TICK_SECONDS)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=TICK_SECONDS) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _project(client: LabelStudio, layout: Path, pages: Path) -> int:
    """Id of our project, made with its picture storage when it is not there."""
    for project in client.projects.list():
        if project.title == PROJECT:
            return cast(int, project.id)
    made = client.projects.create(title=PROJECT, label_config=layout.read_text(encoding="utf-8"))
    # Pictures are served only from below a storage; it is never synced, tasks come from us.
    client.import_storage.local.create(project=made.id, path=str(pages), use_blob_urls=True)
    return cast(int, made.id)


def _bring_in(client: LabelStudio, project: int, paths: Paths, files: Path) -> int:
    """Import pages that are neither gold nor in the project yet; returns their number."""
    known = {task.data["page_id"] for task in client.tasks.list(project=project) if task.data}
    if (paths.gold / "gold.json").is_file():
        known |= {page.page_id for page in load_gold(paths.gold)}
    documents = {one.document_id: one for one in read_table(paths.curated / "documents", Document)}
    elements = _elements(paths, known)
    ranks = {one.page_id: one.rank for one in read_table(paths.parses / "review", Review)}
    wanted = worst_first(documents, elements, ranks)[:TASKS_AT_ONCE]
    tasks = _tasks(paths, files, documents, {page: elements[page] for page in wanted})
    if tasks:
        request: list[Any] = [tasks[page] for page in wanted]  # the SDK's own type knows ids of tasks only
        client.projects.import_tasks(project, request=request, return_task_ids=True)
    return len(tasks)


def _elements(paths: Paths, known: set[str]) -> dict[str, list[Element]]:
    """The blocks that the teacher read, by page, of every page that is not known; pages without one included."""
    elements: dict[str, list[Element]] = {}
    for page in read_table(paths.curated / "pages", Page):
        if page.page_id not in known:
            elements[page.page_id] = []
    for element in read_table(paths.parses / "elements", Element):
        has_area = element.x1 > element.x0 and element.y1 > element.y0
        if element.page_id in elements and element.level == BLOCK and has_area:
            elements[element.page_id].append(element)
    return elements


def _tasks(
    paths: Paths, files: Path, documents: Mapping[str, Document], elements: Mapping[str, list[Element]]
) -> dict[str, dict[str, Any]]:
    """Tasks by page, their pictures written below `files`."""
    layout = LabelInterface((paths.root / "annotation" / "layout.xml").read_text(encoding="utf-8"))
    tasks = {}
    for page in read_table(paths.curated / "pages", Page):
        if page.page_id in elements:
            (files / PAGES_FOLDER / f"{page.page_id}.png").write_bytes(page.image)
            tasks[page.page_id] = to_task(page, documents[page.document_id], elements[page.page_id], layout)
    return tasks


def _wait_for_interrupt(server: "subprocess.Popen[bytes]", log: Path) -> None:
    try:
        server.wait()
    except KeyboardInterrupt:
        return
    raise ServerError(f"Label Studio has stopped by itself; its log is {log}")


def _export(client: LabelStudio, project: int, folder: Path) -> str:
    """Write all finished tasks, to one file a project; says what was done."""
    made = client.projects.get(project).created_at
    exports: Any = client.projects.exports  # as_json is there, but not in the SDK's types
    finished = [task for task in exports.as_json(project) if task.get("annotations")]
    if not finished:
        return "no page has been finished, so nothing is exported"
    for task in finished:
        task.pop("predictions", None)
    path = folder / f"project-{made:%Y%m%d-%H%M%S}.json"
    write_json(path, sorted(finished, key=lambda task: task["id"]))
    return f"{len(finished)} pages exported to {path}; `make repro` takes them into the gold set"


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    """Being ended by a supervisor is like Ctrl-C: export and stop the server."""
    raise KeyboardInterrupt


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
