"""The hook that lets a language model see: image tokens take the places that its text keeps for them.

Notable:
- Any causal model of transformers will do: it is asked for its embeddings and given `inputs_embeds`, nothing else.
- A prompt says where an image stands by one `image_token`; expand() makes room for all of its tokens. The id may lie
  outside the vocabulary, it is never looked up.
- Which part learns is a choice (the connector alone is the usual first stage); a part that does not stays in evaluation
  mode and records nothing for the backward pass.
- No loss is asked for at an image's places.

Shapes: B texts, L tokens of the longest, K tokens of all images, F width of the language model.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from .connector import Connector
from .encoder import VisionEncoder
from .packing import PackedImages

IGNORED = -100  # label of a place without a loss; transformers' own value

Part = Literal["encoder", "connector", "language_model"]
PARTS: tuple[Part, ...] = ("encoder", "connector", "language_model")


class VisionLanguageModel(nn.Module):
    """An encoder, a connector and a causal language model of transformers."""

    def __init__(self, encoder: VisionEncoder, connector: Connector, language_model: nn.Module, image_token: int):
        super().__init__()
        width = language_model.get_input_embeddings().weight.shape[1]  # type: ignore[operator]
        if (connector.config.vision, connector.config.language) != (encoder.config.dim, width):
            raise ValueError(
                f"a connector from {connector.config.vision} to {connector.config.language} does not join an encoder "
                f"of width {encoder.config.dim} to a language model of width {width}"
            )
        self.encoder = encoder
        self.connector = connector
        self.language_model = language_model
        self.image_token = image_token
        self.learning: tuple[Part, ...] = PARTS

    def forward(
        self,
        images: PackedImages | Sequence[Tensor],
        input_ids: Tensor,
        labels: Tensor | None = None,
        **given: Any,
    ) -> Any:
        """What the language model says to texts (B, L) with images in them, one after another through all texts.

        given: passed on, such as attention_mask. Raises ValueError as embed() does.
        """
        if labels is not None:
            labels = labels.masked_fill(input_ids == self.image_token, IGNORED)
        return self.language_model(inputs_embeds=self.embed(images, input_ids), labels=labels, **given)

    @torch.no_grad()
    def generate(self, images: PackedImages | Sequence[Tensor], input_ids: Tensor, **given: Any) -> Tensor:
        """New tokens after texts (B, L), as the language model's own generate() says with `given`."""
        return self.language_model.generate(inputs_embeds=self.embed(images, input_ids), **given)  # type: ignore[operator]

    def embed(self, images: PackedImages | Sequence[Tensor], input_ids: Tensor) -> Tensor:
        """The language model's embeddings of the texts, with image tokens at their places, (B, L, F).

        Raises ValueError when the texts have room for more or fewer tokens than the images make.
        """
        output = self.encoder(images)
        tokens_KF = self.connector(output.tokens_TE, output.grids).tokens_KF
        places_BL = input_ids == self.image_token
        if int(places_BL.sum()) != len(tokens_KF):
            raise ValueError(
                f"the texts have room for {int(places_BL.sum())} image tokens (id {self.image_token}), the images make "
                f"{len(tokens_KF)}; expand() makes room for as many"
            )
        words_BLF = self.language_model.get_input_embeddings()(input_ids.masked_fill(places_BL, 0))  # type: ignore[operator]
        return words_BLF.masked_scatter(places_BL[..., None], tokens_KF.to(words_BLF.dtype))

    def learn(self, *parts: Part) -> None:
        """Let these parts learn and freeze the others."""
        if unknown := set(parts) - set(PARTS):
            raise ValueError(f"there is no part {sorted(unknown)[0]!r} to train; the parts are {', '.join(PARTS)}")
        self.learning = parts
        for part in PARTS:
            getattr(self, part).requires_grad_(part in parts)
        self.train(self.training)

    def train(self, mode: bool = True) -> "VisionLanguageModel":
        """As torch's, but frozen parts stay in evaluation mode."""
        super().train(mode)
        for part in PARTS:
            getattr(self, part).train(mode and part in self.learning)
        return self

    def save_pretrained(self, folder: Path) -> None:
        """Write each part into a folder of its own name, as safetensors. Raises OSError when the disk is full."""
        self.encoder.save_pretrained(folder / "encoder")
        self.connector.save_pretrained(folder / "connector")
        self.language_model.save_pretrained(folder / "language_model")  # type: ignore[operator]

    @classmethod
    def from_pretrained(cls, folder: Path, image_token: int) -> "VisionLanguageModel":
        """What save_pretrained() wrote, in evaluation mode. Raises CheckpointError; OSError as transformers does."""
        from transformers import AutoModelForCausalLM

        encoder = VisionEncoder.from_pretrained(folder / "encoder")
        connector = Connector.from_pretrained(folder / "connector")
        language_model = AutoModelForCausalLM.from_pretrained(folder / "language_model", use_safetensors=True)
        return cls(encoder, connector, language_model, image_token).eval()


def expand(text: Sequence[int], image_token: int, lengths: Sequence[int]) -> list[int]:
    """The text with each image token repeated as often as its image has tokens.

    Raises ValueError when there are more or fewer images than image tokens.
    """
    if list(text).count(image_token) != len(lengths):
        raise ValueError(f"a text with {list(text).count(image_token)} image tokens was given {len(lengths)} images")
    left: Iterator[int] = iter(lengths)
    return [token for one in text for token in ([one] * next(left) if one == image_token else [one])]
