"""Fixtures that several packages' tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

# A property is about values; how long one example takes on shared cores says nothing.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of real documents beside the clone; the test is skipped where they are not at hand."""
    folder = Path(__file__).resolve().parents[1] / ".." / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip(f"no real sample documents at {folder}")
    return folder.resolve()
