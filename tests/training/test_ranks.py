"""Two processes train what one trains."""

import os
import socket
import subprocess
import sys
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
fit(model, StageData("base", shards, run, settings), run)
if dist.get_global_rank() == 0:
    save_file(model.state_dict(), run / "model.safetensors")
"""


def train(shards: Path, run: Path, settings: PretrainSettings, ranks: int) -> None:
    run.mkdir()
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
    assert [process.wait() for process in processes] == [0] * ranks


@pytest.mark.slow
def test_two_processes_train_as_one_does(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    stage = tiny.base.model_copy(update={"samples": 50 * 8, "batch": 8})
    settings = tiny.model_copy(update={"base": stage})
    for ranks in (1, 2):
        train(corpus_root / "shards", tmp_path / str(ranks), settings, ranks)
    one, two = (History(tmp_path / ranks / "history.jsonl").rows() for ranks in "12")
    assert len(one) == len(two) == 50 + 3
    for mine, other in zip(one, two, strict=True):
        assert (mine.kind, mine.step, mine.samples) == (other.kind, other.step, other.samples)
        assert other.total == pytest.approx(mine.total, rel=1e-4)
    weights, others = (load_file(tmp_path / ranks / "model.safetensors") for ranks in "12")
    for name, weight in weights.items():
        assert (weight - others[name]).abs().max() < 1e-3, name
