"""What repeats on the pages of a standard: heads and feet in four manners, watermarks, who downloaded the copy.

Notable:
- Odd and even pages mirror each other in two of the manners, as in a bound book.
- A copy may say on every page who downloaded it: a thing to overlook for a reader, and to find for redaction.
"""

from random import Random

from fabeye.schema import Category
from fabeye.synthesis.families.jedec.draft import Draft
from fabeye.synthesis.families.jedec.front import HOSTS, Names, dated, mail
from fabeye.synthesis.manuscript import PAGE, Furniture, Overlay, Part
from fabeye.synthesis.scenario.names import draw_people
from fabeye.synthesis.wording import Phrase

WATERMARKS = {"en": ("DRAFT", "SAMPLE", "COPY"), "zh": ("草案", "样稿", "内部资料")}
DOWNLOADED = Phrase(
    "Downloaded by [[downloader:PERSON|<person>]] ([[:EMAIL|<mail>]]) on <date>",
    "下载者：[[downloader:PERSON|<person>]]（[[:EMAIL|<mail>]]）  <date>",
)
WATERMARK_SHARE, DOWNLOADED_SHARE, RULED_SHARE = 0.15, 0.3, 0.2  # of all documents
ALIGNS = {1: ("center",), 2: ("left", "right"), 3: ("left", "center", "right")}

Words = tuple[Category, str]


def furniture(draft: Draft, names: Names) -> tuple[Furniture, Furniture]:
    """Head and foot."""
    rng = draft.rng
    vendor = draft.style.columns > 1 or rng.random() < 0.25
    rule = draft.style.accent if vendor or rng.random() < RULED_SHARE else ""
    name, number, revision = _name(draft, names), _number(draft), _revision(draft, names)
    if vendor:
        subject = (Category.HEADER, draft.say(names.title))
        code = (Category.FOOTER, f"{rng.randint(10**7, 10**8 - 1):08d}f{rng.randint(100, 999)}")
        publisher = (Category.FOOTER, draft.say(names.organisation))
        issue = (Category.FOOTER, revision[1])
        feet = _parts(code, number, issue), _parts(issue, number, publisher)
        return Furniture(_parts(subject), _parts(subject), rule=rule), Furniture(*feet)
    manner = rng.choice(("mirrored", "framed", "plain"))
    if manner == "mirrored":
        return Furniture(_parts(name, number), _parts(number, name), rule=rule), Furniture((), ())
    foot = Furniture(_parts(number), _parts(number))
    if manner == "framed":
        return Furniture(_parts(name, revision), _parts(revision, name), rule=rule), foot
    return Furniture(_parts(name), _parts(name), rule=rule), foot


def overlays(rng: Random, language: str) -> tuple[Overlay, ...]:
    """A watermark, or who downloaded the copy, or both, or neither."""
    found: list[Overlay] = []
    if rng.random() < WATERMARK_SHARE:
        found.append(Overlay(rng.choice(WATERMARKS["en" if language == "en" else "zh"]), "watermark"))
    if rng.random() < DOWNLOADED_SHARE:
        person, host = draw_people(rng, language, 1)[0], rng.choice(HOSTS)
        date = f"{rng.randint(2018, 2025)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        text = DOWNLOADED.said(language)
        for slot, value in (("<person>", person.name), ("<mail>", mail(person, host)), ("<date>", date)):
            text = text.replace(slot, value)
        found.append(Overlay(text, rng.choice(("bottom", "left"))))
    return tuple(found)


def _name(draft: Draft, names: Names) -> Words:
    publisher = draft.say(names.organisation) if draft.rng.random() < 0.5 else ""
    phrase = Phrase("<organisation> Standard No. <number>", "<organisation>标准 第 <number> 号")
    return Category.HEADER, draft.say(phrase, organisation=publisher, number=names.number).strip()


def _number(draft: Draft) -> Words:
    manners = {"en": (f"Page {PAGE}", PAGE, f"- {PAGE} -"), "zh": (f"第 {PAGE} 页", PAGE, f"– {PAGE} –")}
    return Category.PAGE_NUMBER, draft.rng.choice(manners["en" if draft.language == "en" else "zh"])


def _revision(draft: Draft, names: Names) -> Words:
    phrase = Phrase("Rev. <revision>, <date>", "版本 <revision>，<date>")
    return Category.HEADER, draft.say(phrase, revision=names.revision, date=dated(names, draft.language))


def _parts(*found: Words) -> tuple[Part, ...]:
    aligns = ALIGNS[len(found)]
    return tuple(Part(category, text, align) for (category, text), align in zip(found, aligns, strict=True))
