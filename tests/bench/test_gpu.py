"""The GPU's benchmark runs on any device; without a GPU it says that there is none."""

import pytest
import torch

from fabeye.bench.gpu import measure_device, measure_gpu
from fabeye.model import EncoderConfig
from fabeye.settings import load_settings


def test_every_figure_is_of_the_device() -> None:
    said = measure_device(torch.device("cpu"), EncoderConfig(patch=14, dim=32, depth=1, heads=2), images=1, matrix=64)
    assert set(said) == {"tokens_per_s", "tflops_per_s", "peak_tflops_per_s", "share_of_peak"}
    assert said["share_of_peak"] == pytest.approx(said["tflops_per_s"] / said["peak_tflops_per_s"])
    assert min(said.values()) > 0


def test_without_a_gpu_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert measure_gpu(load_settings())["measured"] is False
