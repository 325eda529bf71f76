"""The mixture gives what its weights say, exactly, over any stretch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from fabeye.shards.index import ShardsError
from fabeye.shards.mixture import Mixture

COUNTS = {"domain-a": 300, "domain-b": 100, "general-c": 50}
RAMP = {"domain": [(0.0, 0.1), (1.0, 0.6)], "general": [(0.0, 0.9), (1.0, 0.4)]}


def test_a_layers_weight_is_shared_out_by_size_and_ramps() -> None:
    mixture = Mixture(COUNTS, RAMP)
    np.testing.assert_allclose(mixture.weights(0.0), [0.075, 0.025, 0.9])
    np.testing.assert_allclose(mixture.weights(0.5), [0.2625, 0.0875, 0.65])
    np.testing.assert_allclose(mixture.weights(1.0), [0.45, 0.15, 0.4])


def test_a_source_with_a_weight_of_its_own_leaves_its_layer() -> None:
    weights = Mixture(COUNTS, {"domain": [(0.0, 1.0)], "domain-b": [(0.0, 1.0)], "general": [(0.0, 2.0)]}).weights(0.3)
    np.testing.assert_allclose(weights, [0.25, 0.25, 0.5])


def test_without_weights_sources_come_by_their_size() -> None:
    np.testing.assert_allclose(Mixture(COUNTS, {}).weights(0.7), np.array([300, 100, 50]) / 450)


WEIGHTS = st.lists(st.floats(0, 10), min_size=2, max_size=5)


@given(st.lists(WEIGHTS, min_size=2, max_size=6), st.integers(1, 200))
@examples(max_examples=50)
def test_counts_never_stray_from_the_weights_by_more_than_two_samples(lines: list[list[float]], block: int) -> None:
    names = [f"s{at}-x" for at in range(len(lines))]
    points = {
        name: list(zip(np.linspace(0, 1, len(line)), line, strict=True))
        for name, line in zip(names, lines, strict=True)
    }
    points[names[0]] = [(0.0, 1.0)]  # so that something always weighs
    mixture = Mixture(dict.fromkeys(names, 10), points)
    owed, drawn, wanted = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    for place in np.linspace(0, 1, 40):
        counts, owed = mixture.counts(float(place), owed, block)
        assert counts.min() >= 0
        assert counts.sum() == block
        drawn += counts
        wanted += block * mixture.weights(float(place))
        assert np.abs(drawn - wanted).max() < 2


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"domain": [(0.0, 1.0)]}, "no weight for general-c"),
        ({**RAMP, "domain-z": [(0.0, 1.0)]}, "'domain-z', which is no source"),
    ],
)
def test_weights_that_do_not_fit_the_sources_are_refused(weights: dict, said: str) -> None:
    with pytest.raises(ShardsError, match=said):
        Mixture(COUNTS, weights)


def test_a_place_where_nothing_weighs_is_refused() -> None:
    mixture = Mixture(COUNTS, {"domain": [(0.0, 1.0), (1.0, 0.0)], "general": [(0.0, 0.0)]})
    with pytest.raises(ShardsError, match="weighs nothing at progress 1"):
        mixture.weights(1.0)
