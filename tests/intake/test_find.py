"""What find_files sees in a folder that people fill."""

import os
from pathlib import Path

from fabeye.intake.find import find_files, refusal


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")


def test_files_are_sorted_and_know_their_place(tmp_path: Path) -> None:
    put(
        tmp_path, "data/raw/general/b/z.pdf", "data/raw/domain/失效 分析/2026/报告 一.pdf", "data/raw/general/b/.hidden"
    )
    put(tmp_path, "data/raw/.gitignore", "data/raw/general/b/z.pdf.dvc", "data/raw/general/.git/config")
    found = find_files(tmp_path / "data/raw", tmp_path)
    assert [one.name for one in found] == ["data/raw/domain/失效 分析/2026/报告 一.pdf", "data/raw/general/b/z.pdf"]
    assert [(one.layer, one.family, one.language, one.split) for one in found] == [
        ("domain", "失效 分析", "und", ""),
        ("general", "b", "und", ""),
    ]
    assert [refusal(one) for one in found] == [None, None]


def test_misplaced_files_come_back_and_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "raw/a.pdf", "raw/domain/b.pdf", "raw/other/family/c.pdf")
    found = find_files(tmp_path / "raw", tmp_path)
    assert [one.name for one in found] == ["raw/a.pdf", "raw/domain/b.pdf", "raw/other/family/c.pdf"]
    assert all("data/raw/<layer>/<family>/" in str(refusal(one)) for one in found)


def test_links_that_leave_the_folder_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "secret/s.pdf", "raw/domain/f/good.pdf")
    family = tmp_path / "raw/domain/f"
    (family / "file.pdf").symlink_to(tmp_path / "secret/s.pdf")
    (family / "folder").symlink_to(tmp_path / "secret")
    (family / "nothing.pdf").symlink_to(tmp_path / "gone.pdf")
    (family / "itself.pdf").symlink_to(family / "itself.pdf")
    (family / "inside.pdf").symlink_to(family / "good.pdf")
    reasons = {one.path.name: refusal(one) for one in find_files(tmp_path / "raw", tmp_path)}
    assert {name for name, reason in reasons.items() if reason is None} == {"good.pdf", "inside.pdf"}
    assert all("link" in reasons[name] for name in ("file.pdf", "folder", "nothing.pdf", "itself.pdf"))  # type: ignore[operator]


def test_a_pipe_is_refused_without_being_opened(tmp_path: Path) -> None:
    (tmp_path / "raw/domain/f").mkdir(parents=True)
    os.mkfifo(tmp_path / "raw/domain/f/pipe.pdf")
    (pipe,) = find_files(tmp_path / "raw", tmp_path)
    assert refusal(pipe) == "this is not a regular file"


def test_a_name_that_is_no_utf8_can_be_written_down(tmp_path: Path) -> None:
    (tmp_path / "raw/domain/f").mkdir(parents=True)
    path = os.fsencode(tmp_path / "raw/domain/f") + b"/\xb1\xa8.pdf"
    with open(path, "wb") as file:
        file.write(b"x")
    (found,) = find_files(tmp_path / "raw", tmp_path)
    assert found.name.encode("utf-8").endswith(b".pdf")
    assert found.path.is_file()


def test_no_folder_is_no_file(tmp_path: Path) -> None:
    assert find_files(tmp_path / "raw", tmp_path) == []
