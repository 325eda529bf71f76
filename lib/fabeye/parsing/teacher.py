"""What every teacher is: a page's picture in, elements out, in two steps.

Notable:
- `read` is the dear step (a network's forward pass, questions to a server); the ledger keeps the text that it yields.
- `parse` is the cheap one, a pure function of that text, so better ways to understand a reading need no second reading.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from fabeye.schema import Element, Page, Source

Raw = str  # what a teacher has read on one page, as JSON in a form of its own


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a page without its picture."""

    page_id: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page could not be read, as a sentence.

    unanswered: True where who was asked gave no answer, so that it says nothing about the page.
    """

    reason: str
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A page's elements: blocks in reading order, and lines where the teacher sees lines.

    degraded: True where the teacher broke down on the page and something may be missing; note says how.
    cost: what the page took, by name ("seconds", "prompt_tokens", ...).
    """

    elements: Sequence[Element]
    degraded: bool = False
    note: str = ""
    cost: dict[str, float] = field(default_factory=dict)


class Teacher(Protocol):
    """Reads pages."""

    @property
    def source(self) -> Source:
        """Under which name its elements go."""

    def parameters(self) -> dict[str, Any]:
        """All that decides what is read, as JSON: versions, prompts, sizes."""

    def key(self, page: Page) -> bytes:
        """What of a page decides what is read on it, such as its picture."""

    def read(self, pages: Iterable[tuple[str, Page]]) -> Iterator[tuple[str, Raw | Failure]]:
        """What is read on each page, under the page's name, in any order; a few pages are drawn ahead."""

    def parse(self, sheet: Sheet, raw: Raw) -> Parsed:
        """The elements of a page whose reading is `raw`."""
