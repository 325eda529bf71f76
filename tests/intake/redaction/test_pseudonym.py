"""Placeholders: alike for the same thing, different with another key, and saying nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.intake.redaction.pseudonym import PLACEHOLDER, KeyMissingError, Pseudonyms, key_from
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


def test_the_key_comes_from_the_environment_or_for_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", "long enough to be a key")
    assert key_from("SOME_KEY") == (b"long enough to be a key", True)
    monkeypatch.delenv("SOME_KEY")
    first, lasting = key_from("SOME_KEY")
    assert not lasting
    assert first != key_from("SOME_KEY")[0]
    monkeypatch.setenv("SOME_KEY", "short")
    with pytest.raises(KeyMissingError, match="SOME_KEY"):
        key_from("SOME_KEY")
