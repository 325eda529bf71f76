"""A process manual: how one step of the fab is run, checked and kept under control.

Notable:
- One plan is drawn first; limits, chart and text all follow from the same readings.
"""

from random import Random

from fabeye.schema import Category
from fabeye.synthesis.blocks import NewPage, Node
from fabeye.synthesis.families.drafting import Draft, value
from fabeye.synthesis.families.process import sections
from fabeye.synthesis.families.process.sections import Plan, draw_plan
from fabeye.synthesis.manuscript import PAGE, Furniture, Manuscript, Overlay, Part
from fabeye.synthesis.style import Paper, draw_style
from fabeye.synthesis.wording import Phrase

PAPERS = (Paper(595.28, 841.89, 54, 70, 58), Paper(612, 792, 56, 68, 56))  # A4 and Letter
ACCENTS = ("#1f4e79", "#1d5c3a", "#444444", "#7a1f1f", "#0b5a6b")
WATERMARKED, DOWNLOADED = 0.2, 0.25  # shares of manuals
KEPT = 0.75  # of the sections that a manual may lack


def compose(rng: Random, language: str) -> Manuscript:
    """Write one manual."""
    plan = draw_plan(rng, language)
    draft = Draft(rng, language, draw_style(rng, language, rng.choice(PAPERS), ACCENTS))
    draft.facts = plan.facts(draft)
    nodes: list[Node] = [*sections.front(draft, plan)]
    nodes += [NewPage()] if rng.random() < 0.4 else []
    for section in _chosen(rng):
        nodes += section(draft, plan)
    head, foot = _furniture(draft, plan)
    overlays = _overlays(draft, plan)
    return Manuscript(draft.style, tuple(nodes), head, foot, draft.pictures, overlays=overlays)


def _chosen(rng: Random) -> list[sections.Section]:
    """The sections of one manual: some are always there, others mostly."""
    always = {sections.aims, sections.procedure, sections.control}
    order = (
        sections.aims, sections.safety, sections.flow, sections.procedure, sections.control, sections.reaction,
        sections.upkeep,
    )  # fmt: skip
    return [section for section in order if section in always or rng.random() < KEPT]


def _overlays(draft: Draft, plan: Plan) -> tuple[Overlay, ...]:
    overlays = []
    if draft.rng.random() < WATERMARKED:
        overlays.append(Overlay(draft.say(Phrase("CONTROLLED COPY", "受控副本")), "watermark"))
    if draft.rng.random() < DOWNLOADED:
        who = draft.rng.choice(plan.people)
        words = Phrase("Downloaded by <who> (<mail>)", "下载人：<who>（<mail>）")
        filled = draft.say(words, who=value("", "PERSON", who.name), mail=value("", "EMAIL", who.mail))
        overlays.append(Overlay(filled, draft.rng.choice(("bottom", "left"))))
    return tuple(overlays)


def _furniture(draft: Draft, plan: Plan) -> tuple[Furniture, Furniture]:
    number = value("", "CASE", plan.number)
    secret = draft.say(draft.rng.choice((Phrase("Internal use only", "仅限内部使用"), Phrase("Confidential", "机密"))))
    head = (
        Part(Category.HEADER, f"{number} Rev. {plan.revision}.0", "left"),
        Part(Category.HEADER, plan.module.name.said(draft.language), "right"),
    )
    page = draft.rng.choice((Phrase(PAGE, PAGE), Phrase(f"Page {PAGE}", f"第 {PAGE} 页"))).said(draft.language)
    foot = (Part(Category.FOOTER, secret, "left"), Part(Category.PAGE_NUMBER, page, "right"))
    rule = draft.style.accent if draft.rng.random() < 0.4 else ""
    return Furniture(head, head, rule=rule), Furniture(foot, foot)
