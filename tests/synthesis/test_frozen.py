"""The frozen set: the committed hashes are those of documents made anew, and a change is told by name."""

import json
from pathlib import Path

import pytest

from fabeye.settings import CorpusSettings, load_settings
from fabeye.synthesis.frozen import FrozenError, read_hashes, verify
from fabeye.synthesis.orders import ordered, whole_set
from tests.synthesis.generated_corpus import engine_settings

COMMITTED = Path(__file__).resolve().parents[2] / "annotation" / "gold-v1.0.json"


def own() -> CorpusSettings:
    return load_settings().corpus


def test_the_committed_list_is_that_of_the_set() -> None:
    known = read_hashes(COMMITTED)
    assert list(known) == [order.name for order in ordered(whole_set(own()))]
    assert len({file for file, _ in known.values()}) == 160, "no document twice"


@pytest.mark.slow
def test_a_sample_made_anew_has_the_committed_hashes() -> None:
    assert verify(own(), engine_settings(1), COMMITTED, sample=8) == 8


def test_a_change_is_told_by_name(tmp_path: Path) -> None:
    known = read_hashes(COMMITTED)
    first = next(iter(known))
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps({"documents": {**known, first: [known[first][0], "0" * 64]}}))
    with pytest.raises(FrozenError, match=f"the truth of {first}"):
        verify(own(), engine_settings(1), changed, sample=1)
    other = own().model_copy(update={"gold": own().gold.model_copy(update={"documents": {"jedec": 1}})})
    with pytest.raises(FrozenError, match="fabeye gold freeze"):
        verify(other, engine_settings(1), COMMITTED)
    with pytest.raises(FrozenError, match="git checkout"):
        read_hashes(tmp_path / "none.json")
