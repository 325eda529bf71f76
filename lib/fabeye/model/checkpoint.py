"""A model as a folder: config.json says what it is, model.safetensors holds its weights. Never a pickle.

Notable:
- The folder appears whole or not at all, and the same weights give the same bytes.
- A missing, foreign or misshapen weight is an error that names it: nothing is left at random unnoticed.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .card import ModelCard, card_text
from .connector import Connector, ConnectorConfig
from .decoder import DecoderConfig
from .encoder import EncoderConfig, VisionEncoder
from .pretrain import PretrainConfig, PretrainModel

Model = TypeVar("Model", VisionEncoder, PretrainModel, Connector)

CONFIG, WEIGHTS, CARD = "config.json", "model.safetensors", "README.md"
NAMED = 3  # wrong keys that a message names before it only counts them
OUR_CLASS = "FabeyeVisionModel"  # what hf.py registers
TRANSFORMERS = {"model_type": "fabeye_vision", "architectures": [OUR_CLASS]}


class CheckpointError(Exception):
    """A checkpoint folder is missing, damaged or of another model; the text says which and what to do."""


def save_pretrained(
    model: VisionEncoder | PretrainModel | Connector, folder: Path, card: ModelCard | None = None
) -> None:
    """Write config.json, model.safetensors and a model card into `folder`, keeping what else lies there.

    Raises OSError when the disk is full; each file is then the old one or the new one, never half of it.
    """
    alone = isinstance(model, VisionEncoder)
    config = {"architecture": type(model).__name__, **asdict(model.config), **(TRANSFORMERS if alone else {})}
    readme = card_text(model, card or ModelCard(), OUR_CLASS if alone else "")
    write_files(folder, model.state_dict(), {CONFIG: config, CARD: readme}, metadata={"format": "pt"})


def from_pretrained(kind: type[Model], folder: Path) -> Model:
    """The model of class `kind` that `folder` holds, on the CPU, in evaluation mode.

    Raises CheckpointError naming the folder or the keys when there is no such model in it.
    """
    model = kind(_config(kind, folder))
    _load(model, folder)
    return model.eval()


def _config(kind: type[nn.Module], folder: Path) -> Any:
    path = folder / CONFIG
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        architecture = content.pop("architecture")
        if architecture != kind.__name__:
            raise CheckpointError(f"{path} describes a {architecture}, not a {kind.__name__}")
        return CONFIGS[kind]({key: value for key, value in content.items() if key not in TRANSFORMERS})
    except FileNotFoundError as error:
        raise CheckpointError(f"there is no model at {folder}; run `dvc repro` to train it or `dvc pull`") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CheckpointError(f"{path} is not a {kind.__name__}'s description ({error})") from error


def _pretrain_config(content: Mapping[str, Any]) -> PretrainConfig:
    return PretrainConfig(
        encoder=EncoderConfig.from_json(content["encoder"]), decoder=DecoderConfig(**content["decoder"])
    )


CONFIGS: dict[type[nn.Module], Callable[[Mapping[str, Any]], Any]] = {
    VisionEncoder: EncoderConfig.from_json,
    PretrainModel: _pretrain_config,
    Connector: lambda content: ConnectorConfig(**content),
}


def write_files(
    folder: Path, weights: Mapping[str, Tensor], said: Mapping[str, Any], metadata: dict[str, str] | None = None
) -> None:
    """Write weights as safetensors, then each file of `said`: text as it is, all else as JSON.

    None is ever half a file. Raises OSError when the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / (WEIGHTS + ".draft")
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()}, draft, metadata)
    os.replace(draft, folder / WEIGHTS)
    for name, content in said.items():
        draft = folder / (name + ".draft")
        text = content if isinstance(content, str) else json.dumps(content, indent=1) + "\n"
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, folder / name)


def misfits(wanted: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> str:
    """Which weights are missing, unknown or misshapen, in words; "" where all fit."""
    problems = {
        "missing": sorted(wanted.keys() - found.keys()),
        "unknown": sorted(found.keys() - wanted.keys()),
        "misshapen": sorted(name for name in wanted.keys() & found.keys() if wanted[name].shape != found[name].shape),
    }
    return "; ".join(_named(what, names) for what, names in problems.items() if names)


def _load(model: nn.Module, folder: Path) -> None:
    path = folder / WEIGHTS
    try:
        found = load_file(path)
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path} cannot be read ({error}); run `dvc repro` or `dvc pull`") from error
    if said := misfits(model.state_dict(), found):
        raise CheckpointError(f"{path} does not fit {folder / CONFIG}: {said}")
    model.load_state_dict(found)


def _named(what: str, names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{what} weights {', '.join(names[:NAMED])}{more}"
