"""Names of people: how they are written in Chinese, in pinyin and in English, and which spellings mean the same person.

Notable:
- A Chinese name is a surname of the list and one or two characters after it; on its own that is also an ordinary word
  (高温, 成品), so patterns.py asks for a label or for given-name characters beside it.
- `spellings` gives every way in which a report may write a person it has named once: 王志强, Wang Zhiqiang, Z. Wang,
  zhiqiang.wang. Names in these spellings are then looked for everywhere.
"""

from functools import lru_cache
from importlib.resources import files
from itertools import product

import regex


def words(name: str) -> frozenset[str]:
    """All words of the list words/<name>.txt."""
    return frozenset(word for line in words_of(name) for word in line)


def words_of(name: str) -> list[list[str]]:
    """Lines of the list words/<name>.txt as words; lines that begin with # are left out."""
    text = (files(__package__) / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if not line.startswith("#")]


SURNAME_OF = {sign: pinyin for pinyin, *signs in words_of("surnames") for sign in signs}
GIVEN_OF = {sign: pinyin for pinyin, *signs in words_of("given") for sign in signs}
FIRST_NAMES = words("first_names")
LATIN_SURNAMES = words("latin_surnames")
LEAST_ACCOUNT = 7  # letters of a spelling without a dot, a space or the like
LEAST_SURNAME = 5  # letters from which on a surname alone is sought; shorter ones are also words and units
WORD = regex.compile(r"[A-Za-z]+")


def is_chinese_name(text: str) -> bool:
    """True where `text` is a surname of the list with one or two more Chinese characters."""
    surname = _surname(text)
    return bool(surname) and 1 <= len(text) - len(surname) <= 2 and all("\u4e00" <= sign <= "\u9fff" for sign in text)


@lru_cache(maxsize=4096)
def spellings(name: str) -> tuple[str, ...]:
    """Other ways to write a person, the name itself not among them; () where nothing can be derived."""
    if is_chinese_name(name):
        parts = _pinyin(name)
        found = _latin_spellings(*parts) if parts else []
    else:
        found = _spellings_of_latin(name)
    return tuple(dict.fromkeys(spelling for spelling in found if spelling != name and _is_telling(spelling)))


def person_key(name: str) -> str:
    """What is alike in all spellings of a name: its words in lower case, sorted; for Chinese the name itself."""
    if is_chinese_name(name):
        return name
    words = [word.lower() for word in WORD.findall(name)]
    return " ".join(sorted(words)) or name


def _is_telling(spelling: str) -> bool:
    """False for a short run of letters, which is also an ordinary word: Ma P. must not make every map a person."""
    least = LEAST_SURNAME if spelling[0].isupper() else LEAST_ACCOUNT
    return len(spelling) >= least or any(not sign.isalpha() for sign in spelling)


def _surname(name: str) -> str:
    if name[:2] in SURNAME_OF:
        return name[:2]
    return name[:1] if name[:1] in SURNAME_OF else ""


def _pinyin(name: str) -> tuple[str, list[str]] | None:
    """Surname and given syllables in pinyin, or None where a character is not in the list."""
    surname = _surname(name)
    given = [GIVEN_OF.get(sign, "") for sign in name[len(surname) :]]
    return (SURNAME_OF[surname], given) if all(given) else None


def _latin_spellings(surname: str, syllables: list[str]) -> list[str]:
    given, family = "".join(syllables).capitalize(), surname.capitalize()
    initials = "".join(syllable[0] for syllable in syllables)
    dotted = ". ".join(initials.upper()) + "."
    full = [f"{family} {given}", f"{given} {family}", f"{family}, {given}", f"{family}{given}", f"{given}{family}"]
    hyphened = "-".join(syllables).capitalize()
    short = [f"{dotted} {family}", f"{given[0]}. {family}", f"{family} {initials.upper()}", f"{family} {dotted}"]
    return [*full, f"{family} {hyphened}", f"{hyphened} {family}", *short, *_accounts(given, surname, initials)]


def _spellings_of_latin(name: str) -> list[str]:
    words = WORD.findall(name)
    if len(words) < 2:
        return []
    first, last = (words[0], words[-1]) if len(words[-1]) > 1 else (words[-1], words[0])
    found = [f"{first[0]}. {last}", f"{last}, {first}", f"{first} {last}"]
    if len(first) > 1:
        found += [f"{last} {first}", f"{first} {last[0]}.", *_accounts(first, last, first[0].lower())]
    if len(last) >= LEAST_SURNAME and last not in FIRST_NAMES:
        found.append(last)
    return found


def _accounts(given: str, surname: str, initials: str) -> list[str]:
    """Names of accounts and local parts of mail addresses."""
    given, surname = given.lower(), surname.lower()
    pairs = ((given, surname), (surname, given))
    return [f"{one}{mark}{two}" for (one, two), mark in product(pairs, ("", ".", "_", "-"))] + [
        f"{surname}{initials}",
        f"{initials}.{surname}",
        f"{initials[0]}{surname}",
    ]
