"""What a file gives when it is opened: good pages, bad pages, or one sentence why it cannot be read at all."""

from dataclasses import dataclass
from typing import Any, Protocol

from fabeye.errors import FabeyeError
from fabeye.schema import Page, page_id


class ReadError(FabeyeError):
    """The file as a whole cannot be read; the text is one sentence fit for the quarantine."""


@dataclass(frozen=True, slots=True)
class GoodPage:
    """A page as picture and text layer; number is 0-based, dpi 0 where an image file says nothing of it.

    characters: as in schema.Page.
    """

    number: int
    width: int
    height: int
    dpi: float
    image: bytes
    text_layer: str
    characters: str = ""

    def of(self, document_id: str) -> Page:
        """The page as a row of the table of a document."""
        return Page(
            page_id=page_id(document_id, self.number),
            document_id=document_id,
            number=self.number,
            width=self.width,
            height=self.height,
            dpi=self.dpi,
            image=self.image,
            text_layer=self.text_layer,
            characters=self.characters,
        )


@dataclass(frozen=True, slots=True)
class BadPage:
    """A page that cannot be taken in, and why."""

    number: int
    reason: str


class OpenFile(Protocol):
    """A file whose pages can be read in any order."""

    pages: int

    def page(self, number: int, dpi: int, max_side: int) -> GoodPage | BadPage:
        """Page `number` (0-based), rendered at `dpi` where it has no pixels of its own."""

    def metadata(self) -> dict[str, Any]:
        """What the file says beside its pages, as schema.Document tells."""


def wrong_size(width: int, height: int, max_side: int) -> str | None:
    """Why a page of this size in pixels is not taken in, or None where it is."""
    if min(width, height) < 1:
        return "the page has no area"
    if max(width, height) > max_side:
        return f"the page is {width} x {height} pixels, a side may have {max_side} at most (corpus.max_side)"
    return None
