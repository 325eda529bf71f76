"""Everything sensitive on one page or in one text: patterns, forms, line ends, and what is known from elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from fabeye.intake.redaction.detect import Detector, Span, united
from fabeye.intake.redaction.known import Known
from fabeye.intake.redaction.labels import is_label
from fabeye.intake.redaction.runs import Box, Run, Sheet, area, continuations, overlap, pairs_below, sheet
from fabeye.schema import Sensitive

BROKEN = (  # kinds that a line end may break
    Sensitive.HOST,
    Sensitive.EMAIL,
    Sensitive.LOT,
    Sensitive.CASE,
    Sensitive.PRODUCT,
    Sensitive.RECIPE,
    Sensitive.CUSTOMER,
    Sensitive.TOOL,
)
CODE_TAIL = regex.compile(r"[^\s\u4e00-\u9fff]*[\d\\/@_.\-][^\s\u4e00-\u9fff]*$|\u6709?\u9650?$")  # a code's start
TELLING = 4  # letters of a string that is sought again on its page
UNDER = 0.95  # share of a box's area under another's from which on it is covered


@dataclass(frozen=True, slots=True)
class Find:
    """A sensitive thing on a page.

    boxes: one a line that it stands on. recognised: its letters were read in the picture, not in the text layer.
    """

    kind: Sensitive
    text: str
    boxes: tuple[Box, ...]
    recognised: bool


def search_page(runs: Sequence[Run], detector: Detector, known: Known) -> list[Find]:
    """Sensitive things among the runs of a page, from the top."""
    whole = sheet(runs)
    spans = detector.find(whole.text)
    spans += known.find(whole.text, recognised=False)
    spans += _misread(whole, known)
    found = [_find(whole, span) for span in united(spans)]
    found += _under_labels(runs, detector)
    found += _over_line_ends(runs, detector, known)
    found += _again(whole, found)
    return distinct(found)


def distinct(found: list[Find]) -> list[Find]:
    """The finds from the top, without those whose boxes all lie under one that is at least as large."""
    kept: list[Find] = []
    for find in sorted(found, key=lambda find: (-sum(area(box) for box in find.boxes), find.text)):
        if find.boxes and not any(_lies_under(find, other) for other in kept):
            kept.append(find)
    return sorted(kept, key=lambda find: (find.boxes[0][1], find.boxes[0][0], find.text))


def search_text(
    text: str, detector: Detector, known: Known, strings: Sequence[tuple[Sensitive, str]] = ()
) -> list[Span]:
    """Sensitive things in a text without places; `strings` are things that are known to stand on the same page."""
    spans = detector.find(text)
    spans += known.find(text, recognised=False, across=True)
    for kind, string in strings:
        spans += [Span(match.start(), match.end(), kind, 1.0) for match in literal(string).finditer(text)]
    return united(spans)


def literal(string: str) -> "regex.Pattern[str]":
    """Pattern of a string as a word of its own, whatever spaces and line ends are in it."""
    words = r"\s*".join(regex.escape(word) for word in string.split())
    before = r"(?<![A-Za-z0-9])" if string[:1].isascii() and string[:1].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if string[-1:].isascii() and string[-1:].isalnum() else ""
    return regex.compile(f"{before}{words}{after}")


def _misread(whole: Sheet, known: Known) -> Iterator[Span]:
    """Known things with one letter wrong, in recognised rows alone."""
    start = 0
    for row in whole.text.split("\n"):
        if whole.recognised(start, start + len(row)):
            for span in known.find(row, recognised=True):
                yield Span(span.start + start, span.end + start, span.kind, span.score)
        start += len(row) + 1


def _under_labels(runs: Sequence[Run], detector: Detector) -> Iterator[Find]:
    """Values that stand below their label, as in the columns of a table of actions; the first that is none ends it."""
    ended: set[int] = set()
    for both, start in pairs_below(runs):
        upper = both.places[0][0] if both.places and both.places[0] else -1
        label, value = both.text[: start - 1], both.text[start:]
        if upper in ended or not is_label(label):
            continue
        if is_label(value):
            ended.add(upper)
            continue
        spans = [span for span in detector.find(both.text) if span.start >= start]
        if not spans:
            ended.add(upper)
        yield from (_find(both, span) for span in spans)


def _again(whole: Sheet, found: Sequence[Find]) -> Iterator[Find]:
    """Strings that have been found on the page wherever else they stand on it, such as a tool's chamber in a plot."""
    for kind, text in dict.fromkeys((find.kind, find.text) for find in found):
        if len(text) >= TELLING and "\n" not in text:
            for match in literal(text).finditer(whole.text):
                yield _find(whole, Span(match.start(), match.end(), kind, 1.0))


def _over_line_ends(runs: Sequence[Run], detector: Detector, known: Known) -> Iterator[Find]:
    for both, seam in continuations(runs):
        spans = list(known.find(both.text, recognised=False))
        if CODE_TAIL.search(both.text[:seam]):
            spans += [span for span in detector.find(both.text) if span.kind in BROKEN]
        yield from (_find(both, span) for span in united(spans) if span.start < seam < span.end)


def _find(text: Sheet, span: Span) -> Find:
    boxes = tuple(text.boxes(span.start, span.end))
    return Find(span.kind, text.text[span.start : span.end], boxes, text.recognised(span.start, span.end))


def _lies_under(find: Find, other: Find) -> bool:
    return all(max(overlap(box, one) for one in other.boxes) > UNDER * area(box) for box in find.boxes)
