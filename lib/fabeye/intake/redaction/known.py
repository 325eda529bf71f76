"""What has been found in a document set, and where it stands again: respelt, misread, broken over two lines.

Notable:
- A person named once beside a label is sought everywhere in all spellings; a lot once found is sought in file names,
  plot titles and photographs.
- Codes are compared with the letters that recognition confuses made alike (O and 0, I, l and 1, B and 8, ...) and
  without punctuation; in recognised text one more wrong letter is forgiven.
- Only what can hardly be anything else is spread: short codes and bare numbers stay where they were found.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import regex

from fabeye.intake.redaction.detect import NO_NAME_WORDS, Span
from fabeye.intake.redaction.lexicon import Lexicon
from fabeye.intake.redaction.patterns import ALIKE, folded, plain
from fabeye.intake.redaction.people import is_chinese_name, person_key, spellings
from fabeye.intake.redaction.pseudonym import CHILD, PLACEHOLDER
from fabeye.schema import Sensitive
from fabeye.tables import write_json

CODES = (
    Sensitive.LOT,
    Sensitive.PRODUCT,
    Sensitive.CASE,
    Sensitive.RECIPE,
    Sensitive.EMPLOYEE,
    Sensitive.TOOL,
    Sensitive.WAFER,
    Sensitive.PHONE,
    Sensitive.HOST,
)
NAMES = (Sensitive.PERSON, Sensitive.CUSTOMER, Sensitive.EMAIL)
SCORE = 0.9
LEAST_CODE = 6  # letters and digits of a code that is spread
LEAST_DIGITS = 2  # of them
FREE_CODE = 7  # letters and digits from which on a code may stand inside a longer word, as in a file name
LEAST_FUZZY = 7  # letters of what may be found with one letter wrong
LEAST_LOCAL = 5  # letters of the part of a mail address before its sign, which is often an account's name
LEAST_NAME = 4  # letters of a Latin name, its full stop counted
FREE_NAME = 8  # letters from which on a name may stick to other letters, as recognition loses spaces
WALL = "\uffff"  # parts what must not be matched across
FIRST_NAME = regex.compile(r"(?<![A-Za-z])([A-Z][a-z\-]+) $")
LEGAL = regex.compile(r"[ ,]*(?:股份|有限|责任|公司|集团|科技|Co\b|Ltd|Inc|GmbH|Corp|LLC|Pte|K\.K|AG\b).*$")


@dataclass(frozen=True, slots=False)
class Known:
    """names: squeezed spelling in lower case -> kind; codes: folded code -> kind; persons: see Pseudonyms."""

    names: Mapping[str, Sensitive] = field(default_factory=dict)
    codes: Mapping[str, Sensitive] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)

    def find(self, text: str, across: bool = False) -> Iterator[Span]:
        """Where something known stands in a text. across: match over line ends and cells, else they part the text."""
        seen = _without_placeholders(text)
        squeezed, places = _squeezed(seen, across)
        for start, end, name in self._names.find(squeezed):
            span = Span(places[start], places[end - 1] + 1, self.names[name], SCORE)
            if len(name) >= FREE_NAME or not name.isascii() or _is_name(seen, span):
                yield _with_first_name(seen, span)
        codes, places = _folded(seen, across)
        for start, end, code in self._codes.find(codes):
            span = Span(places[start], places[end - 1] + 1, self.codes[code], SCORE)
            if len(code) >= FREE_CODE or _starts_alone(seen, span):
                yield _with_child(seen, span)

    def nearly(self, text: str) -> Iterator[Span]:
        """Where something known stands in a text but for one wrong letter; line ends and cells part the text."""
        seen = _without_placeholders(text)
        for lexicon, kinds, (squeezed, places) in (
            (self._names, self.names, _squeezed(seen, across=False)),
            (self._codes, self.codes, _folded(seen, across=False)),
        ):
            for start, end, wanted in lexicon.nearly(squeezed):
                if WALL not in squeezed[start:end]:
                    yield Span(places[start], places[end - 1] + 1, kinds[wanted], SCORE)

    @cached_property
    def _names(self) -> Lexicon:
        return Lexicon(self.names, LEAST_FUZZY)

    @cached_property
    def _codes(self) -> Lexicon:
        return Lexicon(self.codes, LEAST_FUZZY)


def known_from(finds: Iterable[tuple[Sensitive, str]]) -> Known:
    """What is worth seeking everywhere, from what was found anywhere."""
    names: dict[str, Sensitive] = {}
    codes: dict[str, Sensitive] = {}
    persons: set[str] = set()
    for kind, text in sorted(set(finds)):
        text = plain(text).strip()
        if kind == Sensitive.PERSON:
            persons.add(text)
        for spelling in _spread(kind, text):
            names.setdefault(spelling, kind)
        if kind in CODES and (code := _code(kind, text)):
            codes.setdefault(code, kind)
    return Known(names, codes, _meant(persons))


def save(known: Known, path: Path) -> None:
    """Keep what is known for the worker processes; whom a placeholder stands for is not in it."""
    write_json(path, {"names": dict(known.names), "codes": dict(known.codes), "persons": dict(known.persons)})


def load(path: Path) -> Known:
    """What `save` kept."""
    content = json.loads(path.read_text(encoding="utf-8"))
    kinds = {part: {text: Sensitive(kind) for text, kind in content[part].items()} for part in ("names", "codes")}
    return Known(kinds["names"], kinds["codes"], content["persons"])


def _spread(kind: Sensitive, text: str) -> Iterator[str]:
    """Squeezed spellings in lower case under which a person, customer or mail account is sought."""
    if kind == Sensitive.PERSON:
        for spelling in (text, *spellings(text)):
            if is_chinese_name(spelling) or len(_word(spelling)) >= LEAST_NAME:
                yield _word(spelling)
    elif kind == Sensitive.CUSTOMER:
        for name in (text, LEGAL.sub("", text)):
            if len(_word(name)) >= LEAST_NAME:
                yield _word(name)
    elif kind == Sensitive.EMAIL and "@" in text:
        yield _word(text)
        local = _word(text.split("@")[0])
        if len(local) >= LEAST_LOCAL and local not in NO_NAME_WORDS:
            yield local


def _without_placeholders(text: str) -> str:
    return PLACEHOLDER.sub(lambda match: WALL * len(match[0]), plain(text))


def _word(text: str) -> str:
    return "".join(text.lower().split())


def _code(kind: Sensitive, text: str) -> str:
    """A code as it is sought: folded, of a lot its parent; "" where it is too short to be sought."""
    if kind == Sensitive.LOT and (match := CHILD.fullmatch(text)):
        text = match["parent"]
    code = folded(text)
    digits = sum(sign.isdigit() for sign in text)
    return code if len(code) >= LEAST_CODE and digits >= LEAST_DIGITS else ""


def _meant(persons: set[str]) -> dict[str, str]:
    """Keys of spellings -> key of the person, where only one person of the set can be meant."""
    meant: dict[str, set[str]] = {}
    for person in sorted(persons):
        for spelling in spellings(person):
            if person_key(spelling) != person_key(person):
                meant.setdefault(person_key(spelling), set()).add(person_key(person))
    found = {key: min(people) for key, people in meant.items() if len(people) == 1}
    return {key: found.get(person, person) for key, person in found.items()}


def _squeezed(text: str, across: bool) -> tuple[str, list[int]]:
    """The text without spaces in lower case, and where its letters stood."""
    kept, places = [], []
    for place, sign in enumerate(text):
        if sign in "\t\n\r" and not across:
            sign = WALL
        if not sign.isspace():
            kept.append(sign.lower()[:1])  # a few capitals have two letters for one
            places.append(place)
    return "".join(kept), places


def _folded(text: str, across: bool) -> tuple[str, list[int]]:
    """Letters and digits alone, in capitals, those that look alike as one, and where they stood."""
    kept, places = [], []
    for place, sign in enumerate(text):
        if sign in "\t\n\r" and not across:
            sign = WALL
        if sign == "|":
            sign = "1"
        if sign == WALL or (sign.isascii() and sign.isalnum()) or sign > "\u2e7f":
            kept.append(sign.upper())
            places.append(place)
    return "".join(kept).translate(ALIKE), places


def _is_name(text: str, span: Span) -> bool:
    """True for a word of its own that is written as a name: in capitals, or with signs as an account is."""
    after, found = text[span.end : span.end + 1], text[span.start : span.end]
    written = found[0].isupper() or not found.isalpha() or (len(found) >= LEAST_LOCAL and span.kind != Sensitive.PERSON)
    return written and _starts_alone(text, span) and not (after.isascii() and after.isalnum())


def _starts_alone(text: str, span: Span) -> bool:
    before = text[span.start - 1 : span.start] if span.start else ""
    return not (before.isascii() and before.isalnum())


def _with_first_name(text: str, span: Span) -> Span:
    """A person's span with the first name before a surname that stands alone."""
    if span.kind != Sensitive.PERSON or not text[span.start : span.end].isalpha():
        return span
    before = FIRST_NAME.search(text[: span.start])
    if before is None or before[1].lower() in NO_NAME_WORDS:
        return span
    return Span(before.start(1), span.end, span.kind, span.score)


def _with_child(text: str, span: Span) -> Span:
    """A lot's span with the number of the child lot behind it."""
    if span.kind != Sensitive.LOT:
        return span
    tail = regex.match(r"(?:\.\d{1,2})?(?:-[A-Z](?![A-Za-z0-9]))?", text, pos=span.end)
    return Span(span.start, tail.end(), span.kind, span.score) if tail else span
