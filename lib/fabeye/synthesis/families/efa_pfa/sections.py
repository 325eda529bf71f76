"""The sections of a report on one case: their sentences, tables and figures, whatever form they are arranged in.

Notable:
- A case is drawn, its exhibits are drawn and measured, and only then is anything written: the numbers in a sentence, a
  table and a picture are the same numbers.
- Every value is a `Facts` value, so it is marked as key information or as sensitive wherever it stands.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from fabeye.schema import Sensitive
from fabeye.synthesis.blocks import Block, Columns, Node, captioned_figure, captioned_table, figure, table
from fabeye.synthesis.families.efa_pfa import measures, phrases
from fabeye.synthesis.families.efa_pfa.exhibits import SECTIONS, Evidence
from fabeye.synthesis.families.efa_pfa.labels import CAPTIONS, FIELDS, RESULTS, STATES
from fabeye.synthesis.families.efa_pfa.phrases import Ways
from fabeye.synthesis.imagery.signature import size_of
from fabeye.synthesis.scenario.case import Case
from fabeye.synthesis.scenario.facts import DATE_FORMS, Facts, facts_of, sentence
from fabeye.synthesis.scenario.kinds import EMMI, OBIRCH
from fabeye.synthesis.style import Style
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

MOST_VALUES = 9  # of fields that not every report has, how many a key table shows at most
ALWAYS = ("case_no", "product", "lot_id", "wafer_id", "fail_mode", "source", "requester", "analyst", "request_date")
LONG = ("email", "customer")
OWNERS = ("first", "second", "third")


class Report:
    """A case with its evidence and its facts, and the blocks that tell of them."""

    def __init__(self, rng: Random, style: Style, case: Case, evidence: Evidence):
        self.rng, self.language, self.style = rng, case.language, style
        self.case, self.evidence = case, evidence
        form = rng.choice(DATE_FORMS["en" if case.language == "en" else "zh"])
        self.facts: Facts = facts_of(case, evidence.measured, form)
        self.figures = self.tables = self.headings = 0

    @property
    def pictures(self) -> dict[str, bytes]:
        """All picture files by name."""
        return {exhibit.file: exhibit.content for exhibit in self.evidence.exhibits.values()}

    def say(self, phrase: Phrase) -> str:
        """A phrase with its values filled in."""
        return self.facts.fill(phrase)

    def pick(self, ways: Ways) -> str:
        """One of several ways to say something, filled in."""
        return self.say(self.rng.choice(ways))

    def has(self, exhibit: str) -> bool:
        """Whether the case has this exhibit."""
        return exhibit in self.evidence.exhibits

    # ---------------------------------------------------------------------------------------------------- sentences

    def name(self) -> str:
        """The report's title."""
        titles = (
            Phrase("EFA / PFA report – $fail_mode", "EFA / PFA 分析报告 – $fail_mode", "EFA / PFA report – $fail_mode"),
            Phrase("Failure analysis of $lot_id", "$lot_id 失效分析报告", "$lot_id FA report"),
            Phrase("$product $fail_mode: analysis", "$product $fail_mode分析", "$product $fail_mode FA 结果"),
        )
        return self.pick(titles)

    def background(self) -> list[str]:
        """Why the part came to the laboratory."""
        if self.case.source == "RMA":
            return [self.pick(phrases.CUSTOMER)]
        ways = phrases.BACKGROUND
        return [self.pick(ways)]

    def summary(self) -> list[str]:
        """The result in a sentence."""
        return [self.pick(phrases.SUMMARY if self.case.find else phrases.CLOSED)]

    def electrical(self) -> list[str]:
        """What the tester, the wafer and the curves say."""
        told = [("wafer", phrases.WAFER), ("bitmap", phrases.BITS), ("iv", phrases.CURRENTS), ("sat", phrases.PACKAGE)]
        lines = [self.pick(ways) for exhibit, ways in told if self.has(exhibit)]
        return lines if self.case.find else [*lines, self.pick(phrases.NOT_FOUND)]

    def localised(self) -> list[str]:
        """How the place was found, method by method."""
        lines = []
        for method in self.case.scenario.methods:
            ways = phrases.METHODS[method]
            if (method == OBIRCH and EMMI in self.case.scenario.methods) or self.case.scenario.key == "pin":
                ways = ways[1:]  # the first way tells why nothing shines, or of probes inside the die
            lines.append(self.pick(ways))
        return lines

    def physical(self) -> list[str]:
        """What the microscope shows."""
        find = self.case.find
        if not find:
            return []
        lines = [self.pick(phrases.SECTION if find.structure in SECTIONS else phrases.PHYSICAL)]
        return [*lines, self.pick(phrases.EDX)] if find.elements else lines

    def cause(self) -> list[str]:
        """Root cause, and how it fits."""
        return [self.pick(phrases.CAUSE), self.pick(phrases.LINK)] if self.case.find else [self.pick(phrases.NO_CAUSE)]

    # ------------------------------------------------------------------------------------------------------- tables

    def keys(self, pairs: int = 2, least: bool = False, narrow: bool = False) -> Block:
        """The table of key information with `pairs` of label and value side by side; `least`: what all reports have.

        narrow: there is no room for a value that is long and cannot break.
        """
        names = [name for name, _ in FIELDS if self.facts.has(name) and not (narrow and name in LONG)]
        free = [name for name in names if name not in ALWAYS]
        kept = set(ALWAYS) | set(self.rng.sample(free, min(MOST_VALUES, len(free))) if not least else ())
        cells = [
            cell
            for name, label in FIELDS
            if name in kept and self.facts.has(name)
            for cell in (
                Cell(sentence(self.language, label), heading=True, align="left"),
                Cell(self.facts.value(name), align="left"),
            )
        ]
        cells += [Cell(""), Cell("")] * (-(len(cells) // 2) % pairs)
        rows = [cells[start : start + 2 * pairs] for start in range(0, len(cells), 2 * pairs)]
        return table(rows, ", ".join(["auto, 1fr"] * pairs))

    def results(self, most: int = len(RESULTS)) -> Node | None:
        """Table of what was measured and found, the last `most` lines of it; None where there is nothing."""
        found = [(name, label) for name, label in RESULTS if self.facts.has(name)][-most:]
        if len(found) < 3:
            return None
        words = Phrase("Item|Result", "项目|结果", "Item|Result")
        rows = [[Cell(word, heading=True) for word in sentence(self.language, words).split("|")]]
        for name, label in found:
            rows.append(
                [Cell(sentence(self.language, label), align="left"), Cell(self.facts.value(name), align="left")]
            )
        return self.captioned(Phrase("Results", "分析结果", "分析结果 summary"), table(rows, "auto, 1fr"))

    def actions(self) -> Node:
        """Table of actions with owner, due day and state."""
        words = Phrase("No.|Action|Owner|Due|Status", "序号|措施|负责人|期限|状态", "No.|Action|Owner|Due|Status")
        rows = [[Cell(word, heading=True) for word in sentence(self.language, words).split("|")]]
        for number, (text, owner, due, state) in enumerate(self.action_rows(), start=1):
            action = Cell(f"[[action:|{text}]]" if "[[" not in text else text, align="left")
            person = f"[[owner:{Sensitive.PERSON.value}|{owner}]]"
            rows.append(
                [Cell(str(number)), action, Cell(person), Cell(f"[[due:|{due}]]"), Cell(f"[[status:|{state}]]")]
            )
        body = table(rows, "auto, 1fr, auto, auto, auto")
        return self.captioned(Phrase("Actions", "改善措施", "Action list"), body)

    def action_rows(self) -> list[tuple[str, str, str, str]]:
        """(what, who, until when, state): what is done was due before the case was closed."""
        closed = self.case.schedule.closed
        dues = (closed - timedelta(days=1), closed + timedelta(days=10), closed + timedelta(days=30))
        if self.case.find:
            prefix = self.case.tool[:3]
            texts = [self.pick(ways) for ways in (measures.HOLD, measures.REMEDY, measures.WATCH[prefix])]
        else:
            texts = [self.say(way) for way in measures.NTF_ACTIONS]
        owners = [self.case.people[role].name for role in OWNERS]
        days = [self.facts.day(due) for due in dues]
        states = [sentence(self.language, state) for state in STATES]
        return list(zip(texts, owners, days, states, strict=True))

    def captioned(self, words: Phrase, body: Block) -> Node:
        """A table with the next number."""
        self.tables += 1
        label = sentence(self.language, Phrase(f"Table {self.tables}", f"表 {self.tables}"))
        return captioned_table(self.style, label, sentence(self.language, words), body, ())

    # ------------------------------------------------------------------------------------------------------ figures

    def figure(self, exhibit: str, width: float, height: float = 1e9) -> Node:
        """An exhibit with the next number, at most so many points wide and high."""
        shown = self.evidence.exhibits[exhibit]
        self.figures += 1
        label = sentence(self.language, Phrase(f"Figure {self.figures}", f"图 {self.figures}"))
        body = figure(shown.file, min(width, height * self._shape(exhibit)), shown.shown)
        return captioned_figure(self.style, label, self.pick(CAPTIONS[exhibit]), body)

    def row(self, exhibits: Sequence[str], width: float, height: float = 1e9) -> Node | None:
        """The exhibits that the case has, side by side within `width` points; None where it has none of them."""
        kept = [exhibit for exhibit in exhibits if self.has(exhibit)]
        if not kept:
            return None
        each = (width - 12.0 * (len(kept) - 1)) / len(kept)
        shares = tuple(1.0 for _ in kept)
        return Columns(tuple((self.figure(exhibit, each - 4, height),) for exhibit in kept), shares)

    def _shape(self, exhibit: str) -> float:
        """Width over height of an exhibit."""
        content = self.evidence.exhibits[exhibit].content
        if self.evidence.exhibits[exhibit].file.endswith(".svg"):
            return _svg_shape(content)
        width, height = size_of(content)
        return width / height


def _svg_shape(svg: bytes) -> float:
    box = svg.split(b'viewBox="', 1)[1].split(b'"', 1)[0].split()
    return float(box[2]) / float(box[3])
