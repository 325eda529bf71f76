"""Which pages and readings are shown: spread over what there is, never picked by hand.

Notable:
- Pages go round the families and languages, so one large family cannot fill the page.
- Readings are evenly spread from the best-read to the worst-read region, so a reader sees the failures too.
"""

from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest
from pathlib import Path

from fabeye.reporting.differences import error_rate
from fabeye.reporting.inputs import read_documents, read_keys
from fabeye.schema import Reading


def choose_pages(corpus: Path, elements: Path, count: int) -> list[str]:
    """At most `count` ids of pages with elements, in turn from every (family, language). Raises ReportError."""
    groups: dict[tuple[str, str], list[str]] = {}
    home = {document.document_id: (document.family, document.language) for document in read_documents(corpus)}
    with_elements = {row["page_id"] for row in read_keys(elements, "page_id")}
    for row in read_keys(corpus / "pages", "page_id", "document_id"):
        if row["page_id"] in with_elements and row["document_id"] in home:
            groups.setdefault(home[row["document_id"]], []).append(row["page_id"])
    turns = zip_longest(*(sorted(groups[key]) for key in sorted(groups)))
    return [page_id for page_id in chain.from_iterable(turns) if page_id is not None][:count]


def choose_readings(
    readings: Mapping[str, Sequence[Reading]], count: int, reader: str | None = None
) -> list[list[Reading]]:
    """At most `count` regions, from the one that `reader` read best to the one it read worst, evenly spread.

    reader: the last one by name where it is None.
    """
    ranked = sorted(readings, key=lambda region: (_error(readings[region], reader), region))
    if count < 2:
        return [list(readings[region]) for region in ranked[:count]]
    places = sorted({round(index * (len(ranked) - 1) / (count - 1)) for index in range(count)}) if ranked else []
    return [list(readings[ranked[place]]) for place in places]


def _error(readings: Sequence[Reading], reader: str | None) -> float:
    ours = [one for one in readings if one.reader == reader] or readings
    last = max(ours, key=lambda reading: reading.reader)
    return error_rate(last.truth, last.text)
