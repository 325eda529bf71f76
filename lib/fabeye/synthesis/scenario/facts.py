"""The values of a case by the names that a form gives them, and sentences filled with them.

Notable:
- Each value is written once; every sentence, table and caption takes it from here, so they cannot disagree.
- In a mixed document the sentences are Chinese and the technical terms English, as engineers write.
- A template names a value as `$lot_id`; `${a_defect_type}` puts the English article before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import Template

from fabeye.schema import Sensitive
from fabeye.synthesis.scenario.case import Case
from fabeye.synthesis.scenario.layers import LAYERS
from fabeye.synthesis.wording import Phrase

DATE_FORMS = {"en": ("%Y-%m-%d", "%d-%b-%y", "%Y/%m/%d"), "zh": ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日")}
ARTICLE = "a_"  # prefix of a name in a template
VOWELS = "aeiouAEIOU"
CLAUSES = ("root_cause", "remedy")  # too long for one line, so in running text they are not marked as values

SENSITIVE = {
    "case_no": Sensitive.CASE,
    "requester": Sensitive.PERSON,
    "analyst": Sensitive.PERSON,
    "reviewer": Sensitive.PERSON,
    "approver": Sensitive.PERSON,
    "employee_no": Sensitive.EMPLOYEE,
    "email": Sensitive.EMAIL,
    "phone": Sensitive.PHONE,
    "product": Sensitive.PRODUCT,
    "lot_id": Sensitive.LOT,
    "wafer_id": Sensitive.WAFER,
    "serial": Sensitive.PRODUCT,
    "customer": Sensitive.CUSTOMER,
    "tool": Sensitive.TOOL,
    "chamber": Sensitive.TOOL,
    "recipe": Sensitive.RECIPE,
    "host": Sensitive.HOST,
    "address": Sensitive.ADDRESS,
    "station": Sensitive.ADDRESS,
    "mask": Sensitive.PRODUCT,
    "microscope": Sensitive.TOOL,
    "camera": Sensitive.TOOL,
}
SOURCES = {
    "RMA": Phrase("customer return (RMA)", "客户退回 (RMA)", "RMA"),
    "Burn-in": Phrase("burn-in", "老化测试", "Burn-in"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Values of one case in one language, by name; what a case does not have is not among them."""

    language: str
    texts: Mapping[str, str]
    date_form: str

    def has(self, name: str) -> bool:
        """Whether the case has such a value."""
        return bool(self.texts.get(name))

    def value(self, name: str) -> str:
        """The value in the notation of markup.py. Raises KeyError for one that the case does not have."""
        kind = SENSITIVE.get(name)
        return f"[[{name}:{kind.value if kind else ''}|{self.texts[name]}]]"

    def fill(self, template: Phrase) -> str:
        """A sentence with its values. Raises KeyError for one that the case does not have."""
        found = _Values(self)
        return Template(sentence(self.language, template)).substitute(found)

    def day(self, when: date) -> str:
        """A date as this document writes dates."""
        return when.strftime(self.date_form)


class _Values(dict[str, str]):
    """What a template's names stand for."""

    def __init__(self, facts: Facts):
        super().__init__()
        self.facts = facts

    def __missing__(self, name: str) -> str:
        if name in CLAUSES:
            return self.facts.texts[name]
        if not name.startswith(ARTICLE):
            return self.facts.value(name)
        name = name.removeprefix(ARTICLE)
        return f"{article(self.facts.texts[name])} {self.facts.value(name)}"


def facts_of(case: Case, measured: Mapping[str, str], date_form: str) -> Facts:
    """All values of a case; `measured` are those that its pictures and curves show."""
    day = {
        f"{name}_date": when.strftime(date_form)
        for name, when in (
            ("request", case.schedule.requested),
            ("test", case.schedule.tested),
            ("locate", case.schedule.located),
            ("observe", case.schedule.observed),
            ("close", case.schedule.closed),
        )
    }
    return Facts(case.language, {**day, **_ids(case), **_fail(case), **_found(case), **measured}, date_form)


def sentence(language: str, phrase: Phrase) -> str:
    """A whole sentence: in a mixed document its mixed wording, or else Chinese."""
    return phrase.said(language)


def term(language: str, phrase: Phrase) -> str:
    """A technical term: in a mixed document its mixed wording, or else English."""
    return phrase.mixed or phrase.en if language == "mixed" else phrase.said(language)


def article(noun: str) -> str:
    """The English indefinite article for a noun.

    >>> article("open via"), article("void"), article("ESD diode")
    ('an', 'a', 'an')
    """
    return "an" if noun[0] in VOWELS else "a"


def _ids(case: Case) -> dict[str, str]:
    people = case.people
    return {
        "case_no": case.number,
        "requester": people["requester"].name,
        "dept": term(case.language, case.department),
        "analyst": people["analyst"].name,
        "reviewer": people["reviewer"].name,
        "approver": people["approver"].name,
        "employee_no": people["requester"].number,
        "email": people["requester"].mail,
        "phone": people["requester"].phone,
        "product": case.product,
        "tech_node": case.node,
        "density": case.density,
        "lot_id": case.lot,
        "wafer_id": f"#{case.wafer:02d}",
        "serial": "" if case.pattern else case.serial,
        "package": "" if case.pattern else case.package,
        "customer": "" if case.pattern else case.customer,  # a wafer under test is sold to nobody yet
        "host": case.host,
        "address": case.address_ip,
        "station": case.station,
        "mask": case.mask,
        "microscope": case.microscope,
        "camera": case.camera,
    }


def _fail(case: Case) -> dict[str, str]:
    scenario, address = case.scenario, case.address
    place = f"BK{address.bank}, X=0x{address.row:04X}, Y=0x{address.column:03X}, DQ{address.pin}"
    return {
        "source": term(case.language, SOURCES.get(case.source, Phrase(case.source, case.source))),
        "test_item": term(case.language, scenario.item),
        "condition": term(case.language, scenario.condition),
        "fail_bin": f"SB {case.soft_bin} / HB {case.hard_bin}",
        "soft_bin": f"BIN{case.soft_bin}",
        "fail_mode": term(case.language, scenario.mode),
        "fail_rate": f"{case.fail_percent:.1f} %",
        "yield_loss": f"{case.loss_percent:.1f} %",
        "phys_addr": place if scenario.bitmap and scenario.bitmap != "scatter" else "",
    }


def _found(case: Case) -> dict[str, str]:
    find = case.find
    if not find:
        return {}
    return {
        "defect_layer": find.layer,
        "layer_name": term(case.language, LAYERS[find.layer].name),
        "defect_type": term(case.language, find.finding),
        "element": ", ".join(find.elements),
        "root_cause": sentence(case.language, find.mechanism),
        "remedy": sentence(case.language, find.remedy),
        "step": find.step,
        "tool": case.tool,
        "chamber": case.chamber,
        "recipe": case.recipe,
    }
