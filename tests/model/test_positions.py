"""Positions on grids of any size."""

import pytest
import torch

from fabeye.model.positions import grid_positions

CPU = torch.device("cpu")


def test_a_place_has_the_same_position_in_every_grid() -> None:
    small, large = grid_positions([(2, 3)], 16, CPU), grid_positions([(5, 7)], 16, CPU)
    torch.testing.assert_close(small.view(2, 3, 16), large.view(5, 7, 16)[:2, :3])


def test_halves_tell_column_and_row() -> None:
    grid = grid_positions([(4, 4)], 16, CPU).view(4, 4, 16)
    torch.testing.assert_close(grid[:, :, :8], grid[:1, :, :8].expand(4, 4, 8))
    torch.testing.assert_close(grid[:, :, 8:], grid[:, :1, 8:].expand(4, 4, 8))
    assert grid[0, 0].tolist() == [0.0] * 4 + [1.0] * 4 + [0.0] * 4 + [1.0] * 4
    torch.testing.assert_close(grid[0, 1, 0], torch.tensor(1.0).sin())


def test_large_coordinates_are_exact_in_fp32() -> None:
    last = grid_positions([(1, 4000)], 16, CPU)[-1, 0].double()
    assert abs(last - torch.tensor(3999.0, dtype=torch.float64).sin()) < 1e-6


def test_a_width_that_cannot_be_quartered_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 4"):
        grid_positions([(1, 1)], 18, CPU)
