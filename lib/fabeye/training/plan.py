"""What a profile asks for before anyone starts it: parameters, FLOPs, hours, and what that demands of the machines.

Notable:
- Parameters are counted on the model itself, built without memory; FLOPs follow from them and from attention's own.
- A sample is taken to be as large as section `plan` says, and no larger than the stage allows.

Source: AIMv2, table A1 (12 B samples).
"""

import math
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import torch

from fabeye.model import PretrainModel
from fabeye.model.blocks import swiglu_width
from fabeye.schema import Layer
from fabeye.settings import STAGES, PretrainSettings, Settings
from fabeye.shards.budget import Counts
from fabeye.shards.mixture import Floats
from fabeye.shards.plan import Filling
from fabeye.shards.simulate import Simulated, made_up_plan, simulate

from .demands import Demands, demands
from .start import encoder_sizes, model_config

BACKWARD = 3  # forward and backward cost three times the forward
CHECKPOINT_BYTES = 12  # a parameter in fp32 and AdamW's two moments; with a running mean 4 more
SIMULATED = 1_000_000  # samples of a stage that are played through
SIMULATED_EPOCHS = 2.5  # passes over all made-up sources together
WEIGHT_BYTES = 4  # a parameter of the published weights, fp32


@dataclass(frozen=True, slots=True)
class StagePlan:
    """One stage: samples, tokens of image and text, training FLOPs."""

    samples: int
    tokens: float
    flops: float


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """The whole staircase. Bytes are of one checkpoint to resume from, and of the published encoder."""

    encoder_parameters: int
    decoder_parameters: int
    checkpoint_bytes: int
    export_bytes: int
    stages: dict[str, StagePlan]
    demands: Demands

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """For people."""
        lines = [
            f"encoder {self.encoder_parameters / 1e6:.1f} M parameters, decoder {self.decoder_parameters / 1e6:.1f} M",
            f"checkpoint {self.checkpoint_bytes / 1e9:.2f} GB, published encoder {self.export_bytes / 1e9:.2f} GB",
        ]
        lines += [
            f"{name:8} {plan.samples:>13,} samples  {plan.tokens / 1e9:9.3f} G tokens  {plan.flops / 1e18:10.4f} EFLOP"
            for name, plan in self.stages.items()
        ]
        return "\n".join([*lines, self.demands.as_text()])


def plan_training(settings: Settings) -> TrainingPlan:
    """Count what these settings cost. Raises TrainingError when pretrain.init names no encoder."""
    pretrain, vocabulary, max_text = settings.pretrain, settings.shards.vocabulary, settings.shards.max_text
    model = _model(pretrain, vocabulary, max_text)
    encoder, whole = _parameters(model.encoder), _parameters(model)
    stages = {name: _stage(settings, name, encoder, whole - encoder) for name in STAGES}
    flops = {name: stage.flops for name, stage in stages.items()}
    samples = {name: stage.samples for name, stage in stages.items()}
    text_share = max(stage.samples * settings.plan.pair_tokens / stage.tokens for stage in stages.values())
    asked = demands(flops, samples, whole, text_share * vocabulary, settings)
    return TrainingPlan(encoder, whole - encoder, whole * CHECKPOINT_BYTES, encoder * WEIGHT_BYTES, stages, asked)


def simulate_stages(settings: Settings, ranks: int) -> dict[str, Simulated]:
    """The data side of each stage, SIMULATED samples of it, on `ranks` processes and then on half of them.

    The sources are those of the settings' documents, in their proportions; their sizes are made up.
    """
    pretrain, documents = settings.pretrain, settings.corpus.documents
    layers = {family: Layer.GENERAL if family == Layer.GENERAL else Layer.DOMAIN for family in documents}
    scale = SIMULATED / SIMULATED_EPOCHS / sum(documents.values())
    counts = {f"{layers[name]}-{name}": math.ceil(number * scale) for name, number in documents.items() if number}
    played = {}
    for name in STAGES:
        filling = stage_filling(pretrain, name, samples=SIMULATED)
        weights, text = pretrain.stage(name).mixture, settings.shards.max_text
        plan = made_up_plan(counts, weights, filling, text, pretrain.seed, pretrain.window)
        played[name] = simulate(plan, ranks, max(1, ranks // 2))
    return played


def stage_filling(settings: PretrainSettings, name: str, samples: int | None = None) -> Filling:
    """What fills the steps of a stage; `samples` in place of all that the settings would end it with."""
    stage = settings.stage(name)
    return Filling(
        stage.pictures,
        stage.side,
        settings.patch,
        stage.batch,
        stage.tokens,
        samples or stage.samples,
        settings.microbatch,
        math.inf if samples else stage.most_tokens or math.inf,
        math.inf if samples else stage.most_flops or math.inf,
        partial(sample_flops, settings),
    )


def sample_flops(settings: PretrainSettings, patches_N: Counts, tokens_N: Counts) -> Floats:
    """Training FLOPs of samples from their patches and their tokens, text included, (N,) each.

    Prefix attention sees two thirds of all pairs of patches on average, causal attention half of all pairs; heads are
    left out, since the vocabulary is not known here.
    """
    image_N, all_N = patches_N.astype(np.float64), tokens_N.astype(np.float64)
    encoder, decoder = encoder_sizes(settings), settings.decoder
    weights = [
        size.depth * block_weights(size.dim, width)
        for size, width in ((encoder, encoder.mlp_width), (decoder, swiglu_width(decoder.dim)))
    ]
    linear_N = 2 * (weights[0] * image_N + weights[1] * all_N)
    attention_N = 4 * encoder.dim * encoder.depth * image_N**2 * 2 / 3
    attention_N += 4 * decoder.dim * decoder.depth * all_N**2 / 2
    return (BACKWARD * (linear_N + attention_N)).astype(np.float64)


def block_weights(dim: int, hidden: int) -> int:
    """Weights of a block's matrices: four for attention, three for a SwiGLU of the width `hidden`."""
    return 4 * dim * dim + 3 * dim * hidden


def _model(settings: PretrainSettings, vocabulary: int, max_text: int) -> PretrainModel:
    config = model_config(settings, vocabulary, max_text)
    with torch.device("meta"):
        return PretrainModel(config)


def _stage(whole: Settings, name: str, encoder: int, decoder: int) -> StagePlan:
    settings, text = whole.pretrain, whole.plan.pair_tokens
    stage = settings.stage(name)
    image = min((stage.side // settings.patch) ** 2, whole.plan.pair_patches)
    # The text head sees text tokens only; embeddings cost nothing.
    heads = whole.shards.vocabulary * settings.decoder.dim
    linear = 2 * (encoder * image + (decoder - 2 * heads) * (image + text) + heads * text)
    # Prefix attention sees two thirds of all pairs on average, causal attention half of them.
    sizes = encoder_sizes(settings)
    attention = 4 * sizes.dim * sizes.depth * image**2 * 2 / 3
    attention += 4 * settings.decoder.dim * settings.decoder.depth * (image + text) ** 2 / 2
    flops = BACKWARD * stage.samples * (linear + attention)
    return StagePlan(stage.samples, stage.samples * (image + text), flops)


def _parameters(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())
