"""The small SigLIP learns which text belongs to which picture, and comes in as anybody's checkpoint does."""

from pathlib import Path

from fabeye.experiments.siglip import train_siglip
from fabeye.settings import ContrastiveSettings, InitSettings, PretrainSettings
from fabeye.training.start import Start


def test_it_learns_and_is_taken_in(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    said = {
        samples: train_siglip(
            tmp_path / str(samples),
            corpus_root / "shards",
            tmp_path / "work",
            "base",
            tiny,
            ContrastiveSettings(samples=samples, batch=8, lr=1e-3, depth=1),
        )
        for samples in (8, 400)
    }
    assert said[400] < 0.8 * said[8]
    settings = tiny.model_copy(update={"init": InitSettings(encoder=str(tmp_path / "400"), block="aimv2", model="")})
    config = Start.of(None, settings, 300, 64).model(seed=1).config.encoder
    assert (config.block, config.dim, config.shift) == ("aimv2", tiny.encoder.dim, True)
