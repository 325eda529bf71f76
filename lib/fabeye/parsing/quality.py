r"""How far a reading can be trusted: what it says against another reading of the page, and against itself.

Notable:
- No language model judges: letters and values are looked up in the other reading, LaTeX must balance, a table must be a
  rectangle, no line may be said again and again.
- The other reading is the page's text layer where it has one, or a second teacher's; where there is neither, only what
  can be told of a reading alone is.
- A doubt says which element, by which check and how badly. The queue has the pages with doubts, those first in which
  the most letters are in doubt: correcting them tells the most.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz.fuzz import partial_ratio

from fabeye.metrics.notation import unified
from fabeye.metrics.table import parse_table
from fabeye.metrics.text import normalise
from fabeye.metrics.values import DASHES, Value, find_values
from fabeye.omnidoc import BLOCK
from fabeye.parsing.teacher import Parsed
from fabeye.schema import Category, Doubt, Element, Review
from fabeye.settings import QualitySettings

PAGE = -1  # the order of a doubt about a whole page
FAILED = "failed"  # the check of a page that nobody has read
SCORE_DIGITS = 4
WORDLESS = (Category.FIGURE, Category.ABANDON)
SPACE = re.compile(r"\s+")
ESCAPED = re.compile(r"\\[\\{}]")
ENVIRONMENT = re.compile(r"\\(begin|end)\{([^{}]*)\}")
FENCES = re.compile(r"\\(left|right)(?![A-Za-z])")
REPEATS = 4  # times that a line may be said in one element


def doubts(page_id: str, parsed: Parsed, other: str, settings: QualitySettings) -> list[Doubt]:
    """What is doubtful about a page. other: another reading of it, "" where there is none."""
    blocks = [one for one in parsed.elements if one.level == BLOCK] or list(parsed.elements)
    joined = SPACE.sub("", normalise(other))
    found = [doubt for element in blocks for doubt in _of_element(element, joined, other, settings)]
    if parsed.degraded:
        found.append(_doubt(page_id, PAGE, "degraded", 0.0, parsed.note))
    if other and (missed := _missed(blocks, other)) > 1 - settings.coverage:
        reason = f"{missed:.0%} of what the other reading says is missing here"
        found.append(_doubt(page_id, PAGE, "coverage", 1 - missed, reason))
    return found


def queue(found: Iterable[Doubt], letters: Mapping[tuple[str, int], int]) -> list[Review]:
    """The pages in doubt, worst and most telling first, before them those on which the teacher has failed.

    letters: of each (page_id, order); of a page under PAGE.
    """
    by_page: dict[str, list[Doubt]] = {}
    for doubt in found:
        by_page.setdefault(doubt.page_id, []).append(doubt)
    weights = {page: _weight(page, mine, letters) for page, mine in by_page.items()}
    failed = {page for page, mine in by_page.items() if any(doubt.check == FAILED for doubt in mine)}
    ranked = sorted(by_page, key=lambda page: (page not in failed, -weights[page], page))
    return [
        Review(page_id=page, rank=rank, weight=round(weights[page], SCORE_DIGITS), reason=_worst(by_page[page]).reason)
        for rank, page in enumerate(ranked)
    ]


def failure(page_id: str, reason: str) -> Doubt:
    """The doubt about a page on which the teacher has read nothing."""
    return _doubt(page_id, PAGE, FAILED, 0.0, f"the teacher has failed: {reason}")


def letters_of(parsed: Parsed, page_id: str) -> dict[tuple[str, int], int]:
    """How many letters each element of a page has, and the page as a whole."""
    blocks = [one for one in parsed.elements if one.level == BLOCK] or list(parsed.elements)
    counts = {(page_id, one.order): len(one.text) for one in blocks}
    return {**counts, (page_id, PAGE): sum(counts.values())}


def latex_balances(latex: str) -> bool:
    """Whether braces, environments and \\left ... \\right close as they open."""
    depth = 0
    for letter in ESCAPED.sub("", latex):
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    opened: list[str] = []
    for kind, name in ENVIRONMENT.findall(latex):
        if kind == "begin":
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    sides = FENCES.findall(latex)
    return depth == 0 and not opened and sides.count("left") == sides.count("right")


def table_is_rectangle(html: str) -> bool:
    """Whether every place of a table is covered by a cell."""
    table = parse_table(html)
    return table.rows > 0 and all(cell is not None for row in table.grid() for cell in row)


def _of_element(element: Element, joined: str, other: str, settings: QualitySettings) -> Iterator[Doubt]:
    def doubt(check: str, score: float, reason: str) -> Doubt:
        return _doubt(element.page_id, element.order, check, score, reason)

    if element.score < settings.confidence:
        yield doubt("confidence", element.score, f"the teacher was unsure ({element.score:.2f})")
    if element.latex and not latex_balances(element.latex):
        yield doubt("latex", 0.0, "the formula's braces do not close as they open")
    if element.html and not table_is_rectangle(element.html):
        yield doubt("table", 0.0, "the table is no rectangle")
    if _repeats(element.text):
        yield doubt("repetition", 0.0, "the same line is said again and again")
    if joined and element.category not in WORDLESS:
        yield from _against(element, joined, other, settings)


def _against(element: Element, joined: str, other: str, settings: QualitySettings) -> Iterator[Doubt]:
    """An element against another reading of its page; `joined` is that without spaces."""
    text = SPACE.sub("", normalise(element.text))
    likeness = partial_ratio(text, joined) / 100 if text and element.category != Category.TABLE else 1.0
    if likeness < settings.likeness and len(text) >= settings.letters:
        reason = f"only {likeness:.0%} of it is in the other reading"
        yield _doubt(element.page_id, element.order, "likeness", likeness, reason)
    mine = [value for value in find_values(element.text) if value.unit or "." in value.number]
    known = find_values(other) if mine else []
    strange = [value for value in mine if not _is_known(value, known, other)]
    if strange:
        share = 1 - len(strange) / len(mine)
        said = " ".join(part for part in (strange[0].relation, strange[0].number, strange[0].unit) if part)
        yield _doubt(element.page_id, element.order, "values", share, f"the other reading has no {said}")


def _is_known(value: Value, known: Sequence[Value], other: str) -> bool:
    """Whether the other reading, whose values are `known`, has the same number with that relation and unit.

    A relation counts where both have one. A unit may stand in another cell, so a number that is nowhere with a unit
    will do; a number that spaces have torn apart is looked for without them.
    """
    same = [one for one in known if one.number == value.number]
    if not same:
        whole = rf"(?<![{DASHES}.\d]){re.escape(value.number + value.unit)}(?!\d|\.\d)"
        return re.search(whole, SPACE.sub("", unified(other))) is not None
    agreeing = [one for one in same if one.relation == value.relation or not (one.relation and value.relation)]
    units = {one.unit for one in agreeing}
    return bool(units) and (not value.unit or value.unit in units or units == {""})


def _missed(blocks: Sequence[Element], other: str) -> float:
    """Share of the other reading's words that stand nowhere on the page."""
    read = SPACE.sub("", normalise(" ".join(one.text for one in blocks)))
    words = [SPACE.sub("", word) for word in normalise(other).split()]
    letters = sum(len(word) for word in words)
    return sum(len(word) for word in words if word not in read) / letters if letters else 0.0


def _repeats(text: str) -> bool:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return len(lines) > REPEATS and max(lines.count(line) for line in set(lines)) > max(REPEATS, len(lines) // 2)


def _doubt(page_id: str, order: int, check: str, score: float, reason: str) -> Doubt:
    return Doubt(page_id=page_id, order=order, check=check, score=round(score, SCORE_DIGITS), reason=reason)


def _weight(page: str, mine: Sequence[Doubt], letters: Mapping[tuple[str, int], int]) -> float:
    """Letters in doubt, each element's by its worst doubt."""
    worst: dict[int, float] = {}
    for doubt in mine:
        worst[doubt.order] = max(worst.get(doubt.order, 0.0), 1 - doubt.score)
    return sum(shortfall * (1 + letters.get((page, order), 0)) for order, shortfall in worst.items())


def _worst(mine: Sequence[Doubt]) -> Doubt:
    return min(mine, key=lambda doubt: (doubt.score, doubt.order))
