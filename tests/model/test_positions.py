"""Positions on grids of any size."""

import pytest
import torch

from fabeye.model.positions import PositionTable, grid_positions, grid_rotation, rotate

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


def test_a_table_is_itself_at_its_own_grid_and_resized_elsewhere() -> None:
    torch.manual_seed(0)
    table = PositionTable((4, 4), 8)
    assert table([(4, 4)]).equal(table.weight)
    both = table([(2, 2), (4, 4), (8, 3)])
    assert both.shape == (4 + 16 + 24, 8)
    assert both[4:20].equal(table.weight)
    means = table.weight.view(2, 2, 2, 2, 8).mean(dim=(1, 3)).view(4, 8)
    assert torch.nn.functional.cosine_similarity(both[:4], means, dim=1).min() > 0.5  # a smaller grid sees averages


def test_rotation_tells_the_difference_of_places_alone() -> None:
    torch.manual_seed(0)
    cos, sin = grid_rotation([(6, 6)], 16, torch.device("cpu"))
    query, key = torch.randn(2, 16)

    def product(one: tuple[int, int], other: tuple[int, int]) -> torch.Tensor:
        turned = [
            rotate(vector.view(1, 1, 16), (cos[place][None], sin[place][None]))
            for vector, place in ((query, one[0] * 6 + one[1]), (key, other[0] * 6 + other[1]))
        ]
        return (turned[0] * turned[1]).sum()

    torch.testing.assert_close(product((1, 2), (3, 1)), product((2, 4), (4, 3)), rtol=1e-4, atol=1e-5)
    assert abs(product((1, 2), (3, 1)) - product((1, 2), (1, 3))) > 1e-3


def test_a_head_that_cannot_be_rotated_is_refused() -> None:
    with pytest.raises(ValueError, match="a head's width must be a multiple of 4"):
        grid_rotation([(1, 1)], 6, torch.device("cpu"))
