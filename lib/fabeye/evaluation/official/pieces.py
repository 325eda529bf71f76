"""What OmniDocBench's evaluator cuts a predicted page into."""

from dataclasses import dataclass

# Kinds of pieces; RESCUE: a text that v16 tries as a formula too. Then what a piece is in particular.
TEXT, FORMULA, HTML, LATEX, RESCUE = "text_all", "equation_isolated", "html_table", "latex_table", "formula_rescue"
INLINE, CODE, PARAGRAPH, FROM_MARKDOWN = "equation_inline", "code", "text_block", "md2html_table"


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a predicted page.

    kind: TEXT, FORMULA, HTML, LATEX or RESCUE. fine: what it is in particular, "" where nothing is said. start: its
    position.
    """

    kind: str
    start: int
    end: int
    content: str
    fine: str = ""

    @property
    def category(self) -> str:
        """The finer of its two names."""
        return self.fine or self.kind
