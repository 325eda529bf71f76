"""What a plan says is near what others have published and what the model itself counts."""

import numpy as np
import pytest

from fabeye.model import PretrainModel
from fabeye.settings import PretrainSettings
from fabeye.training.plan import plan_training, sample_flops
from fabeye.training.start import model_config

PUBLISHED_SAMPLES = 12_000_000_000  # of AIMv2's first stage, at 224 pixels
PUBLISHED_FLOPS = 9.9e21  # forward and backward, reckoned from table A1
TEXT = 78  # tokens

Sizes = tuple[int, int, int]  # width, blocks, heads


def sized(settings: PretrainSettings, encoder: Sizes, decoder: Sizes) -> PretrainSettings:
    sizes = {
        name: settings.encoder.model_copy(update=dict(zip(("dim", "depth", "heads"), said, strict=True)))
        for name, said in (("encoder", encoder), ("decoder", decoder))
    }
    return settings.model_copy(update=sizes)


def test_aimv2s_large_costs_what_was_published(tiny: PretrainSettings) -> None:
    base = tiny.base.model_copy(update={"side": 224, "samples": PUBLISHED_SAMPLES})
    large = sized(tiny, (1024, 24, 8), (1024, 12, 8)).model_copy(update={"base": base})
    plan = plan_training(large, 32_000, TEXT)
    assert plan.stages["base"].flops == pytest.approx(PUBLISHED_FLOPS, rel=0.1)
    assert plan.encoder_parameters == pytest.approx(309e6, rel=0.02)


def test_a_sample_costs_what_the_model_counts(tiny: PretrainSettings) -> None:
    settings, patches, text = sized(tiny, (192, 4, 3), (128, 4, 2)), 196, 16
    foretold = sample_flops(settings, np.array([patches]), np.array([patches + text]))[0]
    counted = 3 * PretrainModel(model_config(settings, 300, 64)).flops([patches], [text], [patches // 3])
    assert foretold == pytest.approx(counted, rel=0.15)  # heads and the patch embedding are left out
