"""What points at something: numbers of tables and figures, entries of the contents, marks of notes."""

import re
from collections import defaultdict
from collections.abc import Iterator

from fabeye.schema import Category, Element
from fabeye.synthesis.checks.boxes import BLOCK, in_line
from fabeye.synthesis.checks.made import Made

CAPTIONS = (Category.TABLE_CAPTION, Category.FIGURE_CAPTION)
LABEL = re.compile(r"(Table|Figure|Fig\.|表|图) ?((?:[A-Z]|\d{1,2})-)?(\d{1,2})(?!\d|\.\d)")
KINDS = {"Table": "table", "表": "table", "Figure": "figure", "Fig.": "figure", "图": "figure"}
CONTINUED = re.compile(r"\(cont'd\)|（续）")
ENTRY = re.compile(r"^(?P<title>.+?) (?P<page>\d+|[ivxl]+)$", re.DOTALL)
MARK = re.compile(r"\^\{(\d{1,2})\}")
PRINTED = re.compile(r"\d+|[ivxl]+")


def reference_faults(made: Made) -> Iterator[str]:
    """What is wrong with a document's references, a sentence each."""
    yield from _numbering_faults(made)
    yield from _mention_faults(made)
    yield from _contents_faults(made)
    yield from _footnote_faults(made)


def _labels(made: Made) -> list[tuple[str, str, int, Element]]:
    """(kind, chapter, number, caption) of each caption that is not a continuation."""
    found = []
    for one in made.of(*CAPTIONS):
        label = LABEL.match(one.text)
        if label and not CONTINUED.search(one.text):
            found.append((KINDS[label[1]], label[2] or "", int(label[3]), one))
    return found


def _numbering_faults(made: Made) -> Iterator[str]:
    """Each kind counts from 1, by chapter where it names one."""
    series: dict[tuple[str, str], list[int]] = defaultdict(list)
    for kind, chapter, number, _ in _labels(made):
        series[kind, chapter].append(number)
    for (kind, chapter), numbers in series.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"the numbers of {kind}s {chapter} are {numbers}"


def _mention_faults(made: Made) -> Iterator[str]:
    """A table or figure that a text or a cell names is there."""
    there = {(kind, chapter, number) for kind, chapter, number, _ in _labels(made)}
    headings = {in_line(one.text) for one in made.of(Category.TITLE, *CAPTIONS)}
    for one in made.blocks:
        entry = ENTRY.match(one.text)
        if one.category in CAPTIONS or (entry and in_line(entry["title"]) in headings):
            continue
        for label in LABEL.finditer(one.text):
            if (KINDS[label[1]], label[2] or "", int(label[3])) not in there:
                yield f"{label[0]!r} is named and not there: {one.text[:80]!r}"


def _contents_faults(made: Made) -> Iterator[str]:
    """An entry of the contents names the page that its heading or caption stands on."""
    places: dict[str, set[str]] = defaultdict(set)
    for page in made.pages:
        printed = next((one.text for one in page.elements if one.category == Category.PAGE_NUMBER), "")
        number = PRINTED.findall(printed)
        for one in page.elements:
            if one.level == BLOCK and one.category in (Category.TITLE, *CAPTIONS) and number:
                places[in_line(one.text)].add(number[0])
    for one in made.of(Category.TEXT):
        entry = ENTRY.match(one.text)
        title = in_line(entry["title"]) if entry else ""
        if entry and title in places and entry["page"] not in places[title]:
            yield f"the contents place {entry['title']!r} on page {entry['page']}, it is on {sorted(places[title])}"


def _footnote_faults(made: Made) -> Iterator[str]:
    """A footnote is called from its own page, or from the page before, which had no room for it."""
    for before, page in zip([None, *made.pages], made.pages, strict=False):
        around = [*(before.elements if before else []), *page.elements]
        for note in page.elements:
            if note.category != Category.PAGE_FOOTNOTE or note.level != BLOCK:
                continue
            mark = MARK.match(note.text)
            callers = [one for one in around if one.category == Category.TEXT and one.level == BLOCK]
            if not mark or not any(f"^{{{mark[1]}}}" in one.text for one in callers):
                yield f"nothing on its page or the one before calls the footnote {note.text[:60]!r}"
