"""All that decides what becomes of a stage: run.json of its run, training.json of its checkpoint.

Notable:
- Settings, shards, the weights it starts from, our own code and the libraries that do the arithmetic: an unfinished run
  is taken up by the same of all of them and by nothing else.
- Nothing of when and where, so the same inputs give the same bytes; and with the command it is how to rebuild it.
"""

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import fabeye
from fabeye.paths import file_sha256
from fabeye.settings import STAGES, PretrainSettings
from fabeye.shards.tokenizer import TOKENIZER

from .start import Start

CODE = ("model", "objectives", "shards", "training", "degrade.py")  # of this package: what the stage depends on
LIBRARIES = ("torch", "mosaicml", "mosaicml-streaming", "numpy", "pillow", "tokenizers")


def fingerprint(stage: str, shards: Path, beginning: Start, settings: PretrainSettings) -> dict[str, Any]:
    """What decides the result, as JSON holds it. Raises OSError where a file of it cannot be read."""
    said = settings.model_dump(mode="json", exclude={"data", "track", "peak_tflops", *STAGES} - {stage})
    files = {f"shards/{path.relative_to(shards)}": path for path in _index_files(shards)}
    files |= {f"start/{path.name}": path for path in beginning.files()}
    return {
        "stage": stage,
        "rebuild": f"dvc repro pretrain@{stage}, with params.yaml's section pretrain as here and these shards",
        "pretrain": said,
        "sha256": {name: file_sha256(path) for name, path in files.items()},
        "code": code_digests(Path(fabeye.__file__).parent),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def code_digests(package: Path) -> dict[str, str]:
    """Part of the package -> sha256 over the names and bytes of its Python files."""
    return {name: _tree_sha256(package / name) for name in CODE}


def _tree_sha256(path: Path) -> str:
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    lines = [f"{file.relative_to(path.parent)} {file_sha256(file)}" for file in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _index_files(shards: Path) -> Iterator[Path]:
    """Files that name every shard's sha256, and the tokenizer."""
    yield from sorted(shards.rglob("index.json"))
    yield shards / TOKENIZER
