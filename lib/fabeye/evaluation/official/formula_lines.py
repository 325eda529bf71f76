r"""Formulas of several lines cut into their lines, as OmniDocBench's v16 cuts gold and read formulas alike.

Notable:
- Only a formula that is one environment (array, aligned, split, ...), or rows without any, is cut. One that a brace
  holds together, or that tells cases apart, stays whole; which is which is the original's, by signs in its rows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fabeye.evaluation.official.formula_rows import (
    END,
    INNER,
    LEAD,
    LOGIC,
    OPENING,
    ROW_END,
    WORDS,
    cells,
    closing,
    rows,
    says_logic,
    without_labels,
    without_lead,
)
from fabeye.evaluation.official.gold_blocks import GoldBlock
from fabeye.evaluation.official.markdown import FORMULA, Piece
from fabeye.evaluation.official.normalise import undelimited, untagged

ALIGNED = {"aligned", "align", "align*", "alignedat", "alignedat*"}
BRACE_BEFORE = re.compile(r"^(?:\\left\s*\\\{|\\left\.)\s*")
BRACE_AFTER = re.compile(r"\s*\\right(?:\.|\\\})\s*$")
AHEAD = 200  # characters behind an environment that are looked at


@dataclass(frozen=True, slots=True)
class _Environment:
    """A formula that is one environment: its name, columns and body; whether a brace holds it; what follows it.

    start: where its body stands in the formula. end: where what follows ends there, -1 where nothing does.
    """

    name: str
    columns: str
    body: str
    braced: bool
    after: str
    start: int
    end: int

    @property
    def is_cut(self) -> bool:
        """Whether its rows are formulas of their own."""
        if self.name == "cases" and not _tells_logic(self.body):
            return False
        if self.name in ALIGNED and self._holds_together():
            return False
        if self.name == "array" and (not _is_alignment(self.columns) or self._is_one_column_of_cases()):
            return False
        return len(rows(self.after)) <= 1

    def _holds_together(self) -> bool:
        found, nested = rows(self.body), INNER.search(self.body) is not None
        leads = any(_has_lead(row) for row in found[1:])
        if (nested and leads) or (nested and self.braced):
            return True
        own = sum(len(parts := cells(row)) > 1 and bool(untagged(parts[0]).strip()) for row in found)
        return self.braced and (own >= 2 or leads or any(_has_words(row) for row in found[1:]))

    def _is_one_column_of_cases(self) -> bool:
        found = rows(self.body)
        if INNER.search(self.body) and any(_has_lead(row) for row in found[1:]):
            return True
        return self.braced and set(_bare_columns(self.columns)) <= {"l"} and len(found) > 1


def cut_gold(blocks: Sequence[GoldBlock]) -> list[GoldBlock]:
    """Gold blocks, each formula of several lines as its lines; their orders follow the formula's by thousandths."""
    found = []
    for block in blocks:
        lines = _lines(block.content) if block.category == FORMULA else None
        if lines is None:
            found.append(block)
        else:
            cut = ((number, content) for number, (_, content) in enumerate(lines[1], start=1))
            found += [
                replace(block, content=rf"\[{content}\]", order=block.order + number / 1000) for number, content in cut
            ]
    return found


def cut_read(pieces: Sequence[Piece]) -> list[Piece]:
    """Read blocks, each formula of several lines as its lines with their places."""
    return [line for piece in pieces for line in cut_piece(piece)]


def cut_piece(piece: Piece) -> list[Piece]:
    """One read block, cut."""
    lines = _lines(piece.content) if piece.kind == FORMULA else None
    if lines is None:
        return [piece]
    formula, parts = lines
    found, at = [], 0
    for number, (source, content) in enumerate(parts, start=1):
        bare = untagged(source).strip()
        place = formula.body.find(bare, at)
        place = at if place < 0 else place
        at = place + len(bare)
        start = piece.start + formula.start + place
        ends_later = number == len(parts) and formula.end > 0
        end = piece.start + formula.end - 1 if ends_later else start + len(bare) - 1
        found.append(replace(piece, content=rf"\[{content.strip()}\]", start=start, end=end))
    return found


def without_logic_cases(latex: str) -> str:
    """The formula with each `cases` of logical steps as a braced array, which is then cut in another way."""
    written, changed = _rewritten(latex)
    return written if changed else latex


def _lines(latex: str) -> tuple[_Environment, list[tuple[str, str]]] | None:
    """The formula's parts and (source, content) of each line; None where it stays whole."""
    formula = _environment(latex)
    if formula is None or not formula.is_cut:
        formula = _bare_rows(latex)
    if formula is None:
        return None
    lines = [(row, content) for row in rows(formula.body) if (content := untagged(row).strip())]
    if len(lines) <= 1:
        return None
    if after := untagged(formula.after).strip():
        source, content = lines[-1]
        lines[-1] = source, f"{content} {after}".strip()
    return formula, lines


def _environment(latex: str) -> _Environment | None:
    inner = undelimited(latex).strip()
    before = BRACE_BEFORE.match(inner)
    core = inner[before.end() :].lstrip() if before else inner
    behind = BRACE_AFTER.search(core)
    core = core[: behind.start()].rstrip() if behind else core
    opening = OPENING.match(core)
    end = closing(core, opening["name"], opening.end()) if opening else -1
    if opening is None or end < 0:
        return None
    body, closed = core[opening.end() : end], f"{END}{opening['name']}}}"
    columns = re.findall(r"\{([^{}]*)\}", opening["extra"]) if opening["name"] == "array" else []
    after = without_labels(core[end + len(closed) :]).strip()
    start = max(0, latex.find(body))
    return _Environment(
        opening["name"],
        columns[0] if columns else "",
        body,
        before is not None or behind is not None,
        after,
        start,
        _end_of(after, closed, latex, start + len(body)),
    )


def _end_of(after: str, closed: str, latex: str, at: int) -> int:
    end = latex.find(closed, at) if after else -1
    place = latex.find(after, end + len(closed)) if end >= 0 else -1
    return place + len(after) if place >= 0 else -1


def _bare_rows(latex: str) -> _Environment | None:
    """A formula of rows without an environment."""
    inner = undelimited(latex).strip()
    if ROW_END not in inner or len(rows(inner)) <= 1:
        return None
    return _Environment("", "", inner, False, "", max(0, latex.find(inner)), -1)


def _bare_columns(columns: str) -> str:
    return re.sub(r"!{[^}]*}", "", re.sub(r"@{[^}]*}", "", re.sub(r"\s+|\|", "", columns)))


def _is_alignment(columns: str) -> bool:
    """One column, or two of which one is set against the other."""
    bare = _bare_columns(columns)
    if not bare or set(bare) - set("lcr"):
        return False
    return len(bare) == 1 or (len(bare) == 2 and bool(set(bare) & set("lr")))


def _has_lead(row: str) -> bool:
    return LEAD.match(untagged(without_lead(row)).strip()) is not None


def _has_words(row: str) -> bool:
    return WORDS.search(without_lead(row)) is not None


def _tells_logic(body: str) -> bool:
    """Whether the rows of `cases` are steps, not cases."""
    found = rows(body)
    if len(found) <= 1 or any(len(cells(row)) > 1 for row in found) or not LOGIC.search(body):
        return False
    return (
        bool(INNER.search(body)) or any(says_logic(row) or _has_words(row) for row in found[1:]) or says_logic(found[0])
    )


def _is_rewritten(body: str, after: str) -> bool:
    found, after = rows(body), after.lstrip()
    if len(found) <= 1 or any(len(cells(row)) > 1 for row in found):
        return False
    return bool(LOGIC.search(body) or LOGIC.search(after) or OPENING.match(after))


def _rewritten(text: str) -> tuple[str, bool]:
    parts, at, changed = [], 0, False
    while (begin := text.find("\\begin{", at)) >= 0:
        parts.append(text[at:begin])
        opening = OPENING.match(text, begin)
        if opening is None:
            parts.append(text[begin : begin + len("\\begin{")])
            at = begin + len("\\begin{")
            continue
        end = closing(text, opening["name"], opening.end())
        if end < 0:
            return "".join([*parts, text[begin:]]), changed
        body, inner_changed = _rewritten(text[opening.end() : end])
        closed = f"{END}{opening['name']}}}"
        at = end + len(closed)
        if opening["name"] == "cases" and _is_rewritten(body, text[at : at + AHEAD]):
            parts.append(rf"\left\{{ \begin{{array}}{{l}} {body.strip()} \end{{array}} \right.")
            changed = True
        else:
            parts.append(text[begin : opening.end()] + body + closed)
            changed = changed or inner_changed
    return "".join([*parts, text[at:]]), changed
