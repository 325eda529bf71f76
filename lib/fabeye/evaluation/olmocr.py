"""Unit tests of page readings in the style of olmOCR-bench: each asks one thing, and passes or fails.

Notable:
- Tests are lines of JSON: present, absent, order, table, math, baseline. A line of another type, a broken line or a
  wrong value is named with its number, never passed over.
- A reading of page 3 of scans/a.pdf is scans/a_pg3_repeat1.md, repeat2 and so on (a test's pass rate is then their
  mean), or scans/a_pg3.md, or scans/a.md. A page without a reading fails its tests, and so does a reading that no
  prediction may be: too large a file, or too long a text. It is listed under `problems`.
- Every page that has tests gets a baseline test (something is written, nothing repeats without end), unless the file
  brings one.
- Two differences from the original: formulas are set by mathtext and not by KaTeX, and fuzzy places are found by
  Levenshtein's distance throughout. Pass rates come with Wilson's interval (J. Am. Stat. Assoc. 22, 1927).
"""

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist, fmean
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from fabeye.errors import FabeyeError
from fabeye.evaluation.fabeye_scores import problem
from fabeye.evaluation.olmocr_checks import (
    is_sound,
    ordered,
    read_formulas,
    read_tables,
    shows_formula,
    stands_in,
    table_holds,
)
from fabeye.evaluation.predictions import LARGEST_FILE, Prediction

EVALUATOR = "olmocr-style"
REVISION = "2"  # rises whenever the same reading would get another pass rate
CONFIDENCE = 0.95  # of the intervals
DIGITS = 6


class TestsError(FabeyeError):
    """A file of tests cannot be read; the text names the line."""

    __test__ = False  # not a test of ours, whatever its name


class _Asked(BaseModel):
    """Which page of which file is asked."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    pdf: str = Field(min_length=1)
    page: int = Field(ge=1)
    id: str = Field(min_length=1)
    max_diffs: Annotated[int, Field(ge=0)] = 0


class Presence(_Asked):
    """A text stands on the page, or does not; first_n, last_n: only so many characters of either end are asked."""

    type: Literal["present", "absent"]
    text: str = Field(min_length=1)
    case_sensitive: bool = True
    first_n: int | None = None
    last_n: int | None = None

    def passes(self, reading: str) -> bool:
        found = stands_in(self.text, reading, self.max_diffs, self.case_sensitive, self.first_n, self.last_n)
        return found == (self.type == "present")


class Order(_Asked):
    """One text stands before another."""

    type: Literal["order"]
    before: str = Field(min_length=1)
    after: str = Field(min_length=1)

    def passes(self, reading: str) -> bool:
        return ordered(self.before, self.after, reading, self.max_diffs)


class Neighbours(_Asked):
    """A table's cell has these neighbours and headings; "" asks for nothing."""

    type: Literal["table"]
    cell: str
    up: str = ""
    down: str = ""
    left: str = ""
    right: str = ""
    top_heading: str = ""
    left_heading: str = ""

    def passes(self, reading: str) -> bool:
        sides = ("up", "down", "left", "right", "top_heading", "left_heading")
        wanted = {side: getattr(self, side) for side in sides if getattr(self, side)}
        return any(table_holds(table, self.cell, wanted, self.max_diffs) for table in read_tables(reading))


class Math(_Asked):
    """A formula stands on the page, alone or inside a longer one."""

    type: Literal["math"]
    math: str = Field(min_length=1)

    def passes(self, reading: str) -> bool:
        return any(shows_formula(self.math, read) for read in read_formulas(reading))


class Baseline(_Asked):
    """The page is read at all; max_length: letters that a blank page may have at most."""

    type: Literal["baseline"]
    max_length: int | None = None
    max_repeats: Annotated[int, Field(ge=1)] = 30
    check_disallowed_characters: bool = True

    def passes(self, reading: str) -> bool:
        return is_sound(reading, self.max_length, self.max_repeats, self.check_disallowed_characters)


PageTest = Annotated[Presence | Order | Neighbours | Math | Baseline, Field(discriminator="type")]
TEST = TypeAdapter[Presence | Order | Neighbours | Math | Baseline](PageTest)


def read_tests(*paths: Path) -> list[PageTest]:
    """The tests of JSONL files, and a baseline test for each page without one. Raises TestsError."""
    tests = [test for path in paths for test in _tests(path)]
    asked = {(test.pdf, test.page) for test in tests}
    sound = {(test.pdf, test.page) for test in tests if isinstance(test, Baseline)}
    added = [
        Baseline(pdf=pdf, page=page, id=f"{pdf}_pg{page}_baseline", type="baseline") for pdf, page in asked - sound
    ]
    return tests + sorted(added, key=lambda test: (test.pdf, test.page))


def _tests(path: Path) -> list[PageTest]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TestsError(f"{path} cannot be read as a file of tests ({error})") from error
    tests = [_test(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not tests:
        raise TestsError(f"{path} holds no test; give a JSONL file of olmOCR-bench")
    return tests


def score_tests(tests: Sequence[PageTest], folder: Path) -> dict[str, Any]:
    """Pass rates over all tests and by type with their intervals; which tests failed, which pages were not read.

    problems: file -> why it cannot be used.
    """
    by_page: dict[tuple[str, int], list[PageTest]] = defaultdict(list)
    for test in tests:
        by_page[test.pdf, test.page].append(test)
    outcomes: list[tuple[PageTest, float]] = []
    missing: list[str] = []
    problems: dict[str, str] = {}
    for (pdf, page), asked in sorted(by_page.items()):
        files = reading_files(folder, pdf, page)
        readings = [_reading(path) for path in files]
        refused = [(path, one.problem) for path, one in zip(files, readings, strict=True) if one.problem]
        problems |= {path.relative_to(folder).as_posix(): reason for path, reason in refused}
        missing += [] if files else [f"{pdf}#{page}"]
        outcomes += [(test, _rate(test, readings)) for test in asked]
    kinds = sorted({test.type for test in tests})
    return {
        "evaluator": EVALUATOR,
        "all": pass_rate([rate for _, rate in outcomes]),
        "by_type": {kind: pass_rate([rate for test, rate in outcomes if test.type == kind]) for kind in kinds},
        "failed": sorted(test.id for test, rate in outcomes if rate < 1),
        "missing": missing,
        "problems": problems,
    }


def _reading(path: Path) -> Prediction:
    """A reading; one that is too large for a page has a problem. What is no UTF-8 in it is replaced, as there."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return Prediction(problem=f"larger than the {LARGEST_FILE // 2**20} MiB that are read")
        read = Prediction(markdown=path.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        return Prediction(problem=f"cannot be read ({error.strerror})")
    return replace(read, problem=problem(read))


def _rate(test: PageTest, readings: Sequence[Prediction]) -> float:
    """Share of the readings that pass; 0 where there is none."""
    return fmean([not one.problem and test.passes(one.markdown) for one in readings] or [0.0])


def reading_files(folder: Path, pdf: str, page: int) -> list[Path]:
    """The readings of a page below `folder`, repeats in order; [] where there is none or the name leads outside."""
    stem = folder / Path(pdf).with_suffix("")
    if folder.resolve() not in stem.resolve().parents:
        return []
    repeats = sorted(stem.parent.glob(f"{glob_safe(stem.name)}_pg{page}_repeat*.md"))
    single = [stem.with_name(f"{stem.name}_pg{page}.md"), stem.with_name(f"{stem.name}.md")]
    return repeats or [path for path in single if path.is_file()][:1]


def pass_rate(rates: Sequence[float]) -> dict[str, float | int]:
    """Mean of pass rates and its interval; a test that was repeated counts once."""
    low, high = wilson(fmean(rates), len(rates))
    return {
        "tests": len(rates),
        "rate": round(fmean(rates), DIGITS),
        "low": round(low, DIGITS),
        "high": round(high, DIGITS),
    }


def wilson(rate: float, tests: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval of a share of `tests` independent tests.

    >>> [round(edge, 3) for edge in wilson(0.8, 100)]
    [0.711, 0.867]
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    weight = 1 + z * z / tests
    middle = (rate + z * z / (2 * tests)) / weight
    reach = z / weight * math.sqrt(rate * (1 - rate) / tests + z * z / (4 * tests * tests))
    return max(0.0, min(rate, middle - reach)), min(1.0, max(rate, middle + reach))


def glob_safe(name: str) -> str:
    """A file name as a pattern that matches it alone."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _test(path: Path, number: int, line: str) -> PageTest:
    try:
        return TEST.validate_python(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise TestsError(
            f"{path}, line {number}: {place or 'test'}: {first['msg']}; mend or remove the line"
        ) from error
    except ValueError as error:
        raise TestsError(f"{path}, line {number} is no JSON ({error}); mend or remove the line") from error
