"""How a document looks: paper, faces, sizes, table rules and caption habits, drawn once a document.

Notable:
- Sizes stay where a page at 150 dpi is legible: text 9 to 10.5 points, tables 7.5 to 9.
- Chinese headings are set in the sans face over a serif text, as Chinese documents do; their bold is a thin outline,
  because Noto CJK comes in one weight.
"""

from dataclasses import dataclass
from random import Random

from fabeye.synthesis.markup import to_typst
from fabeye.synthesis.typesetting import CJK_SANS, CJK_SERIF

# (heading face, text face) of Latin letters; every face comes with Typst, matplotlib or mplfonts.
LATIN_PAIRS = (
    ("DejaVu Sans", "STIXGeneral"),
    ("DejaVu Sans", "Libertinus Serif"),
    ("DejaVu Sans", "DejaVu Sans"),
    ("Libertinus Serif", "Libertinus Serif"),
    ("New Computer Modern", "New Computer Modern"),
    ("STIXGeneral", "STIXGeneral"),
    (CJK_SANS, CJK_SANS),
    (CJK_SANS, CJK_SERIF),
    (CJK_SANS, "STIXGeneral"),
    (CJK_SANS, "Libertinus Serif"),
    (CJK_SANS, "New Computer Modern"),
    (CJK_SERIF, CJK_SERIF),
    ("DejaVu Sans", "DejaVu Serif"),
    ("DejaVu Serif", CJK_SANS),
    ("DejaVu Sans Mono", "STIXGeneral"),
)
CJK_PAIRS = ((CJK_SANS, CJK_SERIF), (CJK_SANS, CJK_SANS), (CJK_SERIF, CJK_SERIF), ("Source Han Serif SC", CJK_SANS))
WIDE_FACES = {"DejaVu Sans", "DejaVu Serif"}  # about an eighth wider than the others at the same size
RULES = ("full", "three-line", "banded", "shaded-head", "coloured-head", "horizontal")
CAPTION_MARKS = {"en": (" — ", ": ", ". ", " – "), "zh": (" — ", "  ", "：", " ")}
NOTE_LABELS = {
    "en": ("NOTE {} ", "Note {}: ", "NOTE {}. ", "{}. ", "({}) "),
    "zh": ("注 {}：", "注{}: ", "注 {}  ", "{}. ", "（{}）"),
}
CJK_OUTLINE_EM = 0.02
COLUMN_GUTTER_PT = 18.0
END_ROOM_PT = 0.5  # a line that starts or ends with its column still lies in it
BLACK = "#000000"


@dataclass(frozen=True, slots=True)
class Paper:
    """A page; all lengths in points."""

    width: float
    height: float
    margin_x: float
    margin_top: float
    margin_bottom: float


@dataclass(frozen=True, slots=True)
class Style:
    """One document's looks; sizes in points.

    heading_faces, text_faces: font families, the first that has a letter shows it.
    rules: one of RULES. accent: an RGB colour such as "#1f4e79", of title bars and table heads.
    columns: of running text. note_label: with {} for the number. raised_notes: marks of notes are superscripts on what
    they belong to, where others stand in a column. ballot: a draft whose changes are coloured.
    """

    language: str
    paper: Paper
    heading_faces: tuple[str, ...]
    text_faces: tuple[str, ...]
    text_size: float
    table_size: float
    heading_size: float
    rules: str
    caption_mark: str
    caption_above_table: bool
    centred_captions: bool
    justified: bool
    accent: str
    columns: int = 1
    ruled_headings: bool = False
    heading_colour: str = BLACK
    note_label: str = NOTE_LABELS["en"][0]
    raised_notes: bool = False
    counts_by_chapter: bool = False
    ballot: bool = False

    def column_shift(self, start: float, x: float) -> float:
        """How far right the column at `x` lies of the column at `start`, in points."""
        if self.columns == 1:
            return 0.0
        pitch = (self.paper.width - 2 * self.paper.margin_x + COLUMN_GUTTER_PT) / self.columns
        column_of = [int((place - self.paper.margin_x) // pitch) for place in (start + END_ROOM_PT, x - END_ROOM_PT)]
        return pitch * (column_of[1] - column_of[0])

    @property
    def column_width(self) -> float:
        """Width of a column of text in points."""
        room = self.paper.width - 2 * self.paper.margin_x
        return (room - COLUMN_GUTTER_PT * (self.columns - 1)) / self.columns

    @property
    def outline(self) -> float:
        """Width of the outline that makes bold of faces that come in one weight, as a share of the letters' size."""
        one_weight = {self.heading_faces[0], self.text_faces[0]} & {CJK_SANS, CJK_SERIF}
        return CJK_OUTLINE_EM if one_weight or self.language != "en" else 0.0


def draw_style(
    rng: Random, language: str, paper: Paper, accents: tuple[str, ...], larger: float = 0.0, columns: int = 1
) -> Style:
    """Draw the looks of one document; `larger` points are added to every size, for slides."""
    head, body = rng.choice(LATIN_PAIRS)
    cjk_head, cjk_body = rng.choice(CJK_PAIRS)
    spoken = "en" if language == "en" else "zh"
    change = larger - (0.5 if body in WIDE_FACES else 0.0)
    text_size = rng.choice((9.0, 9.5, 10.0, 10.5)) + change
    accent = rng.choice(accents)
    return Style(
        language=language,
        paper=paper,
        heading_faces=(head, cjk_head, "DejaVu Sans"),
        text_faces=(body, cjk_body, "DejaVu Sans"),
        text_size=text_size,
        table_size=rng.choice((8.0, 8.5, 9.0)) + change,
        heading_size=text_size + rng.choice((1.0, 1.5, 2.0, 3.0)),
        rules=rng.choice(RULES),
        caption_mark=rng.choice(CAPTION_MARKS[spoken]),
        caption_above_table=rng.random() < 0.8,
        centred_captions=rng.random() < 0.75,
        justified=rng.random() < 0.7,
        accent=accent,
        columns=columns,
        ruled_headings=rng.random() < 0.15,
        heading_colour=rng.choice((BLACK, BLACK, accent)),
        note_label=rng.choice(NOTE_LABELS[spoken]),
        raised_notes=rng.random() < 0.35,
        counts_by_chapter=rng.random() < 0.25,
    )


def preamble(style: Style) -> str:
    """Typst settings of the whole document, without head and foot of the page."""
    paper = style.paper
    spoken, region = ("en", "us") if style.language == "en" else ("zh", "cn")
    return "\n".join(
        (
            '#import "truth.typ": flow, heavy, is-odd, mark, marked-table, page-number, page-of, region, span',
            "#set document(date: none)",
            f"#set page(width: {paper.width}pt, height: {paper.height}pt, "
            f"margin: (x: {paper.margin_x}pt, top: {paper.margin_top}pt, bottom: {paper.margin_bottom}pt), "
            f"columns: {style.columns})",
            f"#set columns(gutter: {COLUMN_GUTTER_PT}pt)",
            # A line's box reaches from accent to descender, the same in all faces: with Typst's tighter default it cuts
            # through letters, and some faces say they have shorter descenders than they have.
            f"#set text(font: {faces(style.text_faces)}, size: {style.text_size}pt, fallback: false, overhang: false, "
            f'lang: "{spoken}", region: "{region}", top-edge: 0.92em, bottom-edge: -0.3em)',
            f"#set par(justify: {str(style.justified).lower()}, leading: 0.3em, spacing: 0.8em)",
            "#set block(spacing: 0.8em)",
            "#set text(hyphenate: false)",  # a word that is cut at a line's end is two words to whoever reads lines
            "#set footnote.entry(gap: 0.4em, indent: 0pt)",
            "#show footnote.entry: it => it.note.body",
            # a fixed size: some faces ask for scripts too small to be read at 150 dpi
            "#set sub(typographic: false, size: 0.68em, baseline: 0.2em)",
            "#set super(typographic: false, size: 0.68em)",
        )
    )


def faces(names: tuple[str, ...]) -> str:
    """Font families as a Typst array."""
    return "(" + ", ".join(f'"{name}"' for name in names) + ")"


def heavy(style: Style, text: str, name: str = "") -> str:
    """Typst source of bold text; `name` is the region it belongs to."""
    return f"#heavy([{to_typst(text, name)}], outline: {style.outline}em)"
