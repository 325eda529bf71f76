"""Everything sensitive on one page or in one text: patterns, forms, line ends, and what is known from elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

import regex

from fabeye.intake.redaction.detect import BLOT, Detector, Span, apart, united
from fabeye.intake.redaction.known import Known
from fabeye.intake.redaction.labels import is_label
from fabeye.intake.redaction.runs import Box, Run, Sheet, area, below, columns, continued, overlap, sheet
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
    whole, lower = sheet(runs), columns(runs)
    labelled, broken = list(_labelled(runs, lower)), list(_broken(runs, lower))
    texts = [whole.text, *(both.text for both, *_ in labelled), *(both.text for both, _ in broken)]
    by_pattern = iter(detector.find_each(texts))
    spans = [*next(by_pattern), *known.find(whole.text), *known.nearly(_recognised(whole))]
    found = [_find(whole, span) for span in united(spans)]
    found += _under_labels(labelled, by_pattern)
    found += _over_line_ends(broken, by_pattern, known)
    found += _again(whole, found)
    return distinct(found)


def distinct(found: list[Find]) -> list[Find]:
    """The finds from the top, without those whose boxes all lie under one that is at least as large."""
    kept: list[Find] = []
    for find in sorted(found, key=lambda find: (-sum(area(box) for box in find.boxes), find.text)):
        if find.boxes and not any(_lies_under(find, other) for other in kept):
            kept.append(find)
    return sorted(kept, key=lambda find: (find.boxes[0][1], find.boxes[0][0], find.text))


def search_text(text: str, detector: Detector, known: Known) -> list[Span]:
    """Sensitive things in a text without places."""
    return search_texts([text], detector, known)[0]


def search_texts(
    texts: Sequence[str], detector: Detector, known: Known, strings: Sequence[tuple[Sensitive, str]] = ()
) -> list[list[Span]]:
    """The same for each of some texts; `strings` are things that are known to stand on the same page."""
    by_pattern, by_name = detector.find_each(texts), apart(texts, lambda text: known.find(text, across=True))
    sought = [(kind, literal(string)) for kind, string in strings]
    by_string = apart(
        texts,
        lambda text: [Span(hit.start(), hit.end(), kind, 1.0) for kind, one in sought for hit in one.finditer(text)],
    )
    return [united([*one, *two, *three]) for one, two, three in zip(by_pattern, by_name, by_string, strict=True)]


def literal(string: str) -> "regex.Pattern[str]":
    """Pattern of a string as a word of its own, whatever spaces and line ends are in it."""
    words = r"\s*".join(regex.escape(word) for word in string.split())
    before = r"(?<![A-Za-z0-9])" if string[:1].isascii() and string[:1].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if string[-1:].isascii() and string[-1:].isalnum() else ""
    return regex.compile(f"{before}{words}{after}")


def _recognised(whole: Sheet) -> str:
    """The text with a blot for every letter that was not recognised in a picture: such letters are never misread."""
    return "".join(
        sign if place is None or whole.runs[place[0]].recognised else BLOT
        for sign, place in zip(whole.text, whole.places, strict=True)
    )


def _labelled(runs: Sequence[Run], lower: Sequence[Sequence[int]]) -> Iterator[tuple[Sheet, int, int, bool]]:
    """Every label with each of the runs below it, as "label\\nvalue", where the value starts, and the label's number.

    A column of values ends at another label. Last comes whether both are of the layer, or both were recognised.
    """
    labels = {number for number, run in enumerate(runs) if is_label(run.text)}
    for label in sorted(labels):
        for value in takewhile(lambda number: number not in labels, lower[label]):
            yield (*below(runs, label, value), label, runs[value].recognised == runs[label].recognised)


def _under_labels(
    labelled: Sequence[tuple[Sheet, int, int, bool]], by_pattern: Iterator[Sequence[Span]]
) -> Iterator[Find]:
    """Values that stand below their label, as in the columns of a table of actions; the first that is none ends it.

    What recognition makes of a ruling or a seal ends no column of a text layer.
    """
    ended: set[int] = set()
    for both, start, label, is_alike in labelled:
        spans = [span for span in next(by_pattern) if span.start >= start]
        if not spans:
            ended |= {label} if is_alike else set()
        elif label not in ended:
            yield from (_find(both, span) for span in spans)


def _again(whole: Sheet, found: Sequence[Find]) -> Iterator[Find]:
    """Strings that have been found on the page wherever else they stand on it, such as a tool's chamber in a plot."""
    for kind, text in dict.fromkeys((find.kind, find.text) for find in found):
        if len(text) >= TELLING and "\n" not in text:
            for match in literal(text).finditer(whole.text):
                yield _find(whole, Span(match.start(), match.end(), kind, 1.0))


def _broken(runs: Sequence[Run], lower: Sequence[Sequence[int]]) -> Iterator[tuple[Sheet, int]]:
    """Every run with the one on the next line as one word, and where the second one starts."""
    yield from (continued(runs, upper, numbers[0]) for upper, numbers in enumerate(lower) if numbers)


def _over_line_ends(
    broken: Sequence[tuple[Sheet, int]], by_pattern: Iterator[Sequence[Span]], known: Known
) -> Iterator[Find]:
    """Things of which one part stands at the end of a line and the rest on the next one."""
    for (both, seam), names in zip(broken, apart([both.text for both, _ in broken], known.find), strict=True):
        is_code = CODE_TAIL.search(both.text[:seam])
        spans = [*names, *(span for span in next(by_pattern) if is_code and span.kind in BROKEN)]
        yield from (_find(both, span) for span in united(spans) if span.start < seam < span.end)


def _find(text: Sheet, span: Span) -> Find:
    boxes = tuple(text.boxes(span.start, span.end))
    return Find(span.kind, text.text[span.start : span.end], boxes, text.recognised(span.start, span.end))


def _lies_under(find: Find, other: Find) -> bool:
    return all(max(overlap(box, one) for one in other.boxes) > UNDER * area(box) for box in find.boxes)
