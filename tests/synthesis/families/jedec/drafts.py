"""A draft to write clauses into, for the tests of this folder."""

from random import Random

from fabeye.synthesis.families.jedec.compose import ACCENTS, PAPERS
from fabeye.synthesis.families.jedec.device import draw_device
from fabeye.synthesis.families.jedec.draft import Draft
from fabeye.synthesis.style import draw_style
from fabeye.synthesis.tabulation import Rows, places

LANGUAGES = ("en", "zh", "mixed")


def new_draft(seed: int, language: str = "en") -> Draft:
    """An empty draft about a device."""
    rng = Random(seed)
    device = draw_device(rng)
    return Draft(rng, language, draw_style(rng, language, rng.choice(PAPERS), ACCENTS), device)


def grid(rows: Rows) -> dict[int, dict[int, str]]:
    """Text of each cell by row and column."""
    found: dict[int, dict[int, str]] = {}
    for row, column, cell in places(rows):
        found.setdefault(row, {})[column] = cell.text
    return found
