"""From the encoder's tokens to a language model's embedding space: neighbours merged, then a two-layer MLP.

Notable:
- A square of merge x merge patches becomes one token: a language model reads a quarter of the tokens at merge = 2, and
  a quarter is what it can afford of a page.
- A grid that does not divide is padded at the right and the bottom with zero vectors. No patch is repeated, stretched
  or dropped, and a normalised token is never zero, so the connector can tell paper's edge from paper.
- Packed like everything here: grids go in with the tokens, merged grids come out.

Shapes: T patches of all images, K merged tokens of all images, M places of a square, E width of the encoder, F width of
the language model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import NORM_EPS, init_weights
from .positions import Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorConfig:
    """vision, language: widths that are connected. merge: patches on the side of a square that becomes one token.

    hidden: width inside the MLP, 0 for that of a square's patches together.
    """

    vision: int
    language: int
    merge: int = 2
    hidden: int = 0

    def __post_init__(self) -> None:
        if min(self.vision, self.language, self.merge) < 1 or self.hidden < 0:
            raise ValueError(f"a connector needs widths and a merge of 1 or more, not {self}")


@dataclass(frozen=True, slots=True)
class ConnectorOutput:
    """tokens_KF: what the language model reads, image after image, row by row. grids: (rows, columns) of each image."""

    tokens_KF: Tensor
    grids: tuple[Grid, ...]

    @property
    def lengths(self) -> tuple[int, ...]:
        """Tokens of each image."""
        return tuple(rows * columns for rows, columns in self.grids)

    def per_image(self) -> tuple[Tensor, ...]:
        """Tokens of each image, (rows * columns, F)."""
        return self.tokens_KF.split(self.lengths)


class Connector(nn.Module):
    """Merges neighbouring patches and speaks the language model's width."""

    def __init__(self, config: ConnectorConfig):
        super().__init__()
        self.config = config
        square = config.merge**2 * config.vision
        hidden = config.hidden or square
        self.norm = nn.RMSNorm(config.vision, eps=NORM_EPS)
        self.fc1 = nn.Linear(square, hidden)
        self.fc2 = nn.Linear(hidden, config.language)
        init_weights(self)

    def forward(self, tokens_TE: Tensor, grids: Sequence[Grid]) -> ConnectorOutput:
        """Connect packed tokens of images with the given grids. Raises ValueError when the two do not fit."""
        if tokens_TE.shape != (sum(rows * columns for rows, columns in grids), self.config.vision):
            raise ValueError(
                f"tokens of shape {tuple(tokens_TE.shape)} are not those of grids {list(grids)} at width "
                f"{self.config.vision}"
            )
        places_KM = merged_places(grids, self.config.merge, tokens_TE.device)
        padded = torch.cat([self.norm(tokens_TE), tokens_TE.new_zeros(1, self.config.vision)])
        squares = padded.index_select(0, places_KM.flatten()).view(len(places_KM), -1)
        return ConnectorOutput(self.fc2(F.gelu(self.fc1(squares))), merged_grids(grids, self.config.merge))

    def save_pretrained(self, folder: Path) -> None:
        """Write config.json, model.safetensors and a model card. Raises OSError when the disk is full."""
        from .checkpoint import save_pretrained

        save_pretrained(self, folder)

    @classmethod
    def from_pretrained(cls, folder: Path) -> "Connector":
        """The connector that save_pretrained() wrote into `folder`. Raises CheckpointError."""
        from .checkpoint import from_pretrained

        return from_pretrained(cls, folder)


def merged_grids(grids: Sequence[Grid], merge: int) -> tuple[Grid, ...]:
    """(rows, columns) of squares in each grid, those over the edge included."""
    return tuple((-(-rows // merge), -(-columns // merge)) for rows, columns in grids)


def merged_places(grids: Sequence[Grid], merge: int, device: torch.device) -> Tensor:
    """Rows of the packed tokens that each square holds, row by row, (K, M).

    A place beyond its grid is the row behind all tokens.
    """
    outside = sum(rows * columns for rows, columns in grids)
    squares, start = [], 0
    for (rows, columns), (high, wide) in zip(grids, merged_grids(grids, merge), strict=True):
        padded = torch.full((high * merge, wide * merge), outside, device=device)
        padded[:rows, :columns] = torch.arange(start, start + rows * columns, device=device).view(rows, columns)
        squares.append(padded.view(high, merge, wide, merge).transpose(1, 2).flatten(2).flatten(0, 1))
        start += rows * columns
    return torch.cat(squares)
