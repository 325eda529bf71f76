"""Whether a reader has passed the gate: better by enough on domain documents, not worse on general ones.

Notable:
- A gate is passed when the whole interval of the difference lies at or above its margin, failed when the whole interval
  lies below it, and undecided in between: a point estimate decides nothing.
- The verdict is passed when both gates are, failed when one is, else undecided. Too few documents decide nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from fabeye.evaluation.bootstrap import Comparison, compare
from fabeye.evaluation.gold import GoldPage
from fabeye.evaluation.results import Scores
from fabeye.settings import CompositeSettings, GateSettings


class Outcome(StrEnum):
    """What a gate, or the verdict, says."""

    PASS = "pass"
    FAIL = "fail"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One condition: the candidate's difference must reach `margin` points. comparison: None where no page counts."""

    name: str
    margin: float
    outcome: Outcome
    comparison: Comparison | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found, and the sentence for people in both languages."""

    outcome: Outcome
    domain: Gate
    general: Gate
    en: str
    zh: str

    def as_json(self) -> dict[str, Any]:
        """Fit for a JSON file."""
        return asdict(self)


WORDS = {
    Outcome.PASS: ("Passed", "通过"),
    Outcome.FAIL: ("Failed", "未通过"),
    Outcome.UNDECIDED: ("Undecided", "未定"),
}
NAMES = {"domain": ("domain documents", "领域文档"), "general": ("general documents", "通用文档")}


def judge(
    pages: Sequence[GoldPage],
    baseline: Scores,
    candidate: Scores,
    weights: CompositeSettings,
    settings: GateSettings,
) -> Verdict:
    """Judge a candidate against a baseline, both scored on `pages`. Raises ComparisonError where they were not."""
    margins = {"domain": settings.domain_gain, "general": -settings.general_loss}
    gates = {}
    for name, margin in margins.items():
        documents = documents_of(pages, settings.general_families, general=name == "general")
        found = (
            compare(
                baseline,
                candidate,
                documents,
                weights,
                draws=settings.draws,
                seed=settings.seed,
                confidence=settings.confidence,
            )
            if documents
            else None
        )
        outcome = decide(found, margin, settings.documents)
        gates[name] = Gate(name=name, margin=margin, outcome=outcome, comparison=found)
    outcome = _together([gate.outcome for gate in gates.values()])
    en = " ".join(_sentence(gate, 0, settings) for gate in gates.values())
    zh = "".join(_sentence(gate, 1, settings) for gate in gates.values())
    return Verdict(outcome=outcome, **gates, en=f"{WORDS[outcome][0]}: {en}", zh=f"{WORDS[outcome][1]}：{zh}")


def decide(comparison: Comparison | None, margin: float, least_documents: int) -> Outcome:
    """Pass, fail or undecided, from the interval of a difference and the margin it must reach."""
    if comparison is None or comparison.documents < least_documents:
        return Outcome.UNDECIDED
    if comparison.low >= margin:
        return Outcome.PASS
    return Outcome.FAIL if comparison.high < margin else Outcome.UNDECIDED


def documents_of(pages: Sequence[GoldPage], general_families: Sequence[str], *, general: bool) -> dict[str, str]:
    """Page -> its document, of the general pages or of the domain's; a page without a document is one by itself."""
    chosen = [page for page in pages if (page.family in general_families) == general]
    return {page.page_id: page.document_id or page.page_id for page in chosen}


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    if Outcome.FAIL in outcomes:
        return Outcome.FAIL
    return Outcome.UNDECIDED if Outcome.UNDECIDED in outcomes else Outcome.PASS


def _sentence(gate: Gate, language: int, settings: GateSettings) -> str:
    """One sentence on a gate; language 0 is English, 1 Chinese."""
    name, found, outcome = NAMES[gate.name][language], gate.comparison, WORDS[gate.outcome][language]
    if found is None:
        return (
            f"The gold set has no {name} to compare on.",
            f"评测集中没有可供比较的{name}。",
        )[language]
    numbers = (
        f"{found.candidate:.1f} against {found.baseline:.1f} points on {found.documents} {name}, "
        f"a difference of {found.difference:+.1f} ({settings.confidence:.0%} interval {found.low:+.1f} to "
        f"{found.high:+.1f}; {gate.margin:+.1f} asked for)",
        f"{found.documents} 份{name}上得 {found.candidate:.1f} 分，基线 {found.baseline:.1f} 分，相差 "
        f"{found.difference:+.1f} 分（{settings.confidence:.0%} 置信区间 {found.low:+.1f} 至 {found.high:+.1f}，"
        f"要求 {gate.margin:+.1f}）",
    )[language]
    few = found.documents < settings.documents
    least = (f"; fewer than {settings.documents} documents decide nothing", f"；少于 {settings.documents} 份不作判定")
    return (
        f"{numbers}: {outcome.lower()}{least[0] if few else ''}.",
        f"{numbers}：{outcome}{least[1] if few else ''}。",
    )[language]
