"""One small project with two random encoders for all tests of the app."""

from pathlib import Path

import pytest
import torch

from app.state import Library
from fabeye.model import EncoderConfig, VisionEncoder, save_pretrained
from fabeye.paths import Paths
from tests.reporting.tiny_project import write_project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("app") / "project")
    torch.manual_seed(0)
    for stage in ("base", "native"):
        encoder = VisionEncoder(EncoderConfig(patch=14, dim=32, depth=1, heads=2))
        save_pretrained(encoder, root / "data" / "checkpoints" / stage / "encoder")
    return root


@pytest.fixture
def library(project: Path) -> Library:
    return Library(Paths(project))
