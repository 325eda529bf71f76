"""Placeholders: alike for the same thing, different with another key, and saying nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.intake.redaction.pseudonym import PLACEHOLDER, Pseudonyms, RedactionKeyError, redaction_key
from fabeye.schema import Sensitive

ONE = Pseudonyms(b"0123456789abcdef")
KINDS = st.sampled_from(list(Sensitive))
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@given(KINDS, TEXTS)
def test_a_placeholder_is_one_and_hides_its_thing(kind: Sensitive, text: str) -> None:
    made = ONE.of(kind, text)
    assert PLACEHOLDER.fullmatch(made)
    assert made == Pseudonyms(b"0123456789abcdef").of(kind, text)


def test_another_key_gives_another_placeholder() -> None:
    assert ONE.of(Sensitive.LOT, "TH8402B") != Pseudonyms(b"fedcba9876543210").of(Sensitive.LOT, "TH8402B")


def test_a_child_keeps_its_relation_to_its_lot() -> None:
    parent = ONE.of(Sensitive.LOT, "TH8402B")
    assert ONE.of(Sensitive.LOT, "TH8402B.03") == parent + ".03"
    assert ONE.of(Sensitive.LOT, "th8402b.03-A") == parent + ".03-A"
    assert not ONE.of(Sensitive.LOT, "TH8403B").startswith(parent)


def test_a_misread_code_is_taken_for_the_one_it_can_be() -> None:
    known = Pseudonyms(ONE.key, codes=("TH84028", "ZK55018"))
    lot = known.of(Sensitive.LOT, "TH8402B")
    assert known.of(Sensitive.LOT, "TH84O2B") == known.of(Sensitive.LOT, "TH8472B") == lot
    assert known.of(Sensitive.LOT, "TH8999B") != lot


def test_spellings_of_a_person_share_one() -> None:
    known = Pseudonyms(ONE.key, {"wang z": "王志强", "wang zhiqiang": "王志强"})
    assert len({known.of(Sensitive.PERSON, name) for name in ("王志强", "Z. Wang", "zhiqiang.wang")}) == 1


def test_a_wafer_is_the_same_with_and_without_its_sign() -> None:
    assert ONE.of(Sensitive.WAFER, "#07") == ONE.of(Sensitive.WAFER, "7")


def test_the_key_is_never_shown() -> None:
    assert "0123456789" not in repr(ONE)


def test_the_environment_s_key_wins_and_a_short_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOME_KEY", "long enough to be a key")
    assert redaction_key("SOME_KEY", tmp_path / "key") == b"long enough to be a key"
    assert not (tmp_path / "key").exists()
    monkeypatch.setenv("SOME_KEY", "short")
    with pytest.raises(RedactionKeyError, match="SOME_KEY"):
        redaction_key("SOME_KEY", tmp_path / "key")


def test_without_one_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "work" / "redaction.key"
    first = redaction_key("NO_SUCH_KEY", file)
    assert redaction_key("NO_SUCH_KEY", file) == first != redaction_key("NO_SUCH_KEY", tmp_path / "other.key")
    assert len(first) >= 32
    assert (file.stat().st_mode & 0o777, [one.name for one in file.parent.iterdir()]) == (0o600, ["redaction.key"])
    file.chmod(0o640)
    with pytest.raises(RedactionKeyError, match="chmod 600"):
        redaction_key("NO_SUCH_KEY", file)


def test_nobody_gets_from_a_placeholder_to_its_thing_without_the_key() -> None:
    placeholder = ONE.of(Sensitive.WAFER, "17")
    tried = {Pseudonyms(f"guess {number:010}".encode()).of(Sensitive.WAFER, "17") for number in range(200)}
    assert placeholder not in tried
    assert len(tried) == 200, "every key has a mapping of its own"
