"""Finds sensitive things in a text: presidio's analyzer with our patterns, and dictionaries a house may bring.

Notable:
- No language model is asked: there is none to download, and a form's labels say more than its grammar. The analyzer
  gets an engine that tokenises nothing.
- Where finds overlap, their union is one find of the longer one's kind: a path that holds a lot goes as a whole.
- Words that stand beside labels and are no values, such as another label, are known here and let through.
- A pattern that takes presidio longer than its own limit is skipped there with a warning; the engine's time limit for
  a page is shorter, so such a page goes to quarantine instead.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import regex

from fabeye.errors import FabeyeError
from fabeye.intake.redaction.labels import is_label
from fabeye.intake.redaction.patterns import forms, plain
from fabeye.intake.redaction.people import words
from fabeye.intake.redaction.presidio import (
    AnalyzerEngine,
    Doc,
    NlpArtifacts,
    NlpEngine,
    Pattern,
    PatternRecognizer,
    RecognizerRegistry,
    Vocab,
)
from fabeye.intake.redaction.pseudonym import PLACEHOLDER
from fabeye.schema import Sensitive

LANGUAGE = "en"  # presidio wants one; the patterns serve all
FLAGS = regex.MULTILINE
BLOT = "\uffff"  # stands where a placeholder stood; no pattern matches it
BETWEEN = f"\n{BLOT}\n"  # parts texts that are searched together; no pattern matches across it
NO_NAMES = words("no_names")
NO_NAME_WORDS = words("no_name_words")
LATIN_WORD = regex.compile(r"[A-Za-z]+")
ACCOUNT = regex.compile(r"[a-z]+[._][a-z]+")


class DictionaryError(FabeyeError):
    """A dictionary of a house cannot be read; the text says which."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start to end of a text are of a kind; score between 0 and 1."""

    start: int
    end: int
    kind: Sensitive
    score: float


class Detector:
    """Looks for the given kinds. Loading takes about a second; keep one for many texts."""

    def __init__(self, kinds: Iterable[Sensitive], min_score: float, dictionaries: Path | None = None):
        """dictionaries: folder of <KIND>.txt, a value a line. Raises DictionaryError when one cannot be read."""
        self.kinds = tuple(kinds)
        self.min_score = min_score
        self.analyzer = AnalyzerEngine(
            registry=RecognizerRegistry(_recognisers(self.kinds, dictionaries), supported_languages=[LANGUAGE]),
            nlp_engine=_NoLanguage(),
            supported_languages=[LANGUAGE],
        )

    def find(self, text: str) -> list[Span]:
        """Sensitive things in a text, in order, none overlapping another; placeholders are none."""
        seen = PLACEHOLDER.sub(lambda match: BLOT * len(match[0]), plain(text))
        if not seen.strip():
            return []
        results = self.analyzer.analyze(seen, language=LANGUAGE, score_threshold=self.min_score)
        spans = [Span(one.start, one.end, Sensitive(one.entity_type), one.score) for one in results]
        return united([span for span in spans if not _is_ordinary(span.kind, seen[span.start : span.end])])

    def find_each(self, texts: Sequence[str]) -> list[list[Span]]:
        """The same for each of some texts."""
        return apart(texts, self.find)


def apart(texts: Sequence[str], find: Callable[[str], Iterable[Span]]) -> list[list[Span]]:
    """What `find` finds in each of some texts, asked once about all of them: a question has its price."""
    starts = list(accumulate((len(text) + len(BETWEEN) for text in texts), initial=0))
    found: list[list[Span]] = [[] for _ in texts]
    for span in find(BETWEEN.join(texts)) if any(texts) else ():
        number = bisect_right(starts, span.start) - 1
        first = starts[number]
        if span.end - first <= len(texts[number]):
            found[number].append(replace(span, start=span.start - first, end=span.end - first))
    return found


def united(spans: Sequence[Span]) -> list[Span]:
    """The spans in order, those that overlap as one of the longest one's kind; of equal ones the surest decides."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end, -span.score, span.kind)):
        if found and span.start < found[-1].end:
            last = found.pop()
            first = max(last, span, key=lambda one: (one.end - one.start, one.score))
            span = Span(last.start, max(last.end, span.end), first.kind, first.score)
        found.append(span)
    return found


def _recognisers(kinds: Sequence[Sensitive], dictionaries: Path | None) -> list[PatternRecognizer]:
    table = forms()
    found = []
    for kind in kinds:
        patterns = [
            Pattern(f"{kind}-{count}", form.regex, form.score) for count, form in enumerate(table) if form.kind == kind
        ]
        entries = _entries(dictionaries / f"{kind}.txt") if dictionaries else []
        found.append(
            PatternRecognizer(
                kind.value,
                supported_language=LANGUAGE,
                patterns=patterns,
                deny_list=entries,
                global_regex_flags=FLAGS,
            )
        )
    return found


def _entries(path: Path) -> list[str]:
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DictionaryError(f"the dictionary {path} cannot be read ({error}); save it as UTF-8 text") from error
    return [plain(line.strip()) for line in lines if line.strip()]


def _is_ordinary(kind: Sensitive, text: str) -> bool:
    if kind == Sensitive.PERSON:
        words = [word.lower() for word in LATIN_WORD.findall(text)]
        ordinary = [word in NO_NAME_WORDS for word in words]
        # of an account such as hsu.to either part may be a word
        return text in NO_NAMES or is_label(text) or (all(ordinary) if ACCOUNT.fullmatch(text) else any(ordinary))
    return kind == Sensitive.CUSTOMER and is_label(text)


class _NoLanguage(NlpEngine):
    """An engine for presidio that knows no language: no tokens, so no entities and no context."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:  # noqa: ARG002
        """No tokens."""
        return NlpArtifacts([], Doc(Vocab()), [], [], self, language)

    def process_batch(
        self,
        texts: Iterable[str],
        language: str,
        batch_size: int = 1,  # noqa: ARG002
        n_process: int = 1,  # noqa: ARG002
        **_: Any,
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """No tokens for each text."""
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002
        """None is."""
        return False

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002
        """None is."""
        return False

    def get_supported_entities(self) -> list[str]:
        """None."""
        return []

    def get_supported_languages(self) -> list[str]:
        """The one that presidio is asked in."""
        return [LANGUAGE]
