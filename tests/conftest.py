"""Fixtures that several packages' tests share."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import settings
from pebble.common import CONSTS

# A property is about values; how long one example takes on shared cores says nothing.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cdm", type=Path, help="folder cdm/ of UniMERNet; its packages must be those of --cdm-python")
    parser.addoption("--cdm-python", default="python3", help="interpreter that has the packages of CDM's program")
    parser.addoption("--kills", type=int, default=4, help="kills in tests/training/test_kills.py; 20 take 8 minutes")


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of real documents beside the clone; the test is skipped where they are not at hand."""
    folder = Path(__file__).resolve().parents[1] / ".." / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip(f"no real sample documents at {folder}")
    return folder.resolve()


@pytest.fixture
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time limits of a millisecond hold: worker processes are looked at that often, not ten times a second as else."""
    monkeypatch.setattr(CONSTS, "sleep_unit", 0.001)


class Fetched(HTMLParser):
    """Collects what a browser would fetch to show a page."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        wanted = {"script": "src", "img": "src", "link": "href"}.get(tag)
        self.sources += [value or "" for name, value in attributes if name == wanted]


@pytest.fixture(scope="session")
def fetched() -> Callable[[str], list[str]]:
    """A function from a page's HTML to the addresses a browser would fetch to show it."""

    def collect(page: str) -> list[str]:
        parser = Fetched()
        parser.feed(page)
        return parser.sources

    return collect
