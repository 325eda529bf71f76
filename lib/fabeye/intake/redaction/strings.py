"""Strings without what is sensitive: text layers, truth, paths, metadata.

Notable:
- presidio's anonymizer replaces; ours is only which placeholder.
- A short value, such as the 17 of a wafer, is replaced only where it stands alone, as a cell of a table does.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from fabeye.intake.redaction.detect import Detector, Span
from fabeye.intake.redaction.known import Known
from fabeye.intake.redaction.presidio import AnonymizerEngine, OperatorConfig, RecognizerResult
from fabeye.intake.redaction.pseudonym import Pseudonyms
from fabeye.intake.redaction.search import literal, search_texts
from fabeye.schema import Element, Sensitive

Row = TypeVar("Row", bound=Any)

PATH = "path"  # column of documents and of the quarantine
TELLING = 4  # letters from which on a string is replaced wherever it stands
PERSONAL = (
    "author",
    "creator",
    "lastmodifiedby",
    "last_modified_by",
    "owner",
    "manager",
    "user",
    "by",
)  # metadata keys


@dataclass(frozen=True, slots=True)
class Strings:
    """Cleans the strings that belong to one page or document; `found` are the things painted on that page."""

    detector: Detector
    known: Known
    pseudonyms: Pseudonyms
    found: tuple[tuple[Sensitive, str], ...] = ()
    engine: AnonymizerEngine = field(default_factory=AnonymizerEngine)
    _looked_at: dict[str, list[Span]] = field(default_factory=dict)

    def look_at(self, elements: Sequence[Element]) -> None:
        """Search the strings of some elements that are about to be cleaned, all at once: each search has its price."""
        texts = {text for one in elements for text in (one.text, one.html, one.latex, *_strings(one.detail)) if text}
        self._looked_at.update(zip(sorted(texts), self._spans_of(sorted(texts)), strict=True))

    def clean(self, text: str, alone: Sequence[tuple[str, str]] = ()) -> str:
        """The text with placeholders. alone: short strings with theirs, replaced where they are the whole text."""
        for original, placeholder in alone:
            if _same(text, original):
                return placeholder
        return self._replaced(text, self._spans(text))

    def search(self, text: str) -> list[tuple[Span, str]]:
        """What must not stand in a text, each with its placeholder."""
        return [(span, self.pseudonyms.of(span.kind, text[span.start : span.end])) for span in self._spans(text)]

    def clean_json(self, text: str) -> str:
        """JSON with all strings in it cleaned, keys apart; what is no JSON is cleaned as a text."""
        if not text:
            return text
        try:
            content = json.loads(text)
        except ValueError:
            return self.clean(text)
        cleaned = self._walk(content, key="")
        return text if cleaned == content else json.dumps(cleaned, ensure_ascii=False)

    def clean_path(self, path: str) -> str:
        """A path of ours with its names cleaned one by one: a file name is no secret as such, the lot in it is."""
        *folders, name = path.split("/")
        stem, dot, suffix = name.rpartition(".")
        names = [*folders, stem] if dot else [*folders, name]
        return "/".join(self.clean(one) for one in names) + (dot + suffix if dot else "")

    def element(self, element: Element, inside: Sequence[tuple[str, str]]) -> Element:
        """The element with its text, HTML, LaTeX and detail cleaned. inside: what was painted in its box."""
        html = self.clean(element.html) if element.html else ""
        text = self.clean(element.text, inside if element.level == "line" else ()) if element.text else ""
        for original, placeholder in inside:
            html = html.replace(f">{original}<", f">{placeholder}<")
            if element.level == "block":
                text = literal(original).sub(placeholder, text, count=1) if len(original) < TELLING else text
        latex = self.clean(element.latex) if element.latex else ""
        return replace(element, text=text, html=html, latex=latex, detail=self.clean_json(element.detail))

    def row(self, row: Row, left_alone: Sequence[str]) -> Row:
        """A row of a table with all its strings cleaned but those of the columns left alone."""
        changed = {
            one.name: self.clean_path(value) if one.name == PATH else self.clean_json(value)
            for one in fields(row)
            if one.name not in left_alone and isinstance(value := getattr(row, one.name), str)
        }
        return replace(row, **changed)

    def _spans(self, text: str) -> list[Span]:
        found = self._looked_at.get(text)
        return self._spans_of([text])[0] if found is None else found

    def _spans_of(self, texts: Sequence[str]) -> list[list[Span]]:
        telling = [(kind, string) for kind, string in self.found if len(string) >= TELLING or not string.isascii()]
        return search_texts(texts, self.detector, self.known, telling)

    def _walk(self, content: Any, key: str) -> Any:
        if isinstance(content, dict):
            return {name: self._walk(value, name) for name, value in content.items()}
        if isinstance(content, list):
            return [self._walk(value, key) for value in content]
        if not isinstance(content, str) or not content.strip():
            return content
        if key.lower().split(":")[-1] in PERSONAL:
            return self.pseudonyms.of(Sensitive.PERSON, content)
        return self.clean(content)

    def _replaced(self, text: str, spans: Sequence[Span]) -> str:
        if not spans:
            return text
        operators = {
            kind.value: OperatorConfig("custom", {"lambda": lambda found, kind=kind: self.pseudonyms.of(kind, found)})
            for kind in {span.kind for span in spans}
        }
        results = [RecognizerResult(span.kind.value, span.start, span.end, span.score) for span in spans]
        return str(self.engine.anonymize(text, results, operators, merge_entities_with_spaces=False).text)


def personal(content: Any, key: str = "") -> Iterator[str]:
    """Names that metadata give under a key that says so."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield from personal(value, name)
    elif isinstance(content, str) and content.strip() and key.lower().split(":")[-1] in PERSONAL:
        yield content


def _strings(detail: str) -> Iterator[str]:
    """All strings in some JSON, or the text itself where it is none."""
    try:
        waiting = [json.loads(detail)] if detail else []
    except ValueError:
        waiting = [detail]
    while waiting:
        content = waiting.pop()
        if isinstance(content, str):
            yield content
        elif isinstance(content, dict | list):
            waiting += content.values() if isinstance(content, dict) else content


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())
