"""One small project for all tests of reporting; those that change it take a copy."""

import shutil
from pathlib import Path

import pytest

from tests.reporting.tiny_project import write_project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("reporting") / "project")


@pytest.fixture
def own_project(project: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(project, tmp_path / "own"))
