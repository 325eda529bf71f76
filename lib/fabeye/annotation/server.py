"""What `make annotate` runs: Label Studio on this machine, with the pages to check, until Ctrl-C.

Notable:
- The server lives in an environment of its own, .venv-label-studio: in ours it would drag numpy and others back.
- It listens on the loopback address only. Its password and token are drawn at the first start and readable by their
  owner alone.
- Nobody can sign up but through the invitation that is printed; a second annotator takes it.
- On Ctrl-C what people have finished is exported to annotation/exports/, where the gold set takes it up; also at a
  start, as the server may have been killed. Pages on which two people differ come back at the next one, to be settled.
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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import Any, cast

import httpx
from label_studio_sdk import LabelStudio
from label_studio_sdk.label_interface import LabelInterface

from fabeye.annotation.agreement import compare_pages, disagreements
from fabeye.annotation.exports import ADJUDICATED, FIRST, Annotated, read_versions, settled
from fabeye.annotation.project import SECOND, TITLES, bring_in, export, known_pages, project_of, talking
from fabeye.annotation.tasks import CHECK, PAGES_FOLDER, is_sampled, to_settle, to_task, worst_first
from fabeye.errors import FabeyeError
from fabeye.omnidoc import BLOCK
from fabeye.paths import Paths
from fabeye.progress import duration
from fabeye.schema import Document, Element, Entity, Page, Review, document_of
from fabeye.settings import AnnotateSettings
from fabeye.tables import find_rows, read_table

SERVER = "label-studio==1.23.2"
HOST = "127.0.0.1"
FILES, LOG = "files", "server.log"  # below the server's home: pictures it serves, what it says
USERNAME = "annotator@localhost.local"
TASKS_AT_ONCE = 200  # pages brought in at each start; importing into a crowded project is slow
START_SECONDS = 600.0  # the first start migrates a database, 100 s on two cores
TICK_SECONDS = 5.0
STOP_SECONDS = 20.0
CHECKED_SALT = "checked "  # so that the pages to check are drawn apart from those that two people annotate


class ServerError(FabeyeError):
    """Label Studio cannot be installed or started; the text says where its log lies."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who may log in; kept between starts."""

    username: str
    password: str
    token: str


def serve(paths: Paths, port: int, settings: AnnotateSettings) -> None:
    """Install where needed, start, bring in pages, wait for Ctrl-C, export. Raises ServerError."""
    if _is_taken(port):
        raise ServerError(f"port {port} is taken; stop what runs there, or take another: `fabeye annotate --port 8081`")
    home = paths.work / "label-studio"
    program = installed(paths.root / ".venv-label-studio")
    signal.signal(signal.SIGTERM, _as_interrupt)
    with running(program, home, port) as (server, url, who), talking(url):
        client = LabelStudio(base_url=url, api_key=who.token)
        layout, files = paths.root / "annotation" / "layout.xml", home / FILES
        projects = {name: project_of(client, name, layout, files / PAGES_FOLDER) for name in TITLES}
        export(client, projects, paths.exports)  # what was finished before the server was stopped otherwise than by us
        print(bring_in_pages(client, projects, paths, files, settings), flush=True)
        print(f"{url}/projects/{projects[FIRST]}  {who.username}  {who.password}  (Ctrl-C exports and stops)")
        print(f"for a second annotator: {url}{invitation(url, who.token)}", flush=True)
        _wait_for_interrupt(server, home / LOG)
        changed = export(client, projects, paths.exports)
        print(f"{len(changed)} pages exported to {paths.exports}; `make repro` takes them up", flush=True)


@contextmanager
def running(program: Path, home: Path, port: int) -> Iterator[tuple["subprocess.Popen[bytes]", str, Credentials]]:
    """A server that keeps its things below `home`, its address and login; stopped in the end. Raises ServerError."""
    who, files = credentials(home / "credentials.json"), home / FILES
    (files / PAGES_FOLDER).mkdir(parents=True, exist_ok=True)
    command = [str(program), "start", "--no-browser", "--internal-host", HOST, "--port", str(port)]
    with (home / LOG).open("wb") as sink:
        server = subprocess.Popen(command, env=environment(home, files, who), stdout=sink, stderr=sink, process_group=0)
    try:
        _wait_until_healthy(server, port, home / LOG)
        yield server, f"http://{HOST}:{port}", who
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


def installed(folder: Path) -> Path:
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


def invitation(url: str, token: str) -> str:
    """Path on which whoever has it may open an account; there is no other way to one."""
    answer = httpx.get(f"{url}/api/invite", headers={"Authorization": f"Token {token}"}, timeout=START_SECONDS)
    answer.raise_for_status()
    return cast(str, answer.json()["invite_url"])


def bring_in_pages(
    client: LabelStudio, projects: Mapping[str, int], paths: Paths, files: Path, settings: AnnotateSettings
) -> str:
    """Import the queue's first pages, the sample that is annotated twice and what is to be settled; says how many."""
    versions = read_versions(paths.exports)
    queue = _queue(paths, set(versions) | set(known_pages(client, projects[FIRST])), settings.check_gold)
    tasks = _tasks(paths, files, {page: queue[page] for page in list(queue)[:TASKS_AT_ONCE]})
    first = bring_in(client, projects[FIRST], tasks)
    sample = [page for page in known_pages(client, projects[FIRST]) if is_sampled(page, settings.twice)]
    again = _queue(paths, set(known_pages(client, projects[SECOND])), settings.check_gold, only=set(sample))
    second = bring_in(client, projects[SECOND], _tasks(paths, files, again))
    differ = disagreements(compare_pages(versions), settings.agreed, settled(versions))
    third = bring_in(client, projects[ADJUDICATED], _tasks_to_settle(paths, files, differ, versions))
    return f"{first} pages brought in, least certain first; {second} to annotate twice; {third} to settle"


def _queue(paths: Paths, known: set[str], check_gold: float, only: set[str] | None = None) -> dict[str, list[Element]]:
    """Pages that are not `known`, of these `only`, with what the teacher read; in the order of annotation.

    Of the generated gold pages, whose truth stands in for a reading, the share `check_gold` is let in.
    """
    documents = _documents(paths)
    elements = _elements(paths, documents, known)
    wanted = [
        page
        for page in elements
        if (only is None or page in only)
        and (not documents[document_of(page)].is_generated_gold or is_sampled(f"{CHECKED_SALT}{page}", check_gold))
    ]
    ranks = {one.page_id: one.rank for one in read_table(paths.parses / "review", Review)}
    ordered = worst_first(documents, {page: elements[page] for page in wanted}, ranks)
    return {page: elements[page] for page in ordered}


def _elements(paths: Paths, documents: Mapping[str, Document], known: set[str]) -> dict[str, list[Element]]:
    """The blocks of every page that is not known, perhaps none: as the teacher read them, or the truth."""
    elements: dict[str, list[Element]] = {}
    for page in read_table(paths.curated / "pages", Page):
        if page.page_id not in known:
            elements[page.page_id] = []
    made = {page for page in elements if documents[document_of(page)].is_generated_gold}
    read = read_table(paths.parses / "elements", Element)
    truth = find_rows(paths.curated / "truth", Element, "page_id", made) if made else ()
    for element in chain((one for one in read if one.page_id not in made), truth):
        has_area = element.x1 > element.x0 and element.y1 > element.y0
        if element.page_id in elements and element.level == BLOCK and has_area:
            elements[element.page_id].append(element)
    return elements


def _tasks(paths: Paths, files: Path, elements: Mapping[str, list[Element]]) -> list[dict[str, Any]]:
    """Tasks in the order of `elements`, their pictures written below `files`."""
    layout, documents = _layout(paths), _documents(paths)
    reasons = {one.page_id: one.reason for one in read_table(paths.parses / "review", Review)}
    made = {page for page in elements if documents[document_of(page)].is_generated_gold}
    fields: dict[str, list[Entity]] = {page: [] for page in made}
    for entity in find_rows(paths.curated / "entities", Entity, "page_id", made) if made else ():
        fields[entity.page_id].append(entity)
    tasks = {}
    for page in _pages(paths, files, elements):
        name, document = page.page_id, documents[page.document_id]
        reason = CHECK if name in made else reasons.get(name, "")
        tasks[name] = to_task(page, document, elements[name], layout, fields.get(name, ()), reason)
    return [tasks[page] for page in elements if page in tasks]


def _tasks_to_settle(
    paths: Paths, files: Path, differ: Sequence[Mapping[str, Any]], versions: Mapping[str, Sequence[Annotated]]
) -> list[dict[str, Any]]:
    """Tasks of the pages on which two people differ, worst first, with what each of them said."""
    layout, documents = _layout(paths), _documents(paths)
    reasons = {one["page_id"]: f"two people differ most in: {one['weakest']}" for one in differ}
    tasks = {
        page.page_id: to_settle(
            page, documents[page.document_id], versions[page.page_id], layout, reasons[page.page_id]
        )
        for page in _pages(paths, files, reasons)
    }
    return [tasks[page] for page in reasons if page in tasks]


def _pages(paths: Paths, files: Path, wanted: Iterable[str]) -> Iterator[Page]:
    """These pages, their pictures written where the server finds them."""
    for page in find_rows(paths.curated / "pages", Page, "page_id", set(wanted)):
        (files / PAGES_FOLDER / f"{page.page_id}.png").write_bytes(page.image)
        yield page


def _layout(paths: Paths) -> LabelInterface:
    return LabelInterface((paths.root / "annotation" / "layout.xml").read_text(encoding="utf-8"))


def _documents(paths: Paths) -> dict[str, Document]:
    return {one.document_id: one for one in read_table(paths.curated / "documents", Document)}


def _wait_for_interrupt(server: "subprocess.Popen[bytes]", log: Path) -> None:
    try:
        server.wait()
    except KeyboardInterrupt:
        return
    raise ServerError(
        f"Label Studio has stopped by itself; its log is {log}; run `make annotate` again: what was submitted is kept, "
        "and exported as it starts"
    )


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
