"""A trial trains its arm, measures it as the pipeline would, and says everything in one file."""

from pathlib import Path

import pytest

from fabeye.evaluation.gold import load_gold
from fabeye.experiments.trial import Trial, run_trial, some_pages
from fabeye.model import PretrainModel, from_pretrained
from fabeye.paths import Paths
from fabeye.settings import PretrainSettings, ProbeSettings, Settings, load_settings
from tests.training.test_evaluate import write_gold

PROBE = ProbeSettings(seed=1, train=20, test=20, drawn_train=2, drawn_test=2, nearest=2, side=56, compare="")


@pytest.fixture
def paths(corpus_root: Path, tmp_path: Path) -> Paths:
    """A project with the drawn corpus and its gold set."""
    (tmp_path / "data").mkdir()
    for ours, drawn in (("curated", "corpus"), ("parses", "parses"), ("shards", "shards")):
        (tmp_path / "data" / ours).symlink_to(corpus_root / drawn)
    (tmp_path / "data" / "corpus").symlink_to(corpus_root / "corpus")
    write_gold(tmp_path / "data")
    return Paths(tmp_path)


@pytest.fixture
def settings(tiny: PretrainSettings) -> Settings:
    """The project's settings, with a model and an amount of work for tests."""
    whole = load_settings()
    experiments = whole.experiments.model_copy(
        update={"shared": {}, "regions": 5, "pages": 1, "arms": {"text": {"base": {"objective": "captioning"}}}}
    )
    evaluate = whole.evaluate.model_copy(update={"probe": PROBE, "max_tokens": 6})
    return whole.model_copy(update={"pretrain": tiny, "experiments": experiments, "evaluate": evaluate})


def test_a_trial_is_trained_measured_and_kept(paths: Paths, settings: Settings) -> None:
    trial = run_trial("text", 4, paths, settings)
    assert trial == Trial.load(paths.trials / "text-4.json")
    assert (trial.arm, trial.seed, trial.samples) == ("text", 4, settings.pretrain.base.samples)
    assert trial.curve[0][0] == 0
    assert trial.curve[-1][1] < trial.curve[0][1]
    assert {"validation_text", "region_cer", "composite_domain"} <= set(trial.measures)
    assert any(name.startswith("probe_") for name in trial.measures)
    assert from_pretrained(PretrainModel, paths.experiments / "text-4")


def test_pages_are_spread_over_families(paths: Paths) -> None:
    pages = load_gold(paths.gold)
    chosen = some_pages(pages, 1)
    assert len(chosen) == len({page.family for page in pages})
    assert some_pages(pages, len(pages)) == pages
