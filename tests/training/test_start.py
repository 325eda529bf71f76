"""The first stage may start from somebody's encoder; later ones start from the stage before."""

from pathlib import Path

import pytest
import torch
from pydantic import ValidationError
from torch import Tensor
from transformers import Siglip2VisionConfig, Siglip2VisionModel

from fabeye.model import VisionEncoder
from fabeye.model.weights import save_aimv2
from fabeye.settings import InitSettings, PretrainSettings, load_settings
from fabeye.training.plan import plan_training
from fabeye.training.runs import TrainingError
from fabeye.training.stages import train_stage
from fabeye.training.start import Start, load_trained


@pytest.fixture(scope="module")
def siglip2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small SigLIP 2 as transformers stores it, with patches of 16 pixels."""
    torch.manual_seed(5)
    config = Siglip2VisionConfig(
        hidden_size=24,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=2,
        patch_size=16,
        num_patches=16,
        vision_use_head=False,
    )
    folder = tmp_path_factory.mktemp("siglip2")
    Siglip2VisionModel(config).save_pretrained(folder)
    return folder


def initialised(settings: PretrainSettings, encoder: Path, block: str = "aimv2") -> PretrainSettings:
    return settings.model_copy(update={"init": InitSettings(encoder=str(encoder), block=block, model="")})


@pytest.fixture(scope="module")
def picture() -> Tensor:
    return torch.rand(3, 28, 70, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("block", ["aimv2", "siglip"])
def test_the_first_step_sees_what_siglip_saw(
    block: str, siglip2: Path, tiny: PretrainSettings, picture: Tensor
) -> None:
    model = Start.of(None, initialised(tiny, siglip2, block), 300, 64).model(seed=1)
    known = VisionEncoder.from_siglip(siglip2, patch=14)([picture]).tokens_TE
    said = model.encoder([picture]).tokens_TE
    assert torch.nn.functional.cosine_similarity(said, known).min() > 0.999
    assert (model.config.encoder.dim, model.config.encoder.block) == (24, block)
    assert model.config.decoder.dim == tiny.decoder.dim


def test_the_stages_go_on_from_it(corpus_root: Path, siglip2: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    settings = initialised(tiny, siglip2)
    for stage, before in (("base", None), ("native", tmp_path / "base")):
        folders = (tmp_path / stage, tmp_path / "work", tmp_path / "reports")
        summary = train_stage(stage, corpus_root / "shards", before, *folders, settings)
        assert summary.validation_last["total"] < summary.validation_first["total"]
    assert load_trained(tmp_path / "native").config.encoder.dim == 24
    plan = plan_training(load_settings().model_copy(update={"pretrain": settings}))
    assert plan.encoder_parameters == summary.parameters - sum(
        weight.numel()
        for name, weight in load_trained(tmp_path / "native").named_parameters()
        if not name.startswith("encoder.")
    )


def test_our_own_encoders_and_aimv2_start_it_too(tiny: PretrainSettings, picture: Tensor, tmp_path: Path) -> None:
    first = Start.of(None, tiny, 300, 64).model(seed=1).encoder
    first.save_pretrained(tmp_path / "ours")
    save_aimv2(first, tmp_path / "theirs")
    for folder in (tmp_path / "ours", tmp_path / "theirs"):
        again = Start.of(None, initialised(tiny, folder), 300, 64).model(seed=2).encoder
        assert torch.allclose(again([picture]).tokens_TE, first([picture]).tokens_TE, atol=1e-5)


def test_other_weights_are_another_run(siglip2: Path, tiny: PretrainSettings) -> None:
    names = [path.name for path in Start.of(None, initialised(tiny, siglip2), 300, 64).files()]
    assert names == ["config.json", "model.safetensors"]  # its description decides as much as its weights
    assert not list(Start.of(None, tiny, 300, 64).files())


def test_an_encoder_that_does_not_fit_is_refused_by_name(tiny: PretrainSettings, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"pretrain\.init\.encoder: there is no folder"):
        Start.of(None, initialised(tiny, tmp_path / "nowhere"), 300, 64)
    Start.of(None, tiny, 300, 64).model(seed=1).encoder.save_pretrained(tmp_path / "ours")
    with pytest.raises(TrainingError, match="takes patches of 14 pixels, 16 are asked for"):
        Start.of(None, initialised(tiny.model_copy(update={"patch": 16}), tmp_path / "ours"), 300, 64)


def continued(settings: PretrainSettings, model: Path) -> PretrainSettings:
    return settings.model_copy(update={"init": InitSettings(encoder="", block="aimv2", model=str(model))})


def test_a_whole_model_is_trained_on(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    shards, folders = corpus_root / "shards", (tmp_path / "first", tmp_path / "work", tmp_path / "reports")
    first = train_stage("base", shards, None, *folders, tiny)
    folders = (tmp_path / "second", *folders[1:])
    second = train_stage("base", shards, None, *folders, continued(tiny, tmp_path / "first"))
    assert second.validation_first == first.validation_last


def test_a_whole_model_that_does_not_fit_is_refused(corpus_root: Path, tiny: PretrainSettings, tmp_path: Path) -> None:
    shards, folders = corpus_root / "shards", (tmp_path / "first", tmp_path / "work", tmp_path / "reports")
    train_stage("base", shards, None, *folders, tiny)
    wider = continued(tiny, tmp_path / "first")
    wider = wider.model_copy(update={"decoder": tiny.decoder.model_copy(update={"depth": 3})})
    folders = (tmp_path / "second", *folders[1:])
    with pytest.raises(TrainingError, match="other sizes"):
        train_stage("base", shards, None, *folders, wider)
    with pytest.raises(TrainingError, match="nowhere"):
        train_stage("base", shards, None, *folders, continued(tiny, tmp_path / "nowhere"))
    (tmp_path / "first" / "tokenizer.json").write_text("{}")
    with pytest.raises(TrainingError, match="does not read with the tokenizer"):
        train_stage("base", shards, None, *folders, continued(tiny, tmp_path / "first"))


def test_two_starts_at_once_are_a_mistake() -> None:
    with pytest.raises(ValidationError, match="encoder and model are both set"):
        InitSettings(encoder="a", block="aimv2", model="b")
