"""Public benchmarks that somebody has brought: which there are, and which of their files holds which page.

Notable:
- OmniDocBench is a JSON file beside images/, olmOCR-bench JSONL files of tests beside pdfs/, as they are downloaded.
- A page is known by the name under which its prediction is looked for, without suffix.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fabeye.evaluation.gold import GoldError, read_gold
from fabeye.evaluation.olmocr import PageTest, read_tests

Place = tuple[Path, int]  # a file and the number of its page, from 0


class Form(StrEnum):
    """Whose benchmark it is."""

    OMNIDOCBENCH = "omnidocbench"
    OLMOCR = "olmocr"


@dataclass(frozen=True, slots=True)
class PublicSet:
    """One benchmark; truth: its JSON file, or its JSONL files of tests."""

    name: str
    form: Form
    folder: Path
    truth: tuple[Path, ...]

    def places(self) -> Mapping[str, Place]:
        """Name of a page -> where it is. Raises GoldError or TestsError for a truth that is damaged or leads away."""
        if self.form is Form.OMNIDOCBENCH:
            pages = read_gold(self.truth[0])
            return {page.page_id: (page.image_file(self.folder), 0) for page in pages}
        asked = sorted({(test.pdf, test.page) for test in self.tests()})
        return {f"{Path(pdf).with_suffix('')}_pg{page}": (self._inside(pdf), page - 1) for pdf, page in asked}

    def tests(self) -> list[PageTest]:
        """All tests of an olmOCR-bench. Raises TestsError."""
        return [test for path in self.truth for test in read_tests(path)]

    def _inside(self, name: str) -> Path:
        path = self.folder / "pdfs" / name
        if (self.folder / "pdfs").resolve() not in path.resolve().parents:
            raise GoldError(f"a test of {self.folder} names {name!r}, which lies outside of its pdfs/")
        return path


def find_public(folder: Path) -> list[PublicSet]:
    """The benchmarks below `folder`, by name. Raises GoldError for a folder that holds none."""
    return list(_sets(folder)) if folder.is_dir() else []


def _sets(folder: Path) -> Iterator[PublicSet]:
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        pages, tests = sorted(place.glob("*.json")), sorted(place.glob("*.jsonl"))
        if (place / "images").is_dir() and len(pages) == 1:
            yield PublicSet(place.name, Form.OMNIDOCBENCH, place, tuple(pages))
        elif (place / "pdfs").is_dir() and tests:
            yield PublicSet(place.name, Form.OLMOCR, place, tuple(tests))
        else:
            raise GoldError(
                f"{place} is no benchmark: it needs one JSON file beside images/ (OmniDocBench), or JSONL files beside "
                "pdfs/ (olmOCR-bench)"
            )
