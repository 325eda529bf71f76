"""The encoder's sizes by name: AIMv2's family as published, and the small ones that are trained on a CPU.

Source: Fini et al., 2024, table A1; apple/ml-aim, aim-v2 (base has no published weights).
"""

from .encoder import EncoderConfig

PATCH = 14  # pixels, of every size

# name -> width, blocks, attention heads; the MLP's width follows AIMv2's rule
SIZES: dict[str, tuple[int, int, int]] = {
    "nano": (128, 4, 2),
    "small": (192, 6, 3),
    "base": (768, 12, 6),
    "large": (1024, 24, 8),
    "huge": (1536, 24, 12),
    "1b": (2048, 24, 16),
    "3b": (3072, 24, 24),
}


def encoder_config(size: str, patch: int = PATCH) -> EncoderConfig:
    """The encoder called `size`, with positions for any grid. Raises ValueError for a name there is not."""
    if size not in SIZES:
        raise ValueError(f"there is no encoder of the size {size!r}; there are {', '.join(SIZES)}")
    dim, depth, heads = SIZES[size]
    return EncoderConfig(patch=patch, dim=dim, depth=depth, heads=heads)
