"""The generator's way in: one document with the truth of its pages.

Notable:
- A document is a pure function of (family, language, seed, index) and of how it is finished: asking for more documents
  changes none of the first ones, and any process may make any of them.
- What a document says and what becomes of its file are drawn apart, so the same document can be had clean and scanned.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from fabeye.schema import Layer
from fabeye.settings import FinishSettings
from fabeye.synthesis.families import design, efa_pfa, general, jedec, process
from fabeye.synthesis.finish import FinishedPage, finish, untouched
from fabeye.synthesis.manuscript import Manuscript, set_manuscript
from fabeye.synthesis.truth import TruePage

FAMILIES: dict[str, Callable[[Random, str], Manuscript]] = {
    "jedec": jedec.compose,
    "efa_pfa": efa_pfa.compose,
    "process": process.compose,
    "design": design.compose,
    "general": general.compose,
}
GENERAL_FAMILIES = {"general"}  # every other family is of the field


@dataclass(frozen=True, slots=True)
class GeneratedDocument:
    """A document's file and the truth of each of its pages, in points.

    scenario: number of the failure scenario, -1 where there is none. attributes: OmniDocBench's page attributes.
    """

    pdf: bytes
    finished: tuple[FinishedPage, ...]
    scenario: int
    attributes: dict[str, Any]

    @property
    def pages(self) -> tuple[TruePage, ...]:
        """What stands where in the end."""
        return tuple(page.truth for page in self.finished)


def generate_document(
    family: str, language: str, seed: int, index: int, finishes: FinishSettings | None = None
) -> GeneratedDocument:
    """Make document number `index` of a family in a language ("en", "zh", "mixed"); unfinished unless `finishes` says.

    Raises ValueError for an unknown family, TypesettingError when Typst refuses the document.
    """
    if family not in FAMILIES:
        raise ValueError(f"there is no family {family!r}; the families are {', '.join(FAMILIES)}")
    name = f"{family}/{language}/{seed}/{index}"  # a string seeds by its sha512, alike in every process
    manuscript = FAMILIES[family](Random(name), language)
    pdf, pages = set_manuscript(manuscript)
    done = finish(pdf, pages, Random(f"finish/{name}"), finishes) if finishes else untouched(pdf, pages)
    attributes = {"watermark": any(one.place == "watermark" for one in manuscript.overlays), **manuscript.attributes}
    return GeneratedDocument(done.pdf, done.pages, manuscript.scenario, attributes)


def layer_of(family: str) -> Layer:
    """Which step of the data staircase a family belongs to."""
    return Layer.GENERAL if family in GENERAL_FAMILIES else Layer.DOMAIN
