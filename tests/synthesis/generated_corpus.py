"""Settings of small generated corpora, shared by the tests of this package."""

from functools import cache
from typing import Any

from fabeye.settings import CorpusSettings, EngineSettings, load_settings

SEED = 3
EVERYTHING = {
    "scan": 0.4, "searchable": 0.3, "broken_text": 0.4, "resized": 0.4, "rotated": 0.4, "bookmarks": 0.5,
    "metadata": 0.5, "annotations": 0.5, "attachments": 0.5, "password": 0.4, "severity": 0.5,
}  # fmt: skip


def corpus_settings(documents: dict[str, int], **changes: Any) -> CorpusSettings:
    """The project's own settings for so many documents of each family, as typeset unless `finish` is changed."""
    given = {
        "seed": SEED, "dpi": 150, "languages": ["en", "zh"], "gold_share": 0.25, "validation_share": 0.15,
        "finish": {}, "documents": documents, "gold": None,
    }  # fmt: skip
    return CorpusSettings.model_validate(_own() | given | changes)


def engine_settings(workers: int) -> EngineSettings:
    """Local processes."""
    return EngineSettings(engine="processes", workers=workers, seconds=120, mib=4096)


@cache
def _own() -> dict[str, Any]:
    return load_settings().corpus.model_dump()
