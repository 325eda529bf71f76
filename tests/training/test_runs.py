"""An unfinished run is taken up by the same settings alone, and whoever comes with others is told which."""

from pathlib import Path

import pytest

from fabeye.training.runs import RUN_FILE, TrainingError, open_run

DECISIVE = {"stage": "base", "pretrain": {"seed": 3, "base": {"lr": 1e-3, "mixture": {"general": [(0, 1)]}}}}


def changed(**base: object) -> dict[str, object]:
    return {"stage": "base", "pretrain": {"seed": 3, "base": {**DECISIVE["pretrain"]["base"], **base}}}  # type: ignore[index]


def unfinished(work: Path) -> Path:
    run = open_run(work, "base", DECISIVE)
    (run / "checkpoints").mkdir()
    (run / "checkpoints" / "step7-rank0.pt").write_bytes(b"weights")
    return run


def test_the_same_settings_find_their_run_again(tmp_path: Path) -> None:
    run = unfinished(tmp_path)
    assert open_run(tmp_path, "base", DECISIVE) == run
    assert (run / "checkpoints" / "step7-rank0.pt").exists()
    assert (run / RUN_FILE).exists()


def test_other_settings_are_refused_by_name_and_nothing_is_lost(tmp_path: Path) -> None:
    run = unfinished(tmp_path)
    with pytest.raises(TrainingError, match=r"pretrain\.base\.lr was 0\.001, is 0\.01\. Set them back") as refused:
        open_run(tmp_path, "base", changed(lr=1e-2))
    assert "mixture" not in str(refused.value)
    assert [one.name for one in tmp_path.iterdir()] == [run.name]


def test_another_stage_and_a_run_without_a_checkpoint_are_no_hindrance(tmp_path: Path) -> None:
    unfinished(tmp_path)
    assert open_run(tmp_path, "native", changed(lr=1e-2)).is_dir()
    begun = open_run(tmp_path / "begun", "base", DECISIVE)
    assert open_run(tmp_path / "begun", "base", changed(lr=1e-2)) != begun
