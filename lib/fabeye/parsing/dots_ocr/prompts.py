"""What dots.ocr is asked, by mode: its own words where they can be had, else ours.

Notable:
- The model was trained on fixed prompts, which come with its own package. A file named in `parse.dots_ocr.prompts`
  wins, then the package; our own wording states the same rules and says in the log that it is not the model's.
- Which words were used is part of the teacher's version: other words are another reading.
"""

import hashlib
import importlib
import json
import logging
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from fabeye.errors import FabeyeError

PACKAGE = "dots_ocr.utils.prompts"
IMAGE_TOKENS = "<|img|><|imgpad|><|endofimg|>"  # before the words, or the server puts a line break there
log = logging.getLogger(__name__)


class PromptError(FabeyeError):
    """The file of prompts cannot be used; the text says what is wrong in it."""


class Mode(StrEnum):
    """What is asked for; the values are the names of the model's prompts."""

    LAYOUT = "prompt_layout_all_en"
    BOXES = "prompt_layout_only_en"
    WORDS = "prompt_ocr"
    REGION = "prompt_grounding_ocr"


_CLASSES = (
    "Caption, Footnote, Formula, List-item, Page-footer, Page-header, Picture, Section-header, Table, Text and Title"
)
OWN = {
    Mode.LAYOUT: f"""Give every layout element of this page as a JSON array, in the order in which a person reads them.
Each entry has "bbox" as [x1, y1, x2, y2] in pixels, "category" and "text".
The categories are {_CLASSES}.
A Picture has no text. A Formula's text is LaTeX, a Table's is HTML, everything else is Markdown.
Write what stands on the page, in its own language. Answer with the JSON alone.""",
    Mode.BOXES: f"""Give every layout element of this page as a JSON array, in the order in which a person reads them.
Each entry has "bbox" as [x1, y1, x2, y2] in pixels and "category", and no text.
The categories are {_CLASSES}. Answer with the JSON alone.""",
    Mode.WORDS: "Write down the text of this page and nothing else.",
    Mode.REGION: "Write down the text inside this box of the page and nothing else. The box [x1, y1, x2, y2] is:\n",
}


@dataclass(frozen=True, slots=True)
class Prompts:
    """The words of every mode, and where they come from."""

    words: dict[Mode, str]
    origin: str

    def ask(self, mode: Mode, box: tuple[int, int, int, int] | None = None) -> str:
        """What is sent beside the picture; `box` in pixels of the picture that the model sees."""
        return IMAGE_TOKENS + self.words[mode] + (str(list(box)) if box else "")

    @property
    def fingerprint(self) -> str:
        """Hex digits that stand for the exact words."""
        return hashlib.sha256(json.dumps(sorted(self.words.items())).encode()).hexdigest()[:16]


def find_prompts(path: str) -> Prompts:
    """The prompts of the file `path` (YAML or JSON, mode to words), of the model's package, or ours.

    Raises PromptError when the file lacks a mode or cannot be read.
    """
    if path:
        return Prompts(_from_file(Path(path)), Path(path).name)
    try:
        words = importlib.import_module(PACKAGE).dict_promptmode_to_prompt
    except ImportError:
        log.warning(
            "%s is not installed and parse.dots_ocr.prompts names no file: dots.ocr is asked in words that it was not "
            "trained on, so expect less of it",
            PACKAGE,
        )
        return Prompts(dict(OWN), "fabeye")
    return Prompts(_checked(words, PACKAGE), PACKAGE)


def _from_file(path: Path) -> dict[Mode, str]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise PromptError(f"parse.dots_ocr.prompts: {path} cannot be read ({' '.join(str(error).split())})") from error
    return _checked(content, str(path))


def _checked(content: object, where: str) -> dict[Mode, str]:
    words = content if isinstance(content, dict) else {}
    missing = [mode.value for mode in Mode if not isinstance(words.get(mode.value), str)]
    if missing:
        raise PromptError(f"{where} has no words for {', '.join(missing)}; give each mode its prompt")
    return {mode: words[mode.value] for mode in Mode}
