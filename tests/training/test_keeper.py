"""The plan's state, what falls due and what is damaged, as the checkpoint keeps it; and what is drawn for a sample."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from fabeye.settings import PretrainSettings
from fabeye.shards.index import ShardsError
from fabeye.shards.store import Damage
from fabeye.training.keeper import PlanKeeper, learning_rate
from fabeye.training.prefixes import keyed_prefixes
from fabeye.training.stage_data import StageData


@pytest.fixture
def data(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> StageData:
    return StageData("base", corpus_root / "shards", tmp_path, tiny)


def test_a_keeper_takes_up_the_plan_of_the_batch_that_was_trained_on(data: StageData) -> None:
    keeper = PlanKeeper(data.train())
    batches = list(data.train())
    for batch in batches[:3]:
        state = SimpleNamespace(batch=batch)
        keeper.after_dataloader(state, None)
        keeper.batch_end(state, None)
    assert (keeper.progress, keeper.passes(2), keeper.passes(1), keeper.finished) == (0.5, True, False, False)
    keeper.after_dataloader(SimpleNamespace(batch=batches[3]), None)  # its step is under way and not done
    again = PlanKeeper(data.train())
    again.load_state_dict(json.loads(json.dumps(keeper.state_dict())))
    assert [batch.origin.ids for batch in again.loader] == [batch.origin.ids for batch in batches[3:]]


def test_more_damage_than_an_accident_stops_the_run(data: StageData) -> None:
    keeper = PlanKeeper(data.train())
    source = keeper.loader.plan.names[0]
    first, second = (Damage(source, "shard", at, f"name-{at}", "gone") for at in (0, 1))
    for _ in range(3):
        keeper._note(first)  # the same one again and again is one
    with pytest.raises(ShardsError, match="name-1"):
        keeper._note(second)


def test_the_learning_rate_rises_and_falls() -> None:
    rates = [learning_rate(place / 100, 0.1, 0.01) for place in range(101)]
    assert rates[0] == 0
    assert rates[10] == pytest.approx(1.0)
    assert rates[100] == pytest.approx(0.01)
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_a_prefix_belongs_to_its_sample_alone() -> None:
    lengths, draws = [1, 2, 50, 256, 256], [7, 8, 9, 10, 11]
    prefixes = keyed_prefixes(lengths, draws, seed=3)
    assert prefixes[0] == prefixes[1] == 1
    assert all(1 <= prefix < length for prefix, length in zip(prefixes[1:], lengths[1:], strict=True))
    assert keyed_prefixes(lengths[::-1], draws[::-1], seed=3) == prefixes[::-1]
    assert keyed_prefixes(lengths, draws, seed=4) != prefixes
    many = keyed_prefixes([101] * 4000, range(4000), seed=3)
    assert sum(many) / len(many) == pytest.approx(50.5, abs=2), "spread evenly over 1 to 100"
