"""Two processes train what one trains."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from safetensors.torch import load_file

from fabeye.settings import PretrainSettings
from fabeye.training.history import History

SCRIPT = """
import sys
from pathlib import Path
import torch
from composer.utils import dist
from safetensors.torch import save_file
from fabeye.model import PretrainModel
from fabeye.settings import PretrainSettings
from fabeye.training.fit import fit, quiet
from fabeye.training.stage_data import StageData
from fabeye.training.start import model_config

quiet()
dist.initialize_dist("cpu")
shards, run, settings = Path(sys.argv[1]), Path(sys.argv[2]), PretrainSettings.model_validate_json(sys.argv[3])
torch.manual_seed(settings.seed)
model = PretrainModel(model_config(settings, 300, 64)).train()
whole = fit(model, StageData("base", shards, run, settings), run).model
own = [getattr(weight, "_local_tensor", weight).numel() for weight in model.parameters()]
(run / f"held-{dist.get_global_rank()}").write_text(str(sum(own)))
if dist.get_global_rank() == 0:
    save_file(whole.state_dict(), run / "model.safetensors")
"""


def train(shards: Path, run: Path, settings: PretrainSettings, ranks: int) -> None:
    assert [process.wait() for process in started(shards, run, settings, ranks)] == [0] * ranks


def started(shards: Path, run: Path, settings: PretrainSettings, ranks: int) -> list[subprocess.Popen[bytes]]:
    run.mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shared = {"WORLD_SIZE": ranks, "LOCAL_WORLD_SIZE": ranks, "NODE_RANK": 0, "MASTER_ADDR": "127.0.0.1"}
    processes = []
    for rank in range(ranks):
        own = shared | {"RANK": rank, "LOCAL_RANK": rank, "MASTER_PORT": port, "PYTHONPATH": os.pathsep.join(sys.path)}
        arguments = [sys.executable, "-c", SCRIPT, str(shards), str(run), settings.model_dump_json()]
        environment = os.environ | {name: str(value) for name, value in own.items()}
        processes.append(subprocess.Popen(arguments, env=environment))
    return processes


def fifty_steps(settings: PretrainSettings, **changes: bool) -> PretrainSettings:
    stage = settings.base.model_copy(update={"samples": 50 * 8, "batch": 8})
    return settings.model_copy(update={"base": stage, **changes})


@pytest.fixture(scope="module")
def alone(corpus_root: Path, tiny: PretrainSettings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of one process."""
    run = tmp_path_factory.mktemp("alone")
    train(corpus_root / "shards", run, fifty_steps(tiny), ranks=1)
    return run


def assert_alike(one: Path, other: Path) -> None:
    mine, others = History(one / "history.jsonl").rows(), History(other / "history.jsonl").rows()
    assert len(mine) == len(others) == 50 + 3
    for row, same in zip(mine, others, strict=True):
        assert (row.kind, row.step, row.samples) == (same.kind, same.step, same.samples)
        assert same.total == pytest.approx(row.total, rel=1e-4)
    weights, theirs = load_file(one / "model.safetensors"), load_file(other / "model.safetensors")
    assert weights.keys() == theirs.keys()
    for name, weight in weights.items():
        assert (weight - theirs[name]).abs().max() < 1e-3, name


@pytest.mark.slow
def test_two_processes_train_as_one_does(
    alone: Path, corpus_root: Path, tiny: PretrainSettings, tmp_path: Path
) -> None:
    train(corpus_root / "shards", tmp_path, fifty_steps(tiny), ranks=2)
    assert_alike(alone, tmp_path)


@pytest.mark.slow
def test_two_processes_with_half_the_weights_each_train_as_one_does(
    alone: Path, corpus_root: Path, tiny: PretrainSettings, tmp_path: Path
) -> None:
    """Killed on the way, too: a checkpoint of whole weights is taken up by processes that hold halves."""
    settings = fifty_steps(tiny, fsdp=True, recompute=True)
    processes = started(corpus_root / "shards", tmp_path, settings, ranks=2)
    while not any(tmp_path.glob("checkpoints/latest*")):
        assert all(process.poll() is None for process in processes)
        time.sleep(0.01)
    for process in processes:
        process.kill()
        process.wait()
    train(corpus_root / "shards", tmp_path, settings, ranks=2)
    assert_alike(alone, tmp_path)
    whole = int((alone / "held-0").read_text())
    for rank in "01":
        assert int((tmp_path / f"held-{rank}").read_text()) < 0.6 * whole


@pytest.mark.slow
def test_shares_leave_a_step_out_as_whole_weights_do(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    """The first step, right after a validation, which fetches weights and trains nothing."""
    stage = tiny.base.model_copy(update={"samples": 4 * 8, "batch": 8})
    for name, ranks in (("alone", 1), ("shared", 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "left_out.json").write_text(json.dumps({"0": ["some"]}))
        settings = tiny.model_copy(update={"base": stage, "fsdp": ranks > 1})
        train(corpus_root / "shards", tmp_path / name, settings, ranks)
    alone, shared = (History(tmp_path / name / "history.jsonl").rows() for name in ("alone", "shared"))
    assert [row.total for row in shared] == pytest.approx([row.total for row in alone], rel=1e-4)
    assert alone[1].total == 0
