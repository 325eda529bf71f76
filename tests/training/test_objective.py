"""Each objective trains, learns from what it says it does, and steps end by samples, tokens or FLOPs."""

import json
from pathlib import Path

import pytest

from fabeye.settings import PretrainSettings
from fabeye.training.history import StageSummary
from fabeye.training.plan import sample_flops, stage_filling
from fabeye.training.stage_data import StageData
from fabeye.training.stages import train_stage


def train(root: Path, shards: Path, settings: PretrainSettings) -> StageSummary:
    return train_stage("base", shards, None, root / "out", root / "work", root / "reports", settings)


def with_base(settings: PretrainSettings, **changes: object) -> PretrainSettings:
    return settings.model_copy(update={"base": settings.base.model_copy(update=changes)})


@pytest.mark.parametrize(
    ("objective", "text_falls", "image_falls"),
    [("aimv2", True, True), ("prefix_text", True, False), ("captioning", True, False), ("pixels", False, True)],
)
def test_an_objective_lowers_its_own_losses(
    objective: str, text_falls: bool, image_falls: bool, corpus_root: Path, tiny: PretrainSettings, tmp_path: Path
) -> None:
    settings = with_base(tiny, objective=objective, lr=1e-2, samples=96, evaluations=1)
    summary = train(tmp_path, corpus_root / "shards", settings)
    first, last = summary.validation_first, summary.validation_last
    assert (last["text"] < 0.9 * first["text"]) == text_falls
    if image_falls:
        assert last["image"] < first["image"]


def test_blank_paper_may_count_less_and_prefixes_may_shrink(
    corpus_root: Path, tiny: PretrainSettings, tmp_path: Path
) -> None:
    plain = train(tmp_path / "plain", corpus_root / "shards", tiny)
    weighed = train(tmp_path / "weighed", corpus_root / "shards", tiny.model_copy(update={"blank_weight": 0.1}))
    annealed = train(tmp_path / "annealed", corpus_root / "shards", with_base(tiny, anneal=1.0))
    ends = {one.validation_last["total"] for one in (plain, weighed, annealed)}
    assert len(ends) == 3


def test_recomputing_the_blocks_changes_nothing(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    train(tmp_path / "plain", corpus_root / "shards", tiny)
    train(tmp_path / "again", corpus_root / "shards", tiny.model_copy(update={"recompute": True}))
    plain, again = (tmp_path / name / "out/model.safetensors" for name in ("plain", "again"))
    assert plain.read_bytes() == again.read_bytes()


@pytest.mark.slow
def test_half_precision_trains_compiled_too(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    halved = tiny.model_copy(update={"precision": "bf16", "compile": True})
    summary = train(tmp_path, corpus_root / "shards", halved)
    assert summary.validation_last["total"] < summary.validation_first["total"]


def test_half_precision_trains_too(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    summary = train(tmp_path, corpus_root / "shards", tiny.model_copy(update={"precision": "bf16"}))
    assert summary.validation_last["total"] < summary.validation_first["total"]


@pytest.mark.parametrize("limit", ["most_tokens", "most_flops"])
def test_tokens_or_flops_end_a_stage(limit: str, corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    plan = StageData("base", corpus_root / "shards", tmp_path, tiny).plan()
    *_, last = plan.steps()
    whole = {"most_tokens": last.after.tokens, "most_flops": last.after.flops}[limit]
    settings = with_base(tiny, **{limit: 0.5 * whole})
    shorter = list(StageData("base", corpus_root / "shards", tmp_path, settings).plan().steps())
    seen = {"most_tokens": shorter[-1].after.tokens, "most_flops": shorter[-1].after.flops}[limit]
    assert 0.5 * whole <= seen < whole
    assert shorter[-1].progress == 1
    assert all(step.progress < 1 for step in shorter[:-1])
    summary = train(tmp_path, corpus_root / "shards", settings)
    assert summary.samples == shorter[-1].after.samples < tiny.base.samples
    said = json.loads((tmp_path / "out" / "training.json").read_text())
    assert said["pretrain"]["base"][limit] == 0.5 * whole


def test_flops_follow_the_lengths(tiny: PretrainSettings) -> None:
    import numpy as np

    flops = sample_flops(tiny, np.array([10, 20, 20]), np.array([15, 25, 30]))
    assert flops[0] < flops[1] < flops[2]
    assert stage_filling(tiny, "base").count_flops(np.array([10]), np.array([15])) == flops[0]
