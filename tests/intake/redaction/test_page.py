"""One page through everything, in this process."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fabeye.intake.redaction.known import known_from, save
from fabeye.intake.redaction.page import Hidden, Job, gather, hide, read_again
from fabeye.intake.redaction.runs import sheet
from fabeye.schema import Element, Entity, Page, Sensitive
from fabeye.settings import RedactSettings
from tests.intake.redaction.drawn_pages import page, png, run

KEY = b"0123456789abcdef"
SETTINGS = RedactSettings(
    kinds=tuple(Sensitive),
    min_score=0.5,
    layers=("domain",),
    spared=(),
    generated=True,
    audit=0,
    strict=("efa_pfa",),
    key_variable="NO_SUCH_KEY",
    dictionaries="",
    ocr_scale=2.0,
)
WORDS = ((20, 20, "Lot ID"), (200, 20, "TH8402B.03"), (20, 80, "Analyst"), (200, 80, "Kevin Lin"), (20, 140, "tRCD"))


def cleaned(one: Page, work: Path, **rest: tuple[object, ...]) -> Hidden:
    save(known_from([(Sensitive.LOT, "TH8402B.03")]), work / "known.json")
    return hide(SETTINGS, work / "known.json", KEY, Job(one, **rest))  # type: ignore[arg-type]


@pytest.mark.parametrize("layered", [True, False])
def test_nothing_sensitive_stays_and_the_rest_does(tmp_path: Path, layered: bool) -> None:
    hidden = cleaned(page(*WORDS, layered=layered), tmp_path)
    assert hidden.reason == ""
    seen = sheet(read_again(SETTINGS, (hidden.page, None)).runs).text
    for text in (seen, hidden.page.text_layer):
        assert not {"TH8402B", "Kevin", "Lin"} & set(text.replace(".", " ").split())
    assert "Analyst" in seen
    assert "tRCD" in seen
    assert {row.kind for row in hidden.painted} == {"LOT", "PERSON"}
    assert all(row.text in seen for row in hidden.painted), "placeholders are legible"
    assert all(row.in_picture != layered for row in hidden.painted)


def test_truth_says_what_the_page_says_now(tmp_path: Path) -> None:
    x0, y0, x1, y1 = run(200, 20, "TH8402B.03").box
    one = page(*WORDS)
    place = {"page_id": one.page_id, "x0": x0, "y0": y0, "x1": x1, "y1": y1}
    element = Element(
        **place, order=0, category="text_block", level="line", text="TH8402B.03", html="", latex="", score=1.0,
        source="truth",
    )  # fmt: skip
    entity = Entity(**place, field="lot_id", kind="LOT", text="TH8402B.03", in_picture=False)
    hidden = cleaned(one, tmp_path, elements=(element,), entities=(entity,))
    (lot,) = (row.text for row in hidden.painted if row.kind == "LOT")
    assert hidden.elements[0].text == hidden.entities[0].text == lot
    assert lot in hidden.page.text_layer


def test_what_the_detector_finds_is_gathered_for_the_document_set() -> None:
    seen = gather(SETTINGS, Job(page(*WORDS)))
    assert seen.reason == ""
    assert {(Sensitive.LOT, "TH8402B.03"), (Sensitive.PERSON, "Kevin Lin")} <= set(seen.finds)


def test_a_page_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one = page(*WORDS, layered=False)
    first = gather(SETTINGS, Job(one))
    monkeypatch.setattr("fabeye.intake.redaction.reading.Reader.page", None)
    assert gather(SETTINGS, Job(one, reading=first.reading)) == first


def test_a_page_that_says_something_illegible_is_refused_where_it_matters() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 400, 1), np.uint8).repeat(3, axis=2)
    one = replace(page(layered=False), image=png(noise))
    assert gather(SETTINGS, Job(one, strict=True)).reason
    assert gather(SETTINGS, Job(one, strict=False)).reason == ""
    assert gather(SETTINGS, Job(page(layered=False), strict=True)).reason == "", "blank paper may pass"
