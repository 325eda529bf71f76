"""Whole pages read by an encoder and its pre-training decoder, in the lines that the teacher has found.

Notable:
- Only what stands in a line is the model's; where lines, tables and figures are is found as for the teacher, by the
  same code on the same lines. So two readers of a page differ in their reading alone.
- Every line is read, cells and words in figures too. A teacher that gives no lines is read block by block.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fabeye.evaluation.gold import GoldPage
from fabeye.evaluation.reading import Vocabulary, prepared_crops, read_regions
from fabeye.evaluation.regions import Region
from fabeye.model import PretrainModel
from fabeye.ocr import Line
from fabeye.omnidoc import LINE
from fabeye.parsing.picture import Seen, see_lines
from fabeye.parsing.structure import to_elements
from fabeye.parsing.teacher import Sheet
from fabeye.progress import track
from fabeye.schema import Element, Source

ANY_SCORE = 0.0  # the model gives none, so none is too low


def read_pages(
    model: PretrainModel,
    vocabulary: Vocabulary,
    pages: Sequence[GoldPage],
    gold: Path,
    found: Mapping[str, Sequence[Element]],
    side: int,
    max_tokens: int,
) -> dict[str, list[Element]]:
    """Page -> its elements as `model` reads them. found: page -> what the teacher has found there.

    Raises GoldError when a page's picture is missing or cannot be decoded.
    """
    read = track(_pages(model, vocabulary, pages, gold, found, side, max_tokens), "reading gold pages", len(pages))
    return dict(read)


def _pages(
    model: PretrainModel,
    vocabulary: Vocabulary,
    pages: Sequence[GoldPage],
    gold: Path,
    found: Mapping[str, Sequence[Element]],
    side: int,
    max_tokens: int,
) -> Iterator[tuple[str, list[Element]]]:
    patch = model.config.encoder.patch
    for page in pages:
        regions = [_region(page, one) for one in _lines(found.get(page.page_id, []))]
        crops = prepared_crops(regions, [page], gold, patch, side)
        readings = read_regions("", model, vocabulary, crops, max_tokens)
        lines = [Line(one.x0, one.y0, one.x1, one.y1, one.text, 1.0) for one in readings]
        seen = Seen.from_json(see_lines(page.image_file(gold).read_bytes(), lines)) if lines else None
        sheet = Sheet(page.page_id, page.page_info.width, page.page_info.height)
        yield page.page_id, to_elements(sheet, seen, ANY_SCORE, Source.MODEL) if seen else []


def _lines(elements: Sequence[Element]) -> list[Element]:
    lines = [one for one in elements if one.level == LINE] or list(elements)
    return [one for one in lines if one.x1 > one.x0 and one.y1 > one.y0]


def _region(page: GoldPage, line: Element) -> Region:
    return Region(
        region_id=f"{page.page_id}-{line.order}",
        page_id=page.page_id,
        family=page.family,
        language=page.language,
        category=line.category,
        box=(line.x0, line.y0, line.x1, line.y1),
        text="",
    )
