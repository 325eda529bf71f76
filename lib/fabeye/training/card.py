"""What training knows of a checkpoint, for the model card that is written beside its weights."""

from fabeye.model import ModelCard
from fabeye.schema import OUR_LICENCE
from fabeye.settings import PretrainSettings

from .history import StageSummary

TRAINING = (
    "{samples:,} pairs of a region's picture and its text, in steps of {batch}; pictures scaled down to at most {side} "
    "x {side} pixels' worth of patches. {objective}, peak learning rate {lr:g}. The whole model that was trained, "
    "connector and decoder included, has {parameters:,} weights."
)
OBJECTIVES = {
    "aimv2": "L = L_text + {alpha} * L_img (AIMv2)",
    "prefix_text": "Text alone, pictures seen by prefix attention",
    "captioning": "Text alone, pictures seen whole",
    "pixels": "Pixels alone",
}
DATA = (
    "Regions of pages with the text that a teacher read there, which makes mistakes of its own; documents are partly "
    "generated. The data card of the corpus counts them."
)
USE = (
    "Lines, cells and captions of standards, analysis reports and process documents, as frozen features or as the "
    "start of a reader."
)
LIMITS = "Not tested on photographs. A small encoder trained for minutes reads short lines, not pages."


def stage_card(summary: StageSummary, settings: PretrainSettings) -> ModelCard:
    """The card of what a stage has trained."""
    stage = settings.stage(summary.stage)
    training = TRAINING.format(
        samples=summary.samples,
        batch=stage.batch,
        side=stage.side,
        objective=OBJECTIVES[stage.objective].format(alpha=stage.alpha),
        lr=stage.lr,
        parameters=summary.parameters,
    )
    return ModelCard(
        title=f"Vision encoder for semiconductor documents, stage {summary.stage}",
        training=training,
        data=DATA,
        evaluation=_losses(summary),
        use=USE,
        limits=LIMITS,
        licence=OUR_LICENCE,
        languages=("en", "zh"),
    )


def _losses(summary: StageSummary) -> dict[str, float]:
    units = {"text": "nats a token", "image": "normalised pixels"}
    return {
        f"validation loss, {kind} ({unit}), {when}": losses[kind]
        for kind, unit in units.items()
        for when, losses in (("before", summary.validation_first), ("after", summary.validation_last))
    }
