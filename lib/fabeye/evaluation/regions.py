"""Which gold regions every reader reads: the same for the teacher and for each encoder.

Notable:
- The choice depends on the gold set and the number alone; it is drawn by hash, not by a random generator.
- Turns are taken between families, languages and categories, and within each between pages, so that a small number
  of regions still sees all of them. Asking for more regions keeps those of the smaller choice.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from PIL import Image

from fabeye.evaluation.gold import WORDLESS, Box, GoldCell, GoldElement, GoldPage
from fabeye.metrics.text import character_error_rate
from fabeye.schema import Reading

LONGEST = 60  # characters; what a small decoder can write
SHORTEST_SIDE = 8  # pixels; below it there is nothing to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A block or a table's cell with a short text; box in pixels of the gold page's picture."""

    region_id: str
    page_id: str
    family: str
    language: str
    category: str
    box: Box
    text: str

    def crop(self, image: Image.Image) -> Image.Image:
        """The region cut out of its page's picture, whole pixels, never empty."""
        x0, y0, x1, y1 = self.box
        left, top = max(0, int(x0)), max(0, int(y0))
        right, bottom = min(image.width, -int(-x1 // 1)), min(image.height, -int(-y1 // 1))
        return image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))

    def reading(self, reader: str, text: str) -> Reading:
        """What `reader` wrote for this region, as a row of a readings table."""
        x0, y0, x1, y1 = self.box
        return Reading(
            region_id=self.region_id,
            page_id=self.page_id,
            family=self.family,
            language=self.language,
            category=self.category,
            x0=x0,
            y0=y0,
            x1=x1,
            y1=y1,
            reader=reader,
            truth=self.text,
            text=text,
        )


def choose_regions(pages: Sequence[GoldPage], count: int) -> list[Region]:
    """At most `count` regions of 1 to 60 characters, ordered by page and region_id."""
    strata: dict[tuple[str, str, str], list[Region]] = defaultdict(list)
    for page in pages:
        for region in _candidates(page):
            strata[region.family, region.language, region.category].append(region)
    turns = zip_longest(*(_page_by_page(strata[key]) for key in sorted(strata)))
    drawn = [region for turn in turns for region in turn if region is not None]
    return sorted(drawn[:count], key=lambda region: (region.page_id, region.region_id))


def error_rate(readings: Iterable[Reading]) -> float:
    """Character error rate over all readings together."""
    return character_error_rate((one.truth, one.text) for one in readings)


def _candidates(page: GoldPage) -> Iterator[Region]:
    for element in page.layout_dets:
        if element.ignore or element.category_type in WORDLESS:
            continue
        parts: Sequence[GoldElement | GoldCell] = element.cells or [element]
        for part in parts:
            region = Region(
                region_id=f"{page.page_id}-{part.anno_id}",
                page_id=page.page_id,
                family=page.family,
                language=page.language,
                category=element.category_type,
                box=part.box,
                text=" ".join(part.text.split()),
            )
            if _is_readable(region):
                yield region


def _is_readable(region: Region) -> bool:
    x0, y0, x1, y1 = region.box
    return 1 <= len(region.text) <= LONGEST and min(x1 - x0, y1 - y0) >= SHORTEST_SIDE


def _page_by_page(regions: list[Region]) -> list[Region]:
    """One region of each page, then a second of each, and so on; who comes first is drawn by hash."""
    by_page: dict[str, list[Region]] = defaultdict(list)
    for region in sorted(regions, key=_draw):
        by_page[region.page_id].append(region)
    turns = zip_longest(*(by_page[page] for page in sorted(by_page, key=lambda page: _hash(page))))
    return [region for turn in turns for region in turn if region is not None]


def _draw(region: Region) -> str:
    return _hash(region.region_id)


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
