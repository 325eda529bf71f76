"""What a stage begins with: random weights, an encoder that somebody has trained before, or the stage before it.

Notable:
- pretrain.init names the encoder of the first stage: SigLIP, SigLIP 2, AIMv2 or one of ours. It then also says the
  encoder's sizes, and those of the profile stand aside; connector and decoder are always new.
- pretrain.init.model names a whole model instead: one stage more on other documents. Sizes and vocabulary must agree.
- Later stages take over the whole model of the one before, from its branch where it has one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

from fabeye.model import (
    CheckpointError,
    DecoderConfig,
    EncoderConfig,
    PretrainConfig,
    PretrainModel,
    VisionEncoder,
    from_pretrained,
)
from fabeye.model.weights import load_encoder
from fabeye.settings import InitSettings, PretrainSettings
from fabeye.shards.tokenizer import TOKENIZER

from .runs import BRANCH, TrainingError


@dataclass(frozen=True, slots=True)
class Start:
    """The weights before a stage's first step.

    checkpoint: folder of the whole model that is trained on, None for new weights. init: the encoder taken in then.
    tokenizer: what the checkpoint reads with.
    """

    config: PretrainConfig
    checkpoint: Path | None
    init: InitSettings
    tokenizer: Path | None

    @classmethod
    def of(cls, before: Path | None, settings: PretrainSettings, vocabulary: int, max_text: int) -> "Start":
        """before: checkpoint folder of the stage before. Raises TrainingError when pretrain.init is no such encoder."""
        branch = before / BRANCH if before else None
        if before is None and settings.init.model:
            before = Path(settings.init.model)
        checkpoint = branch if branch and branch.is_dir() else before
        tokenizer = before / TOKENIZER if before else None
        return cls(model_config(settings, vocabulary, max_text), checkpoint, settings.init, tokenizer)

    def check(self, tokenizer: Path) -> None:
        """Raise TrainingError when the checkpoint is missing, damaged, of other sizes or reads with another tokenizer.

        tokenizer: the shards' own.
        """
        if not self.checkpoint or not self.tokenizer:
            return
        self._continued(self.checkpoint)
        if not self.tokenizer.is_file() or self.tokenizer.read_bytes() != tokenizer.read_bytes():
            raise TrainingError(
                f"{self.checkpoint} does not read with the tokenizer {tokenizer}: its decoder must learn anew; "
                "make shards with its own (shards.tokenizer), or take its encoder alone (pretrain.init.encoder)"
            )

    def model(self, seed: int) -> PretrainModel:
        """The weights, each time anew; what is random follows from `seed`."""
        torch.manual_seed(seed)
        if self.checkpoint:
            return self._continued(self.checkpoint)
        model = PretrainModel(self.config)
        if self.init.encoder:
            model.encoder.load_state_dict(_encoder(self.init, self.config.encoder.patch).state_dict())
        return model

    def files(self) -> Iterator[Path]:
        """Files on disk that decide what the stage begins with: weights, and of an encoder what describes them."""
        if self.checkpoint:
            yield self.checkpoint / "model.safetensors"
        elif self.init.encoder:
            folder = Path(self.init.encoder)
            yield from sorted(path for suffix in ("safetensors", "json") for path in folder.glob(f"*.{suffix}"))

    def _continued(self, checkpoint: Path) -> PretrainModel:
        model = load_trained(checkpoint)
        if model.config != self.config:
            raise TrainingError(
                f"{checkpoint} holds a model of other sizes than the settings ask for ({model.config} against "
                f"{self.config}); run `dvc repro` to train the stage before it anew, or give pretrain its sizes"
            )
        return model


def load_trained(checkpoint: Path) -> PretrainModel:
    """The whole model of a stage's checkpoint folder. Raises TrainingError when there is none or it is damaged."""
    try:
        return from_pretrained(PretrainModel, checkpoint)
    except CheckpointError as error:  # model/ stands alone and knows no error of ours
        raise TrainingError(str(error)) from error


def model_config(settings: PretrainSettings, vocabulary: int, max_text: int) -> PretrainConfig:
    """Sizes of the model that these settings ask for. Raises TrainingError as encoder_sizes() does."""
    decoder = DecoderConfig(
        patch=settings.patch, vocabulary=vocabulary, max_text=max_text, **settings.decoder.model_dump()
    )
    return PretrainConfig(encoder=encoder_sizes(settings), decoder=decoder)


def encoder_sizes(settings: PretrainSettings) -> EncoderConfig:
    """Sizes of the encoder: those of pretrain.init where it names one. Raises TrainingError when it names nothing."""
    if settings.init.encoder:
        return _init_config(settings.init, settings.patch)
    return EncoderConfig(patch=settings.patch, **settings.encoder.model_dump())


@cache
def _init_config(init: InitSettings, patch: int) -> EncoderConfig:
    return _encoder(init, patch).config


def _encoder(init: InitSettings, patch: int) -> VisionEncoder:
    try:
        return load_encoder(Path(init.encoder), init.block, patch)
    except (CheckpointError, ValueError) as error:
        raise TrainingError(f"pretrain.init.encoder: {error}") from error
