"""Where a reading departs from the truth, as runs of text to colour.

Notable:
- The runs come from a shortest edit script (rapidfuzz), character by character, so Chinese needs no word breaks.
- Joining the runs that are not "missing" gives the reading back; joining those that are not "extra" gives the truth.
"""

from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

Kind = Literal["same", "extra", "missing"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of characters: `same` in both, `extra` in the reading, or `missing` from it."""

    text: str
    kind: Kind


def differences(truth: str, reading: str) -> list[Run]:
    """Runs that turn the truth into the reading, in order; neighbours of one kind are joined."""
    runs: list[Run] = []
    for step in Levenshtein.opcodes(truth, reading):
        gone, come = truth[step.src_start : step.src_end], reading[step.dest_start : step.dest_end]
        if step.tag == "equal":
            _append(runs, come, "same")
        else:
            _append(runs, gone, "missing")
            _append(runs, come, "extra")
    return runs


def error_rate(truth: str, reading: str) -> float:
    """Edits over the longer length, 0 (equal) to 1; only for ordering examples, the scores are made by evaluation."""
    return Levenshtein.normalized_distance(truth, reading)


def _append(runs: list[Run], text: str, kind: Kind) -> None:
    if not text:
        return
    if runs and runs[-1].kind == kind:
        text = runs.pop().text + text
    runs.append(Run(text, kind))
