"""Formulas in a standard: a sentence, the formula, and what its letters mean."""

from fabeye.synthesis.blocks import Node, formula, paragraph
from fabeye.synthesis.families.jedec.draft import Draft
from fabeye.synthesis.formulas import Formula
from fabeye.synthesis.wording import Phrase


def formulas(draft: Draft, pool: tuple[Formula, ...], count: int) -> list[Node]:
    """Some formulas of a pool, each after its sentence."""
    nodes: list[Node] = []
    for number in sorted(draft.rng.sample(range(len(pool)), min(count, len(pool)))):
        drawn = pool[number]
        nodes += [paragraph(draft.say(Phrase(drawn.en, drawn.zh))), formula(drawn.latex)]
    return nodes
