"""Our own model as a teacher: its pre-training decoder reads the lines whose places the embedded detector gives.

Notable:
- Where lines, tables and figures are comes from the picture; what is written in a line is the model's alone.
- A reading carries no confidence, so its score is that of the detected line.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from PIL import Image

from fabeye.errors import FabeyeError
from fabeye.ocr import ENGINE, Line
from fabeye.parsing.local import LocalTeacher
from fabeye.parsing.picture import open_page, recogniser, see_lines
from fabeye.parsing.teacher import Raw
from fabeye.schema import Source

BATCH = 16  # lines read at the same time
BOS, EOS = "<bos>", "<eos>"
WEIGHTS, TOKENIZER = "model.safetensors", "tokenizer.json"  # files of a checkpoint


class OwnModelError(FabeyeError):
    """There is no trained model to read with; the text names what is missing."""


class OwnModel(LocalTeacher):
    """Lines by the decoder of `parse.model.checkpoint`."""

    @property
    def source(self) -> Source:
        """Under which name its elements go."""
        return Source.MODEL

    def task(self) -> Callable[[bytes], Raw]:
        """Detect lines and read them."""
        chosen = self.settings.model
        return partial(
            read_page,
            checkpoint=chosen.checkpoint,
            side=chosen.side,
            max_tokens=chosen.max_tokens,
            threads=self.settings.threads,
        )

    def reader(self) -> dict[str, Any]:
        """The weights' hash, the sizes, and who finds the lines. Raises OwnModelError without weights."""
        return {**self.settings.model.model_dump(), "weights": _hash(self.settings.model.checkpoint), "lines": ENGINE}


def read_page(image: bytes, checkpoint: str, side: int, max_tokens: int, threads: int) -> Raw:
    """What a page's picture (PNG bytes) shows, its lines as the model reads them."""
    page = open_page(image)
    found = recogniser(threads).read(page)
    texts = _read(page, found, _loaded(checkpoint), side, max_tokens)
    return see_lines(image, [replace(line, text=text) for line, text in zip(found, texts, strict=True)])


def _read(page: Image.Image, lines: Sequence[Line], loaded: tuple[Any, Any], side: int, max_tokens: int) -> list[str]:
    from fabeye.model import generate, pack, prepare_image  # torch takes seconds to load; only who reads pays for it
    from fabeye.model.preprocess import cut_region

    model, words = loaded
    patch = model.config.encoder.patch
    bos, eos = words.token_to_id(BOS), words.token_to_id(EOS)
    texts = []
    for start in range(0, len(lines), BATCH):
        boxes = [(one.x0, one.y0, one.x1, one.y1) for one in lines[start : start + BATCH]]
        crops = [prepare_image(cut_region(page, box), patch, side) for box in boxes]
        written = generate(model, pack(crops, patch), bos, eos, max_tokens)
        texts += [words.decode(ids[: ids.index(eos)] if eos in ids else ids).strip() for ids in written]
    return texts


@cache
def _loaded(checkpoint: str) -> tuple[Any, Any]:
    """Model and tokenizer, loaded once a process. Raises OwnModelError, CheckpointError."""
    from tokenizers import Tokenizer

    from fabeye.model import PretrainModel, from_pretrained

    return from_pretrained(PretrainModel, Path(checkpoint)), Tokenizer.from_file(str(Path(checkpoint) / TOKENIZER))


@cache
def _hash(checkpoint: str) -> str:
    path = Path(checkpoint) / WEIGHTS
    for needed in (path, path.with_name(TOKENIZER)):
        if not needed.is_file():
            raise OwnModelError(
                f"parse.engine: model needs {needed}; train first, or name another parse.model.checkpoint"
            )
    return sha256(path.read_bytes()).hexdigest()[:16]
