"""A byte-level BPE trained on the corpus's own training texts.

Notable:
- Byte-level, so every text comes back exactly, in any script; what looks like a special token in a text stays text.
- Trained on training texts only, and the same texts give the same file, byte for byte.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from fabeye.errors import FabeyeError

TOKENIZER = "tokenizer.json"  # its file, beside the shards and beside a checkpoint
PAD, BOS, EOS = "<pad>", "<bos>", "<eos>"
SPECIALS = (PAD, BOS, EOS)  # ids 0, 1, 2


class TokenizerError(FabeyeError):
    """tokenizer.json is missing or damaged; the text says what to do."""


class TextTokenizer:
    """Text to token ids and back."""

    def __init__(self, tokenizer: Tokenizer):
        tokenizer.encode_special_tokens = True  # "<eos>" written on a page is six characters, not an end
        self._tokenizer = tokenizer
        self.pad, self.bos, self.eos = (tokenizer.token_to_id(special) for special in SPECIALS)

    @classmethod
    def train(cls, texts: Iterable[str], vocabulary: int) -> "TextTokenizer":
        """Learn at most `vocabulary` tokens, special ones and the 256 bytes included."""
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=vocabulary,
            special_tokens=list(SPECIALS),
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        )
        tokenizer.train_from_iterator(texts, trainer)
        return cls(tokenizer)

    @classmethod
    def load(cls, path: Path) -> "TextTokenizer":
        """Read what save() wrote. Raises TokenizerError."""
        try:
            tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise TokenizerError(f"there is no tokenizer at {path}; run `dvc repro shards`") from error
        except Exception as error:  # the library raises bare Exceptions
            raise TokenizerError(f"{path} is not a tokenizer ({error}); run `dvc repro shards`") from error
        if any(tokenizer.token_to_id(special) is None for special in SPECIALS):
            raise TokenizerError(f"{path} lacks one of {', '.join(SPECIALS)}; run `dvc repro shards`")
        return cls(tokenizer)

    def save(self, path: Path) -> None:
        """Write the tokenizer as JSON."""
        path.write_text(self._tokenizer.to_str(pretty=True) + "\n", encoding="utf-8")

    @property
    def vocabulary(self) -> int:
        """Number of tokens, special ones included."""
        return self._tokenizer.get_vocab_size()

    def encode(self, text: str) -> list[int]:
        """Token ids of a text, without special tokens."""
        return self._tokenizer.encode(text, add_special_tokens=False).ids

    def targets(self, text: str, max_text: int) -> list[int]:
        """Token ids and <eos>, at most `max_text` of them; a text that was cut has no <eos>."""
        return [*self.encode(text), self.eos][:max_text]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids up to the first <eos>; bytes that are no UTF-8 become U+FFFD."""
        ids = list(ids)
        until = ids.index(self.eos) if self.eos in ids else len(ids)
        return self._tokenizer.decode(ids[:until], skip_special_tokens=True)
