"""Whoever of a training is killed, and whenever: the same command goes on to the same bytes."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fabeye.paths import Paths
from fabeye.settings import PretrainSettings, load_settings
from fabeye.training.runs import TrainingError, claimed
from fabeye.training.stages import train_stage
from tests.training.test_launch import CLONE, LAUNCHER, project

__all__ = ["project"]

LONGEST_S = 2.5  # a victim lives at most so long after the training has begun
VICTIMS = ("launcher", "trainer", "worker", "saving")  # saving: the trainer, while it writes a checkpoint
SAMPLES = 1000  # of the stage for each kill, so that it outlives them all


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    count: int = request.config.getoption("--kills")
    return count


@pytest.fixture
def long(project: Path, kills: int) -> Path:
    """The project with a stage that outlives many kills, fed by a data worker."""
    text = (project / "params.yaml").read_text(encoding="utf-8")
    text = text.replace("samples: 24", f"samples: {SAMPLES * kills}").replace("workers: 0", "workers: 1")
    (project / "params.yaml").write_text(text, encoding="utf-8")
    return project


@pytest.fixture
def launched(long: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = launch(long)
    yield process
    end(process)


def launch(folder: Path, with_launcher: bool = False) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(CLONE / "lib"), *sys.path]), "OMP_NUM_THREADS": "1"}
    starter = [LAUNCHER, "-n", "1"] if with_launcher else [sys.executable]
    command = [*starter, "-m", "fabeye.training.launch", "base"]
    log = (folder / "log.txt").open("ab")
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)


def end(process: subprocess.Popen[bytes]) -> None:
    """Nobody of the training is left, so that the next one meets none."""
    family = [process.pid, *descendants(process.pid)]
    for one in family:
        kill(one)
    process.wait()


def descendants(pid: int) -> list[int]:
    """Children of a process, each followed by its own."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:  # it has died meanwhile
        return []
    return [one for child in map(int, text.split()) for one in (child, *descendants(child))]


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def begun(folder: Path, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a step has been trained; False where the stage ends before."""
    before = {path: path.stat().st_size for path in folder.glob("data/work/base-*/history.jsonl")}
    while process.poll() is None:
        for path in folder.glob("data/work/base-*/history.jsonl"):
            if path.stat().st_size > before.get(path, 0):
                return True
        time.sleep(0.02)
    return False


def strike(process: subprocess.Popen[bytes], victim: str, folder: Path, rng: random.Random) -> None:
    """Kill one of a training's processes at a random moment, and then what the dead one leaves behind."""
    family = [process.pid, *descendants(process.pid)]  # the launcher or trainer first, data workers last
    if victim == "saving":
        wait_for_a_checkpoint(folder, process)
    else:
        time.sleep(rng.uniform(0, LONGEST_S))
    kill(family[-1] if victim == "worker" else process.pid)
    if victim == "worker":
        assert process.wait(timeout=120) != 0
    for one in family:
        kill(one)
    process.wait()


def wait_for_a_checkpoint(folder: Path, process: subprocess.Popen[bytes]) -> None:
    known = set(folder.glob("data/work/base-*/checkpoints/*"))
    while process.poll() is None and not set(folder.glob("data/work/base-*/checkpoints/*")) - known:
        time.sleep(0.001)


@pytest.mark.slow
def test_kills_change_nothing(long: Path, kills: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    rng, done = random.Random(29), 0
    for number in range(kills):
        victim = VICTIMS[number % len(VICTIMS)]
        process = launch(long, with_launcher=victim == "launcher")
        if not begun(long, process):
            break
        strike(process, victim, long, rng)
        done += 1
    last = launch(long)
    assert last.wait(timeout=600) == 0, (long / "log.txt").read_text()
    said = (long / "log.txt").read_text()
    assert done == kills, f"the stage was over after {done} kills\n{said}"
    assert "a process that makes batches was killed" in said
    paths, calm = Paths(long), tmp_path_factory.mktemp("calm")
    settings = load_settings(long).pretrain
    train_stage("base", paths.shards, None, calm / "out", calm / "work", calm / "reports", settings)
    assert (paths.checkpoints / "base/model.safetensors").read_bytes() == (calm / "out/model.safetensors").read_bytes()
    assert list(paths.work.iterdir()) == []


@pytest.mark.slow
def test_a_second_training_is_told_who_has_the_run(long: Path, launched: subprocess.Popen[bytes]) -> None:
    assert begun(long, launched)
    (run,) = long.glob("data/work/base-*")
    with pytest.raises(TrainingError, match=r"process \d+ is training in"), claimed(run, patience_s=1.0):
        pass


def test_a_run_is_free_again_when_its_training_is_over(tmp_path: Path, tiny: PretrainSettings) -> None:  # noqa: ARG001
    with claimed(tmp_path):
        pass
    with claimed(tmp_path, patience_s=0.0):
        assert (tmp_path / "lock").read_text() == str(os.getpid())
