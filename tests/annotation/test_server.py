"""What can be told of the annotation server without installing it: secrets, environment, refusals."""

import socket
import stat
from pathlib import Path

import pytest

from fabeye.annotation.server import ServerError, credentials, environment, serve
from fabeye.paths import Paths
from fabeye.settings import AnnotateSettings


def test_the_login_is_drawn_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "label-studio" / "credentials.json"
    first = credentials(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert credentials(path) == first != credentials(tmp_path / "other.json")
    assert len(first.token) == 40


def test_the_server_asks_nobody_and_keeps_to_its_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/our/own/packages")
    given = environment(tmp_path, tmp_path / "files", credentials(tmp_path / "credentials.json"))
    assert "PYTHONPATH" not in given
    assert given["COLLECT_ANALYTICS"] == given["LATEST_VERSION_CHECK"] == "false"
    assert given["SENTRY_DSN"] == ""
    assert given["LABEL_STUDIO_BASE_DATA_DIR"].startswith(str(tmp_path))


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"port {port} is taken"):
            serve(Paths(tmp_path), port, AnnotateSettings(min_text=1))


def test_without_uv_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ServerError, match="uv is not on the PATH"):
        serve(Paths(tmp_path), port, AnnotateSettings(min_text=1))
