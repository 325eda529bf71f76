"""Placeholders for what is hidden: the same thing has the same one in a whole corpus, and only the key leads back.

Notable:
- A placeholder is a short word for the kind and five signs of a keyed hash (HMAC-SHA256): LOT-7F3A2. Without the key
  nobody can try all lots and compare; no list of what was hidden is ever written.
- A child lot keeps its relation: TH8402B.03 is LOT-7F3A2.03, a wafer of it LOT-7F3A2-17 as WAF of its lot.
- The signs are Crockford's base 32 (no I, L, O, U), so a placeholder survives text recognition: 25 bits, by which two
  of 200 lots share one with a chance of 0.06 %.
"""

import hmac
import os
import secrets
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import regex
from rapidfuzz.distance.Levenshtein import distance

from fabeye.errors import FabeyeError
from fabeye.intake.redaction.patterns import folded, plain
from fabeye.intake.redaction.people import person_key
from fabeye.schema import Sensitive

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 5
LEAST_NEAR = 7  # letters of a code that may be taken for another
LEAST_KEY = 16  # characters of a key; a shorter one could be tried out
KEY_BYTES = 32  # of a key that is made here
OWNER_ONLY = 0o600  # mode of the file that keeps it
WORDS = {
    Sensitive.PERSON: "PER",
    Sensitive.EMPLOYEE: "EMP",
    Sensitive.EMAIL: "MAIL",
    Sensitive.PHONE: "TEL",
    Sensitive.LOT: "LOT",
    Sensitive.WAFER: "WAF",
    Sensitive.PRODUCT: "PRD",
    Sensitive.CUSTOMER: "CUS",
    Sensitive.TOOL: "TOOL",
    Sensitive.RECIPE: "RCP",
    Sensitive.HOST: "HOST",
    Sensitive.ADDRESS: "ADR",
    Sensitive.CASE: "CASE",
}
PLACEHOLDER = regex.compile(
    rf"(?:{'|'.join(WORDS.values())})-[{SIGNS}]{{{LENGTH}}}(?:\.\d{{1,2}})?(?:-[A-Z])?(?![A-Z0-9])"
)
CHILD = regex.compile(r"(?P<parent>[A-Za-z0-9]+)(?P<child>\.\d{1,2})?(?P<split>-[A-Z])?")


class RedactionKeyError(FabeyeError):
    """The key of the placeholders cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes placeholders.

    persons: from a spelling's key to that of the person who is meant. codes: folded codes that are known to exist; a
    code with one letter wrong is taken for the only one that it can be.
    """

    key: bytes = field(repr=False)
    persons: Mapping[str, str] = field(default_factory=dict)
    codes: Collection[str] = ()

    def of(self, kind: Sensitive, text: str) -> str:
        """The placeholder of a thing."""
        meant, tail = self._meant(kind, plain(text).strip())
        digest = hmac.digest(self.key, f"{kind.value}:{meant}".encode(), sha256)
        number = int.from_bytes(digest[:8], "big")
        signs = "".join(SIGNS[(number >> (5 * place)) & 31] for place in range(LENGTH))
        return f"{WORDS[kind]}-{signs}{tail}"

    def _meant(self, kind: Sensitive, text: str) -> tuple[str, str]:
        """What is alike in all spellings of a thing, and the tail that its placeholder keeps."""
        if kind == Sensitive.PERSON:
            name = person_key(text)
            return self.persons.get(name, name), ""
        if kind == Sensitive.LOT and (match := CHILD.fullmatch(text)):
            return self._code(match["parent"]), (match["child"] or "") + (match["split"] or "")
        if kind == Sensitive.WAFER:
            return folded(text).lstrip("0"), ""
        if any(sign.isdigit() for sign in text) and text.isascii():
            return self._code(text), ""
        return "".join(text.split()).casefold(), ""

    def _code(self, text: str) -> str:
        code = folded(text)
        if len(code) < LEAST_NEAR or code in self.codes:
            return code
        near = [one for one in self.codes if distance(one, code, score_cutoff=1) <= 1]
        return near[0] if len(near) == 1 else code


def redaction_key(variable: str, file: Path) -> bytes:
    """The key in the environment variable, or else the one in `file`, which is made when there is none.

    The file can be read by its owner alone; whoever deletes it gets other placeholders from then on. Raises
    RedactionKeyError when the key is shorter than LEAST_KEY characters or others may read the file.
    """
    given = os.environ.get(variable, "")
    if not given:
        return _kept(file)
    if len(given) < LEAST_KEY:
        raise RedactionKeyError(
            f"the key in {variable} has fewer than {LEAST_KEY} characters; take a longer random one"
        )
    return given.encode()


def _kept(file: Path) -> bytes:
    """The key in a file; the first of several processes that find none makes one for all of them."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}.draft")
        draft.touch(mode=OWNER_ONLY)
        draft.write_text(secrets.token_hex(KEY_BYTES), encoding="ascii")
        with suppress(FileExistsError):
            os.link(draft, file)  # unlike a rename, this never replaces the key of another process
        draft.unlink()
    if stat.S_IMODE(file.stat().st_mode) & ~OWNER_ONLY:
        raise RedactionKeyError(f"others may read the key in {file}; run `chmod 600 {file}`")
    key = file.read_text(encoding="ascii", errors="replace").strip()
    if len(key) < LEAST_KEY:
        raise RedactionKeyError(f"{file} holds no key of {LEAST_KEY} characters; delete it for a new one")
    return key.encode()
