"""What OmniDocBench's own evaluator answered for inputs written for this project."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ORACLE = Path(__file__).with_name("oracle")


@pytest.fixture(scope="session")
def oracle() -> Callable[[str], Any]:
    """A function from a file's name to its content."""
    return lambda name: json.loads((ORACLE / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def evaluated(tmp_path: Path) -> Callable[[Any, dict[str, str]], tuple[Path, Path]]:
    """A function that writes gold pages and predictions and says where: (gold file, folder of predictions)."""

    def write(gold: Any, predictions: dict[str, str]) -> tuple[Path, Path]:
        (tmp_path / "gold.json").write_text(json.dumps(gold), encoding="utf-8")
        folder = tmp_path / "predictions"
        folder.mkdir(exist_ok=True)
        for name, text in predictions.items():
            (folder / name).write_text(text, encoding="utf-8")
        return tmp_path / "gold.json", folder

    return write
