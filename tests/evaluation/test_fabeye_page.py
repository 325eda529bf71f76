"""The fabeye evaluator on one page: what is perfect, what each kind of error costs, what costs nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fabeye.evaluation.blocks import Kind, read_markdown
from fabeye.evaluation.fabeye_page import page_tallies
from fabeye.evaluation.gold import GoldElement, GoldPage
from fabeye.evaluation.results import DISTANCES
from tests.evaluation.gold_pages import CAPTION, FORMULA, READING, TABLE, block, gold_page

PAGE = gold_page()
EDITS = {name for name in DISTANCES if name != "hallucination"}
WORDS = st.lists(st.sampled_from(["wafer", "oxide", "12.5 nm", "失效", "lot", "gate"]), min_size=1, max_size=8)


def scores(markdown: str, **boxes: object) -> dict[str, float | None]:
    """Scores, the more the better; but for hallucination."""
    return {
        name: 1 - tally.score if name in EDITS and tally.score is not None else tally.score
        for name, tally in page_tallies(PAGE, markdown, **boxes).items()
    }


def changed(old: str, new: str) -> dict[str, float | None]:
    assert old in READING
    return scores(READING.replace(old, new, 1))


def test_a_perfect_reading_is_perfect() -> None:
    perfect = scores(READING)
    assert perfect.pop("hallucination") == 0.0
    assert {name: score for name, score in perfect.items() if score is not None and score != 1.0} == {}
    assert {name for name, score in perfect.items() if score is None} == {"spans", "note_references"}


CELLS = st.sampled_from(["1.2 V", "t<sub>RCD</sub>", "-40", "–", "CK_t", "栅极", "±5 %"])
MARKS = st.sampled_from(["<sup>1</sup>", "<sup>2)</sup>", "<sup>a</sup>"])


@settings(max_examples=30)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4), MARKS)
def test_a_perfect_reading_of_spans_and_notes_is_perfect(rows: list[tuple[str, str]], mark: str) -> None:
    body = "".join(f"<tr><td>{one}</td><td>{other}</td></tr>" for one, other in rows)
    table = f"<table><tr><td colspan=2>Limits{mark}</td></tr>{body}</table>"
    blocks = [one.model_copy(update={"html": table}) if one.html else one for one in PAGE.layout_dets]
    page = PAGE.model_copy(update={"layout_dets": blocks})
    boxes = [(one.category_type, one.box) for one in blocks]
    for name, tally in page_tallies(page, READING.replace(TABLE, table), boxes).items():
        assert tally.score == (0.0 if name in DISTANCES else 1.0), name


def test_nothing_read_is_zero() -> None:
    empty = scores("")
    assert {score for name, score in empty.items() if name != "hallucination"} == {0.0, None}
    assert empty["hallucination"] is None


@pytest.mark.parametrize(
    ("old", "new", "lowered"),
    [
        ("-40 °C to", "40 °C to", "values"),
        ("1.2 V", "12 V", "values"),
        ("± 0.06", "0.06", "values"),
        ("≤ 2.5", "≥ 2.5", "values"),
        ("2.5 µA", "2.5 mA", "values"),
        ("<td>-40</td>", "<td>40</td>", "values"),
        ("<td>–</td>", "<td></td>", "values"),
        ("<td>ns</td>", "<td>ms</td>", "values"),
        ("V_{DDQ}", "V_{DD}", "symbols"),
        ("V_{DDQ}", "VDDQ", "symbols"),
        ("tCK(avg)", "tCK(abs)", "symbols"),
        ("t_{REFW}", "t_{REFI}", "formulas"),
        (FORMULA, r"t_{REFI", "formulas"),
        (TABLE, "", "teds"),
        (TABLE, "", "teds_structure"),
        (TABLE, "", "table_edit"),
        ("t_{REFW}", "t_{REFI}", "formula_edit"),
        ("<td>0.625</td>", "<td>0.526</td>", "cells"),
        ("![](a.png)", "", "figures"),
        (CAPTION, "", "captions"),
        ("T0 -> Ta1", "T0 -> Ta2", "timing"),
        ("TH8402B.03", "TH8402B.08", "key_information"),
        ("TH8402B.03", "TH8402B.08", "key_information_anls"),
        ("lot_id: TH", "tool: TH", "key_information"),
    ],
)
def test_every_kind_of_error_is_seen(old: str, new: str, lowered: str) -> None:
    assert changed(old, new)[lowered] < 1.0


@settings(max_examples=30)
@given(WORDS)
def test_an_added_paragraph_is_an_error(words: list[str]) -> None:
    added = scores(READING + "\n\nAdded: " + " ".join(words))
    assert added["text_edit"] < 1.0
    assert added["hallucination"] > 0.0


def test_invented_rows_of_a_table_are_invented_text() -> None:
    row = "<tr><td>Invented</td><td>tXX</td><td>7</td><td>8</td><td>ns</td></tr></table>"
    assert changed("</table>", row)["hallucination"] > 0.0
    assert changed("</table>", "<tr><td>Temperature</td></tr></table>")["hallucination"] == 0.0, "it stands there"


def test_an_added_table_formula_or_figure_is_an_error() -> None:
    assert scores(READING + "<table><tr><td>1 V</td></tr></table>")["teds"] == 0.5
    assert scores(READING + "$$a$$")["formulas"] == 0.5
    assert scores(READING + "![](b.png)")["figures"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "reading",
    [
        READING.replace("\n\n", "\n"),
        READING.replace("V. Leakage", "V.\nLeakage").replace("°C. Leakage", "°C.\n\nLeakage"),
        READING.replace("conditions\n\n", "conditions "),
        READING + "\n\n37",
        READING + "\n\nDQS_t",
        f"```markdown\n{READING.split('```')[0]}```\n```{'```'.join(READING.split('```')[1:])}",
        READING.replace("µ", "\u03bc").replace("≤", "<=").replace("°C", "℃"),
        READING.replace("$$", "\\[", 1).replace("$$", "\\]", 1),
        READING.replace("\n", "\r\n"),
    ],
)
def test_what_is_a_matter_of_form_costs_nothing(reading: str) -> None:
    assert {
        name: score for name, score in scores(reading).items() if name != "hallucination" and score not in (None, 1.0)
    } == {}


def test_a_pipe_table_is_a_table() -> None:
    pipes = (
        "| Parameter | Symbol | Min | Max | Unit |\n|---|---|---|---|---|\n"
        "| Clock period | tCK(avg) | 0.625 | – | ns |\n| Temperature | TOPER | -40 | 95 | °C |\n"
    )
    assert changed(TABLE, pipes)["teds"] == 1.0


def test_a_table_read_as_lines_is_lost_but_not_invented() -> None:
    lines = "\n".join(
        ["Parameter Symbol Min Max Unit", "Clock period tCK(avg) 0.625 – ns", "Temperature TOPER -40 95 °C"]
    )
    read = changed(TABLE, lines)
    assert (read["teds"], read["hallucination"], read["text_edit"]) == (0.0, 0.0, 1.0)
    assert read["values"] < 1.0


def test_order_is_seen() -> None:
    parts = READING.split("\n\n")
    parts[0], parts[1] = parts[1], parts[0]
    swapped = scores("\n\n".join(parts))
    assert swapped["reading_order_edit"] < 1.0
    assert swapped["text_edit"] == 1.0


def test_key_information_may_merely_stand_in_the_text() -> None:
    bare = READING.split("```kie")[0]
    assert scores(bare)["key_information"] == 0.0
    assert scores(bare + "\n\nlot TH8402B.03 held")["key_information"] == 1.0


def test_boxes_say_where_figures_are() -> None:
    boxes = [(one.category_type, one.box) for one in PAGE.layout_dets]
    found = scores(READING, boxes=boxes)
    assert (found["layout_f1"], found["layout_f1_mean"], found["figures"]) == (1.0, 1.0, 1.0)
    moved = [(label, (x0, y0 + 8, x1, y1 + 8)) for label, (x0, y0, x1, y1) in boxes]
    assert scores(READING, boxes=moved)["figures"] == 0.0
    assert "layout_f1" not in scores(READING)


@pytest.mark.slow
def test_a_table_of_5000_cells_scores() -> None:
    rows = "".join("<tr>" + "".join(f"<td>{row}.{column}</td>" for column in range(10)) + "</tr>" for row in range(500))
    page = gold_page().model_copy(
        update={"layout_dets": [GoldElement.model_validate(block("table", 1, html=f"<table>{rows}</table>"))]}
    )
    read = page_tallies(page, f"<table>{rows.replace('<td>7.3</td>', '<td>73</td>')}</table>")
    assert 0.99 < (read["teds"].score or 0) < 1
    assert (read["values"].score or 0) < 1


@pytest.mark.parametrize(
    "hostile",
    [
        "<table>" * 3000,
        "$$" * 3001,
        "\\[" * 3000,
        "```\n" * 3000,
        "|-\n" * 3000,
        "\0\ud800",
        "<tr><td rowspan=99999 colspan=99999>x",
        r"$$\frac{1}{" + "{" * 500 + "$$",
        "<table><tr><td>1<tr></td><table><td colspan=-1>",
    ],
)
def test_hostile_readings_score(hostile: str) -> None:
    read = scores(hostile)
    assert read["values"] == 0.0


def test_blocks_keep_their_kind_and_order() -> None:
    kinds = [block.kind for block in read_markdown(READING)]
    assert [kind for kind in kinds if kind != Kind.TEXT] == [
        Kind.FORMULA,
        Kind.TABLE,
        Kind.FIGURE,
        Kind.KEY_VALUES,
        Kind.TIMING,
    ]
    places = [block.at for block in read_markdown(READING)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("case", "lowered"),
    [
        ("sign_flip_text", "values"),
        ("decimal_shift_text", "values"),
        ("le_to_ge_text", "values"),
        ("pm_dropped_text", "values"),
        ("unit_micro_to_milli", "values"),
        ("sign_flip_table", "values"),
        ("decimal_shift_table", "values"),
        ("extra_hallucinated_text", "text_edit"),
        ("extra_hallucinated_table", "teds"),
        ("missing_file", "text_edit"),
        ("table_missing", "teds"),
        ("formula_sub_swapped", "formulas"),
        ("reordered", "reading_order_edit"),
        ("exact", ""),
        ("single_newlines", ""),
    ],
)
def test_what_the_common_evaluator_misses(probe: dict[str, Any], case: str, lowered: str) -> None:
    total = {}
    for page in map(GoldPage.model_validate, probe["gold"]):
        for name, tally in page_tallies(page, probe["predictions"][case].get(f"{page.page_id}.md", "")).items():
            total[name] = total[name] + tally if name in total else tally
    better = {name: 1 - tally.score if name in EDITS else tally.score for name, tally in total.items() if tally.of}
    low = {name for name, score in better.items() if name != "hallucination" and score < 1}
    assert lowered in low if lowered else not low, json.dumps({name: tally.score for name, tally in total.items()})


@pytest.fixture(scope="session")
def probe() -> dict[str, Any]:
    """Two-page cases, each with one error: gold pages, and predictions by case and file."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "official" / "oracle" / "probe.json").read_bytes())
    return found
