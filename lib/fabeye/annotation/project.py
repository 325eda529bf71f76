"""Our projects on a Label Studio server: tasks in, annotations out, as often as one likes.

Notable:
- Three projects, one a round. In the second one other people annotate a sample of the same pages without seeing what
  was said in the first; in the third somebody settles the pages on which the two differ.
- A page is known by its page_id. Bringing in what is there already does nothing, so after a lost connection the same
  call completes the batch, and a page that came without its pre-annotation gets it.
- Exports are one file a page, sorted and rounded, and only what has changed is written: `git diff` reads well.
- People are told apart by a digest of their login, so no name leaves the server; projects by one of when they were
  made, so that no server takes back what another has exported.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from fabeye.annotation.exports import ADJUDICATED, FIRST
from fabeye.errors import FabeyeError
from fabeye.tables import write_json

SECOND = "second"
TITLES = {FIRST: "fabeye pages", SECOND: "fabeye second reading", ADJUDICATED: "fabeye adjudication"}
BATCH = 20  # tasks of one request
REFUSED = (401, 403)  # answers to a wrong token
DIGITS = 3  # of a percentage: a hundredth of a pixel on a page
DIGEST_DIGITS = 8  # hex digits that tell people apart, and projects
VALUES = ("x", "y", "width", "height", "rectanglelabels", "text", "number", "choices")  # that an export keeps


@dataclass(slots=True)
class _Words:
    """What our projects know of a page: the task's data, the projects that have it, and of each round and person the
    last word.
    """

    data: dict[str, Any]
    origins: set[str] = field(default_factory=set)
    said: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


class ProjectError(FabeyeError):
    """The server cannot be talked to; the text says why and that a rerun goes on."""


@contextmanager
def talking(url: str) -> Iterator[None]:
    """Turn what goes wrong on the way to the server into one sentence. Raises ProjectError."""
    try:
        yield
    except ApiError as error:
        if error.status_code in REFUSED:
            raise ProjectError(f"{url} refuses our token; use the login that its first start has drawn") from error
        raise ProjectError(f"{url} answers {error.status_code}: {_first_line(error.body)}; run it again") from error
    except httpx.HTTPError as error:
        raise ProjectError(f"the connection to {url} was lost ({error!r}); run it again, it goes on there") from error


def project_of(client: LabelStudio, round_name: str, layout: Path, pages: Path) -> int:
    """Id of a round's project, made with its picture storage when it is not there; its layout is brought up to date."""
    config = layout.read_text(encoding="utf-8")
    for project in client.projects.list():
        if project.title == TITLES[round_name]:
            _complete(client, cast(int, project.id), config, pages)
            return cast(int, project.id)
    made = client.projects.create(title=TITLES[round_name], label_config=config, maximum_annotations=1)
    _complete(client, cast(int, made.id), config, pages)
    return cast(int, made.id)


def known_pages(client: LabelStudio, project: int) -> dict[str, Any]:
    """Tasks of a project by their page_id."""
    return {task.data["page_id"]: task for task in client.tasks.list(project=project, fields="all") if task.data}


def bring_in(client: LabelStudio, project: int, tasks: Sequence[dict[str, Any]]) -> int:
    """Import the tasks whose page is not in the project yet, and missing pre-annotations; returns new tasks."""
    known = known_pages(client, project)
    for task in tasks:
        there = known.get(task["data"]["page_id"])
        if there is not None and not there.predictions and not there.annotations:
            for prediction in task["predictions"]:
                client.predictions.create(task=there.id, **prediction)
    missing = [task for task in tasks if task["data"]["page_id"] not in known]
    for start in range(0, len(missing), BATCH):
        request: list[Any] = missing[start : start + BATCH]  # the SDK's own type knows ids of tasks only
        client.projects.import_tasks(project, request=request, return_task_ids=True)
    return len(missing)


def export(client: LabelStudio, projects: Mapping[str, int], folder: Path) -> list[Path]:
    """Bring <folder>/<page_id>.json up to what is finished in the rounds' projects; returns the files that changed.

    What was taken back or deleted there leaves its file, and a file without a word is deleted. What a file has from
    other servers stays in it, and so does work on a page that is no longer in our project.
    """
    people = {person.id or 0: annotator(person.email or "") for person in client.users.list()}
    pages: dict[str, _Words] = {}
    for round_name, project in projects.items():
        origin = _digest(str(client.projects.get(project).created_at))
        for page, task in known_pages(client, project).items():
            words = pages.setdefault(page, _Words(_data(task.data)))
            words.origins.add(origin)
        exports: Any = client.projects.exports  # as_json is there, but not in the SDK's types
        for task in exports.as_json(project):
            finished = [one for one in task.get("annotations", []) if not one.get("was_cancelled")]
            for one in sorted(finished, key=lambda one: (str(one["updated_at"]), one.get("id") or 0)):
                said = {**_annotation(one, round_name, people), "project": origin}
                pages[task["data"]["page_id"]].said[round_name, said["annotator"]] = said
    return [path for page, words in sorted(pages.items()) if (path := _write(folder / f"{page}.json", words))]


def annotator(login: str) -> str:
    """The name under which a person's work is exported."""
    return _digest(login.strip().lower())


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:DIGEST_DIGITS]


def _complete(client: LabelStudio, project: int, config: str, pages: Path) -> None:
    """What a project needs that was perhaps lost with a connection: its layout, its folder of pictures."""
    if client.projects.get(project).label_config != config:
        client.projects.update(project, label_config=config)
    # Pictures are served only from below a storage; it is never synced, tasks come from us.
    if not list(client.import_storage.local.list(project=project)):
        client.import_storage.local.create(project=project, path=str(pages), use_blob_urls=True)


def _data(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: given[key] for key in ("image", "page_id", "title") if key in given}


def _annotation(said: dict[str, Any], round_name: str, people: Mapping[int, str]) -> dict[str, Any]:
    who = said["completed_by"]
    number = who["id"] if isinstance(who, dict) else who
    items = [_item(item) for item in said["result"] if "id" in item and "value" in item]
    return {
        "round": round_name,
        "annotator": people.get(number, annotator(str(number))),
        "updated_at": said["updated_at"],
        "result": sorted(items, key=lambda item: (item["value"].get("y", 0), item["value"].get("x", 0), _key(item))),
    }


def _item(item: dict[str, Any]) -> dict[str, Any]:
    value = {key: _rounded(item["value"][key]) for key in VALUES if key in item["value"]}
    return {"id": item["id"], "from_name": item["from_name"], "type": item["type"], "value": value}


def _key(item: dict[str, Any]) -> tuple[str, str]:
    return item["id"], item["from_name"]


def _rounded(value: Any) -> Any:
    return round(value, DIGITS) if isinstance(value, float) else value


def _write(path: Path, words: _Words) -> Path | None:
    """None where the file says it already."""
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    others = [one for task in before for one in task["annotations"] if one.get("project") not in words.origins]
    both = sorted(
        [*others, *words.said.values()], key=lambda one: (str(one.get("updated_at")), str(one.get("annotator")))
    )
    after = [{"data": words.data, "annotations": both}] if both else []
    if after == before:
        return None
    if after:
        write_json(path, after)
    else:
        path.unlink()
    return path


def _first_line(body: Any) -> str:
    text = body if isinstance(body, str) else json.dumps(body, default=str)
    return text.strip().splitlines()[0][:200] if text.strip() else "nothing"
