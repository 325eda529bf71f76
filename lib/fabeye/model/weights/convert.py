"""SigLIP's encoder rebuilt from AIMv2's blocks, so that it computes what it computed.

Notable:
- LayerNorm is RMSNorm of a centred vector, then an offset. Centring is linear, so it goes into everything that writes
  the residual stream; the offset goes into the bias of whatever reads the norm. This part is exact.
- A GELU MLP is nearly a SwiGLU: gelu(z) ~ z * sigmoid(1.702 z) = silu(1.702 z) / 1.702, a gate of 1.702 (W1 x + b1) and
  an up-branch that is the constant 1 / 1.702. This is the only approximation; fidelity.py measures it.
- The last LayerNorm's offset has no reader inside the encoder and stays, as a shift.
- AIMv2's norm behind the patch embedding has no counterpart and is left out; such an encoder is saved as our own class.

Shapes: P numbers of a patch, E width, F width of the MLP.
Source: the sigmoid form of GELU is Hendrycks and Gimpel's, 2016; patch resizing is Beyer et al.'s, FlexiViT, 2023.
"""

from dataclasses import replace

import torch
from torch import Tensor

from ..encoder import VisionEncoder
from ..positions import resizing
from .layout import to_convolution, to_linear

GATE = 1.702  # of the sigmoid form of GELU


@torch.no_grad()
def to_aimv2_blocks(encoder: VisionEncoder) -> VisionEncoder:
    """The same function with RMSNorm and SwiGLU; folded in fp64. Raises ValueError when it has such blocks already."""
    config = encoder.config
    if config.block != "siglip":
        raise ValueError(f"only SigLIP's blocks are converted, these are {config.block}'s")
    ours = {name: tensor.double() for name, tensor in encoder.state_dict().items()}
    theirs = {
        "patch_embed.weight": _centred(ours["patch_embed.weight"]),
        "patch_embed.bias": _centred(ours["patch_embed.bias"]),
        "positions.weight": _centred(ours["positions.weight"].T).T,
        "norm.weight": ours["norm.weight"],
        "norm.shift": ours["norm.bias"],
    }
    for number in range(config.depth):
        name = f"blocks.{number}."
        block = {key.removeprefix(name): value for key, value in ours.items() if key.startswith(name)}
        theirs |= {name + key: value for key, value in _block(block).items()}
    converted = VisionEncoder(replace(config, block="aimv2", shift=True))
    converted.load_state_dict({name: tensor.float().contiguous() for name, tensor in theirs.items()})
    return converted.eval()


@torch.no_grad()
def resize_patch(encoder: VisionEncoder, patch: int) -> VisionEncoder:
    """The encoder for patches of another size: what it says of a resized patch is as near as can be what it said.

    The least-squares answer over all patches is the pseudo-inverse of the resizing. Raises ValueError below 1 pixel.
    """
    if patch < 1:
        raise ValueError(f"a patch of {patch} pixels holds nothing")
    old = encoder.config.patch
    kernels = to_convolution(encoder.patch_embed.weight.double(), old)  # (E, C, old, old)
    inverse = torch.linalg.pinv(resizing(old, patch, kernels.device, kernels.dtype))  # of rows and of columns alike
    resized = inverse.T @ kernels @ inverse
    weights = {**encoder.state_dict(), "patch_embed.weight": to_linear(resized).float().contiguous()}
    changed = VisionEncoder(replace(encoder.config, patch=patch))
    changed.load_state_dict(weights)
    return changed.eval()


def _block(block: dict[str, Tensor]) -> dict[str, Tensor]:
    hidden = len(block["mlp.fc1.bias"])
    read_attention, read_mlp = block["attention.qkv.weight"], block["mlp.fc1.weight"]
    return {
        "norm_1.weight": block["norm_1.weight"],
        "attention.qkv.weight": read_attention,
        "attention.qkv.bias": block["attention.qkv.bias"] + read_attention @ block["norm_1.bias"],
        "attention.proj.weight": _centred(block["attention.proj.weight"]),
        "attention.proj.bias": _centred(block["attention.proj.bias"]),
        "norm_2.weight": block["norm_2.weight"],
        "mlp.fc1.weight": GATE * read_mlp,
        "mlp.fc1.bias": GATE * (block["mlp.fc1.bias"] + read_mlp @ block["norm_2.bias"]),
        "mlp.fc3.weight": torch.zeros_like(read_mlp),
        "mlp.fc3.bias": torch.full((hidden,), 1 / GATE, dtype=read_mlp.dtype),
        "mlp.fc2.weight": _centred(block["mlp.fc2.weight"]),
        "mlp.fc2.bias": _centred(block["mlp.fc2.bias"]),
    }


def _centred(written: Tensor) -> Tensor:
    """What writes the residual stream, (E, ...), writing vectors whose mean is zero."""
    return written - written.mean(dim=0, keepdim=True)
