"""Who is compared in an evaluation: the two versions of this very run, and the weights that come with the project.

Notable:
- A checkpoint folder says all that reading takes: weights, tokenizer, and in training.json the side of its pictures.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from fabeye.model import PretrainModel
from fabeye.shards.tokenizer import TOKENIZER, TextTokenizer

from .runs import TrainingError
from .stages import TRAINING
from .start import load_trained

VERSIONS = {"v0.5": "base", "v1.0": "native"}  # version -> the stage whose checkpoint it is
NEWEST = "v1.0"


@dataclass(frozen=True, slots=True)
class Reader:
    """A model that reads pictures scaled down to the patches of a square of `side` pixels."""

    model: PretrainModel
    tokenizer: TextTokenizer
    side: int

    @classmethod
    def load(cls, checkpoint: Path) -> "Reader":
        """From a checkpoint folder. Raises TrainingError or TokenizerError when it is not whole."""
        model, path = load_trained(checkpoint), checkpoint / TRAINING
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            side = int(said["pretrain"][said["stage"]]["side"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TrainingError(f"{path} does not say the side of pictures ({error!r}); train it anew") from error
        return cls(model, TextTokenizer.load(checkpoint / TOKENIZER), side)


def load_readers(checkpoints: Path, published: Path | None) -> dict[str, Reader]:
    """v0.5, v1.0, and the published weights under the name of their folder, in this order. Raises as Reader.load()."""
    readers = {version: Reader.load(checkpoints / stage) for version, stage in VERSIONS.items()}
    return readers | ({published.name: Reader.load(published)} if published else {})
