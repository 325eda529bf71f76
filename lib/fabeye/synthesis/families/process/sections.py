"""The sections of a process manual, each from the same plan: what a table says, a chart shows and a text repeats."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fabeye.synthesis.blocks import Block, Columns, Group, Landscape, Node, item, paragraph, stamp, table, title
from fabeye.synthesis.families.drafting import Draft, left, value
from fabeye.synthesis.families.process import prose
from fabeye.synthesis.families.process.module import Module, Parameter
from fabeye.synthesis.families.process.modules import MODULES
from fabeye.synthesis.figures.control import Control, draw_spc, sampled
from fabeye.synthesis.figures.film import draw_film_stack
from fabeye.synthesis.figures.fishbone import draw_fishbone
from fabeye.synthesis.figures.flow import draw_ocap
from fabeye.synthesis.markup import to_plain
from fabeye.synthesis.scenario.names import Person, draw_people, draw_tool
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase, spelt

Section = Callable[[Draft, "Plan"], list[Node]]
DEMAND = 1.33  # least Cpk
FIRST_DAY = date(2021, 3, 1)
DAYS = 1500
EMPTY, TICKED = "☐", "☑"
WHEN_TICKED = 0.35  # of check lists that have been filled in
FLOW_HEADS = (
    Phrase("Seq.", "序号"), Phrase("Step ID", "站点代码"), Phrase("Step name", "站点名称"), Phrase("Layer", "层次"),
    Phrase("Tool group", "机台群"), Phrase("Recipe", "程式"), Phrase("Target ± tol.", "目标 ± 公差"),
    Phrase("Unit", "单位"), Phrase("Metrology", "量测"), Phrase("Sampling", "抽样"),
)  # fmt: skip
CHECK_HEADS = (
    Phrase("No.", "序号"), Phrase("Check", "检查项目"), Phrase("Criterion", "判据"), Phrase("Interval", "周期"),
    Phrase("OK", "合格"), Phrase("NG", "不合格"), Phrase("Checked by", "点检人"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What one manual is about.

    settings: set point and window of each parameter. controls: quantities under control. flow: (step, layer).
    """

    module: Module
    number: str
    revision: int
    effective: date
    people: tuple[Person, ...]
    tool: str
    recipe: str
    settings: tuple[tuple[Parameter, float, float], ...]
    controls: tuple[Control, ...]
    flow: tuple[tuple[str, str], ...]

    def facts(self, draft: Draft) -> dict[str, str]:
        """What fills the slots of the wording."""
        return {
            "module": self.module.name.said(draft.language).lower() if draft.language == "en" else self.module.name.zh,
            "tool": value("", "TOOL", self.tool),
            "recipe": value("", "RECIPE", self.recipe),
            "owner": value("", "PERSON", self.people[0].name),
            "step": self.flow[0][0],
            "quantity": _inside(self.controls[0].name),
            "slot": str(draft.rng.randint(2, 24)),
            "count": str(draft.rng.randint(3, 9)),
            "port": str(draft.rng.randint(1, 4)),
            "low": str(draft.rng.randint(10, 40)),
            "high": str(draft.rng.randint(45, 120)),
        }


def draw_plan(rng: Random, language: str) -> Plan:
    """Draw what a manual is about."""
    module = rng.choice(MODULES)
    controls = []
    for quantity in module.quantities:
        target = round(rng.uniform(quantity.low, quantity.high), quantity.digits)
        room = max(round(target * quantity.window, quantity.digits), 5 * 10.0**-quantity.digits)
        controls.append(sampled(rng, quantity.name.said(language), quantity.unit, quantity.digits, target, room))
    settings = []
    for parameter in module.parameters:
        point = round(rng.uniform(parameter.low, parameter.high), parameter.digits)
        window = max(round(point * parameter.window, parameter.digits), 10.0**-parameter.digits)
        settings.append((parameter, point, window))
    flow = tuple(rng.sample(module.steps, rng.randint(3, len(module.steps))))
    return Plan(
        module=module,
        number=f"SOP-{module.code}-{rng.randint(1000, 9999)}",
        revision=rng.randint(2, 5),
        effective=FIRST_DAY + timedelta(days=rng.randint(0, DAYS)),
        people=tuple(draw_people(rng, language, 4)),
        tool=draw_tool(rng, module.tool),
        recipe=_recipe(rng, module, flow[0][0]),
        settings=tuple(settings),
        controls=tuple(controls),
        flow=flow,
    )


def front(draft: Draft, plan: Plan) -> list[Node]:
    """Title, document control, approvals and revision history."""
    name = draft.say(Phrase("Work instruction: <module>", "作业指导书：<module>"))
    control = [
        (Phrase("Document No.", "文件编号"), value("doc_no", "CASE", plan.number)),
        (Phrase("Revision", "版本"), value("revision", "", f"{plan.revision}.0")),
        (Phrase("Effective date", "生效日期"), value("effective_date", "", f"{plan.effective:%Y-%m-%d}")),
        (Phrase("Module", "模块"), plan.module.name.said(draft.language)),
        (Phrase("Tool group", "机台群"), value("tool", "TOOL", plan.tool)),
        (Phrase("Recipe", "程式"), value("recipe", "RECIPE", plan.recipe)),
        (Phrase("Process owner", "工艺负责人"), value("owner", "PERSON", plan.people[0].name)),
        (Phrase("Contact", "联系方式"), value("email", "EMAIL", plan.people[0].mail)),
    ]
    cells = [cell for label, text in control for cell in (Cell(draft.heads(label)[0].text, heading=True), left(text))]
    form = table([cells[start : start + 4] for start in range(0, len(cells), 4)], "auto, 1fr, auto, 1fr")
    sign = stamp("受控文件" if draft.language != "en" else "CONTROLLED", plan.effective.strftime("%Y.%m.%d"))
    signed = (
        Columns(((_approvals(draft, plan),), (sign,)), (4, 1)) if draft.rng.random() < 0.5 else _approvals(draft, plan)
    )
    return [title(name, size=16, align="center"), form, signed, _history(draft, plan)]


def aims(draft: Draft, _plan: Plan) -> list[Node]:
    """Purpose, scope, responsibility, terms."""
    rows = [draft.heads(Phrase("Term", "术语"), Phrase("Meaning", "含义"))]
    rows += [[Cell(term), left(draft.say(meaning))] for term, meaning in draft.some(prose.TERMS, 4, 7)]
    return [
        draft.chapter(Phrase("Purpose", "目的")), draft.footnoted(prose.PURPOSE, 1, 3, prose.NOTES),
        draft.chapter(Phrase("Scope", "适用范围")), draft.footnoted(prose.SCOPE, 2, 3, prose.NOTES),
        draft.chapter(Phrase("Responsibility", "职责")), *draft.listed(draft.some(prose.ROLES, 3, 5)),
        draft.tabled(Phrase("Terms", "术语"), rows, "auto, 1fr"),
    ]  # fmt: skip


def safety(draft: Draft, plan: Plan) -> list[Node]:
    """Warnings and chemicals."""
    heads = draft.heads(
        Phrase("Chemical", "化学品"),
        Phrase("Hazard", "危害"),
        Phrase("Protection", "防护"),
        Phrase("Stock limit", "存量上限"),
    )
    rows = [heads]
    for name in draft.some(plan.module.chemicals, 3, 6):
        hazard = draft.say(prose.HAZARDS[name])
        limit = f"{draft.rng.choice((2, 5, 10, 20, 50))} kg"
        rows.append([Cell(spelt(name)), left(hazard), left(draft.say(prose.protection(name))), Cell(limit)])
    warnings = [_warning(draft, prose.WARNING, phrase) for phrase in plan.module.warnings]
    return [
        draft.chapter(Phrase("Safety", "安全")), *warnings,
        draft.tabled(Phrase("Chemicals and gases of the area", "本区化学品与气体"), rows, "auto, 1fr, 1fr, auto"),
    ]  # fmt: skip


def flow(draft: Draft, plan: Plan) -> list[Node]:
    """The process flow, on a page on its side or upright, and the film stack."""
    rows, quantity = [draft.heads(*FLOW_HEADS)], plan.module.quantities[0]
    for number, (step, layer) in enumerate(plan.flow, start=1):
        code = f"{draft.rng.randint(1000, 9990)}.{draft.rng.randint(100, 990)}"
        recipe = plan.recipe if number == 1 else _recipe(draft.rng, plan.module, step)
        tolerance = _target(draft, plan, number)
        rows.append(
            [Cell(str(10 * number)), Cell(code), left(step), Cell(layer), Cell(value("", "TOOL", plan.tool[:-1])),
             left(value("", "RECIPE", recipe)), Cell(tolerance), Cell(quantity.unit), Cell(quantity.gauge),
             Cell(draft.rng.choice(("2/25", "3/25", "5/25", "1 lot/shift")))]
        )  # fmt: skip
    name = Phrase("Process flow of <module>", "<module>工艺流程")
    whole = draft.tabled(name, rows, "auto, auto, 1fr, auto, auto, auto, auto, auto, auto, auto")
    stack = draft.pictured(
        Phrase("Film stack before <step>", "<step> 前的薄膜叠层"), draw_film_stack(draft.rng, draft.language)
    )
    head = draft.chapter(Phrase("Process flow", "工艺流程"))
    intro = draft.text(
        Phrase(
            "The lot passes <count> steps in this area. Targets are those of the current product mix.",
            "批次在本区经过 <count> 个站点，目标值对应当前产品组合。",
        ),
        count=len(plan.flow),
    )
    return [Landscape((head, intro, whole, stack))]


def procedure(draft: Draft, plan: Plan) -> list[Node]:
    """Numbered steps with their cautions, and the recipe's settings."""
    steps = [*draft.some(prose.GENERAL_STEPS, 4, 6), *draft.some(plan.module.procedure, 3, 5)]
    steps += draft.some(prose.CLOSING_STEPS, 2, 3)
    nodes: list[Node] = [draft.chapter(Phrase("Procedure", "作业步骤"))]
    cautions = dict(zip(draft.rng.sample(range(2, len(steps)), 2), draft.rng.sample(prose.HANDLING, 2), strict=True))
    for number, phrase in enumerate(steps, start=1):
        nodes.append(item(f"{draft.chapters}.{number}", draft.say(phrase)))
        if number in cautions:
            nodes.append(_warning(draft, prose.CAUTION, cautions[number]))
    rows = [
        draft.heads(
            Phrase("Parameter", "参数"), Phrase("Set point", "设定值"), Phrase("Low alarm", "下限报警"),
            Phrase("High alarm", "上限报警"), Phrase("Unit", "单位"),
        )
    ]  # fmt: skip
    for parameter, point, window in plan.settings:
        low, high = (f"{limit:.{parameter.digits}f}" for limit in (point - window, point + window))
        name = draft.say(parameter.name)
        rows.append([left(name), Cell(f"{point:.{parameter.digits}f}"), Cell(low), Cell(high), Cell(parameter.unit)])
    return [
        *nodes,
        draft.tabled(Phrase("Settings of recipe <recipe>", "程式 <recipe> 设定"), rows, "1fr, auto, auto, auto, auto"),
    ]


def control(draft: Draft, plan: Plan) -> list[Node]:
    """Limits, chart, capability, what to do when a limit is broken."""
    first = plan.controls[0]
    limits = draft.tabled(
        Phrase("Specification and control limits", "规格限与控制限"), _limit_rows(draft, plan), "1fr" + ", auto" * 8
    )
    intro = draft.passage(
        prose.SPC_TEXTS, 1, 1, table=draft.tables, samples=len(first.readings), size=len(first.readings[0])
    )
    chart = draft.pictured(
        Phrase("Control chart of <quantity>, <tool>", "<quantity>控制图，<tool>"),
        draw_spc(draft.rng, draft.language, first),
    )
    points = first.outside()
    finding = (prose.INSIDE, prose.OUTSIDE_ONCE, prose.OUTSIDE)[min(len(points), 2)]
    said = draft.text(finding, figure=draft.figures, points=", ".join(map(str, points)))
    capable = prose.CAPABLE if first.cpk() >= DEMAND else prose.NOT_CAPABLE
    able = draft.text(capable, cpk=value("cpk", "", f"{first.cpk():.2f}"), demand=DEMAND)
    head = draft.chapter(Phrase("Control limits", "控制限"))
    return [head, intro, limits, chart, said, able]


def reaction(draft: Draft, plan: Plan) -> list[Node]:
    """The plan of actions: table and flow chart, and now and then the causes to look for."""
    rows = [draft.heads(Phrase("Signal", "信号"), Phrase("Reaction", "处理"), Phrase("Within", "时限"))]
    for signal, action, minutes in draft.some(prose.REACTIONS, 3, 5):
        rows.append([left(draft.say(signal)), left(draft.say(action)), Cell(f"{minutes} min")])
    nodes: list[Node] = [
        draft.chapter(Phrase("Out-of-control action plan", "失控行动计划（OCAP）")),
        draft.tabled(Phrase("Signals and reactions", "信号与处理"), rows, "1fr, 1fr, auto"),
        draft.pictured(Phrase("OCAP of <module>", "<module> OCAP 流程"), draw_ocap(draft.rng, draft.language)),
    ]
    if draft.rng.random() < 0.4:
        effect = Phrase(f"{to_plain(plan.controls[0].name)} out", f"{plan.controls[0].name}异常")
        name = Phrase("Causes to look for", "可能原因")
        nodes.append(draft.pictured(name, draw_fishbone(draft.rng, draft.language, effect)))
    return nodes


def upkeep(draft: Draft, plan: Plan) -> list[Node]:
    """Check list with boxes to tick, and records to keep."""
    rows = [draft.heads(*CHECK_HEADS)]
    filled = draft.rng.random() < WHEN_TICKED
    for number, (check, criterion) in enumerate(draft.some(plan.module.checks, 4, 5), start=1):
        good = draft.rng.random() < 0.9
        boxes = (TICKED if filled and good else EMPTY, TICKED if filled and not good else EMPTY)
        by = value("", "EMPLOYEE", draft.rng.choice(plan.people).number) if filled else ""
        interval = draft.say(draft.rng.choice(prose.INTERVALS))
        rows.append(
            [Cell(str(number)), left(draft.say(check)), left(draft.say(criterion)), Cell(interval),
             *(Cell(box) for box in boxes), Cell(by)]
        )  # fmt: skip
    kept = [draft.heads(Phrase("Record", "记录"), Phrase("Kept for", "保存期限"))]
    years = Phrase("<years> years", "<years> 年")
    kept += [
        [left(draft.say(name)), Cell(draft.say(years, years=count))] for name, count in draft.some(prose.RECORDS, 3, 5)
    ]
    return [
        draft.chapter(Phrase("Maintenance and records", "保养与记录")),
        draft.tabled(Phrase("Check list of <tool>", "<tool> 点检表"), rows, "auto, 1fr, auto, auto, auto, auto, auto"),
        draft.tabled(Phrase("Records", "记录"), kept, "1fr, auto"),
        _references(draft),
    ]


def _recipe(rng: Random, module: Module, step: str) -> str:
    return f"{step.split()[0].replace('/', '')}_{module.code}_{rng.randint(100, 999)}_V{rng.randint(1, 12)}"


def _inside(name: str) -> str:
    """A name as it is written inside a sentence: small, unless it is an abbreviation."""
    return name if name[1].isupper() else name[0].lower() + name[1:]


def _target(draft: Draft, plan: Plan, number: int) -> str:
    """Target and tolerance of a step: of the first that of its control chart, of the others drawn."""
    quantity, first = plan.module.quantities[0], plan.controls[0]
    target, room = first.target, first.upper - first.target
    if number > 1:
        target = draft.rng.uniform(quantity.low, quantity.high)
        room = target * quantity.window
    return f"{target:.{quantity.digits}f} ± {room:.{quantity.digits}f}"


def _approvals(draft: Draft, plan: Plan) -> Block:
    names = (Phrase("Prepared by", "编制"), Phrase("Checked by", "审核"), Phrase("Approved by", "批准"))
    fields = ("author", "reviewer", "approver")
    rows = [
        draft.heads(
            Phrase("Role", "角色"), Phrase("Name", "姓名"), Phrase("Employee No.", "工号"), Phrase("Date", "日期")
        )
    ]
    for days, (name, field, person) in enumerate(zip(names, fields, plan.people[1:], strict=True)):
        day = plan.effective - timedelta(days=14 - 4 * days)
        number = value("", "EMPLOYEE", person.number)
        rows.append(
            [Cell(draft.say(name)), Cell(value(field, "PERSON", person.name)), Cell(number), Cell(f"{day:%Y-%m-%d}")]
        )
    return table(rows, "1fr, 1fr, 1fr, 1fr")


def _history(draft: Draft, plan: Plan) -> Group:
    heads = (Phrase("Rev.", "版本"), Phrase("Date", "日期"), Phrase("Change", "变更内容"), Phrase("By", "变更人"))
    rows = [draft.heads(*heads)]
    changes = [prose.CHANGES[0], *draft.rng.sample(prose.CHANGES[1:], plan.revision - 1)]
    for number, change in enumerate(changes, start=1):
        day = plan.effective - timedelta(days=210 * (plan.revision - number))
        person = plan.people[number % len(plan.people)]
        rows.append(
            [
                Cell(f"{number}.0"),
                Cell(f"{day:%Y-%m-%d}"),
                left(draft.say(change)),
                Cell(value("", "PERSON", person.name)),
            ]
        )
    return draft.tabled(Phrase("Revision history", "修订记录"), rows, "auto, auto, 1fr, auto")


def _warning(draft: Draft, kind: Phrase, phrase: Phrase) -> Block:
    return paragraph(f"⚠ {draft.say(kind)}: {draft.say(phrase)}", colour=draft.rng.choice(("#b00020", "#9a5b00")))


def _limit_rows(draft: Draft, plan: Plan) -> list[list[Cell]]:
    heads = [
        Phrase("Quantity", "项目"),
        Phrase("Unit", "单位"),
        *(Phrase(name, name) for name in ("LSL", "Target", "USL", "LCL", "CL", "UCL", "Cpk")),
    ]
    rows = [draft.heads(*heads)]
    for one in plan.controls:
        found = one.limits()
        spec = [Cell(one.written(limit)) for limit in (one.lower, one.target, one.upper)]
        limits = [Cell(one.written(found[name], 1)) for name in ("LCL", "CL", "UCL")]
        rows.append([left(one.name), Cell(one.unit), *spec, *limits, Cell(f"{one.cpk():.2f}")])
    return rows


def _references(draft: Draft) -> Block:
    rng = draft.rng
    others = [f"SOP-{code}-{rng.randint(1000, 9999)}" for code in rng.sample(("MET", "SAF", "QUA", "MNT", "TRN"), 3)]
    listed = "; ".join(value("", "CASE", number) for number in others)
    return draft.cited(Phrase("See also: <listed>.", "参见：<listed>。"), listed=listed)
