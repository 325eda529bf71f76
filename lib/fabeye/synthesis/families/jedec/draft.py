"""A standard while it is written: its device, its numbering, and what its contents list.

Notable:
- Clauses, tables and figures are numbered as they are written, and every heading and caption is kept for the contents.
- A table that is too long for a page goes on under "(cont'd)": it is cut between rows that no span joins.
- Wording has slots such as <vdd>; `say` fills them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from fabeye.schema import Category
from fabeye.synthesis.blocks import (
    Block,
    Group,
    NewPage,
    Node,
    Spanning,
    caption,
    captioned,
    figure,
    item,
    paragraph,
    table,
    title,
    turned,
)
from fabeye.synthesis.families.jedec.device import Device
from fabeye.synthesis.families.jedec.notes import NoteBook
from fabeye.synthesis.formulas import clocks
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.style import WIDE_FACES, Style
from fabeye.synthesis.tabulation import Cell, places
from fabeye.synthesis.wording import Phrase

Row = list[Cell]

CONTINUED = Phrase(" (cont'd)", "（续）")
TABLE, FIGURE = Phrase("Table", "表"), Phrase("Figure", "图")
BULLETS = ("•", "–", "▪")
ABOVE_TABLE_PT, NOTE_PT = 120.0, 16.0  # room for the heading, a caption and the table's own heads; for a note
LINE_EM, ROW_PT = 1.52, 4.8  # height of a line in widths of a letter, and what a row adds to it
CELL_LETTERS = 44  # about as many fit on a line of a table's widest column; an ideograph counts twice
LIMIT_LETTERS, WIDE_EM, NARROW_EM, INSET_PT = 6, 0.65, 0.56, 4.0  # a limit's letters, their width, what is beside them
BESIDE_LIMITS_PT = 215.0  # for the other columns of such a table
FEWEST_ROWS = 3  # of body on the last page of a table
BOLDER_PT = 1.5  # by which the heading of a chapter is larger than that of a clause


@dataclass(slots=True)
class Draft:
    """What the clauses of one document share.

    annex: its letter once the annexes have begun. headings, tables, figures: (depth, block) for the contents. told:
    the phrases that have been said.
    """

    rng: Random
    language: str
    style: Style
    device: Device
    chapter: int = 0
    clauses: int = 0
    subclauses: int = 0
    annex: str = ""
    footnotes: int = 0
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    headings: list[tuple[int, Block]] = field(default_factory=list)
    tables: list[tuple[int, Block]] = field(default_factory=list)
    figures: list[tuple[int, Block]] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    told: set[Phrase] = field(default_factory=set)

    # ---------------------------------------------------------------------------------------------------- wording

    def say(self, phrase: Phrase, **slots: object) -> str:
        """The phrase in the document's language, its slots filled."""
        return filled(phrase.said(self.language), **slots)

    def head(self, phrase: Phrase) -> Cell:
        """A cell of a table's heading; where languages mix, headings are English."""
        return Cell(phrase.en if self.language == "mixed" else phrase.said(self.language), heading=True)

    def pick(self, pool: Sequence[Phrase], least: int, most: int, **slots: object) -> str:
        """Some phrases of a pool, in its order, as one text; those that the document has not said yet, where it can."""
        pool = [phrase for phrase in pool if phrase not in self.told] or pool
        count = min(len(pool), self.rng.randint(least, most))
        chosen = sorted(self.rng.sample(range(len(pool)), count))
        self.told |= {pool[number] for number in chosen}
        return (" " if self.language == "en" else "").join(self.say(pool[number], **slots) for number in chosen)

    @property
    def limit_width(self) -> float:
        """Width of a column of limits in points: that of "<1.071" and its insets."""
        wide = WIDE_FACES & set(self.style.text_faces[:1])
        return LIMIT_LETTERS * (WIDE_EM if wide else NARROW_EM) * self.style.table_size + 2 * INSET_PT

    @property
    def bins(self) -> tuple[int, ...]:
        """The speed bins that there is room for in a table with two limits for each."""
        room = self.style.paper.width - 2 * self.style.paper.margin_x - BESIDE_LIMITS_PT
        return self.device.bins[: max(1, int(room / (2 * self.limit_width)))]

    def clocks(self, delay_ps: int, rate: int) -> int:
        """A delay in clocks of a speed bin, by the rounding rule."""
        return clocks(delay_ps, self.device.period(rate))

    # ---------------------------------------------------------------------------------------------------- headings

    def part(self, name: Phrase) -> Block:
        """The heading of the next chapter."""
        self.chapter, self.clauses, self.subclauses = self.chapter + 1, 0, 0
        return self._heading(f"{self.chapter}", name, 0, self.style.heading_size + BOLDER_PT)

    def clause(self, name: Phrase) -> Block:
        """The heading of the next clause of this chapter."""
        self.clauses, self.subclauses = self.clauses + 1, 0
        return self._heading(f"{self.annex or self.chapter}.{self.clauses}", name, 1)

    def subclause(self, name: Phrase) -> Block:
        """The heading of the next clause below the last one."""
        self.subclauses += 1
        return self._heading(f"{self.annex or self.chapter}.{self.clauses}.{self.subclauses}", name, 2)

    def begin_annex(self, name: Phrase) -> Block:
        """The heading of the next annex, such as "Annex A (informative) Feedback"."""
        self.annex, self.clauses = chr(ord(self.annex) + 1) if self.annex else "A", 0
        kind = self.rng.choice((Phrase("informative", "资料性"), Phrase("normative", "规范性")))
        label = self.say(
            Phrase("Annex <letter> (<kind>)", "附录 <letter>（<kind>）"), letter=self.annex, kind=self.say(kind)
        )
        return self._heading(label, name, 0, self.style.heading_size + BOLDER_PT)

    def _heading(self, number: str, name: Phrase, depth: int, size: float = 0.0) -> Block:
        words = f"{name.zh} {name.en}" if self.language == "mixed" else self.say(name)
        block = title(f"{number}  {words}", size)
        self.headings.append((depth, block))
        return block

    # -------------------------------------------------------------------------------------------------- texts

    def places(self) -> tuple[list[str], list[str], list[str]]:
        """What can be pointed at so far: numbers of clauses, labels of tables and of figures."""
        numbers = [block.text.split()[0] for depth, block in self.headings if depth == 1]
        tables, figures = (
            [block.text.split(self.style.caption_mark)[0] for _, block in some] for some in (self.tables, self.figures)
        )
        return numbers or ["1"], tables, figures

    def text(self, pool: Sequence[Phrase], least: int, most: int, **slots: object) -> Block:
        """A paragraph of some phrases of a pool; drafts under ballot set some of them in colour."""
        colour = self.rng.choice(("", "", "#b00020", "#8a8a8a")) if self.style.ballot else ""
        return paragraph(self.pick(pool, least, most, **slots), colour)

    def footnoted(self, pool: Sequence[Phrase], least: int, most: int, note: Phrase, **slots: object) -> Block:
        """A paragraph that ends with a footnote."""
        self.footnotes += 1
        return paragraph(self.pick(pool, least, most, **slots), note=f"^{{{self.footnotes}}} {self.say(note, **slots)}")

    def listed(self, pool: Sequence[Phrase], least: int, most: int, depth: int = 0, **slots: object) -> list[Node]:
        """Some phrases of a pool as a list; its labels are letters, numbers or bullets."""
        count = min(len(pool), self.rng.randint(least, most))
        chosen = sorted(self.rng.sample(range(len(pool)), count))
        kind = self.rng.randrange(3)
        bullet = self.rng.choice(BULLETS)
        labels = [(f"{chr(ord('a') + at)})", f"{at + 1})", bullet)[kind] for at in range(count)]
        return [item(label, self.say(pool[at], **slots), depth) for label, at in zip(labels, chosen, strict=True)]

    def notes(self) -> NoteBook:
        """A new list of notes, in this document's manner."""
        return NoteBook(self.language, self.style.note_label, self.style.raised_notes)

    # -------------------------------------------------------------------------------------------------- tables

    def tabled(
        self,
        name: Phrase,
        rows: Sequence[Row],
        columns: str,
        notes: Sequence[str] = (),
        turn: bool = False,
        **slots: object,
    ) -> Node:
        """A table with the next number; `turn` sets it on its side."""
        label = self._table_label()
        head = caption(self.style, Category.TABLE_CAPTION, label, self.say(name, **slots))
        self.tables.append((0, head))
        body = turned(table(rows, columns)) if turn else table(rows, columns)
        group = captioned(self.style, head, body, notes)
        return Spanning(group.nodes, tight=True) if self.style.columns > 1 else group

    def long_table(
        self,
        name: Phrase,
        rows: Sequence[Row],
        columns: str,
        notes: Sequence[str] = (),
        most: int = 24,
        **slots: object,
    ) -> list[Node]:
        """A table of fixed column widths that goes on over pages, at most `most` lines of body on each."""
        parts = split(rows, min(most, self._room(len(notes))))
        label, words = self._table_label(), self.say(name, **slots)
        nodes: list[Node] = []
        for number, part in enumerate(parts):
            text = words + (self.say(CONTINUED) if number else "")
            head = caption(self.style, Category.TABLE_CAPTION, label, text)
            if number:
                nodes += [NewPage(), *self._continued()]
            else:
                self.tables.append((0, head))
            last = number == len(parts) - 1
            group = captioned(self.style, head, table(part, columns, continues=number > 0), notes if last else ())
            nodes.append(Spanning(group.nodes, tight=True) if self.style.columns > 1 else group)
        return nodes

    def _room(self, notes: int) -> int:
        """Lines of a table that fit on a page beside its heading, its caption and its notes."""
        paper = self.style.paper
        height = paper.height - paper.margin_top - paper.margin_bottom - ABOVE_TABLE_PT - NOTE_PT * notes
        return int(height / (LINE_EM * self.style.table_size + ROW_PT))

    def _table_label(self) -> str:
        return f"{self.say(TABLE)} {self._count(TABLE.en, len(self.tables))}"

    def _count(self, kind: str, before: int) -> str:
        """The next table's or figure's number; "3-2" where the document counts by chapter."""
        if not self.style.counts_by_chapter:
            return str(before + 1)
        chapter = self.annex or str(max(1, self.chapter))
        self.counts[kind, chapter] = self.counts.get((kind, chapter), 0) + 1
        return f"{chapter}-{self.counts[kind, chapter]}"

    def _continued(self) -> list[Node]:
        """The running clause's heading again, as a page that goes on with it begins."""
        if not self.headings or self.style.columns > 1:
            return []
        return [title(self.headings[-1][1].text + self.say(CONTINUED))]

    # -------------------------------------------------------------------------------------------------- figures

    def drawn(self, name: Phrase, picture: bytes, shown: Shown, width: float, **slots: object) -> Group:
        """A figure `width` points wide with the next number."""
        file = f"figure{len(self.figures)}.svg"
        self.pictures[file] = picture
        label = f"{self.say(FIGURE)} {self._count(FIGURE.en, len(self.figures))}"
        head = caption(self.style, Category.FIGURE_CAPTION, label, self.say(name, **slots))
        self.figures.append((0, head))
        return Group((figure(file, width, shown), head))


def filled(text: str, **slots: object) -> str:
    """A text with its slots such as <vdd> filled."""
    for slot, value in slots.items():
        text = text.replace(f"<{slot}>", str(value))
    return text


def split(rows: Sequence[Row], most: int) -> list[list[Row]]:
    """A table in parts of at most `most` lines of body, each under the heading, never cut through a span.

    >>> [len(part) for part in split([[Cell("h", heading=True)]] + [[Cell(str(n))] for n in range(8)], 4)]
    [5, 5]
    """
    heads = sum(all(cell.heading for cell in row) for row in rows)
    joined = {row + below for row, _, cell in places(rows) for below in range(1, cell.rowspan)}
    below_name = {
        row + 1 for row, cells in enumerate(rows) if len(cells) == 1 < cells[0].colspan
    }  # the name of a group stays with it
    cuts = [row for row in range(heads + 1, len(rows) + 1) if row == len(rows) or row not in joined | below_name]
    parts: list[list[Row]] = []
    start = heads
    while start < len(rows):
        end = _cut(rows, [cut for cut in cuts if cut > start], start, most)
        parts.append([*rows[:heads], *rows[start:end]])
        start = end
    return parts


def _cut(rows: Sequence[Row], cuts: Sequence[int], start: int, most: int) -> int:
    """Where the part that begins at `start` ends: as late as it may, but leaving some rows for the last part."""
    fit = [cut for cut in cuts if sum(map(lines_of, rows[start:cut])) <= most] or [cuts[0]]
    good = [cut for cut in fit if cut == len(rows) or len(rows) - cut >= FEWEST_ROWS]
    return max(good or fit)


def lines_of(row: Row) -> int:
    """About how many lines the fullest cell of a row takes."""
    return max(1 + sum(1 + (letter > "\u2e80") for letter in cell.text) // CELL_LETTERS for cell in row)
