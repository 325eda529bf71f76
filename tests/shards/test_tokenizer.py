"""The tokenizer gives every text back and learns the same tokens every time."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fabeye.shards.tokenizer import SPECIALS, TextTokenizer, TokenizerError

TEXTS = ["gate oxide leakage", "gate oxide 失效分析", "tRCD = 13.75 ns"] * 20
TOKENIZER = TextTokenizer.train(TEXTS, 300)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text(st.sampled_from("<eosbpad> \n\t")).map(str)


@given(ANY_TEXT)
def test_any_text_comes_back_exactly(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER.targets(text, 10_000)) == text


@pytest.mark.parametrize("special", SPECIALS)
def test_special_tokens_written_on_a_page_stay_text(special: str) -> None:
    ids = TOKENIZER.encode(f"a {special} b")
    assert not {TOKENIZER.pad, TOKENIZER.bos, TOKENIZER.eos} & set(ids)
    assert TOKENIZER.decode(ids) == f"a {special} b"


def test_a_cut_text_does_not_end() -> None:
    whole = TOKENIZER.targets("gate oxide", 100)
    assert whole[-1] == TOKENIZER.eos
    cut = TOKENIZER.targets("gate oxide", len(whole) - 1)
    assert cut == whole[:-1]


def test_the_same_texts_give_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        TextTokenizer.train(iter(TEXTS), 300).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_saved_tokenizer_is_the_same(tmp_path: Path) -> None:
    TOKENIZER.save(tmp_path / "tokenizer.json")
    loaded = TextTokenizer.load(tmp_path / "tokenizer.json")
    assert loaded.encode("<eos> gate 失效") == TOKENIZER.encode("<eos> gate 失效")
    assert loaded.vocabulary == TOKENIZER.vocabulary <= 300


@pytest.mark.parametrize("content", [None, "", "{}", '{"model": 3}'])
def test_a_missing_or_damaged_file_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "tokenizer.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(TokenizerError, match=r"tokenizer\.json"):
        TextTokenizer.load(path)
