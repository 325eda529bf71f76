"""A document of the family: what it is about, which clauses it has, how it looks.

Notable:
- There are five kinds of document; each draws its clauses from its own list and has its own habits of layout.
- One device is drawn first; paragraphs, formulas, tables and diagrams all speak of it.
- The contents come first and are written last, when every heading and caption is known.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from fabeye.synthesis.blocks import NewPage, Node, Space, Spanning, title
from fabeye.synthesis.families.jedec.annex import annexes
from fabeye.synthesis.families.jedec.arrays import address_clause, refresh_clause, speed_clause
from fabeye.synthesis.families.jedec.balls import ball_clause, outline_clause, pin_clause
from fabeye.synthesis.families.jedec.commands import command_clause, register_clause
from fabeye.synthesis.families.jedec.device import draw_device
from fabeye.synthesis.families.jedec.draft import Draft
from fabeye.synthesis.families.jedec.figures import (
    block_figure,
    curve_figure,
    eye_figure,
    state_figure,
    timing_figure,
    wave_figure,
)
from fabeye.synthesis.families.jedec.front import draw_names, front_matter
from fabeye.synthesis.families.jedec.furniture import furniture, overlays
from fabeye.synthesis.families.jedec.legacy import legacy_clause
from fabeye.synthesis.families.jedec.levels import current_clause, derating_clause, level_clause, maximum_clause
from fabeye.synthesis.families.jedec.prose import feature_clause, operation_clause, scope_part, start_clause, term_part
from fabeye.synthesis.families.jedec.reliability import sample_clause, stress_clause
from fabeye.synthesis.families.jedec.timing import timing_clause
from fabeye.synthesis.manuscript import Manuscript
from fabeye.synthesis.style import Paper, draw_style
from fabeye.synthesis.wording import Phrase

Clause = Callable[[Draft], list[Node]]

PAPERS = (
    Paper(612, 792, 62, 70, 58),  # Letter
    Paper(612, 792, 62, 70, 58),
    Paper(595.28, 841.89, 58, 72, 60),  # A4
    Paper(595.28, 841.89, 58, 72, 60),
    Paper(612, 792, 72, 80, 66),  # Letter, wide margins
    Paper(595.28, 841.89, 50, 62, 54),  # A4, narrow margins
    Paper(515.91, 728.5, 44, 58, 50),  # B5
)
ACCENTS = ("#000000", "#1f4e79", "#7a1f1f", "#00573f", "#3b3b6d")
BALLOT_SHARE = 0.12  # of all documents


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter: its name, the clauses to choose from, and how many of them."""

    name: Phrase
    clauses: tuple[Clause, ...]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document. front: whether it has a cover and what follows it. columns: of its text."""

    subjects: tuple[Phrase, ...]
    opening: tuple[Clause, ...]
    parts: tuple[Part, ...]
    front: bool = True
    columns: int = 1


PACKAGE = Part(
    Phrase("Package and signals", "封装与信号"), (ball_clause, pin_clause, address_clause, outline_clause), 1, 3
)
FUNCTION = Part(
    Phrase("Functional description", "功能描述"),
    (
        state_figure,
        block_figure,
        operation_clause,
        start_clause,
        register_clause,
        command_clause,
        legacy_clause,
        refresh_clause,
    ),
    2,
    3,
)
OPERATION = Part(Phrase("Operation", "操作时序"), (timing_figure, timing_figure, timing_figure), 1, 2)
LEVELS = Part(
    Phrase("Electrical conditions", "电气条件"),
    (level_clause, maximum_clause, derating_clause, eye_figure, wave_figure, curve_figure),
    2,
    3,
)
CURRENTS = Part(Phrase("Supply currents", "电源电流"), (current_clause, curve_figure), 1, 2)
TIMING = Part(Phrase("Timing", "时序"), (speed_clause, timing_clause), 1, 2)
QUALIFICATION = Part(Phrase("Qualification", "鉴定"), (stress_clause, sample_clause), 2, 2)

KINDS = {
    "device": Kind(
        (
            Phrase("Synchronous memory device", "同步存储器件"),
            Phrase("Double data rate memory", "双倍数据率存储器"),
            Phrase("Low power memory device", "低功耗存储器件"),
            Phrase("Memory device for modules", "模组用存储器件"),
        ),
        (scope_part, term_part),
        (PACKAGE, FUNCTION, OPERATION, LEVELS, TIMING),
    ),
    "interface": Kind(
        (
            Phrase("Interface of memory devices", "存储器件接口"),
            Phrase("Terminated low swing interface", "端接低摆幅接口"),
            Phrase("Signalling levels and timing", "信号电平与时序"),
        ),
        (scope_part, term_part),
        (LEVELS, OPERATION, replace(TIMING, least=2)),
    ),
    "reliability": Kind(
        (
            Phrase("Stress tests for qualification", "鉴定用应力试验"),
            Phrase("Reliability of memory devices", "存储器件可靠性"),
            Phrase("Failure rates and their acceleration", "失效率及其加速"),
        ),
        (scope_part, term_part),
        (QUALIFICATION, CURRENTS),
    ),
    "current": Kind(
        (Phrase("Supply currents of memory devices", "存储器件电源电流"), Phrase("Measuring of currents", "电流测量")),
        (scope_part,),
        (CURRENTS, replace(LEVELS, least=2), PACKAGE),
    ),
    "datasheet": Kind(
        (
            Phrase("<density> Gb memory device", "<density> Gb 存储器件"),
            Phrase("<density> Gb SDRAM data sheet", "<density> Gb SDRAM 数据手册"),
        ),
        (feature_clause,),
        (PACKAGE, LEVELS, FUNCTION, TIMING),
        front=False,
        columns=2,
    ),
}
WEIGHTS = {"device": 5, "interface": 2, "reliability": 2, "current": 1, "datasheet": 2}


def compose(rng: Random, language: str) -> Manuscript:
    """Write one document in a language ("en", "zh", "mixed")."""
    kind = KINDS[rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]]
    device = draw_device(rng)
    style = draw_style(rng, language, rng.choice(PAPERS), ACCENTS, columns=kind.columns)
    style = replace(style, ballot=rng.random() < BALLOT_SHARE)
    subject = rng.choice(kind.subjects)
    subject = Phrase(*(text.replace("<density>", str(device.density)) for text in (subject.en, subject.zh)))
    names = draw_names(rng, subject)
    draft = Draft(rng, language, style, device)
    body = [*_body(draft, kind), *annexes(draft, names)]
    if kind.front:
        nodes = [*front_matter(draft, names), *body]
    else:
        large = style.heading_size + 6
        nodes = [
            Spanning((title(draft.say(names.title), large), title(draft.say(names.organisation)), Space(4))),
            *body,
        ]
    head, foot = furniture(draft, names)
    return Manuscript(
        style,
        tuple(nodes),
        head,
        foot,
        draft.pictures,
        first_page=1 if rng.random() < 0.8 else rng.randint(2, 180),
        bare=1 if kind.front else 0,
        overlays=overlays(rng, language),
    )


def _body(draft: Draft, kind: Kind) -> list[Node]:
    nodes: list[Node] = []
    for clause in kind.opening:
        nodes += clause(draft)
    for part in kind.parts:
        if draft.style.columns == 1 and draft.rng.random() < 0.15:
            nodes.append(NewPage())
        nodes.append(draft.part(part.name))
        count = min(len(part.clauses), draft.rng.randint(part.least, part.most))
        for at in sorted(draft.rng.sample(range(len(part.clauses)), count)):
            nodes += part.clauses[at](draft)
    return nodes
