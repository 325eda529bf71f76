"""The stages as a launcher starts them: two processes make what one makes, and a mistake is one sentence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from safetensors.torch import load_file

from fabeye.paths import Paths
from fabeye.settings import PretrainSettings

CLONE = Path(__file__).parents[2]
LAUNCHER = Path(sys.executable).with_name("composer")


@pytest.fixture
def project(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> Path:
    """A project whose params.yaml asks for the tiny model."""
    for name in ("conf", "pyproject.toml", "dvc.yaml"):
        (shutil.copytree if (CLONE / name).is_dir() else shutil.copy)(CLONE / name, tmp_path / name)
    params = yaml.safe_load((CLONE / "params.yaml").read_text(encoding="utf-8"))
    params["pretrain"] = tiny.model_dump(mode="json")
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    Paths(tmp_path).shards.parent.mkdir()
    shutil.copytree(corpus_root / "shards", Paths(tmp_path).shards)
    return tmp_path


def launched(project: Path, processes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(CLONE / "lib"), *sys.path]), "OMP_NUM_THREADS": "1"}
    command = [LAUNCHER, "-n", str(processes), "-m", "fabeye.training.launch", *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
def test_two_processes_publish_what_one_does(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "project"
    shutil.copytree(project, other)
    for folder, processes in ((project, 1), (other, 2)):
        done = launched(folder, processes, "base", "highres")
        assert done.returncode == 0, done.stdout + done.stderr
        assert list(Paths(folder).work.iterdir()) == []
        assert (Paths(folder).reports / "metrics" / "pretrain_highres.json").is_file()
    ours, theirs = (load_file(Paths(one).checkpoints / "highres" / "model.safetensors") for one in (project, other))
    for name, weight in ours.items():
        assert (weight - theirs[name]).abs().max() < 1e-3, name


@pytest.mark.slow
def test_a_mistake_is_a_sentence(project: Path) -> None:
    shutil.rmtree(Paths(project).shards)
    done = launched(project, 1, "base")
    assert done.returncode != 0
    assert "there are no shards" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
