"""Everyday documents: articles, invoices and letters, for the general layer of the corpus."""

from random import Random

from fabeye.schema import Category
from fabeye.synthesis.families.drafting import Draft
from fabeye.synthesis.families.general.papers import article, facts, invoice, letter
from fabeye.synthesis.manuscript import PAGE, Furniture, Manuscript, Part
from fabeye.synthesis.style import Paper, draw_style
from fabeye.synthesis.wording import Phrase

PAPERS = (Paper(595.28, 841.89, 62, 66, 60), Paper(612, 792, 64, 64, 56), Paper(498.9, 708.66, 46, 54, 48))
ACCENTS = ("#1f4e79", "#7a1f1f", "#1d5c3a", "#5a4a00", "#444444")
FORMS = {"article": 0.5, "invoice": 0.3, "letter": 0.2}
TWO_COLUMNS = 0.45  # share of articles
NUMBERED = Phrase(f"Page {PAGE}", f"第 {PAGE} 页")


def compose(rng: Random, language: str) -> Manuscript:
    """Write one document of one form."""
    form = rng.choices(list(FORMS), list(FORMS.values()))[0]
    columns = 2 if form == "article" and rng.random() < TWO_COLUMNS else 1
    style = draw_style(rng, language, rng.choice(PAPERS), ACCENTS, columns=columns)
    draft = Draft(rng, language, style, facts(rng, language))
    nodes = {"article": article, "invoice": invoice, "letter": letter}[form](draft)
    number = Part(Category.PAGE_NUMBER, rng.choice((PAGE, NUMBERED.said(language))), "center")
    foot = Furniture((number,), (number,)) if form == "article" or rng.random() < 0.5 else Furniture((), ())
    return Manuscript(
        style,
        tuple(nodes),
        Furniture((), ()),
        foot,
        draft.pictures,
        first_page=rng.randint(1, 90),
        attributes={"form": form},
    )
