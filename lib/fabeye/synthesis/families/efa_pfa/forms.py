"""One-page forms: the request that brings a part to the laboratory, and the eight disciplines (8D) of a complaint.

Notable:
- Check boxes are letters (☑ and ☐), so that what is ticked can be read; which are ticked follows from the case.
"""

from fabeye.synthesis.blocks import Columns, Group, Node, table, title
from fabeye.synthesis.families.efa_pfa import phrases
from fabeye.synthesis.families.efa_pfa.labels import FIELDS
from fabeye.synthesis.families.efa_pfa.paper import draw_stamp, signatures
from fabeye.synthesis.families.efa_pfa.sections import Report
from fabeye.synthesis.scenario.facts import sentence
from fabeye.synthesis.scenario.kinds import BITMAP, EMMI, OBIRCH, THERMAL
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

PICTURE_PT = 180.0  # height of a form's pictures; lower ones could not be read
YES, NO = "☑", "☐"
ASKED = (
    "case_no",
    "request_date",
    "requester",
    "dept",
    "employee_no",
    "phone",
    "email",
    "product",
    "density",
    "tech_node",
    "package",
    "lot_id",
    "wafer_id",
    "die_xy",
    "serial",
    "customer",
    "fail_bin",
    "fail_rate",
    "test_item",
    "condition",
)  # what a request asks for, in its order
SOURCES = ("CP1", "CP2", "FT1", "Burn-in", "SLT", "HTOL 500 h", "RMA")
SECRET = Phrase("Return the sample", "样品退回", "sample 退回"), Phrase("Keep the sample", "样品留存", "sample 留存")
URGENCY = (Phrase("Normal", "普通"), Phrase("Urgent", "加急"), Phrase("Line down", "停线", "Line down"))


def request_nodes(report: Report) -> tuple[list[Node], dict[str, bytes]]:
    """A request for failure analysis, and the files of its signatures."""
    words = Phrase("Failure analysis request", "失效分析委托单", "FA request form 失效分析委托单")
    signed, files = signatures(report)
    nodes: list[Node] = [title(report.say(words), size=16, align="center"), _asked(report)]
    shown = _shown(report, ("emmi" if report.has("emmi") else "bitmap", "sem"))
    return [*nodes, _boxes(report), _told(report), _closed(report, shown, signed)], files


def eight_nodes(report: Report) -> tuple[list[Node], dict[str, bytes]]:
    """An 8D report on one page, and the files of its signatures."""
    words = Phrase("8D report", "8D 报告", "8D report")
    signed, files = signatures(report)
    steps = _disciplines(report)
    rows = [[Cell(f"D{number}", heading=True), Cell(name, heading=True, align="left"), Cell(text, align="left")]
            for number, (name, text) in enumerate(steps, start=1)]  # fmt: skip
    nodes: list[Node] = [title(report.say(words), size=16, align="center"), report.keys(least=True)]
    shown = _shown(report, ("sem", "sem_good"))
    return [*nodes, table(rows, "auto, 90pt, 1fr"), _closed(report, shown, signed)], files


def ticked(chosen: bool, text: str) -> str:
    """A check box and its words."""
    return f"{YES if chosen else NO} {text}"


def _shown(report: Report, exhibits: tuple[str, ...]) -> list[Node]:
    """A row of pictures, no higher than a form has room for."""
    width = report.style.paper.width - 2 * report.style.paper.margin_x
    row = report.row(exhibits, width, PICTURE_PT)
    return [row] if row else []


def _closed(report: Report, shown: list[Node], signed: Node) -> Node:
    """The pictures, below them the signatures and the laboratory's stamp: a page never holds signatures alone."""
    return Group((*shown, Columns(((signed,), (draw_stamp(report.rng, report),)), (5.0, 1.0))))


def _asked(report: Report) -> Node:
    labels = dict(FIELDS)
    cells = []
    for name in ASKED:
        value = report.facts.value(name) if report.facts.has(name) else "—"
        cells += [Cell(sentence(report.language, labels[name]), heading=True, align="left"), Cell(value, align="left")]
    return table([cells[start : start + 4] for start in range(0, len(cells), 4)], "auto, 1fr, auto, 1fr")


def _boxes(report: Report) -> Node:
    """Source of the fail, methods asked for, urgency, and what becomes of the sample."""
    methods, find = report.case.scenario.methods, report.case.find
    asked = (
        ("Bitmap", BITMAP in methods),
        ("I–V", bool(report.case.scenario.current)),
        ("EMMI", EMMI in methods),
        ("OBIRCH", OBIRCH in methods),
        ("Thermal", THERMAL in methods),
        ("SEM", bool(find)),
        ("FIB", bool(find) and find is not None and find.structure not in ("lines", "holes")),
        ("EDX", bool(find) and find is not None and bool(find.elements)),
    )
    urgent = report.rng.randrange(len(URGENCY))
    kept = report.rng.randrange(2)
    lines = (
        (Phrase("Source", "失效来源", "Source"), [(name, name == report.case.source) for name in SOURCES]),
        (Phrase("Methods", "分析项目", "分析项目"), list(asked)),
        (Phrase("Urgency", "紧急程度"), [(report.say(word), n == urgent) for n, word in enumerate(URGENCY)]),
        (Phrase("Sample", "样品处理", "Sample"), [(report.say(word), n == kept) for n, word in enumerate(SECRET)]),
    )
    rows = [
        [
            Cell(report.say(name), heading=True, align="left"),
            Cell("   ".join(ticked(chosen, text) for text, chosen in choices), align="left"),
        ]
        for name, choices in lines
    ]
    return table(rows, "70pt, 1fr")


def _told(report: Report) -> Node:
    """What is known of the fail, and what the laboratory answered."""
    joint = " " if report.language == "en" else ""
    rows = [
        (Phrase("Description", "失效描述", "失效描述"), report.background() + report.electrical()),
        (Phrase("Result", "分析结论", "分析结论"), report.summary() + report.physical()),
        (Phrase("Root cause", "根本原因", "Root cause"), report.cause()),
    ]
    cells = [
        [Cell(report.say(name), heading=True, align="left"), Cell(joint.join(lines), align="left")]
        for name, lines in rows
    ]
    return table(cells, "70pt, 1fr")


def _disciplines(report: Report) -> list[tuple[str, str]]:
    """Name and text of D1 to D8."""
    joint = " " if report.language == "en" else ""
    (hold, *_), (fix, *_), (watch, *_) = report.action_rows()
    facts, people = report.facts, ("requester", "analyst", "reviewer")
    team = "、" if report.language != "en" else ", "
    verified = phrases.VERIFIED if report.case.find else phrases.NOT_VERIFIED
    closing = Phrase("Closed on $close_date, approved by $approver.", "$close_date 结案，批准人 $approver。")
    texts = (
        (Phrase("Team", "团队", "Team"), team.join(facts.value(role) for role in people)),
        (Phrase("Problem", "问题描述", "Problem"), joint.join(report.background() + report.electrical())),
        (Phrase("Containment", "临时措施", "Containment"), hold),
        (
            Phrase("Root cause", "根本原因", "Root cause"),
            joint.join(report.localised() + report.physical() + report.cause()),
        ),
        (Phrase("Corrective action", "永久对策", "Corrective action"), fix),
        (Phrase("Verification", "效果验证", "Verification"), report.pick(verified)),
        (Phrase("Prevention", "预防再发", "Prevention"), watch),
        (Phrase("Closure", "结案", "Closure"), report.say(closing)),
    )
    return [(sentence(report.language, name), text) for name, text in texts]
