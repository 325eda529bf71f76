"""A chip design document: one block with its ports, registers, control unit, clocks, power and place.

Notable:
- One plan is drawn first; figure, table and code listing of a thing all come from it.
"""

from random import Random

from fabeye.schema import Category
from fabeye.synthesis.blocks import NewPage, Node
from fabeye.synthesis.families.design import sections
from fabeye.synthesis.families.design.plan import Plan, draw_design
from fabeye.synthesis.families.drafting import Draft, value
from fabeye.synthesis.manuscript import PAGE, Furniture, Manuscript, Overlay, Part
from fabeye.synthesis.style import Paper, draw_style
from fabeye.synthesis.wording import Phrase

PAPERS = (Paper(595.28, 841.89, 56, 68, 58), Paper(612, 792, 60, 66, 56))  # A4 and Letter
ACCENTS = ("#20407a", "#2d5f5d", "#553c7b", "#333333")
KEPT = 0.72  # of the sections that a document may lack
WATERMARKED = 0.15  # of documents


def compose(rng: Random, language: str) -> Manuscript:
    """Write one document."""
    plan = draw_design(rng, language)
    draft = Draft(rng, language, draw_style(rng, language, rng.choice(PAPERS), ACCENTS), {"block": plan.block})
    nodes: list[Node] = sections.front(draft, plan)
    nodes += [NewPage()] if rng.random() < 0.3 else []
    for section in _chosen(rng):
        nodes += section(draft, plan)
    head, foot = _furniture(draft, plan)
    marked = rng.random() < WATERMARKED
    overlays = (Overlay(draft.say(Phrase("DRAFT", "草稿")), "watermark"),) if marked else ()
    return Manuscript(draft.style, tuple(nodes), head, foot, draft.pictures, overlays=overlays)


def _chosen(rng: Random) -> list[sections.Section]:
    """The sections of one document: some are always there, others mostly."""
    always = {sections.overview, sections.registers, sections.control}
    order: tuple[sections.Section, ...] = (
        sections.overview, sections.pins, sections.registers, sections.control, sections.behaviour, sections.clocks,
        sections.power, sections.floor, sections.closing,
    )  # fmt: skip
    return [section for section in order if section in always or rng.random() < KEPT]


def _furniture(draft: Draft, plan: Plan) -> tuple[Furniture, Furniture]:
    product = value("", "PRODUCT", plan.product)
    secret = draft.say(draft.rng.choice((Phrase("Company confidential", "公司机密"), Phrase("Restricted", "限制传阅"))))
    head = (Part(Category.HEADER, f"{plan.block} – {product}", "left"), Part(Category.HEADER, secret, "right"))
    number = Part(Category.FOOTER, f"{value('', 'CASE', plan.number)} v0.{plan.revision}", "left")
    page = draft.rng.choice((Phrase(PAGE, PAGE), Phrase(f"Page {PAGE}", f"第 {PAGE} 页"))).said(draft.language)
    foot = (number, Part(Category.PAGE_NUMBER, page, "right"))
    rule = draft.style.accent if draft.rng.random() < 0.5 else ""
    return Furniture(head, head, rule=rule), Furniture(foot, foot, rule=rule)
