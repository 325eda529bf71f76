"""How faithful a converted encoder is: layer by layer, against the one it was made from.

Notable:
- Compared after every block on the same pictures. Residual streams are compared centred: converted blocks write centred
  vectors, and a LayerNorm cannot tell the difference.
- The last row compares what users get, after the last norm, uncentred.

Shapes: T patches of all pictures, E width.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ..encoder import VisionEncoder


@dataclass(frozen=True, slots=True)
class LayerFidelity:
    """After which block (depth + 1 is the output); mean cosine over tokens; norm of the difference over the norm."""

    layer: int
    cosine: float
    relative_error: float


@torch.no_grad()
def compare_layers(original: VisionEncoder, converted: VisionEncoder, images: Sequence[Tensor]) -> list[LayerFidelity]:
    """Fidelity after every block and of the output, on CHW pictures of whole patches."""
    one, other = (encoder(images, keep_blocks=True) for encoder in (original, converted))
    streams = [(_centred(a), _centred(b)) for a, b in zip(one.blocks, other.blocks, strict=True)]
    streams.append((one.tokens_TE, other.tokens_TE))
    return [_fidelity(layer, a.double(), b.double()) for layer, (a, b) in enumerate(streams, 1)]


def _fidelity(layer: int, a_TE: Tensor, b_TE: Tensor) -> LayerFidelity:
    cosine = F.cosine_similarity(a_TE, b_TE, dim=1).mean()
    return LayerFidelity(layer, float(cosine), float((a_TE - b_TE).norm() / a_TE.norm()))


def _centred(x_TE: Tensor) -> Tensor:
    return x_TE - x_TE.mean(dim=1, keepdim=True)
