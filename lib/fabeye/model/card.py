"""The model card beside every set of weights: README.md, in the form that model hubs read.

Notable:
- What the model itself tells (sizes, parameters, how pictures go in, how to load it) is never typed in; what only its
  maker knows comes as a ModelCard, and what nobody said is said to be unknown.
- No dates and no paths: the same model gives the same card.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from torch import nn

UNKNOWN = "Not recorded."
USE = (
    "Frozen or fine-tuned features of pages and pictures of semiconductor documents: standards, failure-analysis "
    "reports, process and design documents, in Chinese and English."
)
LIMITS = (
    "Not made for photographs or faces. A picture is not understood better than its pixels allow: text below some ten "
    "pixels of height is not legible. Scores on documents unlike the training data are unknown."
)
LOADING = {
    "": (
        "from pathlib import Path\n\n"
        "from fabeye.model import {kind}, from_pretrained\n\n"
        'model = from_pretrained({kind}, Path("FOLDER"))'
    ),
    "FabeyeVisionModel": (
        "import fabeye.model.hf  # registers the class; no code is loaded from the folder\n"
        "from transformers import AutoModel\n\n"
        'model = AutoModel.from_pretrained("FOLDER")\n'
        '# or, for pictures of different sizes: VisionEncoder.from_pretrained(Path("FOLDER"))'
    ),
}
STANDARD = 'from transformers import {kind}\n\nmodel = {kind}.from_pretrained("FOLDER")'


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What the maker of a model knows of it; every field may be left out.

    training, data, use, limits: prose. evaluation: a number by what was measured. licence: an SPDX identifier.
    base_model: what it was made from. languages: two-letter codes.
    """

    title: str = "Vision encoder for semiconductor documents"
    training: str = UNKNOWN
    data: str = UNKNOWN
    evaluation: Mapping[str, float] = field(default_factory=dict)
    use: str = USE
    limits: str = LIMITS
    licence: str = ""
    base_model: str = ""
    languages: tuple[str, ...] = ()


def card_text(model: nn.Module, card: ModelCard, transformers_class: str = "") -> str:
    """README.md of a model's folder; `transformers_class` is the one that loads it, "" where only ours does."""
    loading = LOADING.get(transformers_class, STANDARD).format(kind=transformers_class or type(model).__name__)
    parts = [
        _front_matter(card, transformers_class),
        f"# {card.title}",
        f"## Architecture\n{_architecture(model)}",
        f"## Loading\n```python\n{loading}\n```",
        "Pixels go in as (value / 255 - 0.5) / 0.5, sides in whole patches: `fabeye.model.prepare_image`.",
        f"## Intended use\n{card.use}",
        f"## Training\n{card.training}",
        f"## Data\n{card.data}",
        f"## Evaluation\n{_evaluation(card.evaluation)}",
        f"## Limits\n{card.limits}",
        f"## Licence\n{card.licence or UNKNOWN}",
    ]
    return "\n\n".join(parts) + "\n"


def _front_matter(card: ModelCard, transformers_class: str) -> str:
    said = {
        "library_name": "transformers" if transformers_class else "pytorch",
        "pipeline_tag": "image-feature-extraction",
        "tags": ["vision", "document-understanding", "semiconductor"],
        "license": card.licence or "unknown",
        "language": list(card.languages),
        "base_model": card.base_model,
    }
    lines = [f"{key}: {json.dumps(value)}" for key, value in said.items() if value]  # JSON is YAML
    return "\n".join(["---", *lines, "---"])


def _architecture(model: nn.Module) -> str:
    count = sum(weight.numel() for weight in model.parameters())
    sizes = "\n".join(_sizes("", model.config))
    return f"`{type(model).__name__}`, {count:,} parameters.\n\n| what | value |\n|---|---|\n{sizes}"


def _sizes(prefix: str, config: Any) -> list[str]:
    """Rows of a table, one a field; a config inside a config is spelled out."""
    rows = []
    for one in fields(config):
        value = getattr(config, one.name)
        if hasattr(value, "__dataclass_fields__"):
            rows += _sizes(f"{prefix}{one.name}.", value)
        else:
            rows.append(f"| {prefix}{one.name} | {value} |")
    return rows


def _evaluation(evaluation: Mapping[str, float]) -> str:
    if not evaluation:
        return UNKNOWN
    rows = "\n".join(f"| {what} | {value:.4g} |" for what, value in evaluation.items())
    return f"| measured | value |\n|---|---|\n{rows}"
