"""The forms of everyday documents: article, invoice and letter.

Notable:
- An invoice adds up: amounts are quantities times prices, tax is taken from the sum, and the sentence below repeats
  the total of the table.
- Several pieces make a bulletin of one place and month, so that their topics belong together.
- What is counted over years grows or shrinks steadily, as such counts do, with a little chance.
"""

from datetime import date, timedelta
from random import Random

from fabeye.schema import Sensitive
from fabeye.synthesis.blocks import Group, Node, Space, Spanning, captioned_figure, note, paragraph, table, title
from fabeye.synthesis.families.drafting import FIGURE, Draft, left, value
from fabeye.synthesis.families.general import business
from fabeye.synthesis.families.general.topics import MONTHS, PLACES, TOPICS, Topic
from fabeye.synthesis.figures.plot import Series
from fabeye.synthesis.figures.trend import draw_bar, draw_lines
from fabeye.synthesis.scenario.names import CUSTOMERS, draw_people
from fabeye.synthesis.shown import Shown
from fabeye.synthesis.tabulation import Cell
from fabeye.synthesis.wording import Phrase

FIRST_DAY, DAYS = date(2019, 1, 7), 2200
YEARS = 5  # of an article's table
SLOPE = (0.86, 1.2)  # by which a count changes from one year to the next
CHANCE = 0.06  # share by which a year differs from that
CENTS = 100
HEADLINE_PT, MASTHEAD_PT = 17.0, 19.0


def facts(rng: Random, language: str) -> dict[str, str]:
    """What fills the slots of everyday wording."""
    person, year = draw_people(rng, language, 1)[0], rng.randint(2015, 2025)
    return {
        "place": rng.choice(PLACES).said(language),
        "month": rng.choice(MONTHS).said(language),
        "name": value("", "PERSON", person.name),
        "year": str(year),
        "past": str(year - rng.randint(2, 14)),
        "n": str(rng.randint(12, 96)),
        "m": str(rng.randint(3, 9)),
        "k": f"{rng.randint(1, 9)},{rng.randint(100, 999)}",
        "t": str(10 * rng.randint(16, 23)),
    }


def article(draft: Draft) -> list[Node]:
    """One to three pieces, each with headline, lead, sections and now and then a table or a chart."""
    topics = draft.rng.sample(TOPICS, draft.rng.choice((1, 2, 3)))
    if len(topics) == 1:
        return _piece(draft, topics[0], size=HEADLINE_PT)
    masthead = title(draft.say(draft.rng.choice(business.MASTHEADS)), size=MASTHEAD_PT)
    nodes: list[Node] = [Spanning((masthead,))]
    for topic in topics:
        nodes += _piece(draft, topic, size=0.0)
    return nodes


def invoice(draft: Draft) -> list[Node]:
    """Seller, buyer, numbers, items, sums, terms of payment."""
    rng = draft.rng
    seller, buyer = rng.sample(CUSTOMERS, 2)
    names = [pair[0] if draft.language == "en" else pair[1] for pair in (seller, buyer)]
    day = FIRST_DAY + timedelta(days=rng.randint(0, DAYS))
    number, person = (
        f"{rng.choice(('INV', 'RE', 'S'))}-{day.year}-{rng.randint(1000, 99999)}",
        draw_people(rng, draft.language, 1)[0],
    )
    form = [
        (Phrase("Invoice No.", "发票号码"), value("invoice_no", "", number)),
        (Phrase("Date", "日期"), value("invoice_date", "", f"{day:%Y-%m-%d}")),
        (Phrase("Buyer", "购买方"), value("buyer", Sensitive.CUSTOMER.value, names[1])),
        (Phrase("Contact", "联系人"), value("contact", "PERSON", person.name)),
        (Phrase("E-mail", "邮箱"), value("email", "EMAIL", person.mail)),
        (Phrase("Telephone", "电话"), value("phone", "PHONE", person.phone)),
    ]
    cells = [
        cell
        for label, text in form
        for cell in (Cell(draft.heads(label)[0].text, heading=True, align="left"), left(text))
    ]
    rows, total = _items(draft)
    due = day + timedelta(days=rng.choice((14, 30, 45)))
    pay = draft.text(business.PAYMENT[rng.randrange(len(business.PAYMENT))], total=total, due=f"{due:%Y-%m-%d}")
    seller_name = value("seller", Sensitive.CUSTOMER.value, names[0])
    return [
        title(seller_name, size=13), title(draft.say(Phrase("INVOICE", "发票")), size=19, align="center"),
        table([cells[start : start + 4] for start in range(0, len(cells), 4)], "auto, 1fr, auto, 1fr"), Space(6),
        draft.passage(business.OPENINGS, 1, 2, month=MONTHS[day.month - 1].said(draft.language)),
        table(rows, "auto, 1fr, auto, auto, auto"), Space(4), pay, note(draft.pick(business.SMALL_PRINT, 3, 5)),
    ]  # fmt: skip


def letter(draft: Draft) -> list[Node]:
    """Sender, receiver, date, subject, a few paragraphs, a greeting."""
    rng, (sender, receiver) = draft.rng, draw_people(draft.rng, draft.language, 2)
    day = FIRST_DAY + timedelta(days=rng.randint(0, DAYS))
    who = [value("", "PERSON", person.name) for person in (sender, receiver)]
    at, phone = value("", "EMAIL", sender.mail), value("", "PHONE", sender.phone)
    matter = rng.choice(business.MATTERS)
    texts = [draft.pick(pool, 3, 4) for pool in matter.pools]
    when = f"{day:%d %B %Y}" if draft.language == "en" else f"{day.year} 年 {day.month} 月 {day.day} 日"
    return [
        paragraph(f"{who[0]}, {at}, {phone}"), Space(24),
        paragraph(draft.say(Phrase("To <who>", "致 <who>"), who=who[1])),
        paragraph(value("date", "", when)), Space(10), title(draft.say(matter.subject)),
        paragraph(draft.say(Phrase("Dear <who>,", "尊敬的<who>：", "尊敬的 <who>："), who=who[1])),
        *(paragraph(text) for text in texts[:-1]),
        Group((paragraph(texts[-1]), Space(8), paragraph(draft.say(rng.choice(business.GREETINGS))), Space(22),
               paragraph(who[0]))),
    ]  # fmt: skip


def _piece(draft: Draft, topic: Topic, size: float) -> list[Node]:
    """Headline and lead, then sections; a section says nothing twice. size: of a headline over all columns, or 0."""
    lead = draft.say(draft.rng.choice(business.LEADS))
    opening = paragraph(lead) if draft.style.columns > 1 else draft.noted(lead, business.NOTES)
    headline = title(draft.say(topic.headline), size=size or draft.style.heading_size + 3)
    nodes: list[Node] = [Spanning((headline,)) if size else headline, opening]
    for heading, sentences in draft.some(topic.sections, 2, 3):
        nodes.append(title(draft.both(heading)))
        chosen = draft.some(sentences, 3, 5)
        cut = draft.rng.randint(1, len(chosen))
        for part in (chosen[:cut], chosen[cut:]):
            nodes += [draft.passage(part, len(part), len(part))] if part else []
        nodes += _display(draft, topic)
        # the next section has numbers of its own; place, month and year are those of the document
        draft.facts = {
            **facts(draft.rng, draft.language),
            **{key: draft.facts[key] for key in ("place", "year", "past", "month")},
        }
    return nodes


def _display(draft: Draft, topic: Topic) -> list[Node]:
    """A table, a bar chart or a line chart of what the topic counts, or nothing."""
    kind = draft.rng.choice(("table", "bar", "line", "", "", "", ""))
    names = [name.said(draft.language) for name in topic.classes]
    label = topic.measured.said(draft.language)
    caption = Phrase(f"{topic.measured.en} in {topic.unit}", f"{topic.measured.zh}（{topic.unit}）")
    if kind == "bar":
        counts = {name: draft.rng.randint(8, 240) for name in names}
        return [_shown(draft, caption, draw_bar(draft.rng, draft.language, label, counts))]
    years = [str(int(draft.facts["year"]) - back) for back in reversed(range(YEARS))]
    chosen = draft.rng.sample(names, 3)
    values = [_counts(draft.rng) for _ in chosen]
    if kind == "line":
        series = [Series(name, tuple(map(float, row))) for name, row in zip(chosen, values, strict=True)]
        across = draft.say(Phrase("Year", "年份"))
        return [_shown(draft, caption, draw_lines(draft.rng, label, across, years, (label, topic.unit), series))]
    return [_by_year(draft, caption, years, chosen, values)] if kind == "table" else []


def _counts(rng: Random) -> list[int]:
    """A count in each of some years, growing or shrinking."""
    first, slope = rng.randint(20, 180), rng.uniform(*SLOPE)
    return [max(1, round(first * slope**year * rng.uniform(1 - CHANCE, 1 + CHANCE))) for year in range(YEARS)]


def _shown(draft: Draft, caption: Phrase, drawn: tuple[bytes, Shown]) -> Node:
    """A chart; in two columns it spans both, since its letters would be too small in one."""
    if draft.style.columns == 1:
        return draft.pictured(caption, drawn)
    draft.figures += 1
    label = f"{FIGURE.said(draft.language)} {draft.figures}"
    return Spanning(captioned_figure(draft.style, label, draft.say(caption), draft.drawing(drawn, wide=True)).nodes)


def _by_year(draft: Draft, caption: Phrase, years: list[str], names: list[str], values: list[list[int]]) -> Node:
    """A table of counts with the sum of each year."""
    rows = [[Cell("", heading=True), *(Cell(year, heading=True) for year in years)]]
    rows += [[left(name), *(Cell(str(count)) for count in row)] for name, row in zip(names, values, strict=True)]
    totals = [str(sum(column)) for column in zip(*values, strict=True)]
    rows.append([left(draft.say(Phrase("Sum", "合计"))), *(Cell(total) for total in totals)])
    return draft.tabled(caption, rows, "auto, " + ", ".join(["auto"] * len(years)))


def _items(draft: Draft) -> tuple[list[list[Cell]], str]:
    """Rows of an invoice, and its total as written."""
    rng, sign = draft.rng, "€" if draft.language == "en" else "¥"
    heads = (Phrase("No.", "序号"), Phrase("Item", "名称"), Phrase("Quantity", "数量"), Phrase("Price", "单价"),
             Phrase("Amount", "金额"))  # fmt: skip
    rows, total = [draft.heads(*heads)], 0
    for number, item in enumerate(draft.some(business.GOODS, 5, 10), start=1):
        count, cents = rng.randint(1, 40), rng.randint(150, 48000)
        total += count * cents
        rows.append(
            [Cell(str(number)), left(draft.say(item)), Cell(str(count)), Cell(money(cents)), Cell(money(count * cents))]
        )
    rate = rng.choice((6, 7, 9, 13, 19, 20))
    tax = round(total * rate / 100)
    sums = (
        (Phrase("Sum", "小计"), total, ""),
        (Phrase(f"Tax {rate} %", f"税额 {rate} %"), tax, ""),
        (Phrase("Total", "价税合计"), total + tax, "total"),
    )
    for name, cents, field in sums:
        shown = f"{sign} {money(cents)}"
        words = value(field, "", shown) if field else shown
        rows.append([Cell(draft.say(name), colspan=4, align="right"), Cell(words)])
    return rows, f"{sign} {money(total + tax)}"


def money(cents: int) -> str:
    """An amount as an invoice writes it.

    >>> money(1234567)
    '12,345.67'
    """
    return f"{cents // CENTS:,}.{cents % CENTS:02d}"
