"""The encoder as an ONNX file: pictures of any size in, one vector a patch out.

Notable:
- Batch, height and width stay open; positions are computed inside the graph, for the grid at hand, learned tables too.
- Pictures of one call have one size. A packed batch of many sizes is left out on purpose: ONNX knows no attention over
  packed sequences, so every token would be compared with all of them under a dense mask, which costs more than one call
  a picture; and a learned table would need a loop over pictures in the graph.
- The graph is recorded by torch's tracing exporter, which needs `onnx` and nothing else.

Shapes: B images of one size, C channels, H and W pixels, N patches of an image, E width.
"""

import copy
import os
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.onnx import TensorProtoDataType

from .attention import Group, Spans
from .encoder import VisionEncoder
from .packing import CHANNELS, to_patches

OPSET = 18
INPUT, OUTPUT = "pixel_values", "last_hidden_state"  # transformers' names
EXAMPLE = (2, 3, 5)  # images, rows and columns of patches with which the graph is recorded; all different


class ExportError(Exception):
    """An encoder cannot be written as ONNX; the text says why."""


def export_onnx(encoder: VisionEncoder, path: Path) -> None:
    """Write `encoder` as an ONNX file: `pixel_values` (B, C, H, W) to `last_hidden_state` (B, N, E).

    Sides are multiples of the patch. Raises ExportError; OSError when the disk is full.
    """
    patch = encoder.config.patch
    images, rows, columns = EXAMPLE
    if encoder.config.table == (rows, columns):  # at its own grid a table is not resized: the graph must know how to
        rows, columns = columns, rows
    example = torch.zeros(images, CHANNELS, rows * patch, columns * patch)
    draft = path.with_name(path.name + ".draft")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # of Python numbers that do not change with the size
            torch.onnx.register_custom_op_symbolic("aten::rms_norm", _rms_norm, OPSET)
            torch.onnx.export(
                _SameSize(copy.deepcopy(encoder)).float().cpu().eval(),
                (example,),
                str(draft),
                input_names=[INPUT],
                output_names=[OUTPUT],
                dynamic_axes={INPUT: {0: "images", 2: "height", 3: "width"}, OUTPUT: {0: "images", 1: "patches"}},
                opset_version=OPSET,
                dynamo=False,
            )
    except torch.onnx.errors.OnnxExporterError as error:
        raise ExportError(f"this encoder cannot be written as ONNX ({error})") from error
    os.replace(draft, path)


class _SameSize(nn.Module):
    """The encoder on a batch of images of one size, without anything that depends on it in Python."""

    def __init__(self, encoder: VisionEncoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, pixels_BCHW: Tensor) -> Tensor:
        encoder, patch = self.encoder, self.encoder.config.patch
        images, _, height, width = pixels_BCHW.shape
        patches_BNP = to_patches(pixels_BCHW, patch).unflatten(0, (images, -1))
        x_BNE, rotation = encoder.embed(patches_BNP, [(height // patch, width // patch)])
        if rotation is not None:
            rotation = (rotation[0].repeat(images, 1, 1), rotation[1].repeat(images, 1, 1))
        spans = Spans((), (), groups=(Group(images, patches_BNP.shape[1], mask=None, causal=False),))
        x_TE = x_BNE.flatten(0, 1)
        for block in encoder.blocks:
            x_TE = block(x_TE, spans, rotation)
        return encoder.norm(x_TE).unflatten(0, (images, -1))


def _rms_norm(graph: Any, x: Any, shape: Any, weight: Any, eps: Any) -> Any:  # noqa: ARG001
    """RMSNorm over the last axis in ONNX's words: torch's exporter has none, ONNX itself not before opset 23."""

    def constant(value: Tensor) -> Any:
        return graph.op("Constant", value_t=value)

    mean = graph.op("ReduceMean", graph.op("Mul", x, x), constant(torch.tensor([-1])), keepdims_i=1)
    root = graph.op("Sqrt", graph.op("Add", mean, graph.op("Cast", eps, to_i=TensorProtoDataType.FLOAT)))
    return graph.op("Mul", graph.op("Div", x, root), weight)
