"""Shards of a drawn corpus and settings of a model that trains in a second."""

from pathlib import Path

import pytest

from fabeye.schema import Split
from fabeye.settings import PretrainSettings, ShardsSettings
from tests.shards.drawn_corpus import UNDAMAGED, build_drawn, write_corpus

SPLITS = [Split.TRAIN, Split.TRAIN, Split.VALIDATION, Split.GOLD, Split.GOLD]


@pytest.fixture(scope="session")
def corpus_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with corpus/, parses/ and shards/."""
    root = tmp_path_factory.mktemp("trained")
    write_corpus(root, SPLITS)
    settings = ShardsSettings(seed=1, vocabulary=300, max_text=64, longest=0, min_side=4, compression="zstd:3")
    build_drawn(root, settings)
    return root


@pytest.fixture(scope="session")
def tiny() -> PretrainSettings:
    """Six steps of four samples."""
    stage = {
        "side": 56,
        "pictures": "fitted",
        "mixture": {},
        "objective": "aimv2",
        "alpha": 0.4,
        "anneal": 0,
        "weight_decay": 1e-4,
        "branch": 1.0,
        "lr": 1e-3,
        "samples": 24,
        "most_tokens": 0,
        "most_flops": 0,
        "batch": 4,
        "tokens": 10_000,
        "evaluations": 2,
    }
    return PretrainSettings.model_validate(
        {
            "seed": 3,
            "init": {"encoder": "", "block": "aimv2", "model": ""},
            "variance_floor": 0.01,
            "blank_weight": 1.0,
            "patch": 14,
            "betas": (0.9, 0.95),
            "clip": 1.0,
            "ema": 0,
            "warmup": 0.2,
            "final_lr": 0.01,
            "window": 2,
            "guard": {"spike": 3.0, "memory": 64, "returns": 2},
            "track": [],
            "augment": UNDAMAGED | {"jpeg": 0.5},
            "device": "cpu",
            "precision": "fp32",
            "recompute": False,
            "compile": False,
            "fsdp": False,
            "peak_tflops": 0,
            "threads": 1,
            "microbatch": 10_000,
            "data": {"remote": "", "workers": 0, "cache": "", "cache_gib": 1},
            "encoder": {"dim": 16, "depth": 1, "heads": 2},
            "decoder": {"dim": 16, "depth": 1, "heads": 2},
            "base": stage,
            "highres": stage,
            "native": stage,
        }
    )
