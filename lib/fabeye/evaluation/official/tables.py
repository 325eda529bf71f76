"""Bare pairs of tables scored as OmniDocBench's evaluator scores them: `fabeye evaluate tables`."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from rapidfuzz.distance import Levenshtein

from fabeye.errors import FabeyeError
from fabeye.evaluation.official.normalise import official_table
from fabeye.evaluation.official.version import REVISIONS, Version
from fabeye.metrics.table import teds

Scored = dict[str, Any]


class TablePairsError(FabeyeError):
    """A file of table pairs is missing or malformed; the text names the place."""


class TablePair(BaseModel):
    """HTML of a gold table and of what was read for it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: int | str
    gt: str
    pred: str


def read_table_pairs(path: Path) -> list[TablePair]:
    """Pairs of a JSON list of {"id", "gt", "pred"}. Raises TablePairsError."""
    try:
        return TypeAdapter(list[TablePair]).validate_python(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise TablePairsError(f"{path}: {place}: {first['msg']}; give a list of id, gt and pred") from error
    except (OSError, ValueError) as error:
        raise TablePairsError(f"{path} cannot be read ({error}); give a JSON list of id, gt and pred") from error


def score_table_pairs(pairs: Sequence[TablePair], version: Version) -> Scored:
    """teds, teds_structure and table_edit of each pair and their means. Raises TooLargeTableError."""
    scored = [_scored(pair, version) for pair in pairs]
    names = ("teds", "teds_structure", "table_edit")
    means = {name: fmean(one[name] for one in scored) if scored else None for name in names}
    return {"evaluator": version.value, "revision": REVISIONS[version], "mean": means, "pairs": scored}


def _scored(pair: TablePair, version: Version) -> Scored:
    gold = official_table(pair.gt, version) or pair.gt
    read = official_table(pair.pred, version) or pair.pred
    return {
        "id": pair.id,
        "teds": teds(read, gold),
        "teds_structure": teds(read, gold, structure_only=True),
        "table_edit": Levenshtein.normalized_distance(gold, read),
    }
