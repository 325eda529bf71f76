"""A checkpoint folder of somebody else's: its description, its weights, and the names they go by.

Notable:
- Safetensors only, in one file or in shards with an index; a pickled checkpoint is refused by name, never opened.
- A `Renaming` is a list of (our name, their name); "{}" in both stands for the number of a block.
- A folder is written whole or not at all: files first, under other names, then renamed.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ..card import ModelCard, card_text
from ..checkpoint import CARD, CONFIG, WEIGHTS, CheckpointError, misfits, write_files
from ..encoder import VisionEncoder
from ..preprocess import MEAN, STD

INDEX = WEIGHTS + ".index.json"
PREPROCESSOR = "preprocessor_config.json"
PICKLES = ("pytorch_model.bin", "model.pt", "model.pth", "model.ckpt")

Weights = dict[str, Tensor]
Renaming = list[tuple[str, str]]


def read_description(folder: Path) -> dict[str, Any]:
    """config.json of a folder. Raises CheckpointError."""
    if not (folder / CONFIG).exists():
        raise CheckpointError(f"there is no checkpoint at {folder}: it has no {CONFIG}")
    return read_object(folder / CONFIG)


def read_object(path: Path) -> dict[str, Any]:
    """What a JSON file of a checkpoint says. Raises CheckpointError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} cannot be read ({error})") from error
    if not isinstance(content, dict):
        raise CheckpointError(f"{path} holds no JSON object")
    return content


def read_weights(folder: Path) -> Weights:
    """All tensors of a folder, of one file or of the shards that its index names. Raises CheckpointError."""
    try:
        if (folder / INDEX).is_file():
            files = sorted(set(json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"].values()))
            if any(Path(name).name != name for name in files):
                raise CheckpointError(f"{folder / INDEX} names files outside its folder")
            return {name: tensor for file in files for name, tensor in load_file(folder / file).items()}
        return load_file(folder / WEIGHTS)
    except (OSError, SafetensorError, ValueError, KeyError, AttributeError) as error:
        pickled = next((name for name in PICKLES if (folder / name).exists()), None)
        if pickled:
            raise CheckpointError(
                f"{folder} holds pickled weights ({pickled}), which could run anything; ask for {WEIGHTS}"
            ) from error
        raise CheckpointError(f"{folder / WEIGHTS} cannot be read ({error})") from error


def vision_part(description: dict[str, Any]) -> dict[str, Any]:
    """The description of the vision half, where a folder holds both an image and a text model."""
    return description.get("vision_config", description)


def whole(value: object, name: str, folder: Path) -> int:
    """A positive whole number of a description. Raises CheckpointError naming it."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise CheckpointError(f"{folder / CONFIG} says {name} = {value!r}; a positive whole number is wanted")
    return value


def fraction(value: object, name: str, path: Path) -> float:
    """A positive finite number of a description. Raises CheckpointError naming it and its file."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise CheckpointError(f"{path} says {name} = {value!r}; a positive number is wanted")
    return float(value)


def renamed(renaming: Renaming, depth: int) -> dict[str, str]:
    """Our name of every weight -> theirs, blocks counted out."""
    names = {}
    for ours, theirs in renaming:
        if "{}" in ours:
            names.update({ours.format(block): theirs.format(block) for block in range(depth)})
        else:
            names[ours] = theirs
    return names


def fill(model: nn.Module, weights: Mapping[str, Tensor], folder: Path) -> None:
    """Give every weight of a model its value. Raises CheckpointError naming what is missing, left over or misshapen."""
    wanted = model.state_dict()
    if said := misfits(wanted, weights):
        raise CheckpointError(f"the weights in {folder} do not fit their description: {said}")
    model.load_state_dict({name: tensor.to(wanted[name].dtype) for name, tensor in weights.items()})


def take(weights: Weights, name: str, folder: Path) -> Tensor:
    """Take a tensor out of the weights. Raises CheckpointError naming it when it is not there."""
    if name not in weights:
        raise CheckpointError(f"the weights in {folder} have no {name}; is it a checkpoint of another architecture?")
    return weights.pop(name)


def refuse_left(found: Weights, passed_over: tuple[str, ...], folder: Path) -> None:
    """Refuse weights that we have no place for, save those of other uses. Raises CheckpointError."""
    left = sorted(name for name in found if not name.startswith(passed_over) and not name.endswith("position_ids"))
    if left:
        raise CheckpointError(
            f"the weights in {folder} have {left[0]} and {len(left) - 1} more that we have no place for"
        )


def write_folder(
    folder: Path,
    encoder: VisionEncoder,
    card: ModelCard | None,
    description: dict[str, Any],
    weights: Weights,
    preprocessor: dict[str, Any],
) -> None:
    """Write a checkpoint as transformers reads it, with its model card. Raises OSError when the disk is full."""
    (kind,) = description["architectures"]
    said = {PREPROCESSOR: preprocessor, CONFIG: description, CARD: card_text(encoder, card or ModelCard(), kind)}
    write_files(folder, weights, said, metadata={"format": "pt"})


def preprocessing(processor: str, side: int) -> dict[str, Any]:
    """What transformers' image processor must do to show a picture as prepare_image() does."""
    return {
        "image_processor_type": processor,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [MEAN] * 3,
        "image_std": [STD] * 3,
        "do_resize": True,
        "size": {"height": side, "width": side},
        "resample": 3,
    }
