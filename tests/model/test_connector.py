"""Which patches become one token, and that the edge of an uneven grid is neither repeated nor dropped."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from fabeye.model import CheckpointError, Connector, ConnectorConfig, VisionEncoder
from fabeye.model.connector import merged_grids, merged_places

CPU = torch.device("cpu")
SIDES = st.integers(1, 9)
GRIDS = st.lists(st.tuples(SIDES, SIDES), min_size=1, max_size=4)


@pytest.fixture
def connector() -> Connector:
    torch.manual_seed(0)
    return Connector(ConnectorConfig(vision=8, language=12, merge=2)).eval()


def test_an_uneven_grid_is_padded_at_the_right_and_the_bottom() -> None:
    assert merged_places([(1, 1), (3, 3)], 2, CPU).tolist() == [
        [0, 10, 10, 10],
        [1, 2, 4, 5], [3, 10, 6, 10],
        [7, 8, 10, 10], [9, 10, 10, 10],
    ]  # fmt: skip
    assert merged_grids([(1, 1), (3, 3)], 2) == ((1, 1), (2, 2))


@given(GRIDS, st.integers(1, 4))
def test_every_patch_is_in_one_square_and_beside_its_neighbours(grids: list[tuple[int, int]], merge: int) -> None:
    places = merged_places(grids, merge, CPU)
    patches = sum(rows * columns for rows, columns in grids)
    assert places[places < patches].sort().values.tolist() == list(range(patches))
    assert places.shape == (sum(rows * columns for rows, columns in merged_grids(grids, merge)), merge**2)
    where = [(at, row // merge, column // merge) for at, (rows, columns) in enumerate(grids)
             for row in range(rows) for column in range(columns)]  # fmt: skip
    assert all(len({where[place] for place in square if place < patches}) == 1 for square in places.tolist())


def test_packed_equals_one_by_one_and_beyond_the_edge_lies_nothing(connector: Connector) -> None:
    grids = [(3, 5), (2, 2), (1, 4)]
    tokens = torch.randn(15 + 4 + 4, 8)
    together = connector(tokens, grids)
    assert together.grids == ((2, 3), (1, 1), (1, 2))
    assert together.lengths == (6, 1, 2)
    for one, grid, merged in zip(tokens.split([15, 4, 4]), grids, together.per_image(), strict=True):
        torch.testing.assert_close(connector(one, [grid]).tokens_KF, merged)
    zeros = torch.zeros(1, 4, 8)
    even = connector(torch.cat([tokens[19:].view(1, 4, 8), zeros]).flatten(0, 1), [(2, 4)])
    torch.testing.assert_close(even.tokens_KF, together.per_image()[2])  # RMSNorm leaves a zero vector zero


def test_tokens_that_are_not_of_these_grids_are_refused(connector: Connector) -> None:
    with pytest.raises(ValueError, match=r"tokens of shape \(5, 8\) are not those of grids \[\(2, 2\)\] at width 8"):
        connector(torch.zeros(5, 8), [(2, 2)])
    with pytest.raises(ValueError, match="a connector needs widths and a merge of 1 or more"):
        ConnectorConfig(vision=8, language=8, merge=0)


def test_weights_and_sizes_come_back(connector: Connector, tmp_path: Path) -> None:
    connector.save_pretrained(tmp_path)
    again = Connector.from_pretrained(tmp_path)
    assert again.config == connector.config
    tokens = torch.randn(6, 8)
    assert again(tokens, [(2, 3)]).tokens_KF.equal(connector(tokens, [(2, 3)]).tokens_KF)
    with pytest.raises(CheckpointError, match="describes a Connector, not a VisionEncoder"):
        VisionEncoder.from_pretrained(tmp_path)
