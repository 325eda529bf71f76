"""Every drawing, in every language: its words are where they are said to be, and nothing is drawn outside the sheet."""

import json
from collections import Counter
from collections.abc import Callable
from random import Random
from xml.etree import ElementTree

import numpy as np
import pypdfium2 as pdfium
import pytest

from fabeye.synthesis.checks.boxes import in_line, plain
from fabeye.synthesis.figures.ballout import draw_ballout
from fabeye.synthesis.figures.block import draw_block_diagram, draw_system
from fabeye.synthesis.figures.boxplot import draw_box
from fabeye.synthesis.figures.canvas import natural_width
from fabeye.synthesis.figures.chart import draw_iv
from fabeye.synthesis.figures.clip import draw_clip
from fabeye.synthesis.figures.control import draw_spc
from fabeye.synthesis.figures.eye import draw_eye_mask
from fabeye.synthesis.figures.film import draw_film_stack
from fabeye.synthesis.figures.fishbone import draw_fishbone
from fabeye.synthesis.figures.floor import draw_floor_plan
from fabeye.synthesis.figures.flow import draw_fa_flow, draw_ocap
from fabeye.synthesis.figures.levels import draw_waveform
from fabeye.synthesis.figures.package import draw_package
from fabeye.synthesis.figures.power_up import draw_power_up
from fabeye.synthesis.figures.shmoo import draw_shmoo
from fabeye.synthesis.figures.simulation import draw_simulation
from fabeye.synthesis.figures.spectrum import draw_edx
from fabeye.synthesis.figures.state import draw_fsm, draw_state
from fabeye.synthesis.figures.timing import KINDS, draw_timing
from fabeye.synthesis.figures.trend import draw_bar, draw_derating, draw_idd
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.typesetting import typeset

DRAWINGS: tuple[Callable[[Random, str], tuple[bytes, Shown]], ...] = (
    draw_ballout, draw_bar, draw_block_diagram, draw_box, draw_derating, draw_eye_mask, draw_fa_flow, draw_film_stack,
    draw_fishbone, draw_floor_plan, draw_fsm, draw_idd, draw_iv, draw_ocap, draw_package, draw_power_up, draw_shmoo,
    draw_clip, draw_edx, draw_simulation, draw_spc, draw_state, draw_system, draw_waveform,
)  # fmt: skip
CASES = [pytest.param(one, id=one.__name__) for one in DRAWINGS]
CASES += [pytest.param(lambda rng, spoken, kind=kind: draw_timing(rng, spoken, kind), id=kind) for kind in KINDS]
MARGIN = 6.0  # points around the picture on its page
SLACK = 0.4  # points by which letters may leave their box
LEAST_SIZE = 5.9  # points of the smallest letters but scripts; at 150 dpi twelve pixels

Drawing = Callable[[Random, str], tuple[bytes, Shown]]


def placed(svg: bytes) -> pdfium.PdfPage:
    width = natural_width(svg)
    source = f'#set page(width: auto, height: auto, margin: {MARGIN}pt)\n#image("a.svg", width: {width}pt)'
    return pdfium.PdfDocument(typeset(source, {"a.svg": svg}).pdf)[0]


@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
@pytest.mark.parametrize("draw", CASES)
def test_words_are_where_they_are_said_to_be(draw: Drawing, language: str) -> None:
    svg, shown = draw(Random(f"words/{language}"), language)
    page = placed(svg)
    width, height, layer = page.get_width() - 2 * MARGIN, page.get_height() - 2 * MARGIN, page.get_textpage()
    assert shown.texts
    for one in shown.texts:
        x0, y0, x1, y1 = one.box
        assert 0 <= x0 < x1 <= 1, one
        assert 0 <= y0 < y1 <= 1, one
        left, right = MARGIN + x0 * width - SLACK, MARGIN + x1 * width + SLACK
        bottom, top = MARGIN + (1 - y1) * height - SLACK, MARGIN + (1 - y0) * height + SLACK
        read = layer.get_text_bounded(left, bottom, right, top)
        assert Counter(plain(read)) == Counter(in_line(one.text)), f"{one} reads {read!r}"
    # no letter is drawn that nobody tells of
    assert Counter(plain(layer.get_text_range())) == Counter(in_line("".join(one.text for one in shown.texts)))


@pytest.mark.parametrize("draw", CASES)
def test_nothing_is_drawn_outside_the_sheet(draw: Drawing) -> None:
    svg, _ = draw(Random("sheet"), "en")
    grey_HW = np.array(placed(svg).render(scale=2.0, grayscale=True).to_pil())
    edge = int(2 * MARGIN) - 2
    frame_HW = np.ones_like(grey_HW, dtype=bool)
    frame_HW[edge:-edge, edge:-edge] = False
    assert (grey_HW[frame_HW] > 250).all()


@pytest.mark.parametrize("draw", CASES)
def test_a_drawing_follows_from_its_seed(draw: Drawing) -> None:
    first, again, other = (draw(Random(seed), "zh") for seed in (1, 1, 2))
    assert first == again
    assert first[0] != other[0]


@pytest.mark.parametrize("draw", CASES)
def test_its_truth_is_fit_for_json_and_of_one_kind(draw: Drawing) -> None:
    svg, shown = draw(Random(5), "en")
    assert len(shown.detail) == 1
    assert set(shown.detail) <= {"chart_data", "timing", "image_gt"}
    assert json.loads(json.dumps(shown.detail, allow_nan=False)) == json.loads(json.dumps(shown.detail))
    sizes = [
        float(text.attrib["font-size"]) for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert min(sizes) >= LEAST_SIZE * 0.72 - 0.01  # a script's share of its letters' size
