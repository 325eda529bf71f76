"""Composite, bootstrap and gate: arithmetic, pairing, and when nothing may be said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fabeye.evaluation.bootstrap import Comparison, ComparisonError, compare, draw_documents
from fabeye.evaluation.composite import METRICS, composite_of, document_sums
from fabeye.evaluation.fabeye_scores import EVALUATOR, REVISION, pooled_score
from fabeye.evaluation.gold import GoldPage
from fabeye.evaluation.results import DISTANCES, Provenance, Scores
from fabeye.evaluation.verdict import Outcome, decide, judge
from fabeye.metrics.tally import Tally
from fabeye.settings import CompositeSettings, GateSettings
from tests.evaluation.gold_pages import gold_page

WEIGHTS = CompositeSettings(text=0.4, elements=0.4, key_information=0.2)
GATE = GateSettings(
    domain_gain=5, general_loss=1, general_families=("general",), documents=5, draws=500, seed=1, confidence=0.95
)
DOCUMENTS = {f"{name}-{number:04d}": name for name in "abcdefgh" for number in range(2)}
PAGES: list[GoldPage] = [
    gold_page(page, "general" if name in "efgh" * 2 else "fa_report") for page, name in DOCUMENTS.items()
]
RIGHT = st.lists(st.integers(0, 10), min_size=len(DOCUMENTS), max_size=len(DOCUMENTS))


def scores(right: dict[str, float], of: float = 10, gold: str = "g", metrics: tuple[str, ...] = METRICS) -> Scores:
    """Scores with the same tally of every metric on a page."""
    good = pooled_score({page: Tally(got, of) for page, got in right.items()}, {})
    far = pooled_score({page: Tally(of - got, of) for page, got in right.items()}, {})
    made = Provenance(evaluator=EVALUATOR, revision=REVISION, gold=gold, predictions="p", software={})
    return Scores(
        provenance=made,
        known_faults=[],
        left_out=[],
        pages=len(right),
        problems={},
        metrics={name: far if name in DISTANCES else good for name in metrics},
    )


def everywhere(got: float) -> Scores:
    return scores(dict.fromkeys(DOCUMENTS, got))


def difference(one: Scores, other: Scores, documents: dict[str, str] = DOCUMENTS) -> Comparison:
    found = compare(one, other, documents, WEIGHTS, draws=500, seed=1, confidence=0.95)
    assert found is not None
    return found


def test_composite_is_the_weighted_mean_of_components() -> None:
    one = scores({"p": 1}, 1)
    mixed = one.model_copy(update={"metrics": scores({"p": 0}, 1).metrics | {"text_edit": one.metrics["text_edit"]}})
    assert composite_of(mixed, {"p": "d"}, WEIGHTS) == pytest.approx(100 * 0.4 / 2)
    assert composite_of(scores({"p": 1}, 1), {"p": "d"}, WEIGHTS) == pytest.approx(100)


def test_what_is_not_asked_leaves_the_mean() -> None:
    assert composite_of(scores({"p": 5}, metrics=("text_edit", "values")), {"p": "d"}, WEIGHTS) == pytest.approx(50)
    assert composite_of(scores({"p": 5}, metrics=()), {"p": "d"}, WEIGHTS) is None
    assert composite_of(scores({"p": 5}), {}, WEIGHTS) is None


def test_documents_are_drawn_whole_and_alike_for_a_seed() -> None:
    drawn = draw_documents(8, 500, seed=3)
    assert (drawn.sum(axis=1) == 8).all()
    assert (drawn == draw_documents(8, 500, seed=3)).all()
    assert (drawn != draw_documents(8, 500, seed=4)).any()


@settings(max_examples=30)
@given(RIGHT)
def test_a_reader_is_not_better_than_itself(right: list[int]) -> None:
    one = scores(dict(zip(DOCUMENTS, map(float, right), strict=True)))
    found = difference(one, one)
    assert (found.difference, found.low, found.high, found.better) == (0, 0, 0, 0.5)


@settings(max_examples=30)
@given(RIGHT, RIGHT)
def test_the_two_sides_mirror_each_other(first: list[int], second: list[int]) -> None:
    one, other = (scores(dict(zip(DOCUMENTS, map(float, side), strict=True))) for side in (first, second))
    there, back = difference(one, other), difference(other, one)
    assert there.difference == pytest.approx(-back.difference)
    assert (there.low, there.high) == (pytest.approx(-back.high), pytest.approx(-back.low))
    assert there.better == pytest.approx(1 - back.better)
    assert there.difference == pytest.approx(
        composite_of(other, DOCUMENTS, WEIGHTS) - composite_of(one, DOCUMENTS, WEIGHTS)
    )


def test_a_draw_is_what_scoring_the_drawn_documents_gives() -> None:
    """One resampled set against the same set scored from its pages."""
    side = scores({page: float(number % 7) for number, page in enumerate(DOCUMENTS)})
    counts = draw_documents(8, 1, seed=5)[0]
    by_hand = sum(
        count * side.metrics["values"].by_page[page][0]
        for name, count in zip("abcdefgh", counts, strict=True)
        for page in DOCUMENTS
        if page.startswith(name)
    )
    assert (counts @ document_sums(side, DOCUMENTS)[:, METRICS.index("values"), 0]) == pytest.approx(by_hand)


def test_pages_of_one_document_stand_and_fall_together() -> None:
    """The same numbers as one page a document give a narrower interval than as two documents of many pages."""
    right = {page: float(number % 2 * 10) for number, page in enumerate(DOCUMENTS)}
    alone = {page: page for page in DOCUMENTS}
    halves = {page: str(right[page] > 0) for page in DOCUMENTS}
    found = [difference(everywhere(5), scores(right), documents) for documents in (alone, halves)]
    assert found[0].high - found[0].low < found[1].high - found[1].low


def test_only_the_same_gold_set_is_compared() -> None:
    with pytest.raises(ComparisonError, match="different gold sets"):
        difference(scores({"p": 1}), scores({"p": 1}, gold="other"), {"p": "d"})


@pytest.mark.parametrize(
    ("low", "high", "documents", "outcome"),
    [
        (5.0, 9.0, 9, Outcome.PASS),
        (4.9, 9.0, 9, Outcome.UNDECIDED),
        (1.0, 4.9, 9, Outcome.FAIL),
        (1.0, 5.0, 9, Outcome.UNDECIDED),
        (6.0, 9.0, 4, Outcome.UNDECIDED),
    ],
)
def test_the_whole_interval_decides(low: float, high: float, documents: int, outcome: Outcome) -> None:
    found = Comparison(documents=documents, baseline=0, candidate=0, difference=0, low=low, high=high, better=0.5)
    assert decide(found, 5.0, 5) is outcome
    assert decide(None, 5.0, 5) is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("domain", "general", "least", "outcome"),
    [
        (7, 5, 4, Outcome.PASS),
        (7, 4, 4, Outcome.FAIL),
        (5, 5, 4, Outcome.FAIL),
        (7, 5, 5, Outcome.UNDECIDED),
    ],
)
def test_the_verdict_needs_both_gates(domain: float, general: float, least: int, outcome: Outcome) -> None:
    candidate = scores({page: float(general if name in "efgh" else domain) for page, name in DOCUMENTS.items()})
    gate = GATE.model_copy(update={"documents": least})
    verdict = judge(PAGES, everywhere(5), candidate, WEIGHTS, gate)
    assert verdict.outcome is outcome
    assert verdict.domain.comparison is not None
    assert verdict.domain.comparison.documents == 4
    assert verdict.as_json()["outcome"] == outcome


def test_the_sentence_says_the_numbers_in_both_languages() -> None:
    verdict = judge(PAGES, everywhere(5), everywhere(7), WEIGHTS, GATE)
    assert verdict.en.startswith("Undecided: 70.0 against 50.0 points on 4 domain documents, a difference of +20.0")
    assert "fewer than 5 documents decide nothing" in verdict.en
    assert verdict.zh.startswith("未定：4 份领域文档上得 70.0 分，基线 50.0 分")


def test_without_general_documents_nothing_is_decided() -> None:
    domain = [page for page in PAGES if page.family != "general"]
    verdict = judge(domain, everywhere(5), everywhere(7), WEIGHTS, GATE.model_copy(update={"documents": 2}))
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.en.endswith("The gold set has no general documents to compare on.")
