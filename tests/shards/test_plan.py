"""A plan is the same whoever makes it, wherever it is taken up, and on however many processes."""

import json

import numpy as np
import pytest

from fabeye.shards.index import ShardsError
from fabeye.shards.plan import Filling, Plan, PlanState, Step
from fabeye.shards.simulate import made_up_plan, simulate

COUNTS = {"domain-a": 4000, "domain-b": 700, "general-c": 2000}
RAMP = {"domain": [(0.0, 0.1), (1.0, 0.6)], "general": [(0.0, 0.9), (1.0, 0.4)]}
TOKENS = 300_000  # of a step
FILLINGS = {
    "fitted": Filling("fitted", 224, 14, 64, 10**9, 20_000, 4000),
    "square": Filling("square", 224, 14, 64, 10**9, 20_000, 4000),
    "area": Filling("area", 896, 14, 10**6, TOKENS, 20_000, 4000),
    "native": Filling("fitted", 896, 14, 10**6, TOKENS, 20_000, 4000),
}


def plan(kind: str, seed: int = 4) -> Plan:
    return made_up_plan(COUNTS, RAMP, FILLINGS[kind], max_text=96, seed=seed, window=2)


def said(step: Step) -> list[list[int]]:
    return [part.tolist() for part in (step.draw, step.source, step.index, step.epoch, step.tokens)]


@pytest.mark.parametrize("kind", FILLINGS)
def test_what_is_promised_of_a_large_run_holds_of_a_small_one(kind: str) -> None:
    played = simulate(plan(kind), ranks=8, ranks_after=4)
    assert (played.lost, played.doubled, played.same_order) == (0, 0, True)
    assert played.mixture_error < 0.001
    assert played.imbalance_mean < 0.02
    assert played.samples >= 20_000
    assert played.holds


def test_a_simulation_notices_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    good = plan("fitted")
    take = type(good.sources[0].order).take
    monkeypatch.setattr(
        type(good.sources[0].order), "take", lambda self, at, n: (take(self, at, n)[0] // 2, take(self, at, n)[1])
    )
    played = simulate(good, ranks=2, ranks_after=1)
    assert played.lost > 0
    assert played.doubled > 0
    assert not played.holds


@pytest.mark.parametrize("kind", ["fitted", "area"])
def test_a_plan_is_taken_up_from_a_saved_state(kind: str) -> None:
    steps = list(plan(kind).steps())[:12]
    for at in (0, 1, 7):
        state = PlanState.from_dict(json.loads(json.dumps(steps[at].after.as_dict())))
        assert state == steps[at].after
        for wanted, got in zip(steps[at + 1 :], plan(kind).steps(state), strict=False):
            assert said(got) == said(wanted)


def test_steps_keep_to_their_budget_and_progress_to_the_end() -> None:
    steps = list(plan("native").steps())
    assert all(step.tokens.sum() <= TOKENS for step in steps)
    assert np.mean([step.tokens.sum() for step in steps]) > 0.95 * TOKENS
    assert [step.number for step in steps] == list(range(len(steps)))
    assert steps[-1].progress == 1.0
    assert steps[-2].progress < 1.0
    assert np.concatenate([step.draw for step in steps]).tolist() == list(range(steps[-1].after.samples))


def test_other_seeds_make_other_plans() -> None:
    assert said(next(plan("fitted").steps())) != said(next(plan("fitted", seed=5).steps()))


def test_all_processes_take_as_many_microbatches() -> None:
    one = plan("native")
    step = next(one.steps())
    hands = one.hands(step, 4)
    parts = one.parts(step, hands)
    assert parts == -(-max(step.tokens[hand].sum() for hand in hands) // 4000)


def test_more_processes_than_samples_are_refused() -> None:
    one = plan("fitted")
    with pytest.raises(ShardsError, match="64 samples for 65 processes"):
        one.hands(next(one.steps()), 65)
