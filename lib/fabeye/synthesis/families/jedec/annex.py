"""What comes after the last clause: worked examples, a listing, differences to earlier revisions, the feedback form."""

from fabeye.synthesis.blocks import NewPage, Node, code, paragraph
from fabeye.synthesis.families.jedec.draft import Draft, Row
from fabeye.synthesis.families.jedec.front import MONTHS, Names
from fabeye.synthesis.scenario.names import draw_people
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

REVISION_TITLES = (
    Phrase("Differences between revisions", "版本差异"),
    Phrase("Revision history", "修订记录"),
    Phrase("Changes since the last issue", "自上一版以来的更改"),
)
CHANGES = (
    Phrase("Clause <clause>: wording made clearer, no change of content", "第 <clause> 条：表述更清楚，内容不变"),
    Phrase("Clause <clause>: example added", "第 <clause> 条：增加示例"),
    Phrase("Clause <clause>: 'may' changed to 'shall'", "第 <clause> 条：“可”改为“应”"),
    Phrase("Limits of <name>-<rate> added throughout", "全文增加 <name>-<rate> 限值"),
    Phrase("Density of <density> Gb added throughout", "全文增加 <density> Gb 容量"),
)
TABLE_CHANGES = (
    Phrase("<table>: a note corrected", "<table>：更正注"),
    Phrase("<table>: values to be decided replaced", "<table>：填入待定值"),
    Phrase("<table>: order of rows changed", "<table>：调整行序"),
)
FIGURE_CHANGES = (
    Phrase("<figure> redrawn, no change of content", "<figure>：重新绘制，内容不变"),
    Phrase("<figure>: labels made larger", "<figure>：放大标注"),
)
FIRST = Phrase("First issue", "首次发布")
REVISION_TEXTS = (
    Phrase("The table lists what changed; spelling is not mentioned.", "下表列出更改内容，不含文字勘误。"),
    Phrase("Editorial changes carry the letter E, technical ones the letter T.", "编辑性更改标 E，技术性更改标 T。"),
)
LISTING_TITLES = (
    Phrase("Rounding of delays in a program", "延迟取整程序"),
    Phrase("Check of the CRC in a program", "CRC 校验程序"),
)
LISTING_TEXT = Phrase(
    "The listing is an example; any program with the same results may be used.",
    "程序清单仅为示例，可用任何结果相同的程序。",
)
ROUNDING = """int clocks(int delay_ps, int period_ps)
{{
    /* {permille} of 1000: a delay barely above a whole number is forgiven */
    long scaled = (long)delay_ps * 1000 / period_ps;
    return (int)((scaled + {rest}) / 1000);
}}

assert(clocks({delay}, {period}) == {count});"""
CHECKSUM = """unsigned char crc8(const unsigned char *data, int length)
{{
    unsigned char crc = 0x{start:02X};
    for (int i = 0; i < length; i++) {{
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 0x80) ? (crc << 1) ^ 0x{polynomial:02X} : crc << 1;
    }}
    return crc;
}}"""
FORM_TITLES = (Phrase("Feedback form", "意见反馈表"), Phrase("Proposal for improvement", "改进建议表"))
FORM_TEXTS = (
    Phrase("Please fill in one form for each clause.", "每条意见请填写一份。"),
    Phrase("Forms are read at every meeting of the committee.", "委员会每次会议均审阅。"),
    Phrase("Marks: ☑ applies, ☐ does not.", "标记：☑ 适用，☐ 不适用。"),
)
KINDS = (Phrase("editorial", "编辑性"), Phrase("technical", "技术性"), Phrase("question", "疑问"))
PROPOSALS = (
    Phrase("Give the limit of t_{XP} for <rate> Mb/s as well.", "请同时给出 <rate> Mb/s 的 t_{XP} 限值。"),
    Phrase(
        "State the loading that was used for the current of the <density> Gb device.",
        "请说明 <density> Gb 器件电流的负载条件。",
    ),
    Phrase("The order of steps 3 and 4 is not clear.", "第 3、4 步的次序不清楚。"),
    Phrase("Show the reference level in the figure.", "请在图中标出参考电平。"),
)


def listing_annex(draft: Draft) -> list[Node]:
    """A program as an example."""
    rng, device = draft.rng, draft.device
    rate = rng.choice(device.bins)
    which = rng.randrange(2)
    if which == 0:
        text = ROUNDING.format(
            permille=990, rest=990, delay=device.trcd, period=device.period(rate), count=draft.clocks(device.trcd, rate)
        )
    else:
        text = CHECKSUM.format(start=rng.choice((0x00, 0xFF)), polynomial=rng.choice((0x07, 0x31, 0x1D, 0x9B)))
    heading = draft.begin_annex(LISTING_TITLES[which])
    return [heading, paragraph(draft.say(LISTING_TEXT)), code(text)]


def revision_annex(draft: Draft, names: Names) -> list[Node]:
    """What changed, newest revision first."""
    rng, device = draft.rng, draft.device
    heading = draft.begin_annex(rng.choice(REVISION_TITLES))
    heads = [
        Phrase(*pair) for pair in (("Revision", "版本"), ("Date", "日期"), ("Kind", "类别"), ("Change", "更改内容"))
    ]
    rows: list[Row] = [[draft.head(head) for head in heads]]
    year = names.year
    clauses, tables, figures = draft.places()
    possible = (*CHANGES, *(TABLE_CHANGES if tables else ()), *(FIGURE_CHANGES if figures else ()))
    for revision in range(rng.randint(2, 4), 0, -1):
        changes = rng.sample(possible, rng.randint(1, 4)) if revision > 1 else [FIRST]
        month = rng.randint(1, 12)
        date = f"{MONTHS[month - 1][:3]} {year}" if draft.language == "en" else f"{year}-{month:02d}"
        for number, change in enumerate(changes):
            slots = {
                "clause": rng.choice(clauses),
                "table": rng.choice(tables or [""]),
                "figure": rng.choice(figures or [""]),
                "name": device.name,
                "rate": rng.choice(device.bins),
                "density": device.density,
            }
            spans = (
                [Cell(f"{revision}.0", rowspan=len(changes)), Cell(date, rowspan=len(changes))] if not number else []
            )
            rows.append([*spans, Cell(rng.choice("ET")), Cell(draft.say(change, **slots), align="left")])
        year -= rng.randint(1, 3)
    body = draft.tabled(REVISION_TITLES[1], rows, "auto, auto, auto, 1fr")
    return [heading, draft.text(REVISION_TEXTS, 1, 2), body]


def form_annex(draft: Draft, names: Names) -> list[Node]:
    """The feedback form, now and then as somebody has filled it in."""
    rng = draft.rng
    heading = draft.begin_annex(rng.choice(FORM_TITLES))
    person = draw_people(rng, draft.language, 1)[0]
    filled = rng.random() < 0.6
    ticked = rng.randrange(len(KINDS))
    boxes = "  ".join(f"{'☑' if filled and at == ticked else '☐'} {draft.say(kind)}" for at, kind in enumerate(KINDS))
    proposal = draft.say(rng.choice(PROPOSALS), rate=rng.choice(draft.device.bins), density=draft.device.density)
    date = f"{names.year + 1}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    facts = (
        (Phrase("Document", "文件"), f"No. {names.number}"),
        (Phrase("Name", "姓名"), f"[[requester:PERSON|{person.name}]]"),
        (Phrase("E-mail", "邮箱"), f"[[:EMAIL|{person.login}@example.com]]"),
        (Phrase("Telephone", "电话"), f"[[:PHONE|{person.phone}]]"),
        (Phrase("Clause", "条款"), rng.choice(draft.places()[0])),
        (Phrase("Kind", "类别"), boxes),
        (Phrase("Proposal", "建议"), proposal),
        (Phrase("Date", "日期"), date),
    )
    rows: list[Row] = [
        [
            Cell(draft.say(label), heading=True, align="left"),
            Cell(value if filled or label.en in ("Document", "Kind") else "", align="left"),
        ]
        for label, value in facts
    ]
    return [heading, draft.text(FORM_TEXTS, 1, 3), draft.tabled(FORM_TITLES[0], rows, "90pt, 1fr")]


def annexes(draft: Draft, names: Names) -> list[Node]:
    """One to three annexes, each on a page of its own or after the last."""
    rng = draft.rng
    nodes: list[Node] = [NewPage()] if rng.random() < 0.6 else []
    if draft.style.columns == 1 and rng.random() < 0.4:
        nodes += listing_annex(draft)
    if rng.random() < 0.8:
        nodes += revision_annex(draft, names)
    if rng.random() < 0.5:
        nodes += form_annex(draft, names)
    return nodes
