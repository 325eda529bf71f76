"""Public benchmarks that somebody has brought: which there are, and which of their files holds which page.

Notable:
- OmniDocBench is a JSON file beside images/, olmOCR-bench JSONL files of tests beside pdfs/, as they are downloaded.
- A page is known by the name under which its prediction is looked for, without suffix; two of one name are refused.
- What a benchmark says comes from outside: no name in it leads out of its folder, by dots, links or otherwise.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from fabeye.errors import FabeyeError
from fabeye.evaluation.gold import GoldError, read_gold
from fabeye.evaluation.olmocr import PageTest, TestsError, read_tests

Place = tuple[Path, int]  # a file and the number of its page, from 0


class PublicError(FabeyeError):
    """A folder holds no benchmark, or a damaged one; the text names it and says what is wrong."""


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
        """Name of a page -> where it is. Raises PublicError for a truth that is damaged, empty or leads away."""
        try:
            places = list(self._places())
        except (GoldError, TestsError, RecursionError) as error:
            raise PublicError(f"{self.folder} cannot be used as {self.form} ({error}); bring it anew") from error
        twice = [name for name, count in Counter(name for name, _ in places).items() if count > 1]
        if twice:
            raise PublicError(f"{self.folder} has several pages called {twice[0]!r}; rename all but one")
        if not places:
            raise PublicError(f"{self.truth[0]} names no page; bring the benchmark anew")
        return dict(places)

    def tests(self) -> list[PageTest]:
        """All tests of an olmOCR-bench. Raises TestsError."""
        return read_tests(*self.truth)

    def _places(self) -> Iterator[tuple[str, Place]]:
        if self.form is Form.OMNIDOCBENCH:
            for page in read_gold(self.truth[0]):
                yield page.page_id, (self._inside("images", page.image_file(Path()).name), 0)
        else:
            for pdf, number in sorted({(test.pdf, test.page) for test in self.tests()}):
                file = self._inside("pdfs", pdf)
                yield f"{PurePosixPath(pdf).with_suffix('')}_pg{number}", (file, number - 1)

    def _inside(self, where: str, name: str) -> Path:
        said, folder = PurePosixPath(name), self.folder / where
        safe = said.name and not said.is_absolute() and ".." not in said.parts and "\0" not in name
        if not safe or folder.resolve() not in (folder / said).resolve().parents:
            raise PublicError(f"{self.truth[0]} names {name!r}, which lies outside of {where}/")
        return folder / said


def find_public(folder: Path) -> list[PublicSet]:
    """The benchmarks below `folder`, by name; hidden folders are passed over. Raises PublicError for one without."""
    return list(_sets(folder)) if folder.is_dir() else []


def _sets(folder: Path) -> Iterator[PublicSet]:
    for place in _shown(folder.iterdir()):
        if not place.is_dir():
            continue
        pages, tests = _shown(place.glob("*.json")), _shown(place.glob("*.jsonl"))
        if (place / "images").is_dir() and len(pages) == 1:
            yield PublicSet(place.name, Form.OMNIDOCBENCH, place, tuple(pages))
        elif (place / "pdfs").is_dir() and tests:
            yield PublicSet(place.name, Form.OLMOCR, place, tuple(tests))
        else:
            raise PublicError(
                f"{place} is no benchmark: it needs one JSON file beside images/ (OmniDocBench), or JSONL files beside "
                "pdfs/ (olmOCR-bench)"
            )


def _shown(paths: Iterator[Path]) -> Sequence[Path]:
    return sorted(path for path in paths if not path.name.startswith("."))
