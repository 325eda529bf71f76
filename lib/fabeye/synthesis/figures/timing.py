"""Timing diagrams of a memory device: one protocol each, drawn from its delays."""

from random import Random

from fabeye.synthesis.figures.timing_drawing import draw_chart
from fabeye.synthesis.figures.timing_scripts import SCRIPTS, draw_speed
from fabeye.synthesis.shown import Shown

KINDS = tuple(SCRIPTS)


def draw_timing(rng: Random, language: str, kind: str = "") -> tuple[bytes, Shown]:
    """Draw the diagram of a protocol, one of KINDS, or of any where none is named.

    Raises KeyError for an unknown one.
    """
    script = SCRIPTS[kind or rng.choice(KINDS)]
    return draw_chart(rng, language, script(rng, language, draw_speed(rng)))
