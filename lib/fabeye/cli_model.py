"""`fabeye model`: other people's encoders in, ours out.

Notable:
- The model stands alone and knows no error of ours; here its errors become the one sentence that people read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fabeye.errors import FabeyeError
from fabeye.tables import write_json

if TYPE_CHECKING:
    from torch import Tensor

    from fabeye.model.weights import LayerFidelity

model_app = typer.Typer(no_args_is_help=True, help="Take encoders in, give ours out.")

PageChoice = Annotated[
    list[Path] | None, typer.Option("--page", help="picture to compare features on; may be repeated")
]
BlockChoice = Literal["siglip", "aimv2"]
Form = Literal["onnx", "aimv2", "siglip", "siglip2", "fabeye"]

RANDOM_SIDES = ((16, 16), (9, 25))  # rows and columns of patches of the random pictures
PAGE_SIDE = 448  # pixels; pages are scaled down until they have no more patches than a square of this side


class ModelError(FabeyeError):
    """A model cannot be read, converted or written; the text says why."""


@model_app.command("convert")
def convert(
    source: Annotated[Path, typer.Argument(help="folder of a SigLIP, SigLIP 2 or AIMv2 checkpoint", exists=True)],
    out: Annotated[Path, typer.Option("--out", help="folder that is written")],
    block: Annotated[BlockChoice, typer.Option(help="SigLIP's blocks as they are, or rebuilt as AIMv2's")] = "siglip",
    patch: Annotated[int, typer.Option(min=0, help="pixels; resizes the patch embedding; 0 keeps it")] = 0,
    page: PageChoice = None,
    report: Annotated[Path | None, typer.Option(help="JSON file for the fidelity of every layer")] = None,
) -> None:
    """Take in a checkpoint as ours; where its blocks are rebuilt, say how faithful every layer is."""
    from fabeye.model import VisionEncoder
    from fabeye.model.weights import compare_layers, is_siglip, load_aimv2

    with _explained():
        if not is_siglip(source):
            load_aimv2(source).save_pretrained(out)
            typer.echo(f"{source} is AIMv2's already: {out}")
            return
        original = VisionEncoder.from_siglip(source, patch=patch)
        encoder = VisionEncoder.from_siglip(source, block, patch)
        encoder.save_pretrained(out)
        if block == "aimv2":
            inputs = {"random": _random(encoder.config.patch), "pages": _pages(page or [], encoder.config.patch)}
            said = {kind: compare_layers(original, encoder, images) for kind, images in inputs.items() if images}
            _tell(said, report)
    typer.echo(f"written: {out}")


@model_app.command("export")
def export(
    source: Annotated[Path, typer.Argument(help="folder of an encoder of ours", exists=True)],
    out: Annotated[Path, typer.Option("--out", help="folder that is written; with --form onnx a file")],
    form: Annotated[Form, typer.Option(help="onnx, or the class of transformers that shall load it")] = "onnx",
) -> None:
    """Write an encoder of ours as ONNX or as a checkpoint of transformers' own classes, with its model card."""
    from fabeye.model import VisionEncoder
    from fabeye.model.weights import save_aimv2, save_siglip, save_siglip2

    writers: dict[Form, Callable[[VisionEncoder, Path], None]] = {
        "onnx": VisionEncoder.export_onnx,
        "aimv2": save_aimv2,
        "siglip": save_siglip,
        "siglip2": save_siglip2,
        "fabeye": VisionEncoder.save_pretrained,
    }
    with _explained():
        writers[form](VisionEncoder.from_pretrained(source), out)
    typer.echo(f"written: {out}")


@contextmanager
def _explained() -> Iterator[None]:
    from fabeye.model import CheckpointError, ExportError

    try:
        yield
    except (CheckpointError, ExportError, ValueError) as error:
        raise ModelError(str(error)) from error


def _random(patch: int) -> "list[Tensor]":
    import torch

    generator = torch.Generator().manual_seed(0)
    return [torch.randn(3, rows * patch, columns * patch, generator=generator) for rows, columns in RANDOM_SIDES]


def _pages(paths: list[Path], patch: int) -> "list[Tensor]":
    from PIL import Image

    from fabeye.model import prepare_image

    return [prepare_image(Image.open(path), patch, PAGE_SIDE) for path in paths]


def _tell(said: "dict[str, list[LayerFidelity]]", report: Path | None) -> None:
    """Print a table, a row a layer; write the same as JSON where it is wanted."""
    for kind, rows in said.items():
        typer.echo(f"{kind}: after block, cosine, relative error (the last row is the output)")
        for row in rows:
            typer.echo(f"{row.layer:4}  {row.cosine:.6f}  {row.relative_error:.2e}")
    if report is not None:
        write_json(report, {kind: [asdict(row) for row in rows] for kind, rows in said.items()})
