"""The sizes by name are those that were published."""

import pytest
import torch

from fabeye.model import VisionEncoder, encoder_config
from fabeye.model.sizes import SIZES

PLACES = 256  # patches of 224 pixels: a fixed checkpoint has a vector for each


@pytest.mark.parametrize(("size", "millions"), [("large", 309.2), ("huge", 680.9), ("1b", 1235.0), ("3b", 2720.7)])
def test_parameters_are_those_of_aimv2(size: str, millions: float) -> None:
    config = encoder_config(size)
    with torch.device("meta"):
        parameters = sum(weight.numel() for weight in VisionEncoder(config).parameters())
    assert round((parameters + PLACES * config.dim) / 1e6, 1) == millions


def test_small_sizes_have_positions_for_any_grid() -> None:
    assert all(encoder_config(size).position == "sincos" for size in SIZES)
    with pytest.raises(ValueError, match="no encoder of the size 'giant'; there are nano, small, base"):
        encoder_config("giant")
