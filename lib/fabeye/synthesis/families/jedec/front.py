"""What comes before the first clause: cover, notice, a page left blank, contents and lists.

Notable:
- Organisations, addresses and domains are made up; domains end in example.com and the like, which nobody owns.
"""

from dataclasses import dataclass
from random import Random

from fabeye.synthesis.blocks import NewPage, Node, Space, entry, paragraph, stamp, title
from fabeye.synthesis.families.jedec.draft import Draft
from fabeye.synthesis.scenario.names import Person, draw_people
from fabeye.synthesis.wording import Phrase

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
ORGANISATIONS = (
    Phrase("Open Memory Interface Council", "开放存储接口理事会"),
    Phrase("Alliance for Volatile Memory", "易失存储联盟"),
    Phrase("Solid State Standards Forum", "固态技术标准论坛"),
    Phrase("Memory Systems Working Party", "存储系统工作组"),
    Phrase("Joint Body for Memory Devices", "存储器件联合标准组"),
    Phrase("Council of Memory Makers", "存储制造商协会"),
    Phrase("Device Reliability Panel", "器件可靠性委员会"),
    Phrase("High Speed Bus Initiative", "高速总线倡议组织"),
)
LABELS = (Phrase("STANDARD", "标准"), Phrase("PUBLICATION", "出版物"), Phrase("SPECIFICATION", "规范"))
TOWNS = (
    ("Suite {}, 12 Harbour Road, Eastport", "东港市海滨路 12 号 {} 室"),
    ("Floor {}, 80 Foundry Lane, Milltown", "坊城区铸造巷 80 号 {} 层"),
    ("Unit {}, 5 Quartz Street, Northfield", "北田市石英街 5 号 {} 单元"),
    ("Room {}, 41 Lattice Avenue, Westbrook", "西溪市晶格大道 41 号 {} 室"),
)
HOSTS = ("memory-council.example.com", "ssf.example.org", "standards.example.net", "mswp.example.org")
NOTICE_TITLES = (Phrase("NOTICE", "声明"), Phrase("Notice to readers", "致读者"), Phrase("Legal notice", "法律声明"))
NOTICES = (
    Phrase(
        "This <label> was drafted by the <group> group of the <organisation> and passed a ballot of its members in "
        "<month> <year>.",
        "本<label>由<organisation>的<group>组起草，并于 <year> 年 <month> 月经成员投票通过。",
    ),
    Phrase(
        "It serves buyers and makers alike: it lowers misunderstanding between them and helps parts to be exchanged.",
        "其目的在于减少供需双方的误解，便于产品互换与选用。",
    ),
    Phrase(
        "Nobody is bound by it unless a contract says so, and its existence hinders no member from making other parts.",
        "除合同另有约定外，本文件不具强制性，也不妨碍任何成员制造其他产品。",
    ),
    Phrase(
        "Whether what is written here touches a patent was not examined; whoever builds by it bears that risk.",
        "起草过程未审查是否涉及专利，采用者自行承担相关风险。",
    ),
    Phrase(
        "A claim to conform may be made only when every clause marked with 'shall' has been met and shown.",
        "只有在满足并证明全部“应”条款之后，方可声明符合本文件。",
    ),
    Phrase(
        "Errors, questions and proposals are welcome and are read within <weeks> weeks; the form is in the last annex.",
        "欢迎提出勘误、疑问与建议，将在 <weeks> 周内处理，表格见最后一个附录。",
    ),
    Phrase(
        "Copies for use inside one company are free; a copy that is passed on or sold needs leave in writing.",
        "企业内部使用可免费复制，转让或出售须经书面许可。",
    ),
    Phrase(
        "The committee looks at this <label> again every <span> years and confirms, revises or withdraws it.",
        "委员会每 <span> 年复审本<label>一次，决定确认、修订或废止。",
    ),
    Phrase(
        "Printed copies are not kept up to date; the current text is the one on the committee's pages.",
        "印刷版不随修订更新，以委员会网页上的文本为准。",
    ),
    Phrase(
        "Brand names that appear here belong to their owners and recommend nothing.",
        "文中出现的商标归其所有者所有，不构成推荐。",
    ),
    Phrase(
        "Earlier texts with the same number are withdrawn from the day this one is published.",
        "自本文件发布之日起，同号旧版废止。",
    ),
    Phrase(
        "Figures are not drawn to scale, and values in examples set no limit.",
        "图未按比例绘制，示例中的数值不作为限值。",
    ),
    Phrase(
        "The words shall, should and may are used as the committee's rules of drafting define them, and notes explain "
        "without adding a requirement.",
        "“应”“宜”“可”的含义以委员会起草规则为准，注仅作说明，不构成附加要求。",
    ),
    Phrase(
        "Where this <label> and the data sheet of a part differ, the data sheet says what its maker delivers, and the "
        "difference has to be stated there.",
        "本<label>与产品规格书不一致时，以规格书为交付依据，且差异须在规格书中注明。",
    ),
    Phrase(
        "The <group> group answers questions on how a clause is to be read; its answers are collected and become part "
        "of the next revision.",
        "条款解释由<group>组负责，答复汇总后纳入下一版修订。",
    ),
    Phrase(
        "Members were asked to tell of patents known to them before the ballot; what they told is kept by the office "
        "and can be seen on request.",
        "投票前已要求成员披露所知专利，披露内容由秘书处留存，可申请查阅。",
    ),
    Phrase(
        "Nothing in this document replaces the laws and rules on safety, health and environment that hold where parts "
        "are made or used.",
        "本文件不替代制造地或使用地现行的安全、健康与环境法规。",
    ),
    Phrase(
        "Tests described here may harm people or equipment when done without care; whoever carries them out sees to "
        "protection.",
        "文中所述试验操作不当可能造成人身或设备损害，实施者应自行采取防护措施。",
    ),
    Phrase(
        "Other languages may exist for convenience; in case of doubt the version that was voted on decides.",
        "译文仅供参考，如有歧义以投票通过的文本为准。",
    ),
    Phrase(
        "Parts of this text may be quoted in data sheets and contracts when the number and the year of issue are "
        "given with them.",
        "在规格书或合同中引用本文件内容时，应注明编号与发布年份。",
    ),
)
PRICES = (
    Phrase("Price: see the committee's list of publications", "价格：见委员会出版物目录"),
    Phrase("Price group <group_letter>; free of charge for members", "价格类别 <group_letter>；成员单位免费"),
    Phrase("All rights reserved", "版权所有，翻印必究"),
)
MOST_IN_NOTICE = 18  # sentences; a page of small print is full, and no fuller
BLANK = (
    Phrase("This page has been left blank on purpose.", "此页有意留空。"),
    Phrase("[ Blank page ]", "（空白页）"),
    Phrase("No text on this page.", "本页无正文。"),
)
CONTENTS, TABLES, FIGURES = (
    Phrase("Contents", "目次"),
    Phrase("List of tables", "表目次"),
    Phrase("List of figures", "图目次"),
)
LEGEND = Phrase(
    "In this draft red text is new, black text has been agreed, and grey text is to be decided.",
    "本草案中红色为新增内容，黑色为已确认内容，灰色为待定内容。",
)


@dataclass(frozen=True, slots=True)
class Names:
    """What a document is called; label: standard, publication or specification."""

    title: Phrase
    number: str
    revision: str
    label: Phrase
    organisation: Phrase
    year: int
    month: int


def draw_names(rng: Random, subject: Phrase) -> Names:
    """Draw the names of a document on a subject."""
    return Names(
        title=subject,
        number=f"{rng.randint(61, 298)}-{rng.choice('0123456789')}{rng.choice('ABCDEFG')}",
        revision=f"{rng.randint(1, 4)}.{rng.randint(0, 9):02d}",
        label=rng.choice(LABELS),
        organisation=rng.choice(ORGANISATIONS),
        year=rng.randint(2012, 2025),
        month=rng.randint(1, 12),
    )


def dated(names: Names, language: str, capitals: bool = False) -> str:
    """The month of issue: "MARCH 2021" or "2021 年 3 月"."""
    english = f"{MONTHS[names.month - 1]} {names.year}"
    if language == "en":
        return english.upper() if capitals else english
    return f"{names.year} 年 {names.month} 月"


def cover(draft: Draft, names: Names) -> list[Node]:
    """The cover: label, title, number, date, publisher, and now and then the stamp of a controlled copy."""
    rng, size = draft.rng, draft.rng.choice((20.0, 24.0, 28.0))
    align = rng.choice(("left", "center", "right"))
    number = draft.say(Phrase("No. <number>", "第 <number> 号"), number=names.number)
    former = draft.say(
        Phrase("(Revision of <old>, <month> <year>)", "（代替 <old>，<year> 年 <month> 月）"),
        old=f"{names.number[:-1]}{chr(max(ord('A'), ord(names.number[-1]) - 1))}",
        year=names.year - rng.randint(1, 4),
        month=rng.randint(1, 12) if draft.language != "en" else rng.choice(MONTHS),
    )
    nodes: list[Node] = [
        Space(rng.choice((10, 40))),
        title(draft.say(names.label), size=size + 8, align=align),
        Space(rng.choice((40, 90, 130))),
        title(draft.say(names.title), size=size, align=align),
        Space(18),
        title(number, size=size - 6, align=align),
        *([title(former, size=10.0, align=align)] if rng.random() < 0.6 else []),
        Space(rng.choice((60, 120, 160))),
        title(dated(names, draft.language, capitals=rng.random() < 0.7), size=13.0, align=align),
        title(draft.say(names.organisation).upper(), size=12.0, align=align),
    ]
    if rng.random() < 0.3:
        words = draft.say(Phrase(rng.choice(("CONTROLLED", "COPY", "ISSUED")), rng.choice(("受控文件", "受控副本"))))
        nodes += [Space(14), stamp(words, f"No. {rng.randint(1, 60):02d}")]
    return nodes


def notice(draft: Draft, names: Names) -> list[Node]:
    """The page of small print: who wrote this, what it binds to, where to write, what it costs."""
    rng = draft.rng
    slots = {
        "label": draft.say(names.label).lower(),
        "organisation": draft.say(names.organisation),
        "group": rng.choice(("DRAM", "JC-7", "MEM-3", "LP", "TG-12")),
        "year": names.year,
        "month": MONTHS[names.month - 1] if draft.language == "en" else names.month,
        "weeks": rng.randint(3, 12),
        "span": rng.choice((3, 5)),
    }
    chosen = rng.sample(NOTICES, rng.randint(13, MOST_IN_NOTICE))
    middle = rng.randint(2, 3)
    space = " " if draft.language == "en" else ""
    texts = [
        space.join(draft.say(one, **slots) for one in chosen[at : at + middle]) for at in range(0, len(chosen), middle)
    ]
    person, town, host = draw_people(rng, draft.language, 1)[0], rng.choice(TOWNS), rng.choice(HOSTS)
    place = (town[0] if draft.language == "en" else town[1]).format(rng.randint(2, 40))
    contact = draft.say(
        Phrase(
            "Published by the <organisation>, <place>. Contact: [[contact:PERSON|<person>]], [[:EMAIL|<mail>]], "
            "[[:PHONE|<phone>]]. © <year>",
            "<organisation>出版，地址：<place>。联系人：[[contact:PERSON|<person>]]，[[:EMAIL|<mail>]]，"
            "[[:PHONE|<phone>]]。© <year>",
        ),
        organisation=slots["organisation"],
        place=place,
        person=person.name,
        mail=mail(person, host),
        phone=person.phone,
        year=names.year,
    )
    ballot = [paragraph(draft.say(LEGEND), "#b00020")] if draft.style.ballot else []
    return [
        title(draft.say(rng.choice(NOTICE_TITLES)), align="center"),
        *map(paragraph, texts),
        paragraph(contact),
        paragraph(draft.say(rng.choice(PRICES), group_letter=rng.choice("ABCDEF"))),
        *ballot,
    ]


def blank(draft: Draft) -> list[Node]:
    """A page with nothing on it but a line that says so."""
    return [Space(draft.style.paper.height / 3), title(draft.say(draft.rng.choice(BLANK)), size=9.5, align="center")]


def contents(draft: Draft) -> list[Node]:
    """Contents, and for documents with many of them the lists of tables and of figures."""
    nodes: list[Node] = [title(draft.say(CONTENTS), align="center")]
    nodes += [entry(block.text, block, depth) for depth, block in draft.headings]
    for name, found in ((TABLES, draft.tables), (FIGURES, draft.figures)):
        if len(found) > 2 and draft.rng.random() < 0.8:
            nodes += [title(draft.say(name), align="center"), *(entry(block.text, block) for _, block in found)]
    return nodes


def front_matter(draft: Draft, names: Names) -> list[Node]:
    """Everything before the body, each on pages of its own."""
    nodes = [*cover(draft, names), NewPage(), *notice(draft, names), NewPage()]
    if draft.rng.random() < 0.3:
        nodes += [*blank(draft), NewPage()]
    return [*nodes, *contents(draft), NewPage(body=True)]


def mail(person: Person, host: str) -> str:
    """A person's address at a host."""
    return f"{person.login}@{host}"
