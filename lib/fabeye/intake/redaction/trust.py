"""Whether a PDF's text layer says what its page shows, where it shows it.

Notable:
- Printed letters end where their ink ends. Text that recognition software laid invisibly over a scan is spread evenly
  over its lines instead, so paint by its boxes would miss what it must hide.
- A font that does not say which letters its glyphs are leaves control characters behind: such a page is read.
- A few lines, one of each size and script, are read as a sample: a layer may be printed and still say something else.
- A watermark lies across the page; it is no line, and its letters explain no ink.

Shapes: H, W rows and columns of a picture.
"""

import unicodedata
from collections.abc import Sequence
from statistics import median

import numpy as np
from rapidfuzz.fuzz import ratio

from fabeye.intake.redaction.ink import Pixels, are_tight
from fabeye.intake.redaction.runs import Run

TIGHT = 0.6  # share of a run's letters that must end where their ink ends
PRINTED = 0.9  # share of a page's letters that must stand in such runs
SAMPLE = 3  # lines of a layer that are read
SAMPLE_LETTERS = (4, 12)  # letters that a line of the sample has at least and at most
ALIKE = 70.0  # percent of letters that must agree between the layer's sample and the page
UNSAID = ("Cc", "Cn")  # Unicode's categories of what is no letter: a glyph's number, not its meaning
CHINESE = "\u2e80"  # from this letter on a text counts as Chinese


def printed(ink: Pixels, layer: Sequence[Run]) -> list[bool]:
    """For each run of a layer, whether its letters end where the ink (H, W) does."""
    letters = [
        (number, box)
        for number, run in enumerate(layer)
        for sign, box in zip(run.text, run.boxes, strict=True)
        if not sign.isspace()
    ]
    tight = are_tight(ink, [box for _, box in letters])
    numbers = np.array([number for number, _ in letters], np.int64)
    share = np.bincount(numbers, tight, len(layer)) / np.maximum(np.bincount(numbers, minlength=len(layer)), 1)
    return [bool(part >= TIGHT) for part in share]


def is_printed(layer: Sequence[Run], inked: Sequence[bool]) -> bool:
    """Whether nearly all letters of a layer, watermarks apart, are said and stand where their ink is (`inked`)."""
    if any(unicodedata.category(sign) in UNSAID for run in layer for sign in run.text if not sign.isspace()):
        return False
    lengths = np.array([len(run.text) for run in layer])
    lines = np.array([run.level for run in layer], bool) | np.array(inked, bool)
    return bool(lines.any()) and float(lengths @ np.array(inked, bool)) >= PRINTED * float(lengths @ lines)


def sample(layer: Sequence[Run]) -> list[Run]:
    """Lines of a layer to be read, or their first letters: one of each size of letters and script, the commonest."""
    least, most = SAMPLE_LETTERS
    groups: dict[tuple[int, bool], list[Run]] = {}
    for run in layer:
        if run.level and len(run.text) >= least:
            height = round(median(y1 - y0 for _, y0, _, y1 in run.boxes))
            groups.setdefault((height, any(sign >= CHINESE for sign in run.text)), []).append(run)
    common = sorted(groups.values(), key=lambda runs: -sum(len(run.text) for run in runs))[:SAMPLE]
    chosen = [max(runs, key=lambda run: min(len(run.text), most)) for runs in common]
    return [Run(run.text[:most], run.boxes[:most], run.score, run.recognised) for run in chosen]


def is_said(wanted: Sequence[str], seen: Sequence[str]) -> bool:
    """Whether the lines of a sample read as the layer says; False where there is nothing to compare."""
    shares = [ratio(_squeezed(one), _squeezed(other)) for one, other in zip(wanted, seen, strict=True)]
    return bool(shares) and median(shares) >= ALIKE


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
