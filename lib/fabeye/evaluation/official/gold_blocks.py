"""The gold blocks of a page as OmniDocBench's evaluator takes them: truncated pieces joined, sorted, formulas cut.

Notable:
- Of a block only category, text, order and attributes matter from here on.
- v15 cuts a formula that is an array of one column into its lines, on both sides; for v16 see formula_lines.py.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fabeye.evaluation.gold import GoldElement, GoldPage, GoldRelation
from fabeye.evaluation.official.pieces import FORMULA, Piece
from fabeye.evaluation.official.version import Version

SCORED_TEXTS = ("text_block", "title", "code_txt", "code_txt_caption", "reference")
PASSED_OVER = (
    "equation_caption",
    "figure_caption",
    "figure_footnote",
    "table_caption",
    "table_footnote",
    "code_algorithm",
    "code_algorithm_caption",
    "header",
    "footer",
    "page_footnote",
    "page_number",
)
MATCHED = (*SCORED_TEXTS, *PASSED_OVER, FORMULA)
ARRAY = re.compile(r"\\begin\{array\}\{(?P<columns>[^}]*)\}(?P<body>.*?)\\end\{array\}", re.DOTALL)
LINE_END = "\\\\"


@dataclass(frozen=True, slots=True)
class GoldBlock:
    """content: text, or LaTeX of a formula. order: 0 where it has none; the lines of a cut formula have tenths."""

    category: str
    content: str
    order: float


def matched_blocks(page: GoldPage, version: Version) -> list[GoldBlock]:
    """Texts and formulas in reading order; at the same order, in the order of MATCHED and then of the file."""
    blocks = _joined(page, version)
    wanted = [block for category in MATCHED for block in blocks if block.category == category]
    return sorted(wanted, key=lambda block: block.order)


def tables(page: GoldPage, version: Version) -> list[GoldElement]:
    """The page's tables in reading order."""
    relations = page.extra.relation
    pieces = {one for link in relations if link.relation_type == "truncated" for one in _ends(link)}
    found = [one for one in _elements(page, version) if one.category_type == "table" and one.anno_id not in pieces]
    return sorted(found, key=lambda one: one.order or 0)


def cut_arrays(blocks: Iterable[GoldBlock]) -> list[GoldBlock]:
    """Gold blocks with each array of one column cut into its lines."""
    return [line for block in blocks for line in _lines(block)]


def cut_read_arrays(pieces: Iterable[Piece]) -> list[Piece]:
    """Predicted blocks, the same."""
    return [line for piece in pieces for line in _piece_lines(piece)]


def _elements(page: GoldPage, version: Version) -> list[GoldElement]:
    return [one for one in page.layout_dets if version is Version.V15 or not one.ignore]


def _joined(page: GoldPage, version: Version) -> list[GoldBlock]:
    """Blocks of all categories, the pieces of a truncated text as one behind the others."""
    groups = _truncated(page, version)
    pieces = {one for group in groups for one in group}
    known = {one.anno_id: one for one in page.layout_dets}
    blocks = [_block(one) for one in _elements(page, version) if one.anno_id not in pieces]
    for group in groups:
        parts = sorted((known[one] for one in group if one in known), key=lambda one: one.order or 0)
        if parts and (version is Version.V15 or not any(part.ignore for part in parts)):
            blocks.append(replace(_block(parts[0]), content="".join(part.text for part in parts)))
    return blocks


def _truncated(page: GoldPage, version: Version) -> list[list[int]]:
    """anno_ids of pieces that make one text; in v15 a piece with two neighbours stands there twice."""
    groups: list[list[int]] = []
    for relation in page.extra.relation:
        if relation.relation_type != "truncated":
            continue
        ends = _ends(relation)
        met = [group for group in groups if set(group) & set(ends)]
        if version is Version.V16:
            groups = [group for group in groups if group not in met]
            groups.append(sorted({*ends, *(one for group in met for one in group)}))
        elif met:
            for group in met:
                group += ends
        else:
            groups.append(list(ends))
    return groups


def _ends(relation: GoldRelation) -> tuple[int, int]:
    return relation.source_anno_id, relation.target_anno_id


def _block(element: GoldElement) -> GoldBlock:
    formula = element.category_type == FORMULA
    return GoldBlock(element.category_type, element.latex if formula else element.text, element.order or 0)


def _lines(block: GoldBlock) -> list[GoldBlock]:
    array = _single_column(block.content) if block.category == FORMULA else None
    if array is None:
        return [block]
    lines = _array_lines(array["body"])
    return [
        replace(block, content=rf"\[{line}\]", order=round(block.order + number / 10, 1))
        for number, line in enumerate(lines, start=1)
    ]


def _piece_lines(piece: Piece) -> list[Piece]:
    array = _single_column(piece.content) if piece.kind == FORMULA else None
    if array is None:
        return [piece]
    lines, at = [], 0
    for line in _array_lines(array["body"]):
        at = max(array["body"].find(line, at), at)
        start = piece.start + array.start("body") + at
        lines.append(replace(piece, content=rf"\[{line}\]", start=start, end=start + len(line) - 1))
        at += len(line)
    return lines


def _single_column(latex: str) -> re.Match[str] | None:
    array = ARRAY.search(latex)
    if array is None:
        return None
    columns = re.sub(r"[@!]\{[^}]*\}", "", re.sub(r"[\s|]+", "", array["columns"]))
    return array if columns in ("l", "c", "r") else None


def _array_lines(body: str) -> Sequence[str]:
    return [line.strip() for line in body.split(LINE_END) if line.strip()]
