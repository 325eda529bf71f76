"""Finding delimited pieces of a text in time that grows with its length, whatever stands in it.

Notable:
- As a regular expression, "opening, anything, closing" takes quadratic time on a text with many openings and no
  closing: a prediction can be such a text. Here a failed search is not made twice.
- The pieces are those that such an expression with alternatives would find, from left to right.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end], delimiters included; what stands between them, and which opening it was."""

    start: int
    end: int
    inner: str
    opening: str


def spans(text: str, pairs: Sequence[tuple[str, str]], *, within_line: bool = False) -> Iterator[Span]:
    """From an opening to the next closing of its pair, left to right, none overlapping.

    Of two openings at one place the earlier pair's counts. within_line: only where no line break lies between.
    """
    starts = [text.find(opening) for opening, _ in pairs]  # -1: nothing more to find
    while any(start >= 0 for start in starts):
        start, number = min((start, number) for number, start in enumerate(starts) if start >= 0)
        opening, closing = pairs[number]
        inner = start + len(opening)
        line_end = text.find("\n", inner) if within_line else -1
        limit = line_end if line_end >= 0 else len(text)
        found = text.find(closing, inner, limit)
        if found < 0:
            starts[number] = text.find(opening, limit)
            continue
        end = found + len(closing)
        yield Span(start, end, text[inner:found], opening)
        starts = [
            at if at < 0 or at >= end else text.find(one, end) for at, (one, _) in zip(starts, pairs, strict=True)
        ]


def replace_spans(text: str, found: Iterable[Span], put: Callable[[Span], str]) -> str:
    """The text with each span replaced by what `put` makes of it."""
    pieces, done = [], 0
    for span in found:
        pieces += [text[done : span.start], put(span)]
        done = span.end
    return "".join([*pieces, text[done:]])


def cut(text: str, opening: str, closing: str) -> str:
    """The text without the spans from `opening` to `closing` that lie within one line."""
    return replace_spans(text, spans(text, [(opening, closing)], within_line=True), lambda _: "")


def blank(text: str, start: int, end: int) -> str:
    """The text with spaces at [start, end), so that every position after it stays."""
    return text[:start] + " " * (end - start) + text[end:]
