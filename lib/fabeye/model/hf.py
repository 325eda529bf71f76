"""Our encoder as a class of transformers: what no class of its own has a place for loads like any other model.

Notable:
- `import fabeye.model.hf` registers it; then AutoConfig and AutoModel load any folder that save_pretrained() wrote, the
  same folder that VisionEncoder.from_pretrained() reads. No code is ever loaded from a folder.
- AIMv2's and SigLIP's own classes are the better form where they fit (save_aimv2, save_siglip, save_siglip2); this one
  is for rotated positions, for blocks converted from SigLIP's, and for whatever comes.
- transformers thinks in batches of one size; VisionEncoder itself takes a list of any sizes.

Shapes: B images of one size, C channels, H and W pixels, N patches of an image, E width.
"""

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput

from .blocks import init_weights
from .encoder import EncoderConfig, VisionEncoder
from .packing import PackedImages, to_patches

Floats = tuple[torch.FloatTensor, ...]  # as transformers calls tensors of any float type
DEFAULT = EncoderConfig(patch=14, dim=1024, depth=24, heads=8)  # AIMv2's large


class FabeyeVisionConfig(PretrainedConfig):
    """EncoderConfig under transformers' roof: the same keys, and transformers' usual names for them."""

    model_type = "fabeye_vision"
    attribute_map = {  # noqa: RUF012
        "hidden_size": "dim",
        "num_hidden_layers": "depth",
        "num_attention_heads": "heads",
        "patch_size": "patch",
    }

    def __init__(self, **given: Any):
        ours = {**asdict(DEFAULT), **{one.name: given.pop(one.name) for one in fields(DEFAULT) if one.name in given}}
        for name, value in ours.items():
            setattr(self, name, value)
        super().__init__(**given)

    def encoder_config(self) -> EncoderConfig:
        """What VisionEncoder is built from."""
        return EncoderConfig.from_json({one.name: getattr(self, one.name) for one in fields(EncoderConfig)})


class FabeyeVisionModel(PreTrainedModel):
    """VisionEncoder on batches of images of one size."""

    config_class = FabeyeVisionConfig  # type: ignore[assignment]
    base_model_prefix = "encoder"  # the weights' names in the file are VisionEncoder's own
    main_input_name = "pixel_values"

    def __init__(self, config: FabeyeVisionConfig):
        super().__init__(config)
        self.encoder = VisionEncoder(config.encoder_config())
        self.post_init()

    def forward(
        self, pixel_values: Tensor, output_hidden_states: bool = False, output_attentions: bool = False, **_: Any
    ) -> BaseModelOutput:
        """Features (B, N, E) of images (B, C, H, W) with sides of whole patches, normalised as prepare_image() does.

        hidden_states: what goes into the first block and what comes out of each, (B, N, E). attentions: (B, H, N, N).
        """
        images, patch = len(pixel_values), self.encoder.config.patch
        grid = (pixel_values.shape[2] // patch, pixel_values.shape[3] // patch)
        packed = PackedImages(to_patches(pixel_values, patch), (grid,) * images)
        out = self.encoder(packed, keep_blocks=output_hidden_states, keep_attention=output_attentions)
        streams = (self.encoder.embed(packed.patches_TP, packed.grids)[0], *out.blocks) if output_hidden_states else ()
        weights = [nn.utils.rnn.pad_sequence(list(block), batch_first=True) for block in out.attention]  # of one size
        return BaseModelOutput(
            last_hidden_state=cast("torch.FloatTensor", out.tokens_TE.unflatten(0, (images, -1))),
            hidden_states=cast("Floats", tuple(x_TE.unflatten(0, (images, -1)) for x_TE in streams) or None),
            attentions=cast("Floats", tuple(weights) or None),
        )

    def save_pretrained(self, save_directory: str | Path, **_: Any) -> None:  # type: ignore[override]
        """As VisionEncoder's: both classes read and write the same folder."""
        self.encoder.save_pretrained(Path(save_directory))

    def _init_weights(self, module: nn.Module) -> None:
        """For weights that a file does not have; transformers warns of them."""
        if not list(module.children()):
            init_weights(module)


AutoConfig.register(FabeyeVisionConfig.model_type, FabeyeVisionConfig)
AutoModel.register(FabeyeVisionConfig, FabeyeVisionModel)
