"""A document while it is written: numbering, captions, tables and figures that several families share.

Notable:
- Wording has slots such as <tool>; `say` fills them. Where languages mix, text is Chinese with English terms, headings
  are in both languages and heads of tables in English, as fabs in China write.
"""

import re
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from fabeye.schema import Category
from fabeye.synthesis.blocks import (
    Block,
    Group,
    Node,
    captioned_figure,
    captioned_table,
    figure,
    item,
    paragraph,
    table,
    title,
)
from fabeye.synthesis.figures.canvas import natural_width
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.style import Style
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase, spelt

SLOT = re.compile(r"<([a-z_]+)>")
TABLE, FIGURE = Phrase("Table", "表"), Phrase("Figure", "图")
BOLDER_PT = 1.5  # by which a chapter's heading is larger than a section's


class Draft:
    """What the sections of one document share; `facts` fill the slots of every phrase."""

    def __init__(self, rng: Random, language: str, style: Style, facts: dict[str, str] | None = None):
        self.rng, self.language, self.style = rng, language, style
        self.facts = facts or {}
        self.pictures: dict[str, bytes] = {}
        self.chapters = self.sections = self.tables = self.figures = self.footnotes = 0
        self.mark = rng.choice((".", "", " "))  # after the number of a chapter

    # ------------------------------------------------------------------------------------------------------ wording

    def say(self, phrase: Phrase, **slots: object) -> str:
        """The phrase in the document's language, its slots filled. Raises KeyError for a slot nobody fills."""
        given = {**self.facts, **{name: str(value) for name, value in slots.items()}}
        return SLOT.sub(lambda found: given[found[1]], spelt(phrase.said(self.language)))

    def both(self, phrase: Phrase) -> str:
        """A heading: in both languages where they mix."""
        return f"{phrase.zh} {phrase.en}" if self.language == "mixed" else phrase.said(self.language)

    def pick(self, pool: Sequence[Phrase], least: int, most: int, **slots: object) -> str:
        """Some phrases of a pool, in its order, as one text."""
        gap = " " if self.language == "en" else ""
        return gap.join(self.say(phrase, **slots) for phrase in self.some(pool, least, most))

    def some(self, pool: Sequence[Any], least: int, most: int) -> list[Any]:
        """Between `least` and `most` entries of a pool, in its order."""
        count = min(len(pool), self.rng.randint(least, most))
        return [pool[number] for number in sorted(self.rng.sample(range(len(pool)), count))]

    # --------------------------------------------------------------------------------------------------------- text

    def chapter(self, name: Phrase) -> Block:
        """The heading of the next chapter."""
        self.chapters, self.sections = self.chapters + 1, 0
        return title(f"{self.chapters}{self.mark} {self.both(name)}", self.style.heading_size + BOLDER_PT)

    def section(self, name: Phrase, **slots: object) -> Block:
        """The heading of the next section of this chapter."""
        self.sections += 1
        return title(f"{self.chapters}.{self.sections} {self.say(name, **slots)}")

    def text(self, phrase: Phrase, **slots: object) -> Block:
        """One phrase as a paragraph."""
        return paragraph(self.say(phrase, **slots))

    def passage(self, pool: Sequence[Phrase], least: int, most: int, **slots: object) -> Block:
        """Some phrases of a pool as a paragraph."""
        return paragraph(self.pick(pool, least, most, **slots))

    def footnoted(
        self, pool: Sequence[Phrase], least: int, most: int, notes: Sequence[Phrase], **slots: object
    ) -> Block:
        """Such a paragraph that ends, every other time, with one of the footnotes."""
        return self.noted(self.pick(pool, least, most, **slots), notes, **slots)

    def noted(self, text: str, notes: Sequence[Phrase], **slots: object) -> Block:
        """The text as a paragraph that ends, every other time, with one of the footnotes."""
        if self.rng.random() < 0.5:
            return paragraph(text)
        self.footnotes += 1
        return paragraph(text, note=f"^{{{self.footnotes}}} {self.say(self.rng.choice(notes), **slots)}")

    def cited(self, phrase: Phrase, **slots: object) -> Block:
        """A paragraph that names other documents."""
        text = self.say(phrase, **slots)
        return Block(Category.REFERENCE, text, paragraph(text).body, flowing=True)

    def listed(self, phrases: Iterable[Phrase], **slots: object) -> list[Node]:
        """Phrases as a list; its labels are letters, numbers or bullets."""
        kind = self.rng.randrange(3)
        texts = [self.say(phrase, **slots) for phrase in phrases]
        labels = [(f"{chr(ord('a') + at)})", f"{at + 1})", "•")[kind] for at in range(len(texts))]
        return [item(label, text) for label, text in zip(labels, texts, strict=True)]

    # ----------------------------------------------------------------------------------------------------- displays

    def heads(self, *names: Phrase) -> list[Cell]:
        """The first row of a table."""
        return [Cell(name.en if self.language == "mixed" else name.said(self.language), heading=True) for name in names]

    def tabled(
        self, name: Phrase, rows: Sequence[Sequence[Cell]], columns: str, notes: Sequence[str] = (), **slots: object
    ) -> Group:
        """A table with the next number."""
        self.tables += 1
        label = f"{TABLE.said(self.language)} {self.tables}"
        return captioned_table(self.style, label, self.say(name, **slots), table(rows, columns), notes)

    def pictured(self, name: Phrase, drawn: tuple[bytes, Shown], width: float = 0.0, **slots: object) -> Node:
        """A drawing with the next number; `width` in points where it shall not have its own."""
        self.figures += 1
        label = f"{FIGURE.said(self.language)} {self.figures}"
        return captioned_figure(self.style, label, self.say(name, **slots), self.drawing(drawn, width))

    def drawing(self, drawn: tuple[bytes, Shown], width: float = 0.0, wide: bool = False) -> Block:
        """A drawing without a caption, no wider than a column, or than the page where it is `wide`."""
        svg, shown = drawn
        file = f"drawing{len(self.pictures)}.svg"
        self.pictures[file] = svg
        paper = self.style.paper
        room = paper.width - 2 * paper.margin_x if wide else self.style.column_width
        return figure(file, min(width or natural_width(svg) * self.rng.uniform(0.95, 1.1), room), shown)


def left(text: str) -> Cell:
    """A cell whose words begin at its left."""
    return Cell(text, align="left")


def value(field: str, kind: str, text: str) -> str:
    """A value in the notation of markup.py."""
    return f"[[{field}:{kind}|{text}]]"
