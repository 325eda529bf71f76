"""What is exported when work on a server changes, is taken back, or was done elsewhere; the server is a stand-in."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from label_studio_sdk import LabelStudio

from fabeye.annotation.project import annotator, export

PAGE = "0123456789abcdef-0000"
PEOPLE = {1: "one@localhost.local", 2: "two@localhost.local"}


def annotation(who: int, text: str, when: str, **more: Any) -> dict[str, Any]:
    value = {"x": 1.0, "y": 1.0, "width": 9.0, "height": 9.0, "text": [text]}
    item = {"id": "r0", "from_name": "transcription", "type": "textarea", "value": value}
    return {"id": 1, "completed_by": who, "updated_at": when, "result": [item], **more}


def server(*said: dict[str, Any], made: str = "2026-01-01", pages: tuple[str, ...] = (PAGE,)) -> LabelStudio:
    """A client of a server with one project that has `pages`, and what was said of PAGE."""
    tasks = [{"data": {"page_id": PAGE}, "annotations": list(said)}] if said else []
    known = [SimpleNamespace(data={"page_id": page}) for page in pages]
    client = SimpleNamespace(
        users=SimpleNamespace(list=lambda: [SimpleNamespace(id=key, email=mail) for key, mail in PEOPLE.items()]),
        projects=SimpleNamespace(
            get=lambda _: SimpleNamespace(created_at=made), exports=SimpleNamespace(as_json=lambda _: tasks)
        ),
        tasks=SimpleNamespace(list=lambda **_: known),
    )
    return cast(LabelStudio, client)


def exported(folder: Path) -> list[tuple[str, str]]:
    """Who says what of PAGE."""
    path = folder / f"{PAGE}.json"
    (task,) = json.loads(path.read_text()) if path.is_file() else [{"annotations": []}]
    return [(one["annotator"], one["result"][0]["value"]["text"][0]) for one in task["annotations"]]


def test_of_a_persons_annotations_the_newest_counts_whatever_the_order(tmp_path: Path) -> None:
    late, early = annotation(1, "late", "2026-02-02"), annotation(1, "early", "2026-02-01")
    export(server(late, early), {"first": 1}, tmp_path)
    assert exported(tmp_path) == [(annotator(PEOPLE[1]), "late")]


def test_what_is_taken_back_leaves_the_export(tmp_path: Path) -> None:
    mine, yours = annotation(1, "mine", "2026-02-01"), annotation(2, "yours", "2026-02-02")
    export(server(mine, yours), {"first": 1}, tmp_path)
    cancelled = {**yours, "was_cancelled": True}
    assert export(server(mine, cancelled), {"first": 1}, tmp_path) == [tmp_path / f"{PAGE}.json"]
    assert exported(tmp_path) == [(annotator(PEOPLE[1]), "mine")]
    export(server(), {"first": 1}, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_was_done_elsewhere_or_on_a_page_that_is_gone_stays(tmp_path: Path) -> None:
    export(server(annotation(1, "elsewhere", "2026-02-01"), made="2025-12-24"), {"first": 1}, tmp_path)
    assert export(server(), {"first": 1}, tmp_path) == []
    export(server(annotation(1, "here", "2026-02-02")), {"first": 1}, tmp_path)
    both = [(annotator(PEOPLE[1]), "elsewhere"), (annotator(PEOPLE[1]), "here")]
    assert exported(tmp_path) == both
    assert export(server(pages=()), {"first": 1}, tmp_path) == []
    assert exported(tmp_path) == both
